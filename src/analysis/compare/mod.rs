//! Runs -> the comparison: one row for each config, notes on the numbers, and the answer.

mod against;
mod answer;
mod asked;
mod changes;
mod columns;
mod config_runs;
mod configs;
mod epoch;
mod evidence;
mod figure;
mod forest;
mod group;
mod grouped;
mod heading;
mod lead;
mod measure;
mod notes;
mod power;
mod rank;
mod reasons;
mod say;
mod screen;
mod summaries;
mod tabulate;
mod verdict;

use crate::error::Result;
use crate::runs::record::RunRecord;
use crate::stats::Spread;
use crate::table::{Look, RowMark, Table};
use against::judge_changes;
use asked::TableRequest;
use changes::changes;
use group::group;
use heading::heading;
use lead::lead;
use rank::{Ranked, rank};
use say::{Remarks, cut, say};
use tabulate::tabulate;

pub use changes::{BaselineFigures, ChangedConfig, Changes, Direction, FigureChange};
pub use config_runs::ConfigRuns;
pub(crate) use config_runs::{RankedConfigs, configs_by_settings, ranked_configs};
pub use epoch::{AtEpoch, EpochChoice, at_epoch};
pub(super) use notes::capped;
pub(crate) use reasons::reason;
pub use reasons::reasons;

/// How to compare.
#[derive(Debug, Clone, Default)]
pub struct CompareOptions {
    /// Column to sort by instead of validation or test accuracy; a leading `-` reverses.
    pub sort: Option<String>,
    /// What the ± after a mean shows to people.
    pub spread: Spread,
    /// Columns to show, in this order, instead of the usual ones; empty: the usual ones.
    pub columns: Vec<String>,
    /// Rows to show; the others are only counted.
    pub top: Option<usize>,
    /// Settings whose combinations of values are the rows, averaged over all others; empty: one row
    /// for each config.
    pub group_by: Vec<String>,
    /// The epoch of the records' newest row, see [`at_epoch`].
    pub epoch: EpochChoice,
    /// How the runs were chosen, a line each; printed first.
    pub selection: Vec<String>,
    /// Whether to include the evidence: a line for each run.
    pub evidence: bool,
    /// Whether the table has every varied setting as a column, whatever the configs are called.
    pub for_programs: bool,
}

/// What a comparison says; the caller prints it.
#[derive(Debug, Clone, PartialEq)]
pub struct Comparison<'a> {
    /// One row for each config.
    pub table: Table,
    /// How each row is highlighted.
    pub marks: Vec<RowMark>,
    levels: Vec<Option<screen::Levels>>,
    /// Units of the table as people see it; CSV and JSON have raw numbers instead.
    pub legend: String,
    /// With what the configs are compared, and how to read the table; printed above it. Empty without a
    /// baseline.
    pub heading: String,
    /// What every config changes against the baseline, if there is one: for pictures.
    pub changes: Option<Changes>,
    /// The configs of each verdict against the baseline, a line each.
    pub verdicts: Vec<String>,
    /// What the numbers mean and what is missing, a line each.
    pub notes: Vec<String>,
    /// The answer, in two or three sentences.
    pub answer: Vec<String>,
    /// The runs behind the rows, with the hashes of their results and how often the test set was
    /// read, a line each; empty unless requested.
    pub evidence: Vec<String>,
    /// Dotted keys in which the configs differ.
    pub varied: Vec<String>,
    /// What each row of the table stands for, in its order.
    pub configs: Vec<ConfigRuns<'a>>,
}

/// Compares runs: configs ranked by validation accuracy of the last epoch if all have it, else by
/// test accuracy.
///
/// # Errors
/// When a column or a setting that `options` names does not exist.
pub fn compare<'a>(records: &'a [RunRecord], options: &CompareOptions) -> Result<Comparison<'a>> {
    let rows = group(records, options)?;
    let mut ranked = rank(rows);
    let judged = judge_changes(&mut ranked.rows.configs, ranked.by);
    let TableRequest { columns, sorting } =
        TableRequest::of(records, &ranked.rows.configs, options)?;
    let lead = judged.as_ref().and_then(|judged| lead(&ranked.rows.configs, judged));
    let answer = match &lead {
        Some(lead) => lead.answer.clone(),
        None => judge(&ranked, options.spread),
    };
    let heading = judged
        .as_ref()
        .map_or(String::new(), |judged| heading(&ranked.rows.configs, judged, options.epoch));
    let sorted_by = ranked.sort_as_asked(sorting);
    let changes = judged.as_ref().and_then(|judged| changes(&ranked.rows.configs, judged));
    let Remarks { legend, mut notes } =
        say(&ranked, records, sorted_by.as_deref(), judged.as_ref(), options);
    notes.extend(cut(&mut ranked.rows.configs.list, options.top));
    let spread = ranked.spread(options);
    let configs = ranked.rows.configs;
    Ok(Comparison {
        table: tabulate(&configs, &columns, spread),
        marks: configs.list.iter().map(screen::mark).collect(),
        levels: configs.list.iter().map(screen::levels).collect(),
        evidence: match options.evidence {
            true => evidence::lines(&configs.list),
            false => Vec::new(),
        },
        notes,
        legend,
        heading,
        changes,
        verdicts: lead.map_or(Vec::new(), |lead| lead.groups),
        answer,
        configs: configs.list.into_iter().map(ConfigRuns::of).collect(),
        varied: configs.varied,
    })
}

/// The answer where there is no baseline, in about two sentences.
fn judge(ranked: &Ranked, spread: Spread) -> Vec<String> {
    let configs = &ranked.rows.configs;
    match &ranked.rows.grouped {
        Some(_) => grouped::answer(configs, ranked.by),
        None => answer::sentences(configs, ranked.by, spread),
    }
}

impl Comparison<'_> {
    /// What the configs change against the baseline, a line each: the heading, the groups and the answer. None
    /// without a baseline.
    pub fn changes_in_words(&self) -> Vec<String> {
        if self.heading.is_empty() {
            return Vec::new();
        }
        let lines = self.verdicts.iter().chain(&self.answer);
        [&self.heading].into_iter().chain(lines).cloned().collect()
    }

    /// The table as a terminal shows it. Bars are drawn if the width is known, so a pipe gets only
    /// the figures.
    pub fn draw(&self, look: &Look) -> String {
        screen::draw(&self.table, &self.marks, &self.levels, look)
    }

    /// The changes against the baseline as a terminal draws them. None without a baseline, and in a pipe.
    pub fn forest(&self, look: &Look) -> Option<String> {
        forest::draw(self.changes.as_ref()?, look)
    }
}

#[cfg(test)]
mod tests;
