//! Pictures: those that a user names, and batches of them through the network.

use std::fs;
use std::path::{Path, PathBuf};

use super::{NO_NUMBERS, OnPrediction, Prediction, Unreadable};
use crate::data::images::{PictureFormat, is_picture_name, read_picture};
use crate::runs::input_record::ChannelScale;
use crate::threads;
use crate::train::Classifier;

/// The depth of folders that are searched.
const DEEPEST: usize = 32;

/// The file itself, or the files with picture extensions in a folder and its subfolders, in byte
/// order. Links to folders are not followed, so there are no cycles.
///
/// # Errors
/// The folder that cannot be read.
pub fn pictures_in(path: &Path) -> Result<Vec<PathBuf>, Unreadable> {
    let mut files = Vec::new();
    match path.is_dir() {
        true => collect(path, DEEPEST, &mut files)?,
        false => files.push(path.to_owned()),
    }
    Ok(files)
}

fn collect(folder: &Path, depth: usize, files: &mut Vec<PathBuf>) -> Result<(), Unreadable> {
    let unreadable = |e: std::io::Error| {
        let reason = format!("cannot be read: {e}");
        Unreadable { path: folder.to_owned(), line: None, reason }
    };
    let mut entries = Vec::new();
    for entry in fs::read_dir(folder).map_err(unreadable)? {
        let entry = entry.map_err(unreadable)?;
        entries.push((entry.path(), entry.file_type().map_err(unreadable)?.is_dir()));
    }
    entries.sort();
    for (path, is_folder) in entries {
        if is_folder && depth > 0 {
            collect(&path, depth - 1, files)?;
        } else if !is_folder && is_picture_name(&path) {
            files.push(path);
        }
    }
    Ok(())
}

/// Predicts at most [`Classifier::most_examples`] pictures.
pub(super) fn predict(
    classifier: &mut Classifier,
    format: PictureFormat,
    scale: &ChannelScale,
    top: usize,
    files: &[PathBuf],
    on_prediction: &mut OnPrediction<'_>,
) {
    let read = threads::map(files, |path| read_picture(path, format));
    let pixels: Vec<&Vec<u8>> = read.iter().filter_map(|read| read.as_ref().ok()).collect();
    let mut ranked = Vec::new();
    if !pixels.is_empty() {
        let mut inputs = classifier.input_mut(pixels.len());
        for (row, picture) in pixels.iter().enumerate() {
            scale.write_pixels(picture, &mut inputs, row);
        }
        ranked = classifier.classify(pixels.len(), top);
    }
    let mut ranked = ranked.into_iter();
    for (path, of_file) in files.iter().zip(read) {
        let path = path.clone();
        on_prediction(match of_file {
            Ok(_) => match ranked.next().flatten() {
                Some(classes) => Ok(Prediction { path, line: None, classes }),
                None => Err(Unreadable { path, line: None, reason: NO_NUMBERS.to_owned() }),
            },
            Err(reason) => Err(Unreadable { path, line: None, reason: reason.into() }),
        });
    }
}
