//! The order of configs: which figure ranks them, and how they are sorted by any column.

use std::cmp::Ordering;

use crate::analysis::compare::columns::{Content, setting_value};
use crate::analysis::compare::configs::Config;
use crate::analysis::compare::figure::Figure;
use crate::analysis::settings;

/// The figure that ranks: validation accuracy if every config with finished runs has one.
pub(super) fn ranking(configs: &[Config]) -> Figure {
    let mut finished = configs.iter().filter(|c| c.finished > 0).peekable();
    let any = finished.peek().is_some();
    match any && finished.all(|c| c.has_validation) {
        true => Figure::Val,
        false => Figure::Test,
    }
}

/// NaN, diverged and unfinished configs last, whatever the direction; ties as they were.
pub(super) fn sort(configs: &mut Vec<Config>, by: &Content, reverse: bool) {
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
    let numbers: Vec<f64> = configs.iter().map(|config| by.number(config)).collect();
    let mut order: Vec<usize> = (0..configs.len()).collect();
    order.sort_by(|a, b| order_of_numbers(numbers[*a], numbers[*b], descends));
    reorder(configs, order);
}

/// Puts the config that stands at `order[i]` at `i`.
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
