//! The rungs of a halving as a table, and the savings in words.

use crate::analysis::rungs::slow_starters::slow_starters;
use crate::analysis::rungs::{Followed, HalvedRuns, RungState, UnreadRun};
use crate::escape::escape_controls;
use crate::experiment::{Halving, HalvingKind};
use crate::optim::Monitor;
use crate::runs::figures::Unit;
use crate::stats::Summary;
use crate::table::{Cell, Column, ColumnKind, Table};

/// The rungs of one experiment.
#[derive(Debug, Clone, PartialEq)]
pub struct Rungs {
    /// One row for each rung.
    pub table: Table,
    /// What the search costs and saves, and whether it is over.
    pub lines: Vec<String>,
    /// Why runs that the rungs wait for cannot be read, a line each.
    pub problems: Vec<String>,
}

impl Rungs {
    /// The rungs so far.
    pub fn of(runs: &HalvedRuns<'_>) -> Rungs {
        let brackets = &runs.halving.brackets;
        let followed: Vec<Followed> = brackets.iter().map(|bracket| runs.follow(bracket)).collect();
        let unread = followed.iter().flat_map(|followed| &followed.unread);
        let problems =
            unread.map(|UnreadRun { problem, .. }| escape_controls(&problem.chain()).into_owned());
        Rungs {
            table: rungs_table(runs.halving, &followed),
            lines: rungs_text(runs.halving, &followed),
            problems: problems.collect(),
        }
    }
}

/// One row for each rung: how many configs reached it and go on, the best figure and the worst that
/// goes on.
fn rungs_table(halving: &Halving, followed: &[Followed]) -> Table {
    let monitor = halving.config.monitor;
    let number = |header: &str| Column::new(header, ColumnKind::Number);
    let figure = |what: &str| {
        number(&format!("{what} {}", monitor.figure().kind().header))
            .named(&format!("{what}_{}", monitor.name()))
    };
    let columns = vec![
        number("bracket"),
        number("epoch"),
        number("configs"),
        number("reached"),
        number("go on").named("promoted"),
        figure("best"),
        figure("last"),
    ];
    let mut rows = Vec::new();
    for (index, (bracket, Followed { states, .. })) in
        halving.brackets.iter().zip(followed).enumerate()
    {
        for (position, rung) in bracket.rungs.iter().enumerate() {
            let mut row = vec![Cell::Count(index as u64 + 1), Cell::Count(rung.epochs)];
            row.push(Cell::Count(rung.configs as u64));
            row.extend(progress(states.get(position), monitor));
            rows.push(row);
        }
    }
    Table { columns, rows }
}

/// Configs with a figure, those that go on, the best figure, and the worst that goes on.
fn progress(state: Option<&RungState>, monitor: Monitor) -> [Cell; 4] {
    let Some(state) = state else {
        return [Cell::Count(0), Cell::Absent, Cell::Absent, Cell::Absent];
    };
    let figures = || state.configs.iter().filter_map(|(_, figure)| *figure);
    let of = |config: usize| {
        let found = state.configs.iter().find(|(other, _)| *other == config);
        found.and_then(|(_, figure)| *figure)
    };
    let best = figures().reduce(|a, b| if monitor.better().is_better(b, a) { b } else { a });
    let promoted = state.promoted.as_ref();
    let last = promoted.and_then(|promoted| of(*promoted.last()?));
    let go_on = promoted.map_or(Cell::Absent, |promoted| Cell::Count(promoted.len() as u64));
    let shown = |figure: Option<f64>| figure.map_or(Cell::Absent, |figure| cell(monitor, figure));
    [Cell::Count(figures().count() as u64), go_on, shown(best), shown(last)]
}

fn cell(monitor: Monitor, figure: f64) -> Cell {
    match Summary::of(&[figure]).filter(|_| figure.is_finite()) {
        None => Cell::Text("diverged".to_owned()),
        Some(summary) => match monitor.figure().kind().unit {
            Unit::Fraction => Cell::Percent(summary),
            _ => Cell::Plain(summary, 4),
        },
    }
}

/// What the search costs and saves, in a sentence or two.
fn rungs_text(halving: &Halving, followed: &[Followed]) -> Vec<String> {
    let Halving { config, configs, total_epochs, .. } = halving;
    let (trained, all) = halving.epochs();
    let kind = match config.kind {
        HalvingKind::SuccessiveHalving => "successive halving",
        HalvingKind::Hyperband => "Hyperband",
    };
    let share = 100.0 * trained as f64 / all as f64;
    let mut lines = vec![format!(
        "{kind} by {}: {trained} of the {all} epochs that {} configs need to reach epoch {total_epochs} \
         ({share:.0} %), {} saved",
        config.monitor.name(),
        configs.len(),
        all - trained,
    )];
    let mut waiting = 0;
    for (bracket, Followed { states, .. }) in halving.brackets.iter().zip(followed) {
        let is_over = states.len() == bracket.rungs.len()
            && states.last().is_some_and(RungState::is_complete);
        waiting += usize::from(!is_over);
    }
    match waiting {
        0 => lines.push(
            "configs that stopped at a rung are not compared: their figures are of fewer epochs"
                .to_owned(),
        ),
        1 if halving.brackets.len() == 1 => lines.push("it is not over yet".to_owned()),
        n => lines.push(format!("{n} of {} brackets are not over yet", halving.brackets.len())),
    }
    lines.extend(followed.iter().flat_map(|followed| slow_starters(&followed.states)));
    lines
}
