//! Which files are in the class folders, in an order that does not depend on the file system.

use std::ffi::{OsStr, OsString};
use std::fs;
use std::path::{Path, PathBuf};

use crate::data::LeftOutList;
use crate::error::Flaw;
use crate::runs::folder::is_folder;

/// File extensions of pictures.
const ENDINGS: [&str; 4] = ["png", "jpg", "jpeg", "webp"];

/// Class folders in the byte order of their names, and everything else.
#[derive(Debug, Default)]
pub(super) struct ClassFolders {
    pub(super) classes: Vec<ClassFolder>,
    pub(super) left_out: LeftOutList,
}

/// A folder of pictures of one class.
#[derive(Debug)]
pub(super) struct ClassFolder {
    pub(super) name: String,
    pub(super) files: Vec<PathBuf>, // in the byte order of their names
}

/// Whether a file's name has a picture's extension.
pub fn is_picture_name(path: &Path) -> bool {
    let ending = path.extension().and_then(OsStr::to_str);
    ending.is_some_and(|ending| ENDINGS.iter().any(|known| ending.eq_ignore_ascii_case(known)))
}

/// Lists the classes in `folder`. Names that begin with a dot are silently skipped.
///
/// # Errors
/// Says which folder cannot be read, and why.
pub(super) fn class_folders(folder: &Path) -> Result<ClassFolders, Flaw> {
    let mut found = ClassFolders::default();
    for name in names(folder)? {
        let path = folder.join(&name);
        if is_folder(&path).map_err(|error| error.chain())? {
            let files = files(&path, &mut found.left_out)?;
            let name = name.into_string().map_err(|name| not_utf8(folder, &name))?;
            found.classes.push(ClassFolder { name, files });
        } else {
            found.left_out.push(path.display(), "lies outside the class folders");
        }
    }
    Ok(found)
}

/// The folder's name is the name of its class, which run records contain.
fn not_utf8(folder: &Path, name: &OsStr) -> String {
    let (folder, name) = (folder.display(), name.as_encoded_bytes().escape_ascii());
    format!(
        "{folder} has a folder {name}, whose name is not UTF-8 and so cannot name a class: rename it"
    )
}

/// The pictures of one class, by their names.
fn files(folder: &Path, left_out: &mut LeftOutList) -> Result<Vec<PathBuf>, Flaw> {
    let mut files = Vec::new();
    for name in names(folder)? {
        let path = folder.join(name);
        // An inaccessible entry cannot be read either, which is reported then.
        let is_folder = is_folder(&path).unwrap_or(false);
        let reason = match (is_folder, is_picture_name(&path)) {
            (true, _) => {
                "is a folder: the pictures of a class must lie directly in the class folder"
            }
            (false, false) => "does not end in .png, .jpg, .jpeg or .webp",
            (false, true) => {
                files.push(path);
                continue;
            }
        };
        left_out.push(path.display(), reason);
    }
    Ok(files)
}

/// The entries of a folder, in byte order, without hidden ones.
pub(super) fn names(folder: &Path) -> Result<Vec<OsString>, Flaw> {
    let failed = |e: std::io::Error| format!("{} cannot be read: {e}", folder.display());
    let mut names = Vec::new();
    for entry in fs::read_dir(folder).map_err(failed)? {
        let name = entry.map_err(failed)?.file_name();
        if !name.as_encoded_bytes().starts_with(b".") {
            names.push(name);
        }
    }
    names.sort(); // by bytes on Unix
    Ok(names)
}
