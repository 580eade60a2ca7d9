//! A file and its `--set` texts -> an [`Experiment`], or the list of all problems.

use std::fs::File;
use std::io::{self, ErrorKind, Read};
use std::path::{Path, PathBuf};

use crate::config::keys::ConfigTable;
use crate::config::{
    Diagnostic, Entry, MOST_ELEMENTS, Node, Origin, Problems, Source, TableReader, TomlTable,
    Value, parse_document, parse_override, render, too_many_elements,
};
use crate::error::{Error, Result};
use crate::escape::escape_controls;
use crate::nn::NetworkConfig;
use crate::runs::folder::read_file;

use super::axis::read_grids;
use super::exclude::read_exclusions;
use super::expand::TrialPlan;
use super::keys::Keys;
use super::overrides::{self, Override};
use super::search::read_search;
use super::{Halving, MAX_TRIALS, Trial};

/// The most bytes of an experiment file. One that lists the seeds of 100,000 trials, or excludes
/// 20,000 points, has fewer than two million.
const MOST_BYTES: u64 = 4 << 20;
/// The most keys that one command may set.
const MOST_SETS: usize = 1000;
/// Longest name of an experiment, in bytes, because the record of each trial contains it.
const LONGEST_NAME: usize = 255;

const TRIAL_TABLES: [&str; 7] =
    ["dataset", "augmentation", "network", "optimizer", "schedule", "training", "evaluation"];

/// What a file is read as.
#[derive(Debug, Clone, Copy)]
struct Limits {
    max_trials: usize,
    is_of_run: bool, // the `trial.toml` of an existing run
}

/// An experiment file with its grid expanded.
#[derive(Debug, Clone, PartialEq)]
pub struct Experiment {
    /// The key `name`, or the file's stem.
    pub name: String,
    /// The key `description`.
    pub description: Option<String>,
    /// The file.
    pub path: PathBuf,
    /// The file's content.
    pub text: String,
    /// At least one, with unique ids, ordered by drawn point, then by grid point, then by seed.
    pub trials: Vec<Trial>,
    /// How far each of them is trained, if there is `[halving]`.
    pub halving: Option<Halving>,
}

impl Experiment {
    /// Reads a file, with the `KEY=VALUE` texts of `--set` in `sets`.
    ///
    /// # Errors
    /// [`Error::Experiment`] with all that is wrong, rendered: that it cannot be read is a fault of the
    /// experiment as every other.
    pub fn read(
        path: &Path,
        sets: &[String],
        max_trials: usize,
        color: bool,
    ) -> Result<Experiment> {
        let bytes = read_experiment(path)?;
        Experiment::from_bytes(path, &bytes, sets, max_trials, color)
    }

    /// Like [`Experiment::read`], from a file's content.
    ///
    /// # Errors
    /// [`Error::Experiment`] with all that is wrong, rendered.
    pub fn from_bytes(
        path: &Path,
        bytes: &[u8],
        sets: &[String],
        max_trials: usize,
        color: bool,
    ) -> Result<Experiment> {
        let limits = Limits { max_trials, is_of_run: false };
        Experiment::within(limits, path, bytes, sets, color)
    }

    fn within(
        limits: Limits,
        path: &Path,
        bytes: &[u8],
        sets: &[String],
        color: bool,
    ) -> Result<Experiment> {
        let file = Source {
            name: escape_controls(&path.display().to_string()).into_owned(),
            text: String::from_utf8_lossy(bytes).into_owned(),
        };
        if sets.len() > MOST_SETS {
            let problem = format!("{} keys are set; at most {MOST_SETS} are possible", sets.len());
            return Err(Error::Usage(problem));
        }
        let set = |text: &String| Source { name: "--set".to_owned(), text: text.clone() };
        let sources: Vec<Source> = [file].into_iter().chain(sets.iter().map(set)).collect();
        let folder = path.parent().unwrap_or(Path::new(""));
        let problems = Problems::in_folder(folder);
        report_not_utf8(bytes, &problems);
        let experiment = read(path, &sources, limits, &problems);
        match experiment {
            Some(experiment) if problems.is_empty() => Ok(experiment),
            _ => {
                let is_full = problems.is_full();
                let list = problems.into_sorted();
                let errors = match list.len() {
                    1 => "1 error".to_owned(),
                    n if is_full => format!("at least {n} errors"),
                    n => format!("{n} errors"),
                };
                let text = render(&sources, &list, color);
                Err(Error::Experiment(format!("{text}\n\n{errors} in {}", sources[0].name)))
            }
        }
    }
}

impl Trial {
    /// Reads a `trial.toml`: an experiment file of exactly one trial.
    ///
    /// # Errors
    /// When it cannot be read, is invalid, or holds more than one trial.
    pub fn read(path: &Path) -> Result<Trial> {
        let bytes = read_file(path)?;
        let limits = Limits { max_trials: MAX_TRIALS, is_of_run: true };
        let mut trials = Experiment::within(limits, path, &bytes, &[], false)?.trials;
        match (trials.pop(), trials.len()) {
            (Some(trial), 0) => Ok(trial),
            (_, others) => Err(Error::Damaged {
                path: path.to_owned(),
                problem: format!("holds {} trials instead of one", others + 1),
            }),
        }
    }
}

/// Reads only the `[network]` table of a `trial.toml`, so that its training data is not needed.
///
/// # Errors
/// When it cannot be read or has no valid network.
pub fn read_network(path: &Path) -> Result<NetworkConfig> {
    let bytes = read_file(path)?;
    let name = escape_controls(&path.display().to_string()).into_owned();
    let source = Source { name, text: String::from_utf8_lossy(&bytes).into_owned() };
    let problems = Problems::new();
    let root = parse_document(&source.text, 0, &problems);
    let mut table = TableReader::root(&root, 0, &problems);
    let network = table.required_table("network", NetworkConfig::read);
    drop(table); // whatever else is there
    match problems.is_empty() {
        true => Ok(network),
        false => Err(Error::Experiment(render(&[source], &problems.into_sorted(), false))),
    }
}

/// The content of an experiment file, which may be a pipe, but not an endless one.
fn read_experiment(path: &Path) -> Result<Vec<u8>> {
    let read = || {
        let mut bytes = Vec::new();
        File::open(path)?.take(MOST_BYTES + 1).read_to_end(&mut bytes)?;
        match bytes.len() as u64 > MOST_BYTES {
            true => Err(io::Error::new(
                ErrorKind::FileTooLarge,
                format!("it is larger than {} MiB", MOST_BYTES >> 20),
            )),
            false => Ok(bytes),
        }
    };
    read().map_err(|error| {
        let shown = path.display().to_string();
        Error::Experiment(format!("error: cannot read {}: {error}", escape_controls(&shown)))
    })
}

fn report_not_utf8(bytes: &[u8], problems: &Problems) {
    if let Err(error) = std::str::from_utf8(bytes) {
        let start = error.valid_up_to();
        let end = start + char::REPLACEMENT_CHARACTER.len_utf8();
        let label = "TOML cannot hold this text";
        let origin = Origin { source: 0, start, end };
        problems.push_syntax_error(Diagnostic::new(origin, "the file is not UTF-8", label));
    }
}

/// Reads as much as possible; `problems` say whether it is valid.
fn read(
    path: &Path,
    sources: &[Source],
    limits: Limits,
    problems: &Problems,
) -> Option<Experiment> {
    let (mut root, overrides) = parse(sources, problems)?;
    let name = text_of(&mut root, "name", problems).unwrap_or_else(|| stem(path));
    let description = text_of(&mut root, "description", problems);
    let has_overrides = sources.len() > 1;
    let of_halving = root.remove("halving");
    report_long_lists(&root, problems);
    if !problems.is_empty() && root.weight() > MOST_ELEMENTS {
        return None; // too long to be searched further
    }
    let plan = plan(root, overrides, limits, problems);
    let trials = plan.expand(problems);
    if !has_overrides && problems.is_empty() {
        plan.exclusions.report_unmatched(problems);
    }
    if trials.is_empty() && problems.is_empty() {
        problems.push(Diagnostic::new(Origin::start_of(0), "every trial is excluded", ""));
    }
    let halving = of_halving.and_then(|entry| Halving::new(entry, &trials, problems));
    let (path, text) = (path.to_owned(), sources[0].text.clone());
    Some(Experiment { name, description, path, text, trials, halving })
}

/// The file's tree, with the overrides of the experiment's own keys applied, and the other overrides.
fn parse(sources: &[Source], problems: &Problems) -> Option<(TomlTable, Vec<Override>)> {
    let mut root = parse_document(&sources[0].text, 0, problems);
    let sets = sources.iter().enumerate().skip(1);
    let parsed = sets.filter_map(|(index, source)| parse_override(source, index, problems));
    let overrides = parsed.map(|(path, entry)| Override { path, entry });
    let (of_experiment, of_trials): (Vec<_>, Vec<_>) =
        overrides.partition(overrides::is_of_experiment);
    for Override { path, entry } in of_experiment {
        if let Err(no) = root.set(&path, entry.key_origin, entry.node) {
            problems.push(no.diagnostic(entry.key_origin));
        }
    }
    (!problems.has_syntax_errors()).then_some((root, of_trials))
}

fn plan(
    mut root: TomlTable,
    overrides: Vec<Override>,
    limits: Limits,
    problems: &Problems,
) -> TrialPlan {
    let keys = Keys::of_trials();
    let (grid, search) = (root.remove("grid"), root.remove("search"));
    let mut grids = read_grids(grid.as_ref(), &root, &keys, problems);
    let mut search = read_search(search.as_ref(), &grids, &root, &keys, problems);
    let exclusions = read_exclusions(root.remove("exclude").as_ref(), &keys, problems);
    report_unknown(&mut root, &keys, problems);
    let late_overrides =
        overrides::apply(overrides, &mut root, &mut grids, &mut search, &keys, problems);
    let Limits { max_trials, is_of_run } = limits;
    TrialPlan { base: root, grids, search, late_overrides, exclusions, max_trials, is_of_run }
}

fn stem(path: &Path) -> String {
    path.file_stem().unwrap_or_default().to_string_lossy().into_owned()
}

/// Reports lists of more tables than a list may have, before anything looks for their elements.
fn report_long_lists(root: &TomlTable, problems: &Problems) {
    let of_trials = |entry: &&Entry| TRIAL_TABLES.contains(&entry.key.as_str());
    let mut nodes: Vec<&Node> = root.entries.iter().filter(of_trials).map(|e| &e.node).collect();
    while let Some(node) = nodes.pop() {
        match &node.value {
            Value::Table(table) => nodes.extend(table.entries.iter().map(|entry| &entry.node)),
            Value::Array(items) if items.iter().any(|i| matches!(i.value, Value::Table(_))) => {
                if items.len() > MOST_ELEMENTS {
                    problems.push(too_many_elements(node.origin, "a list", items.len()));
                }
                nodes.extend(items);
            }
            _ => {}
        }
    }
}

/// Takes a string of the experiment itself, without control characters, which would garble tables
/// and logs.
fn text_of(root: &mut TomlTable, key: &str, problems: &Problems) -> Option<String> {
    let Node { origin, value } = root.remove(key)?.node;
    let wrong = |title: String, label: &str| {
        problems.push(Diagnostic::new(origin, title, label));
        None
    };
    match value {
        Value::String(text) if key == "name" && text.chars().any(char::is_control) => wrong(
            format!("`{key}` has control characters"),
            "line breaks and other control characters are not allowed here",
        ),
        Value::String(text) if key == "name" && text.len() > LONGEST_NAME => wrong(
            format!("`{key}` is too long"),
            &format!("has {} bytes; at most {LONGEST_NAME} are possible", text.len()),
        ),
        Value::String(text) => Some(text),
        Value::Invalid => None,
        other => {
            let label = format!("expected a string, found {}", other.type_name());
            wrong(format!("`{key}` has the wrong type"), &label)
        }
    }
}

/// Reports and removes keys that belong to no table of a trial.
fn report_unknown(root: &mut TomlTable, keys: &Keys, problems: &Problems) {
    root.entries.retain(|entry| {
        let known = TRIAL_TABLES.contains(&entry.key.as_str());
        if !known {
            let path = [entry.key.clone()];
            keys.report_unknown(&path, entry.key_origin, "no such key", problems);
        }
        known
    });
}
