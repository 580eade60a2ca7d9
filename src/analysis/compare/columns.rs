//! The columns of a comparison: which there are, what they are called, what they show of a config.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::analysis::compare::configs::{Config, Configs};
use crate::analysis::compare::epoch::EpochChoice;
use crate::analysis::compare::figure;
use crate::analysis::compare::measure::Measure;
use crate::analysis::left_out::value_or_default;
use crate::analysis::names::{Name, Names, Unclear, UnknownName};
use crate::analysis::settings;
use crate::error::{Error, Result};
use crate::escape::escape_controls;
use crate::runs::figures::{Better, Figure};
use crate::runs::held_out::HeldOutSplit;
use crate::runs::record::RunRecord;
use crate::stats::Change;
use crate::table::{Cell, Column, ColumnKind, Table};

/// What a column shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Content {
    Title,
    Label,
    ScoreChange(Figure), // in this figure, against the baseline
    GapChange(Figure),
    Verdict,
    Setting(String),
    State,
    Count,
    Figure(Figure),
    BestTest(HeldOutSplit), // test accuracy at the best epochs, chosen on this split
    Config,
    Seeds,
    Ids,
    Experiments,
    Notes,
}

/// The columns that these configs need if the user chooses none: people read the names of configs instead of
/// their settings.
pub(super) fn columns(configs: &Configs, epoch: EpochChoice, for_programs: bool) -> Vec<Content> {
    let any = |has: &dyn Fn(&Config) -> bool| configs.list.iter().any(has);
    let is_judged = any(&|c| c.change.is_some());
    let mut columns = match configs.varied.is_empty() {
        true => vec![Content::Title],
        false if is_judged => vec![Content::Label],
        false => Vec::new(),
    };
    if !is_judged || for_programs {
        columns.extend(configs.varied.iter().cloned().map(Content::Setting));
    }
    if any(&|c| c.unfinished() > 0) {
        columns.push(Content::State);
    }
    columns.push(Content::Count);
    let with_val = any(&|c| c.has_validation);
    let without_val = any(&|c| !c.has_validation && c.finished > 0) || !with_val;
    let any_sealed = any(&|c| c.is_sealed());
    let any_open = any(&|c| c.over(Figure::TestAccuracy).is_some()) || !any_sealed;
    let by_val = with_val && (any_open || any(&|c| c.best_test().is_some()));
    let on_test = without_val && any_open;
    // With the figures of the best epoch, its test accuracy is the test accuracy, so the header
    // says what chose it.
    let is_at_best = epoch == EpochChoice::Best;
    let figure = Content::Figure;
    let has = |figure| any(&|c| c.over(figure).is_some()); // only trials that ask for it
    let best_by_val = || Content::BestTest(HeldOutSplit::Validation);
    let best_on_test = || Content::BestTest(HeldOutSplit::Test);
    let candidates = [
        (figure(Figure::TrainAccuracy), true),
        (figure(Figure::ValAccuracy), with_val),
        (figure(Figure::TestAccuracy), !is_at_best && any_open),
        (figure(Figure::TestMirrorAccuracy), has(Figure::TestMirrorAccuracy)),
        (figure(Figure::TestMirrorAndShiftAccuracy), has(Figure::TestMirrorAndShiftAccuracy)),
        (best_by_val(), is_at_best && by_val),
        (best_on_test(), is_at_best && on_test),
        (figure(Figure::Gap), any_open),
        (figure(Figure::ValGap), any_sealed),
        (best_by_val(), !is_at_best && by_val),
        (best_on_test(), !is_at_best && on_test),
        (figure(Figure::BestEpoch), true),
        (figure(Figure::Fall), !is_at_best && any_open),
    ];
    let shown = candidates.into_iter().filter(|(_, is_shown)| *is_shown);
    let mut figures: Vec<Content> = shown.map(|(content, _)| content).collect();
    if is_judged {
        let Measure { score, gap } = Measure::of(&configs.list);
        let first =
            [figure(score), Content::ScoreChange(score), figure(gap), Content::GapChange(gap)];
        figures.retain(|content| !first.contains(content));
        columns.extend(first);
    }
    columns.extend(figures);
    columns.extend((is_judged && for_programs).then_some(Content::Verdict));
    let is_noted = any(&|c| c.runs.iter().any(|run| !run.notes.is_empty()));
    columns.extend(is_noted.then_some(Content::Notes));
    columns
}

/// The table of the usual columns. In a narrow terminal the important ones stay longest: settings,
/// test accuracy and gap.
pub(super) fn by_importance(mut table: Table, usual: &[Content]) -> Table {
    use Figure::{BestEpoch, Fall, TestAccuracy, TrainAccuracy, ValAccuracy};
    let is_test_shown = usual.contains(&Content::Figure(TestAccuracy));
    for (column, content) in table.columns.iter_mut().zip(usual) {
        column.goes = match content {
            Content::Notes => 9,
            Content::Verdict => 8,
            Content::Figure(Fall) => 7,
            Content::Figure(BestEpoch) => 6,
            Content::BestTest(_) if is_test_shown => 5,
            Content::Figure(ValAccuracy) => 4,
            Content::State => 3,
            Content::Figure(TrainAccuracy) => 2,
            Content::Count | Content::GapChange(_) => 1,
            _ => 0,
        };
    }
    table
}

/// The column that the user calls `name`, one of the `usual` ones or any other: by its heading, its
/// name in CSV, a setting's key or, if unambiguous, the key's end. `names` are those of the runs,
/// computed lazily.
///
/// # Errors
/// When there is no such column.
pub(super) fn find_column<'n>(
    name: &str,
    usual: &[Content],
    varied: &[String],
    names: &impl Fn() -> &'n Names,
) -> Result<Content> {
    let wanted = name.trim().replace(' ', "_");
    let matches = |content: &&Content| match content {
        Content::Setting(key) => {
            *key == wanted || settings::short_key(key, varied).is_some_and(|short| short == wanted)
        }
        other => other.names().contains(&wanted.as_str()),
    };
    if let Some(content) = usual.iter().chain(&ALWAYS).find(matches) {
        return Ok(content.clone());
    }
    // A name outside the usual columns is looked up among everything that a run has.
    match names().resolve(&wanted) {
        Ok(Name::Setting(key)) => Ok(Content::Setting(key)),
        Ok(Name::Figure(figure)) => Ok(of_figure(figure, usual)),
        Ok(Name::Id) => Ok(Content::Ids),
        Ok(Name::State) => Ok(Content::State),
        Ok(Name::Seed) => Ok(Content::Seeds),
        Ok(Name::Experiment) => Ok(Content::Experiments),
        Ok(Name::Tag) => Ok(Content::Notes),
        Err(UnknownName { how: Unclear::Unlike, .. }) => Err(no_column(name, usual)),
        Err(unknown) => {
            let name = escape_controls(name);
            Err(Error::Usage(format!("there is no column `{name}`; {}", unknown.help)))
        }
    }
}

/// Columns that are valid in any comparison and have a unique name.
const ALWAYS: [Content; 6] = [
    Content::Count,
    Content::Config,
    Content::Seeds,
    Content::Ids,
    Content::Experiments,
    Content::Notes,
];

fn of_figure(figure: Figure, usual: &[Content]) -> Content {
    match figure {
        Figure::BestTestAccuracy => {
            let by_val = usual.contains(&Content::Figure(Figure::ValAccuracy));
            let chosen_by = if by_val { HeldOutSplit::Validation } else { HeldOutSplit::Test };
            Content::BestTest(chosen_by)
        }
        figure => Content::Figure(figure),
    }
}

fn no_column(name: &str, usual: &[Content]) -> Error {
    let figures = Figure::asked().map(|figure| of_figure(figure, usual));
    let mut contents: Vec<Content> = usual.to_vec();
    for content in figures.chain([Content::State]).chain(ALWAYS) {
        if !contents.contains(&content) {
            contents.push(content);
        }
    }
    let mut names: Vec<&str> = Vec::new();
    for name in contents.iter().filter_map(|content| content.names().first().copied()) {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    let names = names.join(", ");
    let name = escape_controls(name);
    Error::Usage(format!("there is no column `{name}`; the columns are {names}, and every setting"))
}

impl Content {
    pub(super) fn column(&self, configs: &Configs) -> Column {
        match self {
            Content::Title => Column::new("experiment", ColumnKind::Text),
            Content::Setting(key) => Column::new(key, kind_of_setting(configs, key))
                .shortened(settings::short_key(key, &configs.varied)),
            Content::Label => Column::new("config", ColumnKind::Text).named("label"),
            Content::ScoreChange(figure) | Content::GapChange(figure) => {
                let kind = figure.kind();
                Column::new(&format!("{} change", kind.header), ColumnKind::Change)
                    .named(change_name(*figure))
            }
            Content::Verdict => Column::new("verdict", ColumnKind::Text),
            Content::State => Column::new("state", ColumnKind::Text),
            Content::Count => Column::new("n", ColumnKind::Number),
            Content::Figure(figure) => figure::column(*figure),
            Content::BestTest(chosen_by) => figure::best_test_column(*chosen_by),
            Content::Config => Column::new("config", ColumnKind::Text),
            Content::Seeds => Column::new("seeds", ColumnKind::Text),
            Content::Ids => Column::new("ids", ColumnKind::Text),
            Content::Experiments => Column::new("experiments", ColumnKind::Text),
            Content::Notes => Column::new("notes", ColumnKind::Text),
        }
    }

    pub(super) fn cell(&self, config: &Config) -> Cell {
        match self {
            Content::Title => Cell::Text(config.label.clone()),
            Content::Setting(key) => setting_cell(config, key),
            Content::Label => Cell::Text(config.label.clone()),
            Content::ScoreChange(_) => config.change.map_or(Cell::Absent, |c| changed(c.score)),
            Content::GapChange(_) => config.change.map_or(Cell::Absent, |c| changed(c.gap)),
            Content::Verdict => {
                config.change.map_or(Cell::Absent, |c| Cell::Text(c.verdict.name().to_owned()))
            }
            Content::State => Cell::Text(states_in_words(config)),
            Content::Count => Cell::Count(config.finished as u64),
            Content::Figure(figure) => figure::cell(*figure, config),
            Content::BestTest(chosen_by) => {
                figure::best_test(config, *chosen_by).map_or(Cell::Absent, Cell::Percent)
            }
            Content::Config => Cell::Text(config.label.clone()),
            Content::Seeds => list(config.seeds().iter()),
            Content::Ids => list(config.runs.iter().map(|run| &run.id)),
            Content::Experiments => {
                let names = config.runs.iter().flat_map(|run| &run.experiments);
                list(names.collect::<BTreeSet<_>>().into_iter())
            }
            Content::Notes => {
                let lines: BTreeSet<String> =
                    config.runs.iter().map(|run| run.notes.line()).collect();
                let lines = lines.into_iter().filter(|line| !line.is_empty());
                Cell::Text(lines.collect::<Vec<_>>().join("; "))
            }
        }
    }

    /// The names that `--sort` accepts for it, the canonical one first.
    fn names(&self) -> Vec<&str> {
        match self {
            Content::Title => vec![],
            Content::Label => vec!["label"],
            Content::ScoreChange(figure) | Content::GapChange(figure) => vec![change_name(*figure)],
            Content::Verdict => vec!["verdict"],
            Content::Setting(key) => vec![key],
            Content::State => vec!["state"],
            Content::Count => vec!["n"],
            Content::Figure(figure) => vec![figure.kind().short, figure.name()],
            Content::BestTest(chosen_by) => figure::best_test_names(*chosen_by).to_vec(),
            Content::Config => vec!["config"],
            Content::Seeds => vec!["seeds"],
            Content::Ids => vec!["ids"],
            Content::Experiments => vec!["experiments"],
            Content::Notes => vec!["notes", "tags"],
        }
    }

    /// The sort key: NaN is last.
    pub(super) fn number(&self, config: &Config) -> f64 {
        match self {
            Content::State => config.unfinished() as f64,
            Content::Count => config.finished as f64,
            Content::Figure(figure) => figure::number(*figure, config),
            Content::BestTest(_) => config.best_test().map_or(f64::NAN, |summary| summary.mean),
            Content::ScoreChange(_) => config.change.map_or(f64::NAN, |c| c.score.value()),
            Content::GapChange(_) => config.change.map_or(f64::NAN, |c| c.gap.value()),
            Content::Verdict => config.change.map_or(f64::NAN, |c| f64::from(c.verdict as u8)),
            Content::Title | Content::Label | Content::Setting(_) | Content::Config => 0.0,
            Content::Seeds | Content::Ids | Content::Experiments | Content::Notes => 0.0,
        }
    }

    /// Accuracies are sorted from the highest, everything else from the lowest.
    pub(super) fn is_best_first(&self) -> bool {
        match self {
            Content::Figure(figure) => figure.kind().better == Some(Better::Higher),
            Content::BestTest(_) | Content::ScoreChange(_) => true,
            _ => false,
        }
    }
}

/// The name of the column of a figure's change.
fn change_name(figure: Figure) -> &'static str {
    match figure {
        Figure::ValAccuracy => "val_accuracy_change",
        Figure::ValGap => "val_gap_change",
        Figure::Gap => "gap_change",
        _ => "test_accuracy_change",
    }
}

/// A difference from the baseline.
fn changed(change: Change) -> Cell {
    match change.value().is_finite() {
        true => Cell::Change(change.value(), change.interval()),
        false => Cell::Absent,
    }
}

/// Numbers are right-aligned, everything else is text.
fn kind_of_setting(configs: &Configs, key: &str) -> ColumnKind {
    let mut cells = configs.list.iter().map(|c| setting_cell(c, key));
    let is_number = |cell| match cell {
        Cell::Value(value) => value.is_number(),
        cell => cell == Cell::Absent,
    };
    match cells.all(is_number) {
        true => ColumnKind::Number,
        false => ColumnKind::Text,
    }
}

/// A setting of a config; `several` if its runs do not share it.
fn setting_cell(config: &Config, key: &str) -> Cell {
    if let Some(value) = config.settings.get(key) {
        return Cell::Value(value.clone());
    }
    let mut values = config.runs.iter().map(|run| value_in_run(run, key));
    let first = values.next().flatten();
    match first {
        _ if values.any(|value| value != first) => Cell::Text("several".to_owned()),
        Some(value) => Cell::Value(value.clone()),
        None => Cell::Absent,
    }
}

/// The value that a column of this setting sorts by.
pub(super) fn setting_value<'a>(config: &'a Config, key: &str) -> Option<&'a Value> {
    let of_config = config.settings.get(key);
    of_config.or_else(|| value_in_run(config.runs.first()?, key))
}

fn value_in_run<'a>(run: &'a RunRecord, key: &str) -> Option<&'a Value> {
    value_or_default(&run.trial, key)
}

fn list<T: ToString>(items: impl Iterator<Item = T>) -> Cell {
    Cell::Text(items.map(|item| item.to_string()).collect::<Vec<_>>().join(" "))
}

/// `finished`, or the number of runs in each state.
fn states_in_words(config: &Config) -> String {
    let total = config.states.len();
    let mut parts: Vec<String> = Vec::new();
    for same in config.states.chunk_by(|a, b| a == b) {
        let name = same[0].name();
        parts.push(match same.len() == total {
            true => name.to_owned(),
            false => format!("{} {name}", same.len()),
        });
    }
    parts.join(", ")
}
