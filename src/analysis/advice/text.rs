//! Advice and its outcomes in words, a line each.

use crate::analysis::advice::{Advice, Outcome};
use crate::table::{change_in_points, hundredfold};

/// One line for each piece of advice.
pub(crate) fn advice_lines(advice: &[Advice], split: &str) -> Vec<String> {
    let line = |advice: &Advice| {
        let Advice { name, expected: [low, high], ran, .. } = advice;
        match ran {
            Some(ran) => {
                let change = change_in_points(ran.change, ran.interval);
                let does =
                    if ran.label == *name { String::new() } else { format!(" ({})", ran.label) };
                format!("{name}, which you ran{does}: {change} points of {split} accuracy")
            }
            None => format!(
                "{name}: expected to add {} to {} points of {split} accuracy",
                hundredfold(*low),
                hundredfold(*high)
            ),
        }
    };
    advice.iter().map(line).collect()
}

/// One line for each outcome, and how many came as said.
pub(crate) fn outcome_lines(outcomes: &[Outcome]) -> Vec<String> {
    let line = |outcome: &Outcome| {
        let [low, high] = outcome.expected.map(hundredfold);
        format!(
            "{}: expected +{low} to +{high}, came {}: {}",
            outcome.label,
            change_in_points(outcome.came, outcome.interval),
            outcome.verdict.words()
        )
    };
    outcomes.iter().map(line).collect()
}
