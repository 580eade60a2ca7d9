//! A `.npz` file: a zip archive with an array in each of its files.

use std::fs::File;
use std::io::{BufReader, ErrorKind};
use std::path::Path;

use zip::ZipArchive;
use zip::result::ZipError;

use crate::error::Flaw;
use crate::few::{Between, first_few};
use crate::runs::npy::NpyArray;

/// The most names of arrays that a message lists.
const MOST_NAMES: usize = 12;
/// What a file's name ends with in the archive.
const ENDING: &str = ".npy";

/// An open file of arrays.
pub(super) struct NpzArchive(ZipArchive<BufReader<File>>);

impl NpzArchive {
    /// Opens a file and reads the list of its arrays.
    ///
    /// # Errors
    /// Says what is wrong with the file, after "it".
    pub(super) fn open(path: &Path) -> Result<NpzArchive, Flaw> {
        let unreadable = |e: std::io::Error| match e.kind() {
            ErrorKind::NotFound => "does not exist".to_owned(),
            _ => format!("cannot be read: {e}"),
        };
        if !std::fs::metadata(path).map_err(unreadable)?.is_file() {
            return Err(Flaw::from("is not a file")); // a pipe would block
        }
        let file = BufReader::new(File::open(path).map_err(unreadable)?);
        let archive = ZipArchive::new(file)
            .map_err(|e| format!("is not a zip archive, as a whole `.npz` file is: {e}"))?;
        Ok(NpzArchive(archive))
    }

    /// Whether it has an array of this name.
    pub(super) fn has(&self, name: &str) -> bool {
        self.0.index_for_name(&file_of(name)).is_some()
    }

    /// The array of this name.
    ///
    /// # Errors
    /// Says what is wrong with the array, after "it".
    pub(super) fn array(&mut self, name: &str) -> Result<NpyArray, Flaw> {
        let entry = self.0.by_name(&file_of(name)).map_err(|e| match e {
            ZipError::FileNotFound => "does not exist".to_owned(),
            e => format!("cannot be read: {e}"),
        })?;
        NpyArray::read(entry)
    }

    /// The names of its arrays as a list.
    pub(super) fn names(&self) -> String {
        let names = self.0.file_names();
        let arrays: Vec<String> = names
            .filter_map(|name| name.strip_suffix(ENDING).map(|name| format!("`{name}`")))
            .collect();
        match first_few(&arrays, MOST_NAMES, Between::Commas) {
            Some(list) => format!("the arrays are {list}"),
            None => "the file has no arrays".to_owned(),
        }
    }
}

fn file_of(name: &str) -> String {
    format!("{name}{ENDING}")
}
