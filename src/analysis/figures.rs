//! The figures of one run, as `--where` compares them and `--columns` shows their mean.

use crate::runs::metrics::Row;
use crate::runs::record::RunRecord;
use crate::runs::row_figures::{exact, exact_gap};

/// A figure of one run. Those without `best` in their name are of the epoch that is compared: the
/// last one, unless `--epoch` says otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum RunFigure {
    TrainAccuracy,
    ValAccuracy,
    TestAccuracy,
    Gap,
    TrainLoss,
    ValLoss,
    TestLoss,
    BatchLoss,
    BestEpoch,
    BestValAccuracy,
    BestTestAccuracy,
    Fall,
    Epoch,
    Seconds,
}

/// Every figure with what it is called, the proper name first.
pub(super) const RUN_FIGURES: [(RunFigure, &[&str]); 14] = [
    (RunFigure::TrainAccuracy, &["train_accuracy", "train"]),
    (RunFigure::ValAccuracy, &["val_accuracy", "val"]),
    (RunFigure::TestAccuracy, &["test_accuracy", "test"]),
    (RunFigure::Gap, &["gap"]),
    (RunFigure::TrainLoss, &["train_loss"]),
    (RunFigure::ValLoss, &["val_loss"]),
    (RunFigure::TestLoss, &["test_loss"]),
    (RunFigure::BatchLoss, &["batch_loss"]),
    (RunFigure::BestEpoch, &["best_epoch"]),
    (RunFigure::BestValAccuracy, &["best_val_accuracy", "best_val"]),
    (RunFigure::BestTestAccuracy, &["best_test_accuracy", "best_test"]),
    (RunFigure::Fall, &["fall"]),
    (RunFigure::Epoch, &["epoch"]),
    (RunFigure::Seconds, &["seconds"]),
];

impl RunFigure {
    /// The figure that is called so.
    pub(super) fn named(name: &str) -> Option<RunFigure> {
        let known = RUN_FIGURES.iter().find(|(_, names)| names.contains(&name));
        known.map(|(figure, _)| *figure)
    }

    /// Its proper name.
    pub(super) fn name(self) -> &'static str {
        let known = RUN_FIGURES.iter().find(|(figure, _)| *figure == self);
        known.map_or("", |(_, names)| names[0])
    }

    /// Its value in this run; absent for what the run does not have, such as the validation
    /// accuracy of a trial that holds nothing out. NaN where training left one.
    pub(super) fn of(self, record: &RunRecord) -> Option<f64> {
        if self == RunFigure::Seconds {
            return Some(record.train_seconds);
        }
        let last = record.last.as_ref()?;
        self.of_rows(last, record.best.as_ref().unwrap_or(last))
    }

    fn of_rows(self, last: &Row, best: &Row) -> Option<f64> {
        match self {
            RunFigure::TrainAccuracy => Some(exact(last.train_accuracy)),
            RunFigure::ValAccuracy => last.val_accuracy.map(exact),
            RunFigure::TestAccuracy => last.test_accuracy.map(exact),
            RunFigure::Gap => exact_gap(last),
            RunFigure::TrainLoss => Some(exact(last.train_loss)),
            RunFigure::ValLoss => last.val_loss.map(exact),
            RunFigure::TestLoss => last.test_loss.map(exact),
            RunFigure::BatchLoss => last.batch_loss.map(exact),
            RunFigure::BestEpoch => Some(best.epoch as f64),
            RunFigure::BestValAccuracy => best.val_accuracy.map(exact),
            RunFigure::BestTestAccuracy => best.test_accuracy.map(exact),
            RunFigure::Fall => Some(exact(best.test_accuracy?) - exact(last.test_accuracy?)),
            RunFigure::Epoch => Some(last.epoch as f64),
            RunFigure::Seconds => None,
        }
    }

    /// Whether it lies between 0 and 1, or is a difference of two such.
    pub(super) fn is_fraction(self) -> bool {
        use RunFigure::{
            BestTestAccuracy, BestValAccuracy, Fall, Gap, TestAccuracy, TrainAccuracy, ValAccuracy,
        };
        let fractions = [
            TrainAccuracy,
            ValAccuracy,
            TestAccuracy,
            Gap,
            BestValAccuracy,
            BestTestAccuracy,
            Fall,
        ];
        fractions.contains(&self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::runs::samples::seeds_with_val;

    #[test]
    fn figures_are_the_decimals_of_the_files() {
        let record = seeds_with_val(&[], [0.94, 0.47, 0.48], 0.0).remove(0);
        let of = |name| RunFigure::named(name).unwrap().of(&record);
        assert_eq!(
            (of("train"), of("val_accuracy"), of("test")),
            (Some(0.94), Some(0.47), Some(0.48))
        );
        assert_eq!(
            (of("best_epoch"), of("epoch"), of("seconds")),
            (Some(30.0), Some(200.0), Some(1234.5))
        );
        assert!((of("gap").unwrap() - 0.46).abs() < 1e-12);
        assert!((of("fall").unwrap() - 0.008).abs() < 1e-6);
        let names = RUN_FIGURES.iter().map(|(figure, _)| figure.name());
        assert!(names.clone().all(|name| RunFigure::named(name).unwrap().name() == name));
        assert_eq!(RunFigure::named("accuracy"), None);
    }

    #[test]
    fn what_a_run_lacks_is_absent() {
        let mut record = seeds_with_val(&[], [0.94, 0.47, 0.48], 0.0).remove(0);
        record.last.as_mut().unwrap().val_accuracy = None;
        assert_eq!(RunFigure::ValAccuracy.of(&record), None);
        record.last = None;
        assert!(
            RUN_FIGURES
                .iter()
                .all(|(figure, _)| figure.of(&record).is_none() || *figure == RunFigure::Seconds)
        );
    }
}
