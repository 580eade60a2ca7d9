//! What the fuzz targets share: a folder to write into, an input cut into parts, and what any text
//! for a terminal has to be.

use std::fs;
use std::io::{Cursor, Write};
use std::path::{Path, PathBuf};

use runner::data::{Archive, DataOptions, FileSize, fetch_from};

/// An empty folder of this process; fast where `TMPDIR` lies in memory, as `fuzz.sh` has it.
pub fn scratch() -> PathBuf {
    let folder = std::env::temp_dir().join(format!("runner-fuzz-{}", std::process::id()));
    let _ = fs::remove_dir_all(&folder); // not there before the first input
    fs::create_dir_all(&folder).expect("the folder for temporary files is writable");
    folder
}

/// Takes `N` parts off the front of an input, each after its length as two little-endian bytes; the
/// last of them is what is left.
pub fn parts<const N: usize>(mut rest: &[u8]) -> [&[u8]; N] {
    let mut at = 0;
    [(); N].map(|()| {
        at += 1;
        let (length, after) = match rest.split_first_chunk::<2>() {
            Some((length, after)) if at < N => (usize::from(u16::from_le_bytes(*length)), after),
            _ => (rest.len(), rest),
        };
        let (part, after) = after.split_at(length.min(after.len()));
        rest = after;
        part
    })
}

/// A zip file in which these files are stored as they are.
pub fn stored_zip(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default()
        .compression_method(zip::CompressionMethod::Stored);
    for (name, bytes) in files {
        writer.start_file(*name, options).expect("memory is writable");
        writer.write_all(bytes).expect("memory is writable");
    }
    writer.finish().expect("memory is writable").into_inner()
}

/// Fails if `text` holds what a terminal would obey.
pub fn assert_harmless(text: &str) {
    let obeyed = |c: char| c.is_control() && c != '\n';
    assert!(!text.contains(obeyed), "a control character is shown: {text:?}");
}

/// The catalog's CIFAR archive of one record a file, and of two `.bin` files at most.
pub fn small_cifar(name: &str) -> Archive {
    let mut archive = Archive::named(name).expect("in the catalog");
    archive.files.retain(|file| !file.name.starts_with("data_batch") || file.name.contains("_1."));
    let record = if name == "cifar100" { 3074 } else { 3073 };
    for file in archive.files.iter_mut().filter(|file| file.name.ends_with(".bin")) {
        file.size = FileSize::Exactly(record);
    }
    archive
}

/// Datasets in `home/datasets`, never downloaded.
pub fn options(home: &Path) -> DataOptions {
    DataOptions::unheard(home.join("datasets"), true)
}

/// Imports `path` as `archive` and checks that nothing but the data folder was written to: `known`
/// are the other names in `home`.
pub fn import(archive: &Archive, home: &Path, path: &Path, known: &[&str]) {
    match fetch_from(archive, path, &options(home)) {
        Ok(fetched) => assert!(fetched.folder.starts_with(home.join("datasets"))),
        Err(error) => drop(error.chain()),
    }
    for name in names(home) {
        assert!(name == "datasets" || known.contains(&&*name), "written outside: {name}");
    }
    let lock = format!(".{}.lock", archive.name);
    for name in names(&home.join("datasets")) {
        let is_known = [&*archive.folder, &*lock, "CACHEDIR.TAG"].contains(&&*name);
        assert!(is_known, "left behind: {name}");
    }
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect()
}
