//! Loading datasets: the synthetic one, and CIFAR-10 where it is on disk.

use criterion::Criterion;
use runner::data::{Cifar10Config, DataOptions, DatasetSource, default_data_dir, load};

use crate::table::Table;

/// Measures loading; `RUNNER_DATA_DIR` says where CIFAR-10 lies, as for the program.
pub(crate) fn measure(criterion: &mut Criterion, table: &mut Table) {
    let data_dir = std::env::var_os("RUNNER_DATA_DIR").map_or_else(default_data_dir, Into::into);
    let options = DataOptions::unheard(data_dir, true);
    let cifar10 = DatasetSource::from(Cifar10Config {});
    if load(&cifar10, &options).is_err() {
        eprintln!("CIFAR-10 is not in {}: its loading is left out", options.data_dir.display());
        return;
    }
    table.measure(criterion, ("data", "load CIFAR-10"), (60_000, 0.0), |bencher| {
        bencher.iter_with_large_drop(|| load(&cifar10, &options).expect("it was there"));
    });
}
