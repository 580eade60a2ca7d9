//! Reads IDX files, gzipped or not, as MNIST and Fashion-MNIST come
//! (<https://web.archive.org/web/2020/http://yann.lecun.com/exdb/mnist/>: big-endian magic number,
//! sizes, bytes).

use std::io::{self, BufReader, Read};
use std::path::{Path, PathBuf};

use flate2::read::GzDecoder;

use super::archive::{Archive, ArchiveFile, ArchiveFormat};
use super::folder::{damaged, find, open_sized};
use super::{Dataset, Examples};
use crate::error::{Error, Result};
use crate::memory;
use crate::runs::folder::open_regular;

/// Channels, height, width.
const SHAPE: [usize; 3] = [1, 28, 28];
/// Unsigned bytes (08) in three dimensions.
const IMAGES_MAGIC: u32 = 0x0000_0803;
/// Unsigned bytes (08) in one dimension.
const LABELS_MAGIC: u32 = 0x0000_0801;

/// Reads the whole dataset in `folder`.
pub(super) fn read(archive: &Archive, folder: &Path) -> Result<Dataset> {
    let [train_images, train_labels, test_images, test_labels] = &archive.files[..] else {
        let problem = "an IDX dataset has four files".to_owned();
        return Err(Error::Unexpected(problem));
    };
    let train = read_split(archive, folder, train_images, train_labels)?;
    let test = read_split(archive, folder, test_images, test_labels)?;
    let class_names = match &archive.format {
        ArchiveFormat::Idx { class_names } => class_names.clone(),
        ArchiveFormat::Cifar10 | ArchiveFormat::Cifar100 => Vec::new(),
    };
    Ok(Dataset::new(SHAPE, class_names, train, test))
}

fn read_split(
    archive: &Archive,
    folder: &Path,
    images: &ArchiveFile,
    labels: &ArchiveFile,
) -> Result<Examples> {
    let pixels: usize = SHAPE.iter().product();
    let count = labels.size.limit().saturating_sub(8) as u32;
    let image_header = [IMAGES_MAGIC, count, SHAPE[1] as u32, SHAPE[2] as u32];
    let pixels = read_file(archive, folder, images, &image_header, count as usize * pixels)?;
    let label_bytes = read_file(archive, folder, labels, &[LABELS_MAGIC, count], count as usize)?;
    if let Some(at) = label_bytes.iter().position(|&label| label > 9) {
        let path = find(archive, folder, labels).unwrap_or_else(|| folder.join(&labels.name));
        let problem = format!("example {at} has label {}, must be below 10", label_bytes[at]);
        return Err(damaged(archive, &path, &problem));
    }
    Ok(Examples { pixels, labels: label_bytes.into_iter().map(u16::from).collect() })
}

/// The content of one file after its header, which must be the expected one.
fn read_file(
    archive: &Archive,
    folder: &Path,
    file: &ArchiveFile,
    header: &[u32],
    bytes: usize,
) -> Result<Vec<u8>> {
    let (path, mut reader) = open(archive, folder, file)?;
    let unreadable = |problem: io::Error| {
        let problem = format!("is damaged: cannot be read to its end ({problem})");
        damaged(archive, &path, &problem)
    };
    for &expected in header {
        let mut field = [0; 4];
        reader.read_exact(&mut field).map_err(unreadable)?;
        let found = u32::from_be_bytes(field);
        if found != expected {
            let problem =
                format!("is not the expected IDX file: its header has {found}, not {expected}");
            return Err(damaged(archive, &path, &problem));
        }
    }
    // A gzip file may be a bomb: at most one byte more than expected is unpacked.
    let mut content = memory::with_capacity(bytes);
    let mut bounded = reader.by_ref().take(bytes as u64);
    bounded.read_to_end(&mut content).map_err(unreadable)?;
    let more = reader.read(&mut [0]).map_err(unreadable)?;
    if content.len() != bytes || more != 0 {
        let found = if more == 0 { "fewer" } else { "more" };
        let problem = format!("is damaged: {found} than the {bytes} bytes its header announces");
        return Err(damaged(archive, &path, &problem));
    }
    Ok(content)
}

/// Opens whichever form of `file` exists.
fn open(archive: &Archive, folder: &Path, file: &ArchiveFile) -> Result<(PathBuf, Box<dyn Read>)> {
    let Some(path) = find(archive, folder, file) else {
        let path = folder.join(&file.name);
        return Err(damaged(archive, &path, "is missing"));
    };
    if path.extension().is_some_and(|extension| extension == "gz") {
        let opened = open_regular(&path).map_err(Error::io("read", &path))?;
        return Ok((path, Box::new(GzDecoder::new(BufReader::new(opened)))));
    }
    let found = ArchiveFile {
        name: path.file_name().unwrap_or_default().to_string_lossy().into_owned(),
        size: file.size,
    };
    let opened = open_sized(archive, folder, &found)?;
    Ok((path, Box::new(BufReader::new(opened))))
}
