//! Small editions of the published archives: the same layout, a few images.

use std::fs;
use std::io::Write;
use std::path::Path;

use flate2::Compression;
use flate2::write::GzEncoder;
use runner::Error;
use runner::data::{
    Archive, Cifar100Labels, DataOptions, Dataset, DownloadLimits, Examples, FileSize, idx_files,
};
use sha2::{Digest, Sha256};
use std::time::Duration;

/// Pixels of image `row`; `make_python_archives.py` has the same formula.
pub(crate) fn pixels(row: usize, count: usize) -> Vec<u8> {
    let pixel = |column: usize| (row * 31 + column * 7 + column / 256) as u8;
    (0..count).map(pixel).collect()
}

/// CIFAR-10 with two images a file: label `row % 10`.
pub(crate) fn cifar10() -> Archive {
    let mut archive = Archive::named("cifar10").expect("in the catalog");
    resize(&mut archive, |_| 2 * 3073);
    archive
}

/// CIFAR-100 with six and four images: coarse label `row % 20`, fine label `row * 11 % 100`.
pub(crate) fn cifar100() -> Archive {
    let mut archive = Archive::named("cifar100").expect("in the catalog");
    resize(&mut archive, |name| if name == "train.bin" { 6 * 3074 } else { 4 * 3074 });
    archive
}

/// MNIST with 20 and 10 images: label `row % 10`.
pub(crate) fn mnist() -> Archive {
    let mut archive = Archive::named("mnist").expect("in the catalog");
    archive.files = idx_files(20, 10);
    archive
}

fn resize(archive: &mut Archive, bytes: impl Fn(&str) -> u64) {
    for file in &mut archive.files {
        if file.name.ends_with(".bin") {
            file.size = FileSize::Exactly(bytes(&file.name));
        }
    }
}

/// Name and content of each file of [`cifar10`].
pub(crate) fn cifar10_files() -> Vec<(String, Vec<u8>)> {
    let mut files = Vec::new();
    for (batch, file) in cifar10().files.iter().take(6).enumerate() {
        let records = [2 * batch, 2 * batch + 1].map(|row| {
            let label = (row % 10) as u8;
            [vec![label], pixels(row, 3072)].concat()
        });
        files.push((file.name.clone(), records.concat()));
    }
    files.push(("batches.meta.txt".into(), names("class", 10)));
    files
}

/// Name and content of each file of [`cifar100`].
pub(crate) fn cifar100_files() -> Vec<(String, Vec<u8>)> {
    let record = |row: usize| {
        let labels = vec![(row % 20) as u8, (row * 11 % 100) as u8];
        [labels, pixels(row, 3072)].concat()
    };
    vec![
        ("train.bin".into(), (0..6).flat_map(record).collect()),
        ("test.bin".into(), (6..10).flat_map(record).collect()),
        ("fine_label_names.txt".into(), names("fine", 100)),
        ("coarse_label_names.txt".into(), names("coarse", 20)),
    ]
}

/// Name and content of each file of [`mnist`].
pub(crate) fn mnist_files() -> Vec<(String, Vec<u8>)> {
    let images = |count: usize| {
        let mut content = header(&[0x803, count as u32, 28, 28]);
        content.extend((0..count).flat_map(|row| pixels(row, 784)));
        content
    };
    let labels = |count: usize| {
        let mut content = header(&[0x801, count as u32]);
        content.extend((0..count).map(|row| (row % 10) as u8));
        content
    };
    let names = mnist().files.into_iter().map(|file| file.name);
    names.zip([images(20), labels(20), images(10), labels(10)]).collect()
}

fn header(fields: &[u32]) -> Vec<u8> {
    fields.iter().flat_map(|field| field.to_be_bytes()).collect()
}

fn names(prefix: &str, count: usize) -> Vec<u8> {
    let lines: Vec<String> = (0..count).map(|label| format!("{prefix} {label}\n")).collect();
    lines.concat().into_bytes()
}

/// What [`cifar10`] must be read as, put together without the reader.
pub(crate) fn cifar10_dataset() -> Dataset {
    let class_names = (0..10).map(|label| format!("class {label}")).collect();
    let label = |row: usize| (row % 10) as u16;
    dataset([3, 32, 32], class_names, 0..10, 10..12, label)
}

/// What [`cifar100`] must be read as.
pub(crate) fn cifar100_dataset(labels: Cifar100Labels) -> Dataset {
    let (prefix, classes) = match labels {
        Cifar100Labels::Fine => ("fine", 100),
        Cifar100Labels::Coarse => ("coarse", 20),
    };
    let class_names = (0..classes).map(|label| format!("{prefix} {label}")).collect();
    let label = |row: usize| match labels {
        Cifar100Labels::Fine => (row * 11 % 100) as u16,
        Cifar100Labels::Coarse => (row % 20) as u16,
    };
    dataset([3, 32, 32], class_names, 0..6, 6..10, label)
}

/// What [`mnist`] must be read as.
pub(crate) fn mnist_dataset() -> Dataset {
    let class_names = (0..10).map(|digit| digit.to_string()).collect();
    dataset([1, 28, 28], class_names, 0..20, 0..10, |row| (row % 10) as u16)
}

fn dataset(
    shape: [usize; 3],
    class_names: Vec<String>,
    train: std::ops::Range<usize>,
    test: std::ops::Range<usize>,
    label: impl Fn(usize) -> u16,
) -> Dataset {
    let features = shape.iter().product();
    let split = |rows: std::ops::Range<usize>| Examples {
        pixels: rows.clone().flat_map(|row| pixels(row, features)).collect(),
        labels: rows.map(&label).collect(),
    };
    Dataset::new(shape, class_names, split(train), split(test))
}

/// Writes files into a folder, which is created.
pub(crate) fn write_files(folder: &Path, files: &[(String, Vec<u8>)]) {
    fs::create_dir_all(folder).expect("the test's folder is writable");
    for (name, content) in files {
        fs::write(folder.join(name), content).expect("the test's folder is writable");
    }
}

/// The tar.gz of [`cifar10`] as it is published: a folder, a readme, the files.
pub(crate) fn cifar10_tar_gz() -> Vec<u8> {
    let mut tar = tar::Builder::new(Vec::new());
    add(&mut tar, "cifar-10-batches-bin/readme.html", b"<html>");
    for (name, content) in cifar10_files() {
        add(&mut tar, &format!("cifar-10-batches-bin/{name}"), &content);
    }
    gzip(&tar.into_inner().expect("memory is writable"))
}

/// Adds a plain file.
pub(crate) fn add(tar: &mut tar::Builder<Vec<u8>>, path: &str, content: &[u8]) {
    add_entry(tar, path, tar::EntryType::Regular, content);
}

/// Adds an entry of any kind under any path: [`tar::Builder`] refuses those that tests are about.
pub(crate) fn add_entry(
    tar: &mut tar::Builder<Vec<u8>>,
    path: &str,
    kind: tar::EntryType,
    content: &[u8],
) {
    let mut header = tar::Header::new_gnu();
    header.as_gnu_mut().expect("made so").name[..path.len()].copy_from_slice(path.as_bytes());
    header.set_size(content.len() as u64);
    header.set_mode(0o644);
    header.set_entry_type(kind);
    if matches!(kind, tar::EntryType::Symlink | tar::EntryType::Link) {
        header.set_link_name("/etc/passwd").expect("a short name");
    }
    header.set_cksum();
    tar.append(&header, content).expect("memory is writable");
}

pub(crate) fn gzip(content: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(content).expect("memory is writable");
    encoder.finish().expect("memory is writable")
}

pub(crate) fn sha256(content: &[u8]) -> String {
    let digest = Sha256::digest(content);
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Says that `content` is what is published.
pub(crate) fn publish(archive: &mut Archive, url: &str, content: &[u8]) {
    archive.downloads[0].url = format!("{url}/cifar-10-binary.tar.gz");
    archive.downloads[0].sha256 = sha256(content);
    archive.downloads[0].bytes = content.len() as u64;
}

pub(crate) fn options(data_dir: &Path) -> DataOptions {
    DataOptions::unheard(data_dir.to_owned(), false)
}

/// Patience that a test has.
pub(crate) fn network() -> DownloadLimits {
    DownloadLimits {
        connect_timeout: Duration::from_secs(5),
        read_timeout: Duration::from_millis(300),
        retries: 3,
        retry_wait: Duration::from_millis(5),
    }
}

/// The names in a folder, sorted.
pub(crate) fn listing(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).expect("the test's folder is readable");
    let mut names: Vec<String> = entries
        .map(|entry| entry.expect("readable").file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}

/// An error's text without what differs between machines.
pub(crate) fn portable(error: &Error, data_dir: &Path, server: &str) -> String {
    assert_eq!(error.exit_code(), 6, "{error}");
    let text = error.to_string().replace(&data_dir.display().to_string(), "DATA");
    if server.is_empty() { text } else { text.replace(server, "http://SERVER") }
}
