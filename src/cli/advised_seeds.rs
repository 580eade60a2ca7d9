//! With how many seeds an experiment tries advice: as many as show the effect that is hoped for, within reason.

use std::collections::BTreeSet;

use crate::analysis::advice::{Advice, Advisor};
use crate::study::{seeds_to_find, smallest_found};
use crate::table::hundredfold;

/// Where the spread between seeds is not known.
const USUAL: u64 = 3;
/// More take longer than most people wait.
const MOST: u64 = 10;

/// Seeds, and why there are so many, in lines of a comment.
pub(super) struct AdvisedSeeds {
    pub(super) seeds: Vec<u64>,
    pub(super) why: Vec<String>,
}

impl AdvisedSeeds {
    /// For the advice that is left to try.
    pub(super) fn of(advisor: &Advisor, advice: &[Advice]) -> AdvisedSeeds {
        let hoped = |advice: &Advice| 0.5 * (advice.expected[0] + advice.expected[1]);
        let left = advice.iter().filter(|advice| advice.ran.is_none());
        let least = left.min_by(|a, b| hoped(a).total_cmp(&hoped(b)));
        let there = advisor.seeds.len() as u64;
        let spread = advisor.over_runs.and_then(|summary| summary.shown_std());
        let (count, why) = match (least, spread) {
            _ if advisor.has_folds => (there, of_folds(there)),
            (Some(least), Some(std)) => {
                let count = seeds_to_find(hoped(least) / std, there.max(2), MOST.max(there));
                let is_enough = count.is_some();
                let count = count.unwrap_or(MOST.max(there));
                (count, of_spread(count, std, (&least.name, hoped(least)), is_enough))
            }
            _ => (there.max(USUAL), without_spread(there.max(USUAL))),
        };
        AdvisedSeeds { seeds: with_more(&advisor.seeds, count), why }
    }
}

fn of_folds(seeds: u64) -> Vec<String> {
    let noun = if seeds == 1 { "seed" } else { "seeds" };
    vec![format!(
        "{seeds} {noun}, as before: folds are counted, and more seeds of the same folds show little more."
    )]
}

fn of_spread(seeds: u64, std: f64, least: (&str, f64), is_enough: bool) -> Vec<String> {
    let found = smallest_found(seeds).map_or(f64::INFINITY, |times| times * std);
    let (name, hoped) = least;
    let (std, found, hoped) = (hundredfold(std), hundredfold(found), hundredfold(hoped));
    let first = format!(
        "{seeds} seeds: those that ran differ by {std} points (standard deviation), so {seeds} each find a true change \
         of {found} points"
    );
    let second = "in 80 % of such experiments (one change, a two-sided test at 5 %).".to_owned();
    let third = match is_enough {
        true => format!("The least that is hoped for is {hoped} points ({name})."),
        false => format!(
            "The least that is hoped for, {hoped} points ({name}), would take more: if it does not show, that says little."
        ),
    };
    vec![first, second, third]
}

fn without_spread(seeds: u64) -> Vec<String> {
    let times = smallest_found(seeds).unwrap_or(f64::INFINITY);
    vec![
        format!(
            "{seeds} seeds: how much seeds differ is not known yet. {seeds} each find a true change of {times:.1} times"
        ),
        "that in 80 % of such experiments (one change, a two-sided test at 5 %).".to_owned(),
    ]
}

/// These seeds, and the next ones that are not among them, `count` in all.
fn with_more(seeds: &[u64], count: u64) -> Vec<u64> {
    let there: BTreeSet<u64> = seeds.iter().copied().collect();
    let others = (0..).filter(|seed| !there.contains(seed));
    let more = usize::try_from(count).unwrap_or(usize::MAX).saturating_sub(there.len());
    there.iter().copied().chain(others.take(more)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seeds_that_ran_are_kept_and_others_follow() {
        assert_eq!(with_more(&[7], 3), [7, 0, 1]);
        assert_eq!(with_more(&[0, 1], 2), [0, 1]);
        assert_eq!(with_more(&[0, 2], 4), [0, 2, 1, 3]);
        assert_eq!(with_more(&[5, 6, 7], 2), [5, 6, 7]);
    }

    #[test]
    fn the_number_of_seeds_is_explained() {
        let enough = of_spread(5, 0.012, ("dropout 0.2", 0.025), true);
        let few = of_spread(10, 0.03, ("weight decay 0.001", 0.011), false);
        insta::assert_snapshot!(
            [enough, few, without_spread(3), of_folds(1)]
                .map(|lines| lines.join("\n"))
                .join("\n\n")
        );
    }
}
