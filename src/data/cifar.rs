//! Reads the binary version of CIFAR-10 and CIFAR-100: records of one or two label bytes and 3072
//! pixels, channel by channel (Krizhevsky, 2009, <https://www.cs.toronto.edu/~kriz/cifar.html>).

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use super::archive::{Archive, ArchiveFile, ArchiveFormat};
use super::folder::{damaged, open_sized};
use super::{Cifar100Labels, Dataset, Examples};
use crate::error::{Error, Result};
use crate::memory;

/// Channels, height, width.
const SHAPE: [usize; 3] = [3, 32, 32];
/// Pixels of one record.
pub(super) const PIXELS: usize = 3 * 32 * 32;
/// Records read at a time: the buffer for the pixels stays in the CPU's cache.
const CHUNK: usize = 64;

/// The label bytes before the pixels of a record, and which one is wanted.
struct RecordLayout {
    /// For each label byte, its number of classes.
    classes: &'static [u8],
    /// Which label byte to keep.
    kept: usize,
    /// The file with the names of the kept classes.
    names_file: &'static str,
}

/// The label bytes of a record in `format`, as the number of classes of each.
pub(super) fn label_classes(format: &ArchiveFormat) -> &'static [u8] {
    match format {
        ArchiveFormat::Cifar100 => &[20, 100],
        ArchiveFormat::Cifar10 | ArchiveFormat::Idx { .. } => &[10],
    }
}

/// Reads the whole dataset in `folder`; `labels` matters only for CIFAR-100.
pub(super) fn read(archive: &Archive, folder: &Path, labels: Cifar100Labels) -> Result<Dataset> {
    let layout = layout(&archive.format, labels);
    let class_names = class_names(archive, folder, &layout)?;
    let train = read_split(archive, folder, &layout, |file| !is_test(file))?;
    let test = read_split(archive, folder, &layout, is_test)?;
    Ok(Dataset::new(SHAPE, class_names, train, test))
}

fn layout(format: &ArchiveFormat, labels: Cifar100Labels) -> RecordLayout {
    let (kept, names_file) = match (format, labels) {
        (ArchiveFormat::Cifar100, Cifar100Labels::Fine) => (1, "fine_label_names.txt"),
        (ArchiveFormat::Cifar100, Cifar100Labels::Coarse) => (0, "coarse_label_names.txt"),
        _ => (0, "batches.meta.txt"),
    };
    RecordLayout { classes: label_classes(format), kept, names_file }
}

/// The files are `data_batch_1.bin`, ... and `test_batch.bin`, or `train.bin` and `test.bin`.
fn is_test(file: &ArchiveFile) -> bool {
    file.name.starts_with("test")
}

/// One split: the records of its files in the order of the catalog, without a second copy in memory.
fn read_split(
    archive: &Archive,
    folder: &Path,
    layout: &RecordLayout,
    belongs: impl Fn(&ArchiveFile) -> bool,
) -> Result<Examples> {
    let record_bytes = layout.classes.len() + PIXELS;
    let mut open_files = Vec::new();
    let mut records = 0;
    for file in archive.files.iter().filter(|file| file.name.ends_with(".bin")) {
        if belongs(file) {
            let opened = open_sized(archive, folder, file)?;
            let in_file = file.size.limit() as usize / record_bytes;
            records += in_file;
            open_files.push((opened, folder.join(&file.name), in_file));
        }
    }
    let mut examples = Examples {
        pixels: memory::with_capacity(records * PIXELS),
        labels: Vec::with_capacity(records),
    };
    for (file, path, in_file) in open_files {
        read_records(archive, layout, file, &path, in_file, &mut examples)?;
    }
    Ok(examples)
}

/// Appends the records of one file.
fn read_records(
    archive: &Archive,
    layout: &RecordLayout,
    mut file: File,
    path: &Path,
    records: usize,
    examples: &mut Examples,
) -> Result<()> {
    let record_bytes = layout.classes.len() + PIXELS;
    let mut buffer = vec![0; CHUNK * record_bytes];
    let mut done = 0;
    while done < records {
        let chunk = CHUNK.min(records - done);
        let bytes = &mut buffer[..chunk * record_bytes];
        file.read_exact(bytes).map_err(Error::io("read", path))?;
        for record in bytes.chunks_exact(record_bytes) {
            let (labels, pixels) = record.split_at(layout.classes.len());
            if let Some(problem) = wrong_label(labels, layout.classes) {
                return Err(damaged(archive, path, &format!("record {done} {problem}")));
            }
            examples.labels.push(u16::from(labels[layout.kept]));
            examples.pixels.extend_from_slice(pixels);
            done += 1;
        }
    }
    Ok(())
}

/// What is wrong with the label bytes of a record, if anything.
fn wrong_label(labels: &[u8], classes: &[u8]) -> Option<String> {
    labels
        .iter()
        .zip(classes)
        .find(|(label, classes)| label >= classes)
        .map(|(label, classes)| format!("has label {label}, must be below {classes}"))
}

/// The names of the kept classes, one a line.
fn class_names(archive: &Archive, folder: &Path, layout: &RecordLayout) -> Result<Vec<String>> {
    let path: PathBuf = folder.join(layout.names_file);
    let Some(file) = archive.files.iter().find(|file| file.name == layout.names_file) else {
        return Err(damaged(archive, &path, "is not part of this archive"));
    };
    let mut text = String::new();
    open_sized(archive, folder, file)?
        .take(file.size.limit())
        .read_to_string(&mut text)
        .map_err(|problem| damaged(archive, &path, &format!("cannot be read: {problem}")))?;
    let names: Vec<String> =
        text.lines().map(|line| line.trim().to_owned()).filter(|name| !name.is_empty()).collect();
    let classes = usize::from(layout.classes[layout.kept]);
    if names.len() != classes {
        let problem = format!("names {} classes, must name {classes}", names.len());
        return Err(damaged(archive, &path, &problem));
    }
    Ok(names)
}
