//! `metrics.csv`: one row per evaluated epoch, as bytes and back.

use std::fmt::Write;

use serde::{Deserialize, Serialize};

use crate::error::Flaw;
use crate::runs::figures::Figure;

/// Columns of `metrics.csv`, in order.
pub const METRICS_HEADER: &str = "epoch,step,learning_rate,batch_loss,train_loss,train_accuracy,\
    val_loss,val_accuracy,test_loss,test_accuracy,gap";

/// The figures of those columns: all but `epoch` and `step`.
pub const FIGURE_COLUMNS: [Figure; 9] = [
    Figure::LearningRate,
    Figure::BatchLoss,
    Figure::TrainLoss,
    Figure::TrainAccuracy,
    Figure::ValLoss,
    Figure::ValAccuracy,
    Figure::TestLoss,
    Figure::TestAccuracy,
    Figure::Gap,
];

/// The metrics of one evaluated epoch. Accuracies are fractions 0 to 1; losses are means per
/// example in evaluation mode, except `batch_loss`. Field order is column order.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct MetricsRow {
    /// Epochs completed; 0 is before any step.
    pub epoch: u64,
    /// Optimizer updates made so far.
    pub step: u64,
    /// Learning rate of the last step of the epoch.
    pub learning_rate: f32,
    /// Mean training-mode loss over the epoch's steps; absent at epoch 0.
    pub batch_loss: Option<f32>,
    /// Loss on the train split.
    pub train_loss: f32,
    /// Accuracy on the train split.
    pub train_accuracy: f32,
    /// Loss on the validation split, if there is one.
    pub val_loss: Option<f32>,
    /// Accuracy on the validation split, if there is one.
    pub val_accuracy: Option<f32>,
    /// Loss on the test split, unless it is sealed.
    pub test_loss: Option<f32>,
    /// Accuracy on the test split, unless it is sealed.
    pub test_accuracy: Option<f32>,
    /// `train_accuracy - test_accuracy`, unless the test split is sealed.
    pub gap: Option<f32>,
}

/// Where early stopping ended training.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoppedEarly {
    /// The last trained epoch.
    pub epoch: u64,
    /// Optimizer updates made.
    pub step: u64,
}

impl MetricsRow {
    /// Whether every loss is a finite number.
    pub fn is_finite(&self) -> bool {
        let losses = [self.batch_loss, Some(self.train_loss), self.val_loss, self.test_loss];
        losses.into_iter().flatten().all(f32::is_finite)
    }
}

/// The row with the best validation accuracy or, without a validation split, the best test
/// accuracy; the first of equals.
pub fn best_row(rows: &[MetricsRow]) -> Option<&MetricsRow> {
    rows.iter().fold(None, |best, row| if row.is_better_than(best) { Some(row) } else { best })
}

/// The content of `metrics.csv`. Floats are the shortest decimals that read back the same.
pub fn metrics_csv(rows: &[MetricsRow]) -> String {
    let mut text = format!("{METRICS_HEADER}\n");
    for row in rows {
        row.write_csv(&mut text);
    }
    text
}

/// Reads a `metrics.csv`.
///
/// # Errors
/// Says what is wrong and in which line.
pub fn parse_metrics(bytes: &[u8]) -> Result<Vec<MetricsRow>, Flaw> {
    let mut reader = csv::Reader::from_reader(bytes);
    let header = reader.headers().map_err(|e| e.to_string())?;
    if !header.iter().eq(METRICS_HEADER.split(',')) {
        return Err(Flaw::from(format!("its columns are not {METRICS_HEADER}")));
    }
    reader.deserialize().map(|row| row.map_err(|e| Flaw::from(e.to_string()))).collect()
}

impl MetricsRow {
    /// Whether this row would be the best one after `best`, see [`best_row`]. NaN never is.
    pub fn is_better_than(&self, best: Option<&MetricsRow>) -> bool {
        let score = |row: &MetricsRow| row.val_accuracy.or(row.test_accuracy).unwrap_or(f32::NAN);
        !score(self).is_nan() && best.is_none_or(|best| score(self) > score(best))
    }

    fn write_csv(&self, text: &mut String) {
        let field = |value: Option<f32>| value.map_or_else(String::new, |x| x.to_string());
        let figures = FIGURE_COLUMNS.map(|figure| field(figure.in_row(self)));
        let written = writeln!(text, "{},{},{}", self.epoch, self.step, figures.join(","));
        written.expect("a string can be written to");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_read_back_the_same_and_absent_splits_are_empty() {
        let row = MetricsRow {
            epoch: 0,
            step: 0,
            learning_rate: 0.01,
            batch_loss: None,
            train_loss: 2.25,
            train_accuracy: 1.0,
            val_loss: None,
            val_accuracy: None,
            test_loss: Some(1e-7),
            test_accuracy: Some(0.1),
            gap: Some(0.9),
        };
        let trained = MetricsRow { epoch: 1, step: 500, batch_loss: Some(0.1), ..row };
        let sealed = MetricsRow { test_loss: None, test_accuracy: None, gap: None, ..trained };
        let text = metrics_csv(&[row, trained, sealed]);
        insta::assert_snapshot!(text);
        assert_eq!(parse_metrics(text.as_bytes()).unwrap(), [row, trained, sealed]);
    }

    #[test]
    fn the_columns_are_the_figures_of_the_list() {
        let names = FIGURE_COLUMNS.map(Figure::name).join(",");
        assert_eq!(format!("epoch,step,{names}"), METRICS_HEADER);
    }

    #[test]
    fn damaged_metrics_are_errors() {
        for other in ["", "epoch,step\n1,2\n"] {
            let error = parse_metrics(other.as_bytes()).unwrap_err();
            assert!(error.starts_with("its columns are not epoch,step,"), "{error}");
        }
        let short = format!("{METRICS_HEADER}\n1,2,0.1");
        assert!(parse_metrics(short.as_bytes()).unwrap_err().contains("line: 2"));
    }
}
