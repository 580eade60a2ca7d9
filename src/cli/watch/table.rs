//! The list of trials: as many columns as the width has room for.

use ratatui::Frame;
use ratatui::layout::{Constraint, Rect};
use ratatui::style::{Color, Modifier, Style};
use ratatui::widgets::{Block, Borders, Cell, Row, Table};

use super::app::App;
use super::trial::WatchedTrial;
use crate::runs::held_out::HeldOutSplit;
use crate::runs::record::RunState;

/// Minimum widths at which the ids, the figures and the states are shown.
const WITH_IDS: u16 = 96;
const WITH_FIGURES: u16 = 64;
const WITH_STATES: u16 = 40;

/// Draws the list into `area`.
pub(super) fn draw(app: &mut App, frame: &mut Frame, area: Rect) {
    let columns = columns(area.width);
    // Sealed runs have no test figures; before there is any figure, the usual one is expected.
    let last_rows = || app.trials.iter().filter_map(|trial| trial.record.as_ref()?.last.as_ref());
    let is_sealed = last_rows().any(|row| row.val_accuracy.is_some());
    let split = match last_rows().any(|row| row.test_accuracy.is_some()) || !is_sealed {
        true => HeldOutSplit::Test,
        false => HeldOutSplit::Validation,
    };
    let header = columns.iter().map(|column| column.header(split));
    let style = |trial: &WatchedTrial| style(trial, app.colors);
    let rows = app.trials.iter().map(|trial| {
        let cells = columns.iter().map(|column| Cell::from(column.text(trial, split)));
        Row::new(cells).style(style(trial))
    });
    let mut table = Table::new(rows.collect::<Vec<_>>(), columns.iter().map(|c| c.width()))
        .row_highlight_style(Style::new().add_modifier(Modifier::REVERSED))
        .block(Block::new().borders(Borders::NONE));
    if area.height > 3 {
        table = table.header(Row::new(header).style(Style::new().add_modifier(Modifier::BOLD)));
    }
    frame.render_stateful_widget(table, area, &mut app.table);
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum TrialColumn {
    Id,
    State,
    Epoch,
    Train,
    Other,
    Gap,
    Label,
}

fn columns(width: u16) -> Vec<TrialColumn> {
    use TrialColumn::{Epoch, Gap, Id, Label, Other, State, Train};
    match width {
        WITH_IDS.. => vec![Id, State, Epoch, Train, Other, Gap, Label],
        WITH_FIGURES.. => vec![State, Epoch, Train, Other, Gap, Label],
        WITH_STATES.. => vec![State, Epoch, Label],
        _ => vec![Epoch, Label],
    }
}

impl TrialColumn {
    fn header(self, split: HeldOutSplit) -> &'static str {
        match self {
            TrialColumn::Id => "id",
            TrialColumn::State => "state",
            TrialColumn::Epoch => "    epoch",
            TrialColumn::Train => " train",
            TrialColumn::Other if split == HeldOutSplit::Test => "  test",
            TrialColumn::Other => "   val",
            TrialColumn::Gap => "   gap",
            TrialColumn::Label => "trial",
        }
    }

    fn width(self) -> Constraint {
        match self {
            TrialColumn::Id => Constraint::Length(12),
            TrialColumn::State => Constraint::Length(11),
            TrialColumn::Epoch => Constraint::Length(9),
            TrialColumn::Train | TrialColumn::Other | TrialColumn::Gap => Constraint::Length(6),
            TrialColumn::Label => Constraint::Fill(1),
        }
    }

    /// Numbers are right-aligned; accuracies in percent, the gap in points.
    fn text(self, trial: &WatchedTrial, split: HeldOutSplit) -> String {
        let last = trial.record.as_ref().and_then(|record| record.last.as_ref());
        let other = last.and_then(|row| split.accuracy(row));
        let train = last.map(|row| row.train_accuracy);
        let number = |fraction: Option<f32>| match fraction {
            Some(fraction) => format!("{:>6.1}", 100.0 * fraction),
            None => format!("{:>6}", "-"),
        };
        match self {
            TrialColumn::Id => trial.id.clone(),
            TrialColumn::State => trial.state_word().to_owned(),
            TrialColumn::Epoch => trial.epochs().map_or(format!("{:>9}", "-"), |(done, all)| {
                format!("{:>9}", format!("{done}/{all}"))
            }),
            TrialColumn::Train => number(train),
            TrialColumn::Other => number(other),
            TrialColumn::Gap => number(train.zip(other).map(|(train, other)| train - other)),
            TrialColumn::Label => trial.label.clone(),
        }
    }
}

/// Running and failed trials are highlighted; waiting ones are dimmed.
fn style(trial: &WatchedTrial, colors: bool) -> Style {
    let color = |color| if colors { Style::new().fg(color) } else { Style::new() };
    match trial.record.as_ref().map(|record| record.state) {
        Some(RunState::Running) => color(Color::Cyan),
        Some(RunState::Failed | RunState::Diverged | RunState::Lost) => color(Color::Yellow),
        Some(RunState::Interrupted | RunState::Finished | RunState::Paused) => Style::new(),
        None => Style::new().add_modifier(Modifier::DIM),
    }
}
