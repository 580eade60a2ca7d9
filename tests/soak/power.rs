//! How often a true difference from the baseline is found, beside the rule for all pairs.

use std::fmt::Write;

use runner::stats::{Pairwise, Replicate, Summary};

use super::many_to_one::{SEED, SEEDS, SHARED, compare};
use super::parallel;
use super::tables::{Cell, Spreads};

/// The share of tables in which the last change, by `shift` standard deviations better than all others, is
/// shown to differ: here, and by the rule for all pairs.
pub(crate) fn power(cell: &Cell, shift: f64, tables: u64) -> [f64; 2] {
    let mut true_means = vec![0.0; cell.changes + 1];
    true_means[cell.changes] = shift;
    let mut found = [0.0; 2];
    for index in 0..tables {
        let table = cell.draw(SEED, index, &true_means);
        let values = |runs: &Vec<Replicate>| runs.iter().map(|run| run.value).collect::<Vec<_>>();
        let summaries: Vec<Summary> =
            table.iter().filter_map(|runs| Summary::of(&values(runs))).collect();
        found[0] += f64::from(u8::from(compare(cell, &table).changes[cell.changes - 1].is_shown()));
        let pairs = Pairwise::of(&summaries);
        found[1] += f64::from(u8::from(pairs.is_shown(0, cell.changes)));
    }
    found.map(|count| count / tables as f64)
}

/// The power as text.
pub(crate) fn report_power(tables: u64) -> Result<String, std::fmt::Error> {
    let mut text = format!(
        "A true difference of 3 sd is shown, in % of {tables} tables; sd 1 for all. In brackets: the rule for\n\
         all pairs. Shared: effects of the seeds of {SHARED} sd. Root: root(changes) times as many seeds.\n\
         configs seeds    equal seeds         shared     baseline x3       x3 shared  baseline xroot\n"
    );
    let sizes: Vec<(usize, usize)> =
        [1, 3, 5, 11, 23].into_iter().flat_map(|k| SEEDS.map(|n| (k, n))).collect();
    let rows = parallel(&sizes, |(changes, seeds)| {
        let root = ((*changes as f64).sqrt() * *seeds as f64).round() as usize;
        [(*seeds, 0.0), (*seeds, SHARED), (3 * seeds, 0.0), (3 * seeds, SHARED), (root, 0.0)].map(
            |(of_baseline, shared)| {
                let cell = Cell::new(*changes, *seeds, of_baseline, Spreads::Equal);
                power(&Cell { shared, ..cell }, 3.0, tables)
            },
        )
    });
    for ((changes, seeds), row) in sizes.iter().zip(rows) {
        write!(text, "{:>7} {seeds:>5}", changes + 1)?;
        for [ours, todays] in row {
            write!(text, "  {:>5.1} ({:>5.1})", 100.0 * ours, 100.0 * todays)?;
        }
        text += "\n";
    }
    Ok(text)
}
