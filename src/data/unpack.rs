//! Unpacks the wanted files of a `.tar.gz` and nothing else. An archive may contain anything: paths
//! that leave the folder, links, devices and files larger than announced make it refuse the whole
//! archive; other plain files (a readme) are skipped.

use std::fs::{self, File};
use std::io::{self, BufReader, Read, Write};
use std::path::{Component, Path};

use flate2::read::MultiGzDecoder;
use tar::{Entry, EntryType};

use super::archive::{Archive, FileSize};
use crate::error::{Error, Result};
use crate::runs::folder::open_regular;

/// A file to extract from an archive.
#[derive(Debug, Clone)]
pub(super) struct Wanted {
    /// Folder and name, in the archive and below the destination.
    pub(super) path: String,
    /// Its size.
    pub(super) size: FileSize,
}

/// Allowance for what an archive contains besides the wanted files: headers, a readme.
const SLACK_BYTES: u64 = 4 << 20;

/// Unpacks those of `wanted` that the archive contains into `destination`.
pub(super) fn unpack(archive: &Path, wanted: &[Wanted], destination: &Path) -> Result<()> {
    let file = open_regular(archive).map_err(Error::io("read", archive))?;
    let limit = wanted.iter().map(|one| one.size.limit()).sum::<u64>() + SLACK_BYTES;
    let mut bounded = Bounded {
        inner: MultiGzDecoder::new(BufReader::with_capacity(1 << 16, file)),
        limit,
        left: limit,
    };
    let unpacked = unpack_entries(&mut bounded, wanted, destination);
    // Reading to the end makes the decoder verify its checksum.
    unpacked
        .and_then(|()| {
            let drained = io::copy(&mut bounded, &mut io::sink());
            drained.map(drop).map_err(|problem| UnpackRefusal::from("", problem))
        })
        .map_err(|refusal| refusal.into_error(archive))
}

/// Why an archive is not unpacked.
enum UnpackRefusal {
    Content(String),
    Disk(Error),
}

impl UnpackRefusal {
    fn from(what: &str, problem: io::Error) -> UnpackRefusal {
        UnpackRefusal::Content(format!("{what}cannot be unpacked: {problem}"))
    }

    fn into_error(self, archive: &Path) -> Error {
        match self {
            UnpackRefusal::Content(problem) => {
                Error::Data(format!("{}: {problem}; nothing was kept", archive.display()))
            }
            UnpackRefusal::Disk(error) => error,
        }
    }
}

fn unpack_entries(
    reader: impl Read,
    wanted: &[Wanted],
    destination: &Path,
) -> Result<(), UnpackRefusal> {
    let mut archive = tar::Archive::new(reader);
    let entries = archive.entries().map_err(|problem| UnpackRefusal::from("", problem))?;
    // Raw: otherwise names longer than a header would be read into memory, however long, and no
    // wanted file has one.
    for entry in entries.raw(true) {
        let entry = entry.map_err(|problem| UnpackRefusal::from("", problem))?;
        let Some(path) = plain_file(&entry)? else {
            continue;
        };
        if let Some(wanted) = wanted.iter().find(|wanted| wanted.path == path) {
            write_entry(entry, wanted, destination)?;
        }
    }
    Ok(())
}

/// The path of a plain file, `None` for a folder or a comment; everything else is refused.
fn plain_file(entry: &Entry<impl Read>) -> Result<Option<String>, UnpackRefusal> {
    let raw = entry.path_bytes();
    let shown = String::from_utf8_lossy(&raw).into_owned();
    let kind = entry.header().entry_type();
    match kind {
        EntryType::XGlobalHeader
        | EntryType::XHeader
        | EntryType::GNULongName
        | EntryType::GNULongLink => return Ok(None),
        EntryType::Regular | EntryType::Continuous | EntryType::Directory => {}
        EntryType::Symlink | EntryType::Link => {
            return Err(UnpackRefusal::Content(format!("holds the link {shown:?}")));
        }
        _ => {
            return Err(UnpackRefusal::Content(format!("holds {shown:?}, which is not a file")));
        }
    }
    let mut names = Vec::new();
    for component in Path::new(&shown).components() {
        match component {
            Component::CurDir => {}
            Component::Normal(name) => names.push(name.to_string_lossy().into_owned()),
            _ => return Err(UnpackRefusal::Content(format!("holds the path {shown:?}"))),
        }
    }
    Ok((kind != EntryType::Directory).then(|| names.join("/")))
}

fn write_entry(
    mut entry: Entry<impl Read>,
    wanted: &Wanted,
    destination: &Path,
) -> Result<(), UnpackRefusal> {
    let (bytes, limit) = (entry.size(), wanted.size.limit());
    if !wanted.size.allows(bytes) {
        let problem = format!("{} has {bytes} bytes, must have {limit}", wanted.path);
        return Err(UnpackRefusal::Content(problem));
    }
    let path = destination.join(&wanted.path);
    let disk = |problem| UnpackRefusal::Disk(Error::io("write", &path)(problem));
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(disk)?;
    }
    let mut file = match File::create_new(&path) {
        Err(problem) if problem.kind() == io::ErrorKind::AlreadyExists => {
            return Err(UnpackRefusal::Content(format!("holds {} twice", wanted.path)));
        }
        opened => opened.map_err(disk)?,
    };
    let mut buffer = vec![0; 1 << 16];
    loop {
        let count = entry
            .read(&mut buffer)
            .map_err(|problem| UnpackRefusal::from(&format!("{} ", wanted.path), problem))?;
        if count == 0 {
            break;
        }
        file.write_all(&buffer[..count]).map_err(disk)?;
    }
    file.sync_all().map_err(disk)
}

/// Fails at its limit instead of ending, so that a bomb does not look like a truncated file.
struct Bounded<R> {
    inner: R,
    limit: u64,
    left: u64,
}

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        match self.left.checked_sub(count as u64) {
            Some(left) => self.left = left,
            None => {
                let problem = format!("it unpacks to more than {} bytes", self.limit);
                return Err(io::Error::other(problem));
            }
        }
        Ok(count)
    }
}

/// The files of the archive, as in its tar file.
pub(super) fn wanted(archive: &Archive) -> Vec<Wanted> {
    archive
        .files
        .iter()
        .map(|file| Wanted { path: format!("{}/{}", archive.folder, file.name), size: file.size })
        .collect()
}
