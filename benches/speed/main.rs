//! Speed of the products and convolutions, of training steps, of evaluation and of data: `cargo bench`. Criterion
//! measures; the table at the end sets its medians beside the FMA peak of the machine.
//!
//! `cargo bench --bench speed -- NAME` runs what has NAME in its name, `-- --peak` prints the peak only.

mod augmentation;
mod convolutions;
mod data;
mod layers;
mod products;
mod table;
mod training;

use std::time::Duration;

use criterion::Criterion;
use runner::kernel::{KernelPath, fma_peak};

use table::Table;

/// The best of some rounds, in GFLOP/s: the machine may be busy in the others.
fn peak_gflops() -> f64 {
    (0..20).map(|_| fma_peak(KernelPath::chosen())).fold(0.0, f64::max) / 1e9
}

fn main() {
    if std::env::args().any(|argument| argument == "--peak") {
        return println!("{:.1}", peak_gflops());
    }
    let criterion = Criterion::default()
        .sample_size(20)
        .warm_up_time(Duration::from_millis(500))
        .measurement_time(Duration::from_secs(2));
    let mut criterion = criterion.configure_from_args();
    let mut table = Table::default();
    products::measure(&mut criterion, &mut table);
    convolutions::measure(&mut criterion, &mut table);
    layers::measure(&mut criterion, &mut table);
    training::measure(&mut criterion, &mut table);
    data::measure(&mut criterion, &mut table);
    criterion.final_summary();
    print!("{}", table.render(peak_gflops()));
}
