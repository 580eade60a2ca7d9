//! The table `[search]` -> a [`Search`], with everything that is wrong in it.

use super::Search;
use super::draw::{MOST_SOBOL_AXES, MOST_SOBOL_POINTS, Sampler};
use super::space::{SpaceAxis, read_space};
use crate::config::{Diagnostic, Entry, Problems, Table, TableReader, Value};
use crate::experiment::axis::{Grid, report_repeated, report_shared};
use crate::experiment::keys::Keys;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Random,
    Sobol,
}

const KINDS: [(&str, Kind); 2] = [("random", Kind::Random), ("sobol", Kind::Sobol)];

/// Reads the value of the key `search`, if it is there. No axis may be one of `grids` too; `base` is
/// what both vary.
pub(crate) fn read_search(
    entry: Option<&Entry>,
    grids: &[Grid],
    base: &Table,
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
            problems.push(Diagnostic::new(entry.node.origin, title, label));
            return None;
        }
    };
    let mut reader = TableReader::new(table, entry.key_origin, "search".to_owned(), problems);
    reader.require("kind", "the kinds are `random`, `sobol`");
    let kind = reader.choice("kind", Kind::Random, &KINDS);
    reader.require("trials", "how many points are drawn: `trials = 50`");
    let trials = reader.optional_integer("trials", 1).unwrap_or(1);
    let seed: u64 = reader.integer("seed", 0, 0);
    reader.require("space", "the keys that are drawn: `[search.space]`");
    let axes = reader.entry("space").map(|space| read_space(space, keys, problems));
    let axes = axes.unwrap_or_default();
    if kind == Kind::Sobol {
        check_sobol(&reader, trials, &axes, problems);
    }
    reader.finish();
    let drawn = || axes.iter().map(|axis| (axis.path.as_slice(), axis.key_origin));
    report_repeated(drawn(), base, problems);
    report_shared(drawn(), grids, base, problems);
    let sampler = match kind {
        Kind::Random => Sampler::Random { seed },
        Kind::Sobol => Sampler::sobol(seed),
    };
    let origin = table.get("trials").map_or(entry.key_origin, |entry| entry.node.origin);
    Some(Search { sampler, trials: trials.min(most_points(kind)), origin, axes })
}

fn most_points(kind: Kind) -> u64 {
    match kind {
        Kind::Random => u64::MAX,
        Kind::Sobol => MOST_SOBOL_POINTS,
    }
}

/// The sequence has an end, and so have its dimensions.
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
