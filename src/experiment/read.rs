//! A file and its `--set` texts -> an [`Experiment`], or the list of all problems.

use std::collections::BTreeMap;
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
use crate::runs::role::ConfigRole;

use super::axis::read_grids;
use super::exclude::read_exclusions;
use super::expand::{Expanded, TrialPlan};
use super::extends::{Files, read_experiment, read_files};
use super::keys::{Keys, file_names, report_unknown_root};
use super::overrides::{self, Override};
use super::search::{Learning, RepeatedPoints, read_search};
use super::text::text_of;
use super::variants::read_variants;
use super::{Halving, MAX_TRIALS, Trial};

/// As many keys as one command may set.
const MOST_SETS: usize = 1000;
/// As many seeds as the baseline may have.
pub const MOST_BASELINE_SEEDS: i64 = 10_000;
const TRIAL_TABLES: [&str; 7] =
    ["dataset", "augmentation", "network", "optimizer", "schedule", "training", "evaluation"];

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
        let experiment = read(ReadFile { path, root, sets }, limits, &problems);
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

/// Reads as much as possible; `problems` say whether it is valid.
fn read(file: ReadFile<'_>, limits: Limits<'_>, problems: &Problems) -> Option<Experiment> {
    let ReadFile { path, root, sets } = file;
    let (mut root, overrides) = with_sets(root, sets, problems)?;
    let name = text_of(&mut root, "name", problems).unwrap_or_else(|| stem(path));
    let description = text_of(&mut root, "description", problems);
    let of_halving = root.remove("halving");
    let of_baseline = root.remove("baseline_seeds");
    report_long_lists(&root, problems);
    if !problems.is_empty() && root.weight() > MOST_ELEMENTS {
        return None; // too long to be searched further
    }
    let mut plan = plan(root, overrides, limits, problems);
    plan.baseline_seeds = baseline_seeds(of_baseline, &plan, problems);
    let Expanded { trials, variants, same, learning, repeated } = plan.expand(problems);
    let knows_all = learning.as_ref().is_none_or(|learning| learning.chosen == learning.points);
    if sets.texts.is_empty() && problems.is_empty() && knows_all {
        plan.exclusions.report_unmatched(problems);
        problems.extend(same);
    }
    if trials.is_empty() && problems.is_empty() {
        problems.push(Diagnostic::new(Origin::start_of(0), "every trial is excluded", ""));
    }
    if learning.is_some() {
        check_learned_from(&trials, plan.search_origin(), of_halving.as_ref(), problems);
    }
    let halving = of_halving.and_then(|entry| Halving::new(entry, &trials, problems));
    let drawn = plan.drawn_keys();
    let has_baseline = drawn.is_empty() || !plan.baseline_seeds.is_empty();
    let baseline = plan.baseline_trial().filter(|_| has_baseline).map(|trial| trial.config_id());
    let has_axes = plan.has_axes();
    let path = path.to_owned();
    Some(Experiment {
        name,
        description,
        path,
        trials,
        baseline,
        drawn,
        variants,
        has_axes,
        halving,
        learning,
        repeated,
    })
}

/// The file's tree, with the overrides of the experiment's own keys in it, and the others.
fn with_sets(
    mut root: TomlTable,
    sets: Sets<'_>,
    problems: &Problems,
) -> Option<(TomlTable, Vec<Override>)> {
    let texts = sets.texts.iter().enumerate();
    let parsed =
        texts.filter_map(|(index, text)| parse_override(text, sets.first + index, problems));
    let overrides = parsed.map(|(path, entry)| Override { path, entry });
    let (of_experiment, of_trials): (Vec<_>, Vec<_>) =
        overrides.partition(overrides::is_of_experiment);
    for Override { path, entry } in of_experiment {
        if path[0] == "extends" {
            let label = "only a file says what it extends";
            problems.push(Diagnostic::new(entry.key_origin, "`extends` cannot be set", label));
            continue;
        }
        if let Err(no) = root.set(&path, entry.key_origin, entry.node) {
            problems.push(no.diagnostic(entry.key_origin));
        }
    }
    (!problems.has_syntax_errors()).then_some((root, of_trials))
}

fn plan(
    mut root: TomlTable,
    overrides: Vec<Override>,
    limits: Limits<'_>,
    problems: &Problems,
) -> TrialPlan {
    let keys = Keys::of_trials();
    let (grid, search) = (root.remove("grid"), root.remove("search"));
    let (exclude, variant) = (root.remove("exclude"), root.remove("variant"));
    let mut grids = read_grids(grid.as_ref(), &root, &keys, problems);
    let mut search = read_search(search.as_ref(), &grids, &root, &keys, problems);
    let exclusions = read_exclusions(exclude.as_ref(), &keys, problems);
    report_unknown(&mut root, problems);
    let late_overrides =
        overrides::apply(overrides, &mut root, &mut grids, &mut search, &keys, problems);
    let variants = read_variants(variant.as_ref(), &root, &keys, problems);
    let Limits { max_trials, is_of_run, runs_dir } = limits;
    TrialPlan {
        base: root,
        variants,
        baseline_seeds: Vec::new(),
        grids,
        search,
        late_overrides,
        exclusions,
        max_trials,
        is_of_run,
        runs_dir: runs_dir.map(Path::to_owned),
    }
}

/// A search that learns compares its points by what their runs come to on the validation split.
fn check_learned_from(
    trials: &[Trial],
    search: Origin,
    halving: Option<&Entry>,
    problems: &Problems,
) {
    if trials.iter().any(|trial| trial.dataset.held_out() == 0) {
        let title = "a search that learns needs a validation split";
        let label = "the test set must not choose its points";
        let help = "hold out examples: `dataset.validation_examples = 5000`, for example";
        problems.push(Diagnostic::new(search, title, label).help(help));
    }
    if let Some(halving) = halving {
        let title = "`halving` cannot be combined with a search that learns";
        let label = "rungs compare configs that are all known before training";
        let help = "use `kind = \"sobol\"` with [halving], or remove [halving]";
        problems.push(Diagnostic::new(halving.key_origin, title, label).help(help));
    }
}

/// The names of the files that have errors; those of `--set` count as the experiment file's.
fn with_errors(files: &[Source], list: &[Diagnostic]) -> String {
    let has_errors = |index: usize| list.iter().any(|found| found.origin.source == index);
    let named = files.iter().enumerate().filter(|(index, _)| has_errors(*index));
    let names: Vec<&str> = named.map(|(_, file)| file.name.as_str()).collect();
    if names.is_empty() { files[0].name.clone() } else { names.join(" and ") }
}

/// The seeds of the key `baseline_seeds`.
fn baseline_seeds(entry: Option<Entry>, plan: &TrialPlan, problems: &Problems) -> Vec<u64> {
    let Some(entry) = entry else { return Vec::new() };
    let origin = entry.key_origin;
    let root = TomlTable { entries: vec![entry] };
    let mut reader = TableReader::root(&root, origin.source, problems);
    let seeds = reader.optional_seeds("baseline_seeds", MOST_BASELINE_SEEDS).unwrap_or_default();
    reader.finish();
    if plan.baseline_trial().is_none() && problems.is_empty() {
        let label = "without its grid, the file describes no trial";
        problems.push(Diagnostic::new(origin, "there is no baseline", label));
    }
    seeds
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

/// Reports and removes keys that belong to no table of a trial.
fn report_unknown(root: &mut TomlTable, problems: &Problems) {
    root.entries.retain(|entry| {
        let known = TRIAL_TABLES.contains(&entry.key.as_str());
        if !known {
            report_unknown_root(entry, problems);
        }
        known
    });
}
