//! From a `[dataset]` table's source to pixels in memory: reads what is in the data folder and
//! fetches the rest.

use std::sync::Arc;

use super::archive::Archive;
use super::data_dir::DataOptions;
use super::event::DataEvent;
use super::fetch::{by_hand, fetch};
use super::unpacked::read;
use super::{Cifar100Labels, Dataset, DatasetSource, folder};
use crate::error::Result;

/// Loads `source`, downloading it first if it is not in the data folder.
///
/// # Errors
/// [`crate::error::Error::Data`] if the data is damaged, or missing and cannot be downloaded.
pub fn load(source: &DatasetSource, options: &DataOptions) -> Result<Dataset> {
    source.as_kind().load(options)
}

/// Like [`load`], for a shared dataset: the user's own was read with its table.
///
/// # Errors
/// As [`load`].
pub fn load_shared(source: &DatasetSource, options: &DataOptions) -> Result<Arc<Dataset>> {
    match source.own() {
        Some(own) => Ok(Arc::clone(&own.dataset)),
        None => load(source, options).map(Arc::new),
    }
}

/// Loads what `archive` describes, downloading it first if files are missing; `labels` matters only
/// for CIFAR-100.
///
/// # Errors
/// [`crate::error::Error::Data`] if the data is damaged, or missing and cannot be downloaded.
pub fn load_archive(
    archive: &Archive,
    labels: Cifar100Labels,
    options: &DataOptions,
) -> Result<Dataset> {
    options.tell_where();
    let folder = options.data_dir.join(&archive.folder);
    let missing = folder::missing(archive, &folder);
    if !missing.is_empty() && options.offline {
        let problem = match missing.len() == archive.files.len() {
            true => format!("{} is not in {}", archive.name, options.data_dir.display()),
            false => format!("{} lacks {}", folder.display(), missing.join(", ")),
        };
        let problem = format!("{problem}, and --offline forbids downloading it");
        return Err(by_hand(archive, options, &problem));
    }
    if !missing.is_empty() {
        let fetched = fetch(archive, options)?;
        fetched.notes.iter().for_each(|note| options.listener.hear(DataEvent::Note(note)));
    }
    read(archive, &folder, labels)
}
