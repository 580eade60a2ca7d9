//! Pictures in the folders `train`, `test` and `val`: which class is which, and whether held-out pictures are others
//! than those of another folder.

use std::collections::{HashMap, HashSet};
use std::ffi::OsString;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use super::folders::{ClassFolders, names};
use super::load::{dataset, examples, list};
use super::{ImagesConfig, VALIDATION};
use crate::config::nearest;
use crate::data::own::DataRefusal;
use crate::data::{Dataset, Examples, LeftOutList};
use crate::error::Flaw;
use crate::few::{Between, first_few};

/// The most folders that a message names.
const MOST_NAMED: usize = 5;

/// Pictures in `train` and `test`, and in `val` if that is there.
pub(super) fn divided(config: &ImagesConfig) -> Result<(Dataset, LeftOutList), DataRefusal> {
    if config.test_fraction.is_some() {
        let label = format!("{} has a folder `test`", config.path);
        return Err(DataRefusal::new(
            "test_fraction",
            "the test examples are already separate",
            label,
        ));
    }
    let ClassFolders { classes, mut left_out } = list(&Path::new(&config.path).join("train"))?;
    let names: Vec<String> = classes.iter().map(|class| class.name.clone()).collect();
    let format = config.format();
    let files = classes.into_iter().map(|class| class.files).collect::<Vec<_>>();
    let train = examples(format, &files, &mut left_out)?;
    for name in names_beside(config)? {
        let what = Path::new(&config.path).join(&name);
        left_out
            .push(what.display(), format!("is not read: only train, {VALIDATION} and test are"));
    }
    let test = held_out(config, "test", &names, &train, &mut left_out)?;
    if !config.has_validation() {
        return Ok((dataset(format, names, train, test, 0), left_out));
    }
    let mut both = held_out(config, VALIDATION, &names, &train, &mut left_out)?;
    let validation = both.labels.len();
    if validation == 0 {
        let label = format!("there is no picture of a class in {}/{VALIDATION}", config.path);
        let help = "remove the empty folder to draw validation examples, or to have none";
        let title = "there are no validation examples";
        return Err(DataRefusal::new("path", title, label).help(help));
    }
    if both == test {
        return Err(same_pictures(config, VALIDATION, "test"));
    }
    // The first of the training examples, so that `train_examples` leaves out others.
    both.pixels.extend_from_slice(&train.pixels);
    both.labels.extend_from_slice(&train.labels);
    Ok((dataset(format, names, both, test, validation), left_out))
}

/// What lies beside the folders that are read.
fn names_beside(config: &ImagesConfig) -> Result<Vec<OsString>, DataRefusal> {
    let unreadable =
        |problem: Flaw| DataRefusal::new("path", "a folder cannot be read", String::from(problem));
    let mut names = names(Path::new(&config.path)).map_err(unreadable)?;
    let is_read = |name: &OsString| {
        ["train", "test"].iter().any(|read| name == read)
            || (name == VALIDATION && config.has_validation())
    };
    names.retain(|name| !is_read(name));
    Ok(names)
}

/// The pictures in `folder`, beside `train`, which must not hold the same ones.
fn held_out(
    config: &ImagesConfig,
    folder: &str,
    names: &[String],
    train: &Examples,
    left_out: &mut LeftOutList,
) -> Result<Examples, DataRefusal> {
    let mut found = list(&Path::new(&config.path).join(folder))?;
    left_out.append(std::mem::take(&mut found.left_out));
    let known: HashSet<&str> = names.iter().map(String::as_str).collect();
    let mut unknown = Vec::new();
    for class in found.classes.iter().filter(|class| !known.contains(class.name.as_str())) {
        let near = nearest(&class.name, names.iter().map(String::as_str));
        let near = near.map_or(String::new(), |near| format!("; is it {near:?}?"));
        let what = Path::new(&config.path).join(folder).join(&class.name);
        left_out.push(what.display(), format!("is not a class in train{near}"));
        unknown.push(format!("{:?}", class.name));
    }
    let named = found.classes.into_iter().map(|class| (class.name, class.files));
    let mut of_name: HashMap<String, Vec<PathBuf>> = named.collect();
    let files: Vec<Vec<PathBuf>> =
        names.iter().map(|name| of_name.remove(name).unwrap_or_default()).collect();
    let held_out = examples(config.format(), &files, left_out)?;
    if held_out == *train && !train.is_empty() {
        return Err(same_pictures(config, "train", folder));
    }
    match first_few(&unknown, MOST_NAMED, Between::Commas) {
        Some(unknown) if held_out.is_empty() => {
            let title = format!("there are no {} examples", part_in(folder));
            let label = format!(
                "no folder in {}/{folder} has the name of a class in train: {unknown}",
                config.path
            );
            let classes: Vec<String> = names.iter().map(|name| format!("{name:?}")).collect();
            let help = first_few(&classes, MOST_NAMED, Between::Commas).map(|classes| {
                format!("name them as the folders in train, to the letter case: {classes}")
            });
            Err(DataRefusal { help, ..DataRefusal::new("path", title, label) })
        }
        _ => Ok(held_out),
    }
}

/// What the examples in a folder are for.
fn part_in(folder: &str) -> &str {
    match folder {
        VALIDATION => "validation",
        "train" => "training",
        other => other,
    }
}

fn same_pictures(config: &ImagesConfig, one: &str, other: &str) -> DataRefusal {
    let label =
        format!("the folders `{one}` and `{other}` of {} hold the same pictures", config.path);
    let title = format!("the {} examples are the {} examples", part_in(other), part_in(one));
    DataRefusal::new("path", title, label)
}

/// Notes if most of the held-out pictures also occur among those of another part.
pub(super) fn notes_of_pictures_in_both(dataset: &Dataset) -> Vec<String> {
    let features = dataset.shape.iter().product::<usize>().max(1);
    let pictures = |examples: &Examples| -> Vec<(u16, [u8; 32])> {
        let hashes = examples.pixels.chunks_exact(features).map(|p| Sha256::digest(p).into());
        examples.labels.iter().copied().zip(hashes).collect()
    };
    let (all, test) = (pictures(&dataset.train), pictures(&dataset.test));
    let (validation, train) = all.split_at(dataset.validation.min(all.len()));
    let parts = [
        ("validation", validation, "training", train),
        ("test", &test[..], "training", train),
        ("test", &test[..], "validation", validation),
    ];
    let note = |(what, held_out, of, other): (&str, &[_], &str, &[_])| {
        let other: HashSet<&(u16, [u8; 32])> = other.iter().collect();
        let known = held_out.iter().filter(|picture| other.contains(picture)).count();
        let all = held_out.len();
        (all > 0 && 2 * known >= all).then(|| {
            format!(
                "{known} of the {all} {what} pictures also occur among the {of} pictures, pixel for pixel"
            )
        })
    };
    parts.into_iter().filter_map(note).collect()
}
