//! Overconfidence: a held-out loss worse than a guess's, with an accuracy far better than one.

use crate::analysis::diagnosis::curve::{guess, held_out_of};
use crate::analysis::diagnosis::finding::{Finding, Severity};
use crate::analysis::diagnosis::finished;
use crate::analysis::diagnosis::guess::Guess;
use crate::analysis::diagnosis::list::FindingKind;
use crate::analysis::diagnosis::words::{loss, mean_of, percent};
use crate::runs::read::Curves;

/// Fewest times a guess's accuracy: below, a high loss is simply failure.
const BETTER_THAN_GUESS: f64 = 2.0;
/// Or this share of the way from a guess to perfect, if twice a guess's accuracy is out of reach.
const SHARE_OF_THE_WAY: f64 = 0.5;

/// Finds finished runs that give wrong answers with too much certainty.
pub(super) fn overconfident(runs: &[&Curves]) -> Option<Finding> {
    let runs = finished(runs);
    let held_out = held_out_of(&runs)?;
    let mean = |figure: &dyn Fn(&Curves) -> Option<f32>| {
        let values: Option<Vec<f32>> = runs.iter().map(|run| figure(run)).collect();
        Some(mean_of(&values?, |value| f64::from(*value)))
    };
    let end = mean(&|run| held_out.loss(run.rows.last()?))?;
    let accuracy = mean(&|run| held_out.accuracy(run.rows.last()?))?;
    let Guess { accuracy: chance, loss: guess, .. } = guess(held_out, runs.first()?);
    let far_better = (BETTER_THAN_GUESS * chance).min(chance + SHARE_OF_THE_WAY * (1.0 - chance));
    let (name, shown) = (held_out.name(), percent(accuracy));
    (end > guess && chance < 1.0 && accuracy >= far_better).then(|| Finding {
        kind: FindingKind::Overconfident,
        severity: Severity::Note,
        text: format!(
            "overconfident: {name} loss {} is above the {} of a blind guess although {shown} of the \
             answers are right, so wrong ones are given with near certainty",
            loss(end),
            loss(guess)
        ),
        figures: vec![("held_out_loss", end), ("guess_loss", guess), ("held_out_accuracy", accuracy)],
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::diagnosis::samples::{imbalanced, run_of};

    #[test]
    fn certain_and_wrong_is_said_only_where_most_is_right() {
        let at = |loss, accuracy| {
            let run = run_of(1, 10, |_, row| {
                (row.test_loss, row.test_accuracy) = (Some(loss), Some(accuracy));
            });
            overconfident(&[&run])
        };
        assert!(at(2.9, 0.47).unwrap().text.contains("loss 2.90 is above the 2.30"));
        assert_eq!(at(2.2, 0.47), None);
        assert_eq!(at(2.9, 0.15), None);
    }

    #[test]
    fn guess_is_that_of_the_most_frequent_class() {
        let at = |loss, accuracy| {
            let run = run_of(1, 10, |_, row| {
                (row.test_loss, row.test_accuracy) = (Some(loss), Some(accuracy));
            });
            overconfident(&[&imbalanced(&[5, 95], run)])
        };
        assert!(at(0.4, 0.98).unwrap().text.contains("loss 0.400 is above the 0.199"));
        assert_eq!(at(0.4, 0.96), None);
        assert_eq!(at(0.15, 0.98), None);
    }
}
