//! The `[search]` table -> a [`Search`], with all problems in it.

use super::Search;
use super::draw::{MOST_SOBOL_AXES, MOST_SOBOL_POINTS, Sampler};
use super::goal::{Goal, Maximised, Minimised};
use super::learning::Learner;
use super::space::{SpaceAxis, drawn_keys, read_space};
use crate::config::keys::{ConfigTable, WhenAbsent, config, text, whole, word, words};
use crate::config::{Diagnostic, Entry, Problems, TableReader, TomlTable, Value};
use crate::experiment::axis::{Grid, report_repeated, report_shared};
use crate::experiment::keys::Keys;

/// Points of a batch, unless the file says otherwise: tests/soak/tpe.rs compares sizes.
const BATCH: u64 = 8;
/// A larger batch is hardly ever better than Sobol points.
const MOST_BATCH: i64 = 1000;
/// Each point is compared with all before it, whenever the file is read.
const MOST_TPE_POINTS: u64 = 1000;

config! {
    /// Points drawn from ranges; each is combined with every point of the grid and every seed.
    pub(crate) struct SearchTable {
        /// How points are drawn.
        kind: SearchKind = word().required("\"random\""),
        /// How many points are drawn. Adding points keeps the earlier ones.
        trials: u64 = whole(1).required("50"),
        /// Seed of the draw.
        seed: u64 = whole(0).or(0),
        /// With `tpe`: how many points are chosen and trained together.
        batch: u64 = whole(1).to(MOST_BATCH).or(BATCH),
        /// With `tpe`: the validation figure that the search looks for the most of; the default is `"val_accuracy"`.
        maximise: Option<Maximised> = word().optional(),
        /// With `tpe`: the validation figure that the search looks for the least of, instead.
        minimise: Option<Minimised> = word().optional(),
        /// With `tpe`: what must hold of the mean over a point's runs, such as `"gap < 10%"`.
        subject_to: Option<String> = text().optional(),
        /// Keys as in `[grid]`, each with a range of numbers or a list of values.
        space: Option<Entry> = drawn_keys(),
    }
}

words! {
    /// How points are drawn.
    pub(crate) enum SearchKind {
        /// Each point independently
        Random = "random",
        /// Owen-scrambled Sobol points, which fill the space evenly; at most 65536
        Sobol = "sobol",
        /// Batches that learn from the runs before them: multivariate tree-structured Parzen estimator
        Tpe = "tpe",
    }
}

/// Reads the value of the key `search`, if it is there. No axis may be one of `grids` too; `base` is
/// what both vary.
pub(crate) fn read_search(
    entry: Option<&Entry>,
    grids: &[Grid],
    base: &TomlTable,
    keys: &Keys,
    problems: &Problems,
) -> Option<Search> {
    let entry = entry?;
    let table = match &entry.node.value {
        Value::Table(table) => table,
        Value::Invalid => return None,
        other => {
            let label = format!("expected a table, found {}", other.type_name());
            let title = "`search` has the wrong type";
            let help = "for example [search] with kind = \"random\" and trials = 50, and a table \
                        [search.space]";
            problems.push(Diagnostic::new(entry.node.origin, title, label).help(help));
            return None;
        }
    };
    let mut reader = TableReader::new(table, entry.key_origin, "search".to_owned(), problems);
    let SearchTable { kind, trials, seed, batch, maximise, minimise, subject_to, space } =
        SearchTable::read(&mut reader);
    let axes = space.map(|space| read_space(&space, keys, problems));
    let axes = axes.unwrap_or_default();
    check_sequence(&reader, kind, trials, &axes, problems);
    let learner = match kind {
        SearchKind::Tpe => {
            check_judged_alike(&axes, problems);
            let goal = Goal::new(&reader, maximise, minimise, subject_to.as_deref());
            Some(Learner { seed, goal, batch })
        }
        SearchKind::Random | SearchKind::Sobol => {
            report_learning_keys(&reader);
            None
        }
    };
    reader.finish();
    let drawn = || axes.iter().map(|axis| (axis.path.as_slice(), axis.key_origin));
    report_repeated(drawn(), base, problems);
    report_shared(drawn(), grids, base, problems);
    let sampler = match kind {
        SearchKind::Random => Sampler::Random { seed },
        SearchKind::Sobol | SearchKind::Tpe => Sampler::sobol(seed),
    };
    let origin = table.get("trials").map_or(entry.key_origin, |entry| entry.node.origin);
    Some(Search { sampler, learner, trials: trials.min(most_points(kind)), origin, axes })
}

fn most_points(kind: SearchKind) -> u64 {
    match kind {
        SearchKind::Random => u64::MAX,
        SearchKind::Sobol => MOST_SOBOL_POINTS,
        SearchKind::Tpe => MOST_TPE_POINTS,
    }
}

/// The sequence and its dimensions are limited, and so is what a model looks at for each of its points.
fn check_sequence(
    reader: &TableReader<'_>,
    kind: SearchKind,
    trials: u64,
    axes: &[SpaceAxis],
    problems: &Problems,
) {
    let help = "`kind = \"random\"` has no such limit";
    let most = most_points(kind);
    if trials > most {
        let label = match kind {
            SearchKind::Tpe => format!("a search that learns has at most {most} points"),
            _ => format!("a Sobol sequence has {most} points"),
        };
        let title = "`search.trials` is out of range".to_owned();
        reader.error("trials", title, label, Some(help.to_owned()));
    }
    let is_beyond = |axis: &&SpaceAxis| axis.dimension >= MOST_SOBOL_AXES;
    if let Some(axis) = axes.iter().find(is_beyond).filter(|_| kind != SearchKind::Random) {
        let title = "`search.space` has too many keys";
        let label = format!("a Sobol sequence has {MOST_SOBOL_AXES} dimensions");
        problems.push(Diagnostic::new(axis.key_origin, title, label).help(help));
    }
}

/// Points are compared, so what judges them must not be drawn.
fn check_judged_alike(axes: &[SpaceAxis], problems: &Problems) {
    for axis in axes {
        let key = axis.path.join(".");
        let (label, help) = match key.as_str() {
            "training.seeds" => (
                "the search would look for a lucky seed",
                "`training.seeds = 3` under [training] trains every point with 3 seeds and judges it by \
                 their mean",
            ),
            "dataset.scaling" | "dataset.train_fraction" | "dataset.train_examples" => continue,
            key if key.starts_with("dataset") => (
                "points would be judged by different examples",
                "of `[dataset]`, `scaling`, `train_fraction` and `train_examples` may be drawn",
            ),
            _ => continue,
        };
        let title = format!("`{key}` cannot be drawn by a search that learns");
        problems.push(Diagnostic::new(axis.key_origin, title, label).help(help));
    }
}

/// Keys that only a search that learns has.
fn report_learning_keys(reader: &TableReader<'_>) {
    for key in ["batch", "maximise", "minimise", "subject_to"] {
        if reader.has(key) {
            let title = format!("`search.{key}` needs a search that learns");
            let label = "these points are drawn without looking at any result".to_owned();
            let help = "set `kind = \"tpe\"`".to_owned();
            reader.error(key, title, label, Some(help));
        }
    }
}
