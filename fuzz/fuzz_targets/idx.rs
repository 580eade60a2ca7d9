//! The four IDX files of MNIST, plain or gzipped, as they lie in the data folder.
#![no_main]

use std::fs;

use libfuzzer_sys::fuzz_target;
use runner::data::{Archive, check, idx_files};
use runner_fuzz::{options, parts, scratch};

fuzz_target!(|data: &[u8]| {
    let Some((&first, rest)) = data.split_first() else { return };
    let mut archive = Archive::named("mnist").expect("in the catalog");
    archive.files = idx_files(2, 1);
    let home = scratch();
    let folder = home.join("datasets").join(&archive.folder);
    fs::create_dir_all(&folder).expect("writable");
    for ((at, file), content) in archive.files.iter().enumerate().zip(parts::<4>(rest)) {
        let packed = if first >> at & 1 == 1 { ".gz" } else { "" };
        fs::write(folder.join(format!("{}{packed}", file.name)), content).expect("writable");
    }
    if let Ok(checked) = check(&archive, &options(&home)) {
        assert_eq!(checked[0].examples, [2, 1]);
    }
});
