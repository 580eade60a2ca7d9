//! The pickles of the Python edition of CIFAR, taken from an unpacked folder: one batch, which is
//! also the test batch, and the class names.
#![no_main]

use std::fs;

use libfuzzer_sys::fuzz_target;
use runner_fuzz::{import, parts, scratch, small_cifar};

fuzz_target!(|data: &[u8]| {
    let Some((&first, rest)) = data.split_first() else { return };
    let fine = first & 1 == 1;
    let archive = small_cifar(if fine { "cifar100" } else { "cifar10" });
    let [meta, batch] = parts::<2>(rest);
    let home = scratch();
    let folder = home.join("python");
    fs::create_dir_all(&folder).expect("writable");
    let (names, batches) = if fine {
        ("meta", ["train", "test"])
    } else {
        ("batches.meta", ["data_batch_1", "test_batch"])
    };
    fs::write(folder.join(names), meta).expect("writable");
    batches.iter().for_each(|name| fs::write(folder.join(name), batch).expect("writable"));
    import(&archive, &home, &folder, &["python"]);
});
