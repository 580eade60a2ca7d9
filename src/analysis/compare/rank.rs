//! The second stage of a comparison: which figure ranks the rows, and their order.

use std::cmp::Ordering;

use crate::analysis::compare::asked::Sorting;
use crate::analysis::compare::columns::{Content, setting_value};
use crate::analysis::compare::configs::{Config, Configs};
use crate::analysis::compare::group::ComparisonRows;
use crate::analysis::settings;
use crate::runs::figures::Figure;
use crate::stats::without_rounding;

/// Rows with the figure that ranks them; the best is the first, and marked.
pub(super) struct Ranked<'a> {
    pub(super) rows: ComparisonRows<'a>,
    pub(super) by: Figure,
}

/// Ranks by validation accuracy of the last epoch if all configs have it, else by test accuracy.
pub(super) fn rank(mut rows: ComparisonRows<'_>) -> Ranked<'_> {
    let by = sort_by_rank(&mut rows.configs.list);
    if rows.grouped.is_none() {
        mark_best(&mut rows.configs, by);
    }
    Ranked { rows, by }
}

impl Ranked<'_> {
    /// Sorts as the user asks. Returns the name of the order if it is not the ranking.
    pub(super) fn sort_as_asked(&mut self, sorting: Option<Sorting>) -> Option<String> {
        let Sorting { name, by, reverse } = sorting?;
        sort(&mut self.rows.configs.list, &by, reverse);
        let is_ranking = by == Content::Figure(self.by);
        (!is_ranking || reverse).then_some(name)
    }
}

/// Sorts by the ranking figure, the best first, and returns that figure.
pub(super) fn sort_by_rank(configs: &mut Vec<Config>) -> Figure {
    let by = ranking(configs);
    // Of equals, a search names the first point.
    if configs.iter().any(Config::is_drawn) {
        configs.sort_by_key(|config| config.place);
    }
    sort(configs, &Content::Figure(by), false);
    by
}

/// The ranking figure: validation accuracy if every config with finished runs has one.
fn ranking(configs: &[Config]) -> Figure {
    let mut finished = configs.iter().filter(|c| c.finished > 0).peekable();
    let any = finished.peek().is_some();
    match any && finished.all(|c| c.has_validation) {
        true => Figure::ValAccuracy,
        false => Figure::TestAccuracy,
    }
}

/// Marks the config that the answer names; they are sorted by `ranked_by`, the best first.
fn mark_best(configs: &mut Configs, ranked_by: Figure) {
    let is_ranked = |c: &Config| c.over(ranked_by).is_some_and(|s| s.mean.is_finite());
    let are_several = configs.list.iter().filter(|c| is_ranked(c)).nth(1).is_some();
    let is_answered = are_several && configs.problem(ranked_by).is_none();
    if let Some(best) = configs.list.first_mut().filter(|_| is_answered) {
        best.is_best = true;
    }
}

/// NaN, diverged and unfinished configs last, whatever the direction; ties keep their order.
fn sort(configs: &mut Vec<Config>, by: &Content, reverse: bool) {
    if let Content::Setting(key) = by {
        configs.sort_by(|a, b| {
            let (x, y) = (setting_value(a, key), setting_value(b, key));
            let order = settings::order_of_values(x, y);
            let both = x.is_some() && y.is_some();
            if reverse && both { order.reverse() } else { order }
        });
        return;
    }
    let descends = by.is_best_first() != reverse;
    let are_points = configs.iter().any(Config::is_drawn); // for which a search rounds too
    let number = |config| match by.number(config) {
        number if are_points => without_rounding(number),
        number => number,
    };
    let numbers: Vec<f64> = configs.iter().map(number).collect();
    let mut order: Vec<usize> = (0..configs.len()).collect();
    order.sort_by(|a, b| order_of_numbers(numbers[*a], numbers[*b], descends));
    reorder(configs, order);
}

/// Moves the config at `order[i]` to `i`.
fn reorder<'a>(configs: &mut Vec<Config<'a>>, order: Vec<usize>) {
    let mut old: Vec<Option<Config<'a>>> = std::mem::take(configs).into_iter().map(Some).collect();
    configs.extend(order.into_iter().filter_map(|index| old[index].take()));
}

fn order_of_numbers(a: f64, b: f64, descends: bool) -> Ordering {
    let order = a.total_cmp(&b);
    let order = if descends { order.reverse() } else { order };
    // A NaN made at run time has its sign bit set: total_cmp alone would put it first.
    match (a.is_nan(), b.is_nan()) {
        (false, false) => order,
        (a, b) => a.cmp(&b),
    }
}
