//! What a search that learns is after: a figure of the validation split, and what must hold besides.
//! The figures of a point's runs become how the point has ended.

use super::tpe::Ended;
use crate::config::TableReader;
use crate::config::keys::words;
use crate::runs::figures::{Better, Figure};
use crate::runs::record::{RunRecord, RunState};
use crate::stats::without_rounding;

words! {
    /// What is maximised. The test set must not choose anything.
    pub(crate) enum Maximised {
        /// Accuracy on the validation split.
        ValAccuracy = "val_accuracy",
    }
}

words! {
    /// What is minimised. The test set must not choose anything.
    pub(crate) enum Minimised {
        /// Loss on the validation split.
        ValLoss = "val_loss",
    }
}

/// The figures that a constraint may name, by the names that it may use.
const CONSTRAINED: [(&str, Figure); 6] = [
    ("gap", Figure::ValGap),
    ("val_gap", Figure::ValGap),
    ("val_accuracy", Figure::ValAccuracy),
    ("val_loss", Figure::ValLoss),
    ("train_accuracy", Figure::TrainAccuracy),
    ("train_loss", Figure::TrainLoss),
];

/// What a search looks for.
#[derive(Debug, Clone, PartialEq)]
pub struct Goal {
    /// A figure of the validation split, at the last epoch of a run.
    pub figure: Figure,
    /// What must hold, if anything.
    pub constraint: Option<Constraint>,
}

/// A bound of a figure at the last epoch of a run, as a mean over the runs of a point.
#[derive(Debug, Clone, PartialEq)]
pub struct Constraint {
    /// As it is written.
    pub text: String,
    figure: Figure,
    below: bool, // else above
    strict: bool,
    bound: f64,
}

impl Goal {
    /// The goal of the keys `maximise`, `minimise` and `subject_to`.
    pub(super) fn new(
        reader: &TableReader<'_>,
        maximise: Option<Maximised>,
        minimise: Option<Minimised>,
        subject_to: Option<&str>,
    ) -> Goal {
        if maximise.is_some() && minimise.is_some() {
            let label = "`search.maximise` is there too".to_owned();
            let title = "a search has one goal".to_owned();
            let help = "remove one of them; `subject_to` bounds another figure".to_owned();
            reader.error("minimise", title, label, Some(help));
        }
        let figure = match minimise {
            Some(Minimised::ValLoss) => Figure::ValLoss,
            None => Figure::ValAccuracy,
        };
        let constraint = subject_to.and_then(|text| match Constraint::parse(text) {
            Ok(constraint) => Some(constraint),
            Err(label) => {
                let title = "`search.subject_to` cannot be read".to_owned();
                let help =
                    "for example `subject_to = \"gap < 10%\"`; gap is train minus validation \
                            accuracy"
                        .to_owned();
                reader.error("subject_to", title, label, Some(help));
                None
            }
        });
        Goal { figure, constraint }
    }

    /// The direction in which the figure gets better.
    pub fn better(&self) -> Better {
        self.figure.kind().better.expect("what is searched can get better")
    }

    /// How a point has ended with these runs, all of them: with the means over them, or as the worst
    /// where one diverged, failed, or lacks the figure. None while one has not ended.
    pub(super) fn of_runs(&self, runs: &[RunRecord]) -> Option<Ended> {
        let has_ended = |run: &RunRecord| run.is_done() || run.state == RunState::Failed;
        if !runs.iter().all(has_ended) {
            return None;
        }
        let is_finished = runs.iter().all(|run| run.state == RunState::Finished);
        let figure = mean(self.figure, runs).filter(|_| is_finished && !runs.is_empty());
        let violation = match &self.constraint {
            Some(constraint) => {
                mean(constraint.figure, runs).map(|mean| constraint.violation(mean))
            }
            None => Some(0.0),
        };
        let Some((figure, violation)) = figure.zip(violation) else { return Some(Ended::Worst) };
        let objective = match self.better() {
            Better::Higher => -figure,
            Better::Lower => figure,
        };
        Some(Ended::measured(objective, violation))
    }
}

/// The mean over runs, in their order.
fn mean(figure: Figure, runs: &[RunRecord]) -> Option<f64> {
    let sum = runs.iter().try_fold(0.0, |sum, run| Some(sum + figure.of(run)?))?;
    Some(sum / runs.len() as f64)
}

impl Constraint {
    /// In words. The gap of tables is that to the test accuracy, so this one says to what it is.
    pub fn words(&self) -> String {
        let (place, name) = (self.text.find(['<', '>']), self.figure.kind().header);
        match place.filter(|_| self.figure == Figure::ValGap) {
            Some(place) => format!("{name} {}", &self.text[place..]),
            None => self.text.clone(),
        }
    }

    /// By how much a figure misses the bound; 0 if it holds.
    fn violation(&self, figure: f64) -> f64 {
        let over = if self.below { figure - self.bound } else { self.bound - figure };
        // A mean may miss the bound by the rounding of its sum alone.
        if without_rounding(over) == 0.0 {
            if self.strict { f64::MIN_POSITIVE } else { 0.0 }
        } else if over < 0.0 {
            0.0
        } else {
            over // NaN too, which is no figure
        }
    }

    /// Reads `FIGURE < NUMBER`, with an optional percent sign.
    fn parse(text: &str) -> Result<Constraint, String> {
        let place = text.find(['<', '>']).ok_or("expected a figure, `<` or `>`, and a number")?;
        let (name, rest) = text.split_at(place);
        let (below, rest) = (rest.starts_with('<'), &rest[1..]);
        let (strict, rest) = match rest.strip_prefix('=') {
            Some(rest) => (false, rest),
            None => (true, rest),
        };
        let name = name.trim();
        let Some((_, figure)) = CONSTRAINED.iter().find(|(known, _)| *known == name) else {
            let known: Vec<String> =
                CONSTRAINED.iter().map(|(name, _)| format!("`{name}`")).collect();
            return Err(match name.contains("test") {
                true => "the test set must not choose anything".to_owned(),
                false => format!("the figures are {}", known.join(", ")),
            });
        };
        let (number, is_percent) = match rest.trim().strip_suffix('%') {
            Some(number) => (number.trim_end(), true),
            None => (rest.trim(), false),
        };
        if number.contains(['<', '>']) {
            return Err("one constraint is possible, and this has more".to_owned());
        }
        let bound: f64 = number.parse().map_err(|_| format!("expected a number after `{name}`"))?;
        let is_fraction = figure.kind().unit.is_fraction();
        if is_percent && !is_fraction {
            return Err(format!("`{name}` is not a share: write a number without %"));
        }
        let bound = if is_percent { bound / 100.0 } else { bound };
        if !bound.is_finite() {
            return Err("the bound must be finite".to_owned());
        }
        if is_fraction && !(-1.0..=1.0).contains(&bound) {
            return Err(match is_percent {
                true => format!("`{name}` lies between -100% and 100%"),
                false if bound.abs() <= 100.0 => {
                    format!("`{name}` lies between -1 and 1: write {bound}% or {}", bound / 100.0)
                }
                false => format!("`{name}` lies between -1 and 1"),
            });
        }
        Ok(Constraint { text: text.trim().to_owned(), figure: *figure, below, strict, bound })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::runs::samples;

    fn goal(subject_to: &str) -> Goal {
        let constraint = Constraint::parse(subject_to).ok();
        Goal { figure: Figure::ValAccuracy, constraint }
    }

    fn run(state: RunState, train: f32, val: f32) -> RunRecord {
        let row = samples::row(9, train, Some(val), 0.1);
        RunRecord { state, ..samples::run(samples::trial(&[], 1), row, row) }
    }

    #[test]
    fn constraints_are_read_and_their_units_are_checked() {
        let of = |text| Constraint::parse(text).map(|c| (c.below, c.strict, c.bound));
        assert_eq!(of("gap < 10%"), Ok((true, true, 0.1)));
        assert_eq!(of("val_loss<=1.5"), Ok((true, false, 1.5)));
        assert_eq!(of(" train_accuracy >= 90 % "), Ok((false, false, 0.9)));
        assert_eq!(of("gap < 10"), Err("`gap` lies between -1 and 1: write 10% or 0.1".to_owned()));
        assert_eq!(of("gap < 150%"), Err("`gap` lies between -100% and 100%".to_owned()));
        assert_eq!(of("gap < 150"), Err("`gap` lies between -1 and 1".to_owned()));
        let more = Err("one constraint is possible, and this has more".to_owned());
        assert_eq!(of("gap < 10%, val_loss < 1"), more);
        assert_eq!(of("gap < 10% and val_loss < 50%"), more);
        let said = Constraint::parse(" gap  < 10%").map(|constraint| constraint.words());
        assert_eq!(said, Ok("gap to val < 10%".to_owned()));
        for wrong in
            ["gap", "gap < ", "test_accuracy > 0.5", "loss < 1", "val_loss < 5%", "gap < nan"]
        {
            assert!(of(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_point_has_the_means_over_its_runs() {
        let runs = [run(RunState::Finished, 0.9, 0.75), run(RunState::Finished, 0.8, 0.5)];
        assert_eq!(goal("").of_runs(&runs), Some(Ended::measured(-0.625, 0.0)));
        let Some(Ended::Measured { violation, .. }) = goal("gap < 20%").of_runs(&runs) else {
            panic!("it has figures");
        };
        assert!((violation - 0.025).abs() < 1e-12, "{violation}");
    }

    #[test]
    fn a_bound_that_is_met_exactly_is_met_by_or_equal_alone() {
        let runs = [run(RunState::Finished, 0.75, 0.5)];
        let of = |text| goal(text).of_runs(&runs).expect("it has ended").is_feasible();
        assert_eq!((of("gap <= 25%"), of("gap < 25%")), (true, false));
        // 0.085 - 0.12 is -0.034999999999999996 in binary, and the mean of 0.1 three times is not 0.1.
        let below = [run(RunState::Finished, 0.085, 0.12)];
        let of_below = |text| goal(text).of_runs(&below).expect("it has ended").is_feasible();
        assert_eq!((of_below("gap <= -3.5%"), of_below("gap > -3.5%")), (true, false));
        let tenth = || run(RunState::Finished, 0.6, 0.5);
        let ended = goal("gap <= 10%").of_runs(&[tenth(), tenth(), tenth()]).expect("it has ended");
        assert!(ended.is_feasible());
        let nan = [run(RunState::Finished, f32::NAN, 0.5)];
        assert_eq!(goal("gap < 25%").of_runs(&nan), Some(Ended::Worst));
    }

    #[test]
    fn a_point_waits_for_all_its_runs_and_one_that_diverged_makes_it_the_worst() {
        let good = run(RunState::Finished, 0.9, 0.75);
        for (state, expected) in [
            (RunState::Running, None),
            (RunState::Interrupted, None),
            (RunState::Lost, None),
            (RunState::Diverged, Some(Ended::Worst)),
            (RunState::Failed, Some(Ended::Worst)),
        ] {
            assert_eq!(goal("").of_runs(&[good.clone(), run(state, 0.9, 0.75)]), expected);
        }
        assert_eq!(goal("").of_runs(&[]), Some(Ended::Worst), "all of its trials are excluded");
    }
}
