//! The Python edition of CIFAR-10 and CIFAR-100 (`cifar-10-python.tar.gz`): pickled dictionaries
//! with a numpy array, converted into the files of the binary edition.

use std::borrow::Cow;
use std::fs::File;
use std::io::{BufWriter, Read, Write};
use std::path::Path;

use super::archive::{Archive, ArchiveFormat, FileSize};
use super::cifar::{PIXELS, label_classes};
use super::pickle::{self, Pickle};
use crate::error::{Error, Flaw, Result};
use crate::runs::folder::{is_file, open_regular};

/// The folder in the Python edition's archive.
pub(super) fn folder_name(format: &ArchiveFormat) -> &'static str {
    match format {
        ArchiveFormat::Cifar100 => "cifar-100-python",
        _ => "cifar-10-batches-py",
    }
}

/// The Python edition's archive.
pub(super) fn archive_name(format: &ArchiveFormat) -> &'static str {
    match format {
        ArchiveFormat::Cifar100 => "cifar-100-python.tar.gz",
        _ => "cifar-10-python.tar.gz",
    }
}

/// Keys of the labels, in the order of the binary edition's label bytes.
fn label_keys(format: &ArchiveFormat) -> &'static [&'static str] {
    match format {
        ArchiveFormat::Cifar100 => &["coarse_labels", "fine_labels"],
        _ => &["labels"],
    }
}

/// The file with the class names, and for each list in it the binary edition's file.
fn names(format: &ArchiveFormat) -> (&'static str, &'static [(&'static str, &'static str)]) {
    match format {
        ArchiveFormat::Cifar100 => (
            "meta",
            &[
                ("fine_label_names", "fine_label_names.txt"),
                ("coarse_label_names", "coarse_label_names.txt"),
            ],
        ),
        _ => ("batches.meta", &[("label_names", "batches.meta.txt")]),
    }
}

/// The files of the edition that belongs to `archive`, with the most bytes they may have: a byte
/// takes up to four characters (`\x00`) under protocol 0, and each image has a file name.
pub(super) fn files(archive: &Archive) -> Vec<(String, FileSize)> {
    let batches = archive.files.iter().filter_map(|file| {
        let name = file.name.strip_suffix(".bin")?;
        Some((name.to_owned(), FileSize::AtMost(5 * file.size.limit() + 4096)))
    });
    let meta = (names(&archive.format).0.to_owned(), FileSize::AtMost(64 * 1024));
    batches.chain([meta]).collect()
}

/// Which of them are missing from `folder`.
pub(super) fn missing(archive: &Archive, folder: &Path) -> Vec<String> {
    let names = files(archive).into_iter().map(|(name, _)| name);
    // An inaccessible one counts as present: reading it reports the error.
    names.filter(|name| !is_file(&folder.join(name)).unwrap_or(true)).collect()
}

/// Writes the files of the binary edition into `to`.
pub(super) fn convert(archive: &Archive, from: &Path, to: &Path) -> Result<()> {
    for (name, size) in files(archive) {
        let path = from.join(&name);
        let content = read_bounded(&path, size.limit())?;
        let wrong = |problem: Flaw| {
            Error::Data(format!("{} is not a CIFAR batch: {problem}", path.display()))
        };
        let pickle = pickle::read(&content).map_err(wrong)?;
        if name == names(&archive.format).0 {
            for (key, file_name) in names(&archive.format).1 {
                let text = pickle.names(key).map_err(wrong)?;
                let text_path = to.join(file_name);
                let mut file =
                    File::create_new(&text_path).map_err(Error::io("create", &text_path))?;
                file.write_all(text.as_bytes()).map_err(Error::io("write", &text_path))?;
            }
        } else {
            let batch = PickledBatch::of(&pickle, &archive.format).map_err(wrong)?;
            write_records(&batch, &to.join(format!("{name}.bin")))?;
        }
    }
    Ok(())
}

fn read_bounded(path: &Path, limit: u64) -> Result<Vec<u8>> {
    let file = open_regular(path).map_err(Error::io("read", path))?;
    let mut content = Vec::new();
    file.take(limit + 1).read_to_end(&mut content).map_err(Error::io("read", path))?;
    if content.len() as u64 > limit {
        let problem = format!("it has more than {limit} bytes");
        return Err(Error::Data(format!("{} is not a CIFAR batch: {problem}", path.display())));
    }
    Ok(content)
}

/// The part of a batch that the binary edition also has.
struct PickledBatch<'a> {
    labels: Vec<Vec<u8>>,  // for each label byte of a record, [examples]
    pixels: Cow<'a, [u8]>, // [examples, 3072]
}

impl<'a> PickledBatch<'a> {
    fn of(pickle: &'a Pickle<'a>, format: &ArchiveFormat) -> Result<PickledBatch<'a>, Flaw> {
        let keys = label_keys(format).iter();
        let labels: Vec<Vec<u8>> = keys.map(|key| pickle.labels(key)).collect::<Result<_, _>>()?;
        let pixels = pickle.array("data")?;
        for (key, of_key) in label_keys(format).iter().zip(&labels) {
            if of_key.len() * PIXELS != pixels.len() {
                let images = pixels.len() / PIXELS;
                return Err(Flaw::from(format!(
                    "it has {} {key} for {images} images",
                    of_key.len()
                )));
            }
        }
        debug_assert_eq!(labels.len(), label_classes(format).len());
        Ok(PickledBatch { labels, pixels })
    }
}

fn write_records(batch: &PickledBatch<'_>, path: &Path) -> Result<()> {
    let failed = |problem| Error::io("write", path)(problem);
    let file = File::create_new(path).map_err(failed)?;
    let mut writer = BufWriter::with_capacity(1 << 18, file);
    for (at, pixels) in batch.pixels.chunks_exact(PIXELS).enumerate() {
        for labels in &batch.labels {
            writer.write_all(&[labels[at]]).map_err(failed)?;
        }
        writer.write_all(pixels).map_err(failed)?;
    }
    let file = writer.into_inner().map_err(|problem| failed(problem.into_error()))?;
    file.sync_all().map_err(failed)
}
