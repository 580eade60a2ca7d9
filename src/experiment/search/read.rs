//! The `[search]` table -> a [`Search`], with all problems in it.

use super::Search;
use super::draw::{MOST_SOBOL_AXES, MOST_SOBOL_POINTS, Sampler};
use super::space::{SpaceAxis, drawn_keys, read_space};
use crate::config::keys::{ConfigTable, WhenAbsent, config, whole, word, words};
use crate::config::{Diagnostic, Entry, Problems, TableReader, TomlTable, Value};
use crate::experiment::axis::{Grid, report_repeated, report_shared};
use crate::experiment::keys::Keys;

config! {
    /// Points drawn from ranges; each is combined with every point of the grid and every seed.
    pub(crate) struct SearchTable {
        /// How points are drawn.
        kind: SearchKind = word().required("\"random\""),
        /// How many points are drawn. Adding points keeps the earlier ones.
        trials: u64 = whole(1).required("50"),
        /// Seed of the draw.
        seed: u64 = whole(0).or(0),
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
    let SearchTable { kind, trials, seed, space } = SearchTable::read(&mut reader);
    let axes = space.map(|space| read_space(&space, keys, problems));
    let axes = axes.unwrap_or_default();
    if kind == SearchKind::Sobol {
        check_sobol(&reader, trials, &axes, problems);
    }
    reader.finish();
    let drawn = || axes.iter().map(|axis| (axis.path.as_slice(), axis.key_origin));
    report_repeated(drawn(), base, problems);
    report_shared(drawn(), grids, base, problems);
    let sampler = match kind {
        SearchKind::Random => Sampler::Random { seed },
        SearchKind::Sobol => Sampler::sobol(seed),
    };
    let origin = table.get("trials").map_or(entry.key_origin, |entry| entry.node.origin);
    Some(Search { sampler, trials: trials.min(most_points(kind)), origin, axes })
}

fn most_points(kind: SearchKind) -> u64 {
    match kind {
        SearchKind::Random => u64::MAX,
        SearchKind::Sobol => MOST_SOBOL_POINTS,
    }
}

/// The sequence and its dimensions are limited.
fn check_sobol(reader: &TableReader<'_>, trials: u64, axes: &[SpaceAxis], problems: &Problems) {
    let help = "`kind = \"random\"` has no such limit";
    if trials > MOST_SOBOL_POINTS {
        let label = format!("a Sobol sequence has {MOST_SOBOL_POINTS} points");
        let title = "`search.trials` is out of range".to_owned();
        reader.error("trials", title, label, Some(help.to_owned()));
    }
    if let Some(axis) = axes.iter().find(|axis| axis.dimension >= MOST_SOBOL_AXES) {
        let title = "`search.space` has too many keys";
        let label = format!("a Sobol sequence has {MOST_SOBOL_AXES} dimensions");
        problems.push(Diagnostic::new(axis.key_origin, title, label).help(help));
    }
}
