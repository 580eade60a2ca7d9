//! A file and its `--set` texts -> an [`Experiment`], or the list of all problems.

mod assemble;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

pub use self::assemble::MOST_BASELINE_SEEDS;
use self::assemble::assemble;
use crate::config::keys::ConfigTable;
use crate::config::{Diagnostic, Problems, Source, TableReader, TomlTable, parse_document, render};
use crate::error::{Error, Result};
use crate::escape::escape_controls;
use crate::experiment::extends::{Files, read_experiment, read_files};
use crate::experiment::keys::file_names;
use crate::experiment::search::{Learning, RepeatedPoints};
use crate::experiment::{Halving, MAX_TRIALS, Trial};
use crate::nn::NetworkConfig;
use crate::runs::folder::read_file;
use crate::runs::role::ConfigRole;

/// As many keys as one command may set.
const MOST_SETS: usize = 1000;

/// What a file is read as.
#[derive(Debug, Clone, Copy)]
struct Limits<'a> {
    max_trials: usize,
    is_of_run: bool, // the `trial.toml` of an existing run
    /// The folder of the run folders, from which a search learns.
    runs_dir: Option<&'a Path>,
}

/// A file and what it extends, parsed, with the texts of `--set`.
struct ReadFile<'a> {
    path: &'a Path,
    root: TomlTable,
    sets: Sets<'a>,
}

/// The texts of `--set`.
#[derive(Clone, Copy)]
struct Sets<'a> {
    first: usize, // the place of the first among all sources
    texts: &'a [Source],
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
    /// At least one, no two of the same id, in the order of the drawn points, for each of them the
    /// baseline before the variants, for each of these in the order of the grid, seeds innermost.
    pub trials: Vec<Trial>,
    /// The config that the file describes without variants, grid and search, if it describes one. Beside drawn points
    /// it is there only if `baseline_seeds` asks for it: one that happens to be the same is a point as the others.
    pub baseline: Option<String>,
    /// The keys whose values a search draws, dotted.
    pub drawn: Vec<String>,
    /// What the file says of its variants, by the ids of their configs.
    pub variants: BTreeMap<String, ConfigRole>,
    /// Whether a grid or a search varies any key: without one, all configs but the baseline are variants.
    pub has_axes: bool,
    /// How many epochs each of them is worth, if `[halving]` says so.
    pub halving: Option<Halving>,
    /// Where the search stands, if it learns: then `trials` are those of the points chosen so far.
    pub learning: Option<Learning>,
    /// How many points of the search are different, if some are not.
    pub repeated: Option<RepeatedPoints>,
}

impl Experiment {
    /// Reads a file, with the `KEY=VALUE` texts of `--set` in `sets`. Of a search that learns, the trials are
    /// those of its first batch: [`Experiment::read_with_runs`] has the others.
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

    /// Like [`Experiment::read`]. A search that learns looks at the run folders in `runs_dir`, and goes as
    /// far as their runs have ended.
    ///
    /// # Errors
    /// [`Error::Experiment`] with all that is wrong, rendered.
    pub fn read_with_runs(
        path: &Path,
        sets: &[String],
        max_trials: usize,
        color: bool,
        runs_dir: &Path,
    ) -> Result<Experiment> {
        let bytes = read_experiment(path)?;
        let limits = Limits { max_trials, is_of_run: false, runs_dir: Some(runs_dir) };
        Experiment::within(limits, path, &bytes, sets, color)
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
        let limits = Limits { max_trials, is_of_run: false, runs_dir: None };
        Experiment::within(limits, path, bytes, sets, color)
    }

    fn within(
        limits: Limits<'_>,
        path: &Path,
        bytes: &[u8],
        sets: &[String],
        color: bool,
    ) -> Result<Experiment> {
        if sets.len() > MOST_SETS {
            let problem = format!("{} keys are set; at most {MOST_SETS} are possible", sets.len());
            return Err(Error::Usage(problem));
        }
        let mut problems = Problems::new();
        let Files { mut sources, folders, root } = read_files(path, bytes, &problems);
        problems.state_folders(folders);
        problems.state_keys(file_names());
        let first = sources.len();
        let set = |text: &String| Source { name: "--set".to_owned(), text: text.clone() };
        sources.extend(sets.iter().map(set));
        let sets = Sets { first, texts: &sources[first..] };
        let experiment = assemble(ReadFile { path, root, sets }, limits, &problems);
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
                let names = with_errors(&sources[..first], &list);
                Err(Error::Experiment(format!("{text}\n\n{errors} in {names}")))
            }
        }
    }
}

impl Experiment {
    /// Of a file with variants and without a grid or a search: a trial of its baseline, and how many variants there are, in
    /// words: `its 2 variants`.
    pub(crate) fn baseline_of_variants(&self) -> Option<(&Trial, String)> {
        let configs: BTreeSet<String> = self.trials.iter().map(Trial::config_id).collect();
        let is_baseline = |trial: &&Trial| Some(trial.config_id()) == self.baseline;
        let baseline = self.trials.iter().find(is_baseline);
        let variants = match configs.len() - 1 {
            0 => return None,
            1 => "its variant".to_owned(),
            count => format!("its {count} variants"),
        };
        baseline.filter(|_| !self.has_axes).map(|baseline| (baseline, variants))
    }

    /// What the file calls the config of one of its trials.
    pub fn role_of(&self, trial: &Trial) -> ConfigRole {
        if self.variants.is_empty() && self.baseline.is_none() && self.drawn.is_empty() {
            return ConfigRole::default();
        }
        let config = trial.config_id();
        let of_variant = self.variants.get(&config).cloned().unwrap_or_default();
        let is_baseline = self.baseline.as_ref() == Some(&config);
        let drawn = if is_baseline { Vec::new() } else { self.drawn.clone() };
        ConfigRole { is_baseline, drawn, ..of_variant }
    }
}

impl Trial {
    /// Reads a `trial.toml`: an experiment file of exactly one trial.
    ///
    /// # Errors
    /// When it cannot be read, is invalid, or holds more than one trial.
    pub fn read(path: &Path) -> Result<Trial> {
        let bytes = read_file(path)?;
        let limits = Limits { max_trials: MAX_TRIALS, is_of_run: true, runs_dir: None };
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
    let network =
        table.required_table("network", |_, _| "kind = \"mlp\"".to_owned(), NetworkConfig::read);
    drop(table); // whatever else is there
    match problems.is_empty() {
        true => Ok(network),
        false => Err(Error::Experiment(render(&[source], &problems.into_sorted(), false))),
    }
}

/// The names of the files that have errors; those of `--set` count as the experiment file's.
fn with_errors(files: &[Source], list: &[Diagnostic]) -> String {
    let has_errors = |index: usize| list.iter().any(|found| found.origin.source == index);
    let named = files.iter().enumerate().filter(|(index, _)| has_errors(*index));
    let names: Vec<&str> = named.map(|(_, file)| file.name.as_str()).collect();
    if names.is_empty() { files[0].name.clone() } else { names.join(" and ") }
}
