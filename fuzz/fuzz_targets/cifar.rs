//! The binary files of CIFAR-10 and CIFAR-100, as they lie in the data folder.
#![no_main]

use std::fs;

use libfuzzer_sys::fuzz_target;
use runner::data::{Cifar100Labels, check, load_archive};
use runner_fuzz::{options, parts, scratch, small_cifar};

fuzz_target!(|data: &[u8]| {
    let Some((&first, rest)) = data.split_first() else { return };
    let archive = small_cifar(if first & 1 == 0 { "cifar10" } else { "cifar100" });
    let home = scratch();
    let folder = home.join("datasets").join(&archive.folder);
    fs::create_dir_all(&folder).expect("writable");
    for (file, content) in archive.files.iter().zip(parts::<4>(rest)) {
        fs::write(folder.join(&file.name), content).expect("writable");
    }
    let options = options(&home);
    let checked = check(&archive, &options);
    let loaded = load_archive(&archive, Cifar100Labels::Coarse, &options);
    if let (Ok(_), Ok(dataset)) = (&checked, &loaded) {
        let labels = dataset.train.labels.iter().chain(&dataset.test.labels);
        assert!(labels.copied().all(|label| usize::from(label) < dataset.class_names.len()));
        assert_eq!(dataset.train.pixels.len(), dataset.train.len() * dataset.features());
    }
});
