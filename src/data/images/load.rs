//! Folders of pictures -> a dataset: decoded on all cores, with the same result for any number.

use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use rayon::prelude::*;

use super::divided::{divided, notes_of_pictures_in_both};
use super::folders::{ClassFolders, class_folders};
use super::{ImagesConfig, MOST_DECODED_BYTES, PictureFormat, Reading, VALIDATION, decode};
use crate::data::csv::classes::note_of_alike;
use crate::data::own::{
    Cache, DataRefusal, MOST_CLASSES, OwnData, OwnHandle, OwnSource, check_classes, named,
};
use crate::data::test_share::{TEST_FRACTION, draw_test};
use crate::data::{Dataset, Examples, LeftOutList};
use crate::error::Flaw;
use crate::memory::{self, Shortage};
use crate::runs::folder::{is_folder, is_there};
use crate::threads;

/// The most bytes read from a picture's file; no camera writes more.
const MOST_FILE_BYTES: u64 = 1 << 28;

impl OwnSource for ImagesConfig {
    fn path(&self) -> &str {
        &self.path
    }

    fn sha256_mut(&mut self) -> &mut Option<String> {
        &mut self.sha256
    }

    fn handle_mut(&mut self) -> &mut OwnHandle {
        &mut self.data
    }

    fn as_read_before(&self) -> Option<ImagesConfig> {
        let reading = Reading::WithoutValidation;
        self.has_validation().then(|| ImagesConfig { reading, ..self.clone() })
    }

    fn cache() -> &'static Cache<ImagesConfig> {
        static CACHE: Cache<ImagesConfig> = Mutex::new(Vec::new());
        &CACHE
    }
}

/// Reads the pictures that `config` names.
pub(in crate::data) fn load(config: ImagesConfig) -> Result<ImagesConfig, DataRefusal> {
    let folder = Path::new(&config.path);
    if !is_folder(folder).unwrap_or(false) {
        let label = match is_there(folder) {
            Ok(true) => format!("{} is not a folder", folder.display()),
            Ok(false) => format!("{} does not exist", folder.display()),
            Err(error) => error.chain(),
        };
        return Err(DataRefusal::new("path", "the folder of pictures does not exist", label));
    }
    let config = config.settled();
    let (dataset, left_out) = match config.is_divided() {
        true => divided(&config)?,
        false => drawn(&config)?,
    };
    let test_key = if config.is_divided() { "path" } else { "test_fraction" };
    check_classes(&dataset, "path", test_key).map_err(|refusal| explained(refusal, &left_out))?;
    let mut notes = notes_of_pictures_in_both(&dataset);
    notes.extend(note_of_alike(dataset.class_names.iter().map(String::as_str)));
    if config.reading == Reading::WithoutValidation {
        notes.push(format!(
            "`sha256` matches the pictures without the folder `{VALIDATION}`, as version 0.1.0 read \
             them, so they are read that way; remove `sha256` to validate on that folder, which makes \
             a new run"
        ));
    }
    let data = OwnHandle::new(OwnData { dataset: Arc::new(dataset), left_out, notes });
    Ok(ImagesConfig { data, ..config })
}

/// Names the first of the files that could have been examples.
fn explained(refusal: DataRefusal, left_out: &LeftOutList) -> DataRefusal {
    match left_out.first() {
        _ if refusal.help.is_some() => refusal,
        None => refusal.help("a class is a folder with PNG, JPEG or WebP files in it"),
        Some(first) => {
            let count = left_out.count();
            refusal.help(format!("{count} left out, the first: {} {}", first.what, first.reason))
        }
    }
}

/// Pictures in one folder, from which a seed draws the test examples.
fn drawn(config: &ImagesConfig) -> Result<(Dataset, LeftOutList), DataRefusal> {
    let ClassFolders { classes, mut left_out } = list(Path::new(&config.path))?;
    if classes.iter().any(|class| class.name == "train") {
        let label = format!("{} has a folder `train` and no folder `test`", config.path);
        return Err(DataRefusal::new("path", "there are no test examples", label)
            .help("set `path` to the folder `train` itself to hold out a share of it"));
    }
    let format = config.format();
    let (names, files): (Vec<_>, Vec<_>) = classes.into_iter().map(|c| (c.name, c.files)).unzip();
    let all = examples(format, &files, &mut left_out)?;
    let share = config.test_fraction.unwrap_or(TEST_FRACTION);
    let goes_to_test = draw_test(&all.labels, names.len(), share, config.test_seed);
    let features = format.shape().iter().product();
    let [mut train, mut test] = [Examples::default(), Examples::default()];
    for ((pixels, &label), is_test) in
        all.pixels.chunks_exact(features).zip(&all.labels).zip(goes_to_test)
    {
        let split = if is_test { &mut test } else { &mut train };
        split.pixels.extend_from_slice(pixels);
        split.labels.push(label);
    }
    Ok((dataset(format, names, train, test, 0), left_out))
}

pub(super) fn list(folder: &Path) -> Result<ClassFolders, DataRefusal> {
    let unreadable =
        |problem: Flaw| DataRefusal::new("path", "a folder cannot be read", String::from(problem));
    let folders = class_folders(folder).map_err(unreadable)?;
    if folders.classes.len() > MOST_CLASSES {
        let label = format!("{} folders in {}", folders.classes.len(), folder.display());
        return Err(DataRefusal::new("path", "too many classes", label));
    }
    Ok(folders)
}

pub(super) fn dataset(
    format: PictureFormat,
    names: Vec<String>,
    train: Examples,
    test: Examples,
    validation: usize,
) -> Dataset {
    named(Dataset { validation, ..Dataset::new(format.shape(), names, train, test) })
}

/// Decodes `files`, a list for each class. The classes take turns, so that the first N cover all of
/// them; within a class, sorted by name.
pub(super) fn examples(
    format: PictureFormat,
    files: &[Vec<PathBuf>],
    left_out: &mut LeftOutList,
) -> Result<Examples, DataRefusal> {
    let mut in_turn: Vec<(usize, usize, &PathBuf)> = Vec::new();
    for (class, of_class) in files.iter().enumerate() {
        in_turn.extend(of_class.iter().enumerate().map(|(turn, path)| (turn, class, path)));
    }
    in_turn.sort_by_key(|(turn, class, _)| (*turn, *class));
    let features: usize = format.shape().iter().product();
    let mut pixels = room(in_turn.len(), features)?;
    let problems: Vec<Option<String>> = threads::install(|| {
        let read = in_turn.par_iter().zip(pixels.par_chunks_exact_mut(features.max(1)));
        read.map(|((_, _, path), target)| {
            read_example(path, format, target).err().map(String::from)
        })
        .collect()
    });
    let mut examples = Examples::default();
    for (i, ((_, class, path), problem)) in in_turn.into_iter().zip(problems).enumerate() {
        match problem {
            Some(reason) => left_out.push(path.display(), reason),
            None => {
                let to = examples.labels.len() * features;
                pixels.copy_within(i * features..(i + 1) * features, to); // gaps of left-out files close up
                examples.labels.push(class as u16);
            }
        }
    }
    pixels.truncate(examples.labels.len() * features);
    pixels.shrink_to_fit();
    Ok(Examples { pixels, ..examples })
}

/// Memory for the pixels of `count` pictures.
fn room(count: usize, features: usize) -> Result<Vec<u8>, DataRefusal> {
    let mut pixels = Vec::new();
    let bytes = count.saturating_mul(features);
    let refused = Shortage::Refused { bytes: bytes as u64 };
    let mut reserved = || pixels.try_reserve_exact(bytes).map_err(|_| refused);
    if let Err(shortage) = memory::check(bytes as u64).and_then(|()| reserved()) {
        let label = format!("{count} pictures of this size: {shortage}");
        return Err(DataRefusal::new("image_size", "the pictures do not fit into memory", label));
    }
    pixels.resize(bytes, 0);
    Ok(pixels)
}

fn read_example(path: &Path, format: PictureFormat, pixels: &mut [u8]) -> Result<(), Flaw> {
    pixels.copy_from_slice(&read_picture(path, format)?);
    Ok(())
}

/// Reads a picture's file as an example of `format`, `[channels, height, width]`.
///
/// # Errors
/// Says what is wrong with the file, after "it".
pub fn read_picture(path: &Path, format: PictureFormat) -> Result<Vec<u8>, Flaw> {
    let unreadable = |e: std::io::Error| format!("cannot be read: {e}");
    let metadata = fs::metadata(path).map_err(unreadable)?;
    if !metadata.is_file() {
        return Err(Flaw::from("is not a file")); // a pipe would block
    }
    if metadata.len() > MOST_FILE_BYTES {
        return Err(Flaw::from(format!(
            "is too large: more than {} MB",
            MOST_FILE_BYTES / 1_000_000
        )));
    }
    let bytes = fs::read(path).map_err(unreadable)?;
    let decoded = || Ok(format.apply(decode(&bytes, MOST_DECODED_BYTES)?));
    // Decoders have bugs; one bad picture must not end a sweep.
    let bug = |_| {
        Err(Flaw::from("cannot be decoded because of a bug in the decoder: see the message above"))
    };
    catch_unwind(AssertUnwindSafe(decoded)).unwrap_or_else(bug)
}
