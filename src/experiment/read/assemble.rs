//! The tree of a file and its `--set` texts -> an [`Experiment`], with all problems of it.

use std::path::Path;

use super::{Experiment, Limits, ReadFile, Sets};
use crate::config::{
    Diagnostic, Entry, MOST_ELEMENTS, Node, Origin, Problems, TableReader, TomlTable, Value,
    parse_override, too_many_elements,
};
use crate::experiment::axis::read_grids;
use crate::experiment::check::how_to_hold_out;
use crate::experiment::exclude::read_exclusions;
use crate::experiment::expand::{Expanded, TrialPlan};
use crate::experiment::keys::{Keys, report_unknown_root};
use crate::experiment::overrides::{self, Override};
use crate::experiment::search::read_search;
use crate::experiment::text::text_of;
use crate::experiment::variants::read_variants;
use crate::experiment::{Halving, Trial};

/// As many seeds as the baseline may have.
pub const MOST_BASELINE_SEEDS: i64 = 10_000;
const TRIAL_TABLES: [&str; 7] =
    ["dataset", "augmentation", "network", "optimizer", "schedule", "training", "evaluation"];

/// Reads as much as possible; `problems` say whether it is valid.
pub(super) fn assemble(
    file: ReadFile<'_>,
    limits: Limits<'_>,
    problems: &Problems,
) -> Option<Experiment> {
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
    if let Some(trial) = trials.iter().find(|trial| trial.dataset.held_out() == 0) {
        let title = "a search that learns needs a validation split";
        let label = "the test set must not choose its points";
        let help = how_to_hold_out(&trial.dataset);
        problems.push(Diagnostic::new(search, title, label).help(help));
    }
    if let Some(halving) = halving {
        let title = "`halving` cannot be combined with a search that learns";
        let label = "rungs compare configs that are all known before training";
        let help = "use `kind = \"sobol\"` with [halving], or remove [halving]";
        problems.push(Diagnostic::new(halving.key_origin, title, label).help(help));
    }
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
