//! Runs -> the comparison: one row a config, notes on what the numbers are, and the answer.

use std::cell::OnceCell;

mod answer;
mod columns;
mod config_runs;
mod configs;
mod epoch;
mod evidence;
#[cfg(test)]
mod false_alarms;
mod figure;
mod grouped;
mod notes;
mod order;
mod power;
mod reasons;
mod screen;

use crate::analysis::names::Names;
use crate::error::Result;
use crate::runs::record::RunRecord;
use crate::stats::Spread;
use crate::table::{Look, Mark, Table};
use columns::{Content, find_column};
use configs::{Config, Configs};
use figure::Figure;
use grouped::Grouped;
use order::{ranking, sort};

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
    /// What people see behind the ± of a mean.
    pub spread: Spread,
    /// Columns to show, in this order, instead of the usual ones; none: those.
    pub columns: Vec<String>,
    /// Rows to show; those after them are only counted.
    pub top: Option<usize>,
    /// Settings of which each combination of values is a row, averaged over all others; none: a row
    /// a config.
    pub group_by: Vec<String>,
    /// The epoch that the records' newest row is of, see [`at_epoch`].
    pub epoch: EpochChoice,
    /// How the runs were chosen, a line each: said before all else.
    pub selection: Vec<String>,
    /// Whether the evidence is wanted: a line a run.
    pub evidence: bool,
}

/// What a comparison says; the caller prints it.
#[derive(Debug, Clone, PartialEq)]
pub struct Comparison<'a> {
    /// One row a config.
    pub table: Table,
    /// What each row stands out by.
    pub marks: Vec<Mark>,
    levels: Vec<screen::Levels>,
    /// Units of the table as people see it; CSV and JSON have raw numbers instead.
    pub legend: String,
    /// What the numbers are and what is missing from them, a line each.
    pub notes: Vec<String>,
    /// The answer, in about two sentences.
    pub answer: Vec<String>,
    /// The runs behind the rows, with the hashes of their results and how often the test set was
    /// read, a line each; none unless wanted.
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
    let mut configs = configs::group(records);
    let paused = configs.leave_out_paused();
    let (mut configs, grouped) = rows_of(records, configs, &options.group_by)?;
    if options.epoch == EpochChoice::Best {
        configs.comparability = configs.comparability.of_best_epochs(records.iter());
    }
    let usual = columns::columns(&configs, options.epoch);
    let names = OnceCell::new();
    let names = || names.get_or_init(|| Names::of(records));
    let find = |name: &str| find_column(name, &usual, &configs.varied, &names);
    let chosen: Result<Vec<Content>> = options.columns.iter().map(|name| find(name)).collect();
    let chosen = chosen?;
    let sort_column = options.sort.as_deref().map(|name| sorting(name, find)).transpose()?;

    let ranked_by = ranking(&configs.list);
    sort(&mut configs.list, &Content::Figure(ranked_by), false);
    if grouped.is_none() {
        mark_best(&mut configs, ranked_by);
    }
    let answer = match &grouped {
        Some(_) => grouped::answer(&configs, ranked_by),
        None => answer::sentences(&configs, ranked_by, options.spread),
    };
    // The configs that a row of a group mixes are no sample: they have a spread, and no interval.
    let spread = if grouped.is_some() { Spread::Std } else { options.spread };
    let mut sorted_by = None;
    if let Some((name, content, reverse)) = sort_column {
        sort(&mut configs.list, &content, reverse);
        let is_ranking = content == Content::Figure(ranked_by);
        sorted_by = (!is_ranking || reverse).then_some(name);
    }
    let legend = notes::legend(&configs, spread);
    let legend = match &grouped {
        Some(facts) => facts.legend(legend),
        None => legend,
    };
    let mut notes = options.selection.clone();
    notes.extend(epoch_note(&configs, options.epoch));
    notes.extend(paused);
    notes.extend(notes_of(&configs, grouped.as_ref(), (ranked_by, sorted_by)));
    notes.extend(reasons(records));
    notes.extend(cut(&mut configs.list, options.top));
    let table = match chosen.is_empty() {
        true => columns::by_importance(table(&configs, &usual, spread), &usual),
        false => table(&configs, &chosen, spread),
    };
    Ok(Comparison {
        table,
        marks: configs.list.iter().map(screen::mark).collect(),
        levels: configs.list.iter().map(screen::levels).collect(),
        evidence: match options.evidence {
            true => evidence::lines(&configs.list),
            false => Vec::new(),
        },
        notes,
        legend,
        answer,
        configs: configs.list.into_iter().map(ConfigRuns::of).collect(),
        varied: configs.varied,
    })
}

/// What is to be said of the rows, in their order; `sorted_by` names the column that was chosen to sort by.
fn notes_of(
    configs: &Configs,
    grouped: Option<&Grouped>,
    (ranked_by, sorted_by): (Figure, Option<&str>),
) -> Vec<String> {
    match grouped {
        Some(facts) => {
            let mut notes = facts.notes(configs, ranked_by, sorted_by);
            notes.extend(notes::weights(&configs.list));
            notes.extend(notes::test_reads(&configs.list));
            notes
        }
        None => {
            let mut notes = notes::lines(configs, ranked_by, sorted_by);
            notes.extend(power::lines(configs, ranked_by));
            notes
        }
    }
}

/// The configs, or where settings group them the rows of the groups with what is to be said of those.
fn rows_of<'a>(
    records: &'a [RunRecord],
    configs: Configs<'a>,
    group_by: &[String],
) -> Result<(Configs<'a>, Option<Grouped>)> {
    if group_by.is_empty() {
        return Ok((configs, None));
    }
    let keys = grouped::keys(&Names::of(records), group_by)?;
    let (pooled, facts) = grouped::pool(configs, &keys);
    Ok((pooled, Some(facts)))
}

impl Comparison<'_> {
    /// The table as a terminal shows it. Bars are drawn where the width is known, so that a pipe
    /// gets the figures alone.
    pub fn draw(&self, look: &Look) -> String {
        screen::draw(&self.table, &self.marks, &self.levels, look)
    }
}

/// The column of `--sort`: its name as typed, what it is, and whether its order is reversed.
fn sorting(name: &str, find: impl Fn(&str) -> Result<Content>) -> Result<(&str, Content, bool)> {
    let (name, reverse) = match name.strip_prefix('-') {
        Some(name) => (name, true),
        None => (name, false),
    };
    Ok((name, find(name)?, reverse))
}

/// Marks the config that the answer names; they are sorted by `ranked_by`, the best first.
fn mark_best(configs: &mut Configs, ranked_by: Figure) {
    let is_ranked = |c: &Config| ranked_by.summary(c).is_some_and(|s| s.mean.is_finite());
    let are_several = configs.list.iter().filter(|c| is_ranked(c)).nth(1).is_some();
    let is_answered = are_several && configs.problem(ranked_by).is_none();
    if let Some(best) = configs.list.first_mut().filter(|_| is_answered) {
        best.is_best = true;
    }
}

/// Says of which epoch the figures are, if not of the last.
fn epoch_note(configs: &Configs, epoch: EpochChoice) -> Option<String> {
    let by_val = configs.list.iter().all(|c| c.has_validation || c.finished == 0);
    match epoch {
        EpochChoice::Last => None,
        EpochChoice::At(epoch) => Some(format!("figures are those of epoch {epoch}")),
        EpochChoice::Model => Some(
            "figures are those of the weights in model.safetensors: of the epoch that restore_best \
             chose, else of the last"
                .to_owned(),
        ),
        EpochChoice::Best if by_val => Some(
            "figures are those of each run's best epoch, chosen by validation accuracy".to_owned(),
        ),
        EpochChoice::Best => {
            let chosen = "chosen on test where nothing is held out";
            Some(format!("figures are those of each run's best epoch, {chosen}"))
        }
    }
}

/// Leaves the first rows and says how many others there are.
fn cut(configs: &mut Vec<Config>, top: Option<usize>) -> Option<String> {
    let more = configs.len().checked_sub(top?).filter(|more| *more > 0)?;
    let all = configs.len();
    configs.truncate(all - more);
    Some(format!("{more} of {all} rows are not shown; what is said is about all of them"))
}

fn table(configs: &Configs, columns: &[Content], spread: Spread) -> Table {
    let row = |config: &Config| columns.iter().map(|content| content.cell(config)).collect();
    Table {
        columns: columns.iter().map(|c| c.column(configs).with_spread(spread)).collect(),
        rows: configs.list.iter().map(row).collect(),
    }
}

#[cfg(test)]
mod tests;
