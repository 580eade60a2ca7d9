//! The columns of a comparison: which there are, what they are called, what they show of a config.

use super::super::settings;
use super::super::statistics::Summary;
use super::super::table::{Cell, Column, ColumnKind};
use super::configs::{Config, Configs};
use crate::error::{Error, Result};

/// Figures of a config that have a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Figure {
    Train,
    Val,
    Test,
    Gap,
    BestByVal,
    BestOnTest,
    BestEpoch,
    Fall,
}

/// What a column shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Content {
    Title,
    Setting(String),
    State,
    Count,
    Figure(Figure),
}

/// The columns that these configs need.
pub(super) fn columns(configs: &Configs) -> Vec<Content> {
    let any = |has: &dyn Fn(&Config) -> bool| configs.list.iter().any(has);
    let mut columns: Vec<Content> = match configs.varied.is_empty() {
        true => vec![Content::Title],
        false => configs.varied.iter().cloned().map(Content::Setting).collect(),
    };
    if any(&|c| c.unfinished() > 0) {
        columns.push(Content::State);
    }
    columns.push(Content::Count);
    let with_val = any(&|c| c.has_validation);
    let without_val = any(&|c| !c.has_validation && c.finished > 0) || !with_val;
    let figures = [
        (Figure::Train, true),
        (Figure::Val, with_val),
        (Figure::Test, true),
        (Figure::Gap, true),
        (Figure::BestByVal, with_val),
        (Figure::BestOnTest, without_val),
        (Figure::BestEpoch, true),
        (Figure::Fall, true),
    ];
    let shown = figures.into_iter().filter(|(_, is_shown)| *is_shown);
    columns.extend(shown.map(|(figure, _)| Content::Figure(figure)));
    columns
}

/// The column that the user calls `name`: its heading, its name in CSV, a varied key or, where
/// that is clear, the key's last part.
pub(super) fn find_column(name: &str, columns: &[Content], varied: &[String]) -> Result<Content> {
    let wanted = name.replace(' ', "_");
    let matches = |content: &&Content| match content {
        Content::Setting(key) => {
            *key == wanted || settings::short_key(key, varied).is_some_and(|short| short == wanted)
        }
        other => other.names().contains(&wanted.as_str()),
    };
    if let Some(content) = columns.iter().find(matches) {
        return Ok(content.clone());
    }
    let names: Vec<&str> = columns.iter().filter_map(|c| c.names().first().copied()).collect();
    Err(Error::Usage(format!(
        "no column is called `{}`; there are: {}",
        super::super::escape::escape_controls(name),
        names.join(", ")
    )))
}

impl Content {
    pub(super) fn column(&self, configs: &Configs) -> Column {
        match self {
            Content::Title => Column::new("experiment", ColumnKind::Text),
            Content::Setting(key) => Column::new(key, kind_of_setting(configs, key))
                .shortened(settings::short_key(key, &configs.varied)),
            Content::State => Column::new("state", ColumnKind::Text),
            Content::Count => Column::new("n", ColumnKind::Number),
            Content::Figure(figure) => figure.column(),
        }
    }

    pub(super) fn cell(&self, config: &Config) -> Cell {
        match self {
            Content::Title => Cell::Text(config.label.clone()),
            Content::Setting(key) => {
                let value = config.settings.get(key);
                value.map_or(Cell::Absent, |value| Cell::Value(value.clone()))
            }
            Content::State => Cell::Text(states_in_words(config)),
            Content::Count => Cell::Count(config.finished as u64),
            Content::Figure(figure) => figure.cell(config),
        }
    }

    /// What `--sort` takes for it, the proper one first.
    fn names(&self) -> Vec<&str> {
        match self {
            Content::Title => vec![],
            Content::Setting(key) => vec![key],
            Content::State => vec!["state"],
            Content::Count => vec!["n"],
            Content::Figure(figure) => figure.names().to_vec(),
        }
    }

    /// What sorts: NaN is last.
    pub(super) fn number(&self, config: &Config) -> f64 {
        match self {
            Content::State => config.unfinished() as f64,
            Content::Count => config.finished as f64,
            Content::Figure(figure) => figure.number(config),
            Content::Title | Content::Setting(_) => 0.0,
        }
    }

    /// Accuracies are sorted from the highest, everything else from the lowest.
    pub(super) fn is_best_first(&self) -> bool {
        use Figure::{BestByVal, BestOnTest, Test, Train, Val};
        matches!(self, Content::Figure(Train | Val | Test | BestByVal | BestOnTest))
    }
}

impl Figure {
    /// Summary over the seeds, where it is a mean.
    pub(super) fn summary(self, config: &Config) -> Option<Summary> {
        match self {
            Figure::Train => config.train,
            Figure::Val => config.val,
            Figure::Test => config.test,
            Figure::Gap => config.gap,
            Figure::BestByVal => config.best_test.filter(|_| config.has_validation),
            Figure::BestOnTest => config.best_test.filter(|_| !config.has_validation),
            Figure::Fall => config.fall,
            Figure::BestEpoch => None,
        }
    }

    fn number(self, config: &Config) -> f64 {
        match self {
            Figure::BestEpoch => config.best_epoch.map_or(f64::NAN, |(low, _)| low as f64),
            Figure::BestByVal | Figure::BestOnTest => {
                config.best_test.map_or(f64::NAN, |summary| summary.mean)
            }
            _ => self.summary(config).map_or(f64::NAN, |summary| summary.mean),
        }
    }

    fn cell(self, config: &Config) -> Cell {
        if self == Figure::BestEpoch {
            let epochs = config.best_epoch;
            return epochs.map_or(Cell::Absent, |(low, high)| Cell::Range(low, high));
        }
        let is_difference = matches!(self, Figure::Gap | Figure::Fall);
        let cell = if is_difference { Cell::Points } else { Cell::Percent };
        self.summary(config).map_or(Cell::Absent, cell)
    }

    fn column(self) -> Column {
        let (header, name) = match self {
            Figure::Train => ("train", "train_accuracy"),
            Figure::Val => ("val", "val_accuracy"),
            Figure::Test => ("test", "test_accuracy"),
            Figure::Gap => ("gap", "gap"),
            Figure::BestByVal => ("best test (by val)", "best_test_by_val"),
            Figure::BestOnTest => ("best test (chosen on test)", "best_test_chosen_on_test"),
            Figure::BestEpoch => ("best epoch", "best_epoch"),
            Figure::Fall => ("fall", "fall"),
        };
        let kind = match self {
            Figure::BestEpoch => ColumnKind::Range,
            _ => ColumnKind::Spread,
        };
        Column::new(header, kind).named(name)
    }

    fn names(self) -> &'static [&'static str] {
        match self {
            Figure::Train => &["train", "train_accuracy"],
            Figure::Val => &["val", "val_accuracy"],
            Figure::Test => &["test", "test_accuracy"],
            Figure::Gap => &["gap"],
            Figure::BestByVal => &["best_test", "best_test_by_val", "best_test_(by_val)"],
            Figure::BestOnTest => {
                &["best_test", "best_test_chosen_on_test", "best_test_(chosen_on_test)"]
            }
            Figure::BestEpoch => &["best_epoch"],
            Figure::Fall => &["fall"],
        }
    }
}

/// Numbers are right-aligned, everything else is text.
fn kind_of_setting(configs: &Configs, key: &str) -> ColumnKind {
    let mut values = configs.list.iter().filter_map(|c| c.settings.get(key));
    match values.all(serde_json::Value::is_number) {
        true => ColumnKind::Number,
        false => ColumnKind::Text,
    }
}

/// `finished`, or how many runs are in which state.
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
