//! `--from PATH`: a dataset from an archive or a folder that is already on disk, in the binary or
//! the Python edition.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use super::archive::{Archive, ArchiveFormat, Download};
use super::download::sha256_of;
use super::staging::Staging;
use super::unpack::{Wanted, unpack, wanted};
use super::unpacked::read;
use super::{Cifar100Labels, folder, python};
use crate::error::{Error, Result};
use crate::runs::folder::{is_folder, open_regular};

/// Fills `staging` from `path`; returns what the user should know about it.
pub(super) fn import(archive: &Archive, path: &Path, staging: &Staging) -> Result<Vec<String>> {
    if is_folder(path)? {
        return import_folder(archive, path, staging);
    }
    if matches!(archive.format, ArchiveFormat::Idx { .. }) {
        let problem = "is a file, but --from takes the folder with the four files";
        return Err(unusable(archive, path, problem));
    }
    if !is_gzip(path)? {
        return Err(unusable(archive, path, "is not a .tar.gz file"));
    }
    let found = sha256_of(path)?;
    let mut files = wanted(archive);
    files.extend(python_wanted(archive));
    unpack(path, &files, staging.root())?;
    let python_folder = staging.root().join(python::folder_name(&archive.format));
    if !python::missing(archive, &python_folder).is_empty() {
        require_binary(archive, path, staging.folder())?;
        return Ok(notes_on_hash(archive, path, &found));
    }
    python::convert(archive, &python_folder, staging.folder())?;
    Ok(vec![format!("{} is the Python edition: converted", path.display())])
}

fn python_wanted(archive: &Archive) -> Vec<Wanted> {
    let folder = python::folder_name(&archive.format);
    python::files(archive)
        .into_iter()
        .map(|(name, size)| Wanted { path: format!("{folder}/{name}"), size })
        .collect()
}

/// The files are in the folder itself or in the folder that unpacking creates in it.
fn import_folder(archive: &Archive, path: &Path, staging: &Staging) -> Result<Vec<String>> {
    for folder in [path.to_owned(), path.join(&archive.folder)] {
        if folder::missing(archive, &folder).is_empty() {
            read(archive, &folder, Cifar100Labels::Fine)?; // an error names the user's own file
            copy_files(archive, &folder, staging.folder())?;
            return Ok(Vec::new());
        }
    }
    if !matches!(archive.format, ArchiveFormat::Idx { .. }) {
        let inside = path.join(python::folder_name(&archive.format));
        for folder in [path.to_owned(), inside] {
            if python::missing(archive, &folder).is_empty() {
                python::convert(archive, &folder, staging.folder())?;
                return Ok(vec![format!("{} is the Python edition: converted", folder.display())]);
            }
        }
    }
    let missing = folder::missing(archive, path).join(", ");
    Err(unusable(archive, path, &format!("lacks {missing}")))
}

fn copy_files(archive: &Archive, from: &Path, to: &Path) -> Result<()> {
    for file in &archive.files {
        let Some(source) = folder::find(archive, from, file) else {
            continue; // the whole is validated afterwards
        };
        let name = source.file_name().unwrap_or_default();
        let destination = to.join(name);
        copy(&source, &destination, file.size.limit())?;
    }
    Ok(())
}

/// Copies at most the checked size, because the file may grow meanwhile.
fn copy(source: &Path, destination: &Path, limit: u64) -> Result<()> {
    let file = open_regular(source).map_err(Error::io("read", source))?;
    let mut target = File::create_new(destination).map_err(Error::io("create", destination))?;
    let bounded = &mut file.take(limit + GZIP_SLACK_BYTES);
    io::copy(bounded, &mut target).map_err(Error::io("write", destination))?;
    target.sync_all().map_err(Error::io("write", destination))
}

/// A gzipped file may be larger than its content, by a header and a few bytes per block.
const GZIP_SLACK_BYTES: u64 = 1 << 20;

fn is_gzip(path: &Path) -> Result<bool> {
    let mut magic = Vec::new();
    let file = open_regular(path).map_err(Error::io("read", path))?;
    file.take(2).read_to_end(&mut magic).map_err(Error::io("read", path))?;
    Ok(magic == [0x1f, 0x8b])
}

fn require_binary(archive: &Archive, path: &Path, folder: &Path) -> Result<()> {
    let missing = folder::missing(archive, folder);
    if missing.is_empty() {
        return Ok(());
    }
    // A folder with another name is the usual cause, so the message says where it looked.
    let problem = format!("lacks {}/{}", archive.folder, missing.join(", "));
    Err(unusable(archive, path, &problem))
}

/// A repacked archive is fine if its content is; the user is told that it is not the original.
fn notes_on_hash(archive: &Archive, path: &Path, found: &str) -> Vec<String> {
    match archive.downloads.first() {
        Some(published) if published.sha256 != found => vec![format!(
            "the SHA-256 of {} is {found}, not the published {}; its files have the right sizes \
             and labels",
            path.display(),
            published.sha256,
        )],
        _ => Vec::new(),
    }
}

/// An error that also says which files `--from` understands.
fn unusable(archive: &Archive, path: &Path, problem: &str) -> Error {
    let accepted = match archive.format {
        ArchiveFormat::Idx { .. } => {
            let names = archive.files.iter().map(|file| file.name.as_str());
            let names: Vec<&str> = names.collect();
            format!("a folder with {}, each also as .gz", names.join(", "))
        }
        _ => {
            let published = archive.downloads.iter().map(Download::file_name);
            let published: Vec<&str> = published.collect();
            let python = python::archive_name(&archive.format);
            format!("{} or {python}, or the folder they unpack to", published.join(", "))
        }
    };
    Error::Data(format!(
        "cannot take {} from {}: it {problem}\naccepted: {accepted}",
        archive.name,
        path.display(),
    ))
}
