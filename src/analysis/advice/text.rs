//! Advice and its outcomes in words, a line each.

use crate::analysis::advice::{Advice, Outcome};
use crate::runs::figures::Figure;
use crate::table::{change_in_points, hundredfold};

/// One line for each piece of advice; `score` is what it is to raise.
pub(crate) fn advice_lines(advice: &[Advice], score: Figure) -> Vec<String> {
    let words = score.kind().words;
    let line = |advice: &Advice| {
        let Advice { name, expected: [low, high], ran, .. } = advice;
        match ran {
            Some(ran) => {
                let change = change_in_points(ran.change, ran.interval);
                let does =
                    if ran.label == *name { String::new() } else { format!(" ({})", ran.label) };
                format!("{name}, which you ran{does}: {change} points of {words}")
            }
            None => format!(
                "{name}: expected to add {} to {} points of {words}",
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
