//! `metrics.csv`: one row per evaluated epoch, as bytes and back.

use std::fmt::Write;

use serde::{Deserialize, Serialize};

use crate::error::Flaw;
use crate::runs::figures::Figure;

/// Columns of `metrics.csv`, in order; those of runs with noisy labels follow.
pub const METRICS_HEADER: &str = "epoch,step,learning_rate,batch_loss,train_loss,train_accuracy,\
    val_loss,val_accuracy,test_loss,test_accuracy,gap";

/// The columns that only runs with noisy labels have.
const NOISE_HEADER: &str = ",train_clean_accuracy,train_noisy_accuracy";

/// The number of columns that every run has, without `epoch` and `step`.
const ALWAYS: usize = 9;

/// The figures of all columns but `epoch` and `step`.
pub const FIGURE_COLUMNS: [Figure; 11] = [
    Figure::LearningRate,
    Figure::BatchLoss,
    Figure::TrainLoss,
    Figure::TrainAccuracy,
    Figure::ValLoss,
    Figure::ValAccuracy,
    Figure::TestLoss,
    Figure::TestAccuracy,
    Figure::Gap,
    Figure::TrainCleanAccuracy,
    Figure::TrainNoisyAccuracy,
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
    /// Accuracy on the training examples with their own labels, where others have noisy ones.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub train_clean_accuracy: Option<f32>,
    /// Share of the training examples with noisy labels for which the noisy label is predicted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub train_noisy_accuracy: Option<f32>,
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
    let has_noise = has_noise(rows);
    let mut text = format!("{}\n", metrics_header(has_noise));
    for row in rows {
        row.write_csv(has_noise, &mut text);
    }
    text
}

/// Whether the rows are of a run with noisy labels.
pub fn has_noise(rows: &[MetricsRow]) -> bool {
    let is_of_noise =
        |row: &MetricsRow| row.train_clean_accuracy.or(row.train_noisy_accuracy).is_some();
    rows.iter().any(is_of_noise)
}

/// The names of the columns.
pub fn metrics_header(has_noise: bool) -> String {
    format!("{METRICS_HEADER}{}", if has_noise { NOISE_HEADER } else { "" })
}

/// Reads a `metrics.csv`.
///
/// # Errors
/// Says what is wrong and in which line.
pub fn parse_metrics(bytes: &[u8]) -> Result<Vec<MetricsRow>, Flaw> {
    let mut reader = csv::Reader::from_reader(bytes);
    let header = reader.headers().map_err(|e| e.to_string())?;
    if ![false, true].map(metrics_header).iter().any(|known| header.iter().eq(known.split(','))) {
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

    /// Adds the line of this row, with or without the columns of noisy labels.
    pub fn write_csv(&self, has_noise: bool, text: &mut String) {
        let field = |value: Option<f32>| value.map_or_else(String::new, |x| x.to_string());
        let columns = if has_noise { &FIGURE_COLUMNS[..] } else { &FIGURE_COLUMNS[..ALWAYS] };
        let figures: Vec<String> =
            columns.iter().map(|figure| field(figure.in_row(self))).collect();
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
            train_clean_accuracy: None,
            train_noisy_accuracy: None,
        };
        let trained = MetricsRow { epoch: 1, step: 500, batch_loss: Some(0.1), ..row };
        let sealed = MetricsRow { test_loss: None, test_accuracy: None, gap: None, ..trained };
        let text = metrics_csv(&[row, trained, sealed]);
        insta::assert_snapshot!(text);
        assert_eq!(parse_metrics(text.as_bytes()).unwrap(), [row, trained, sealed]);
        let noisy = MetricsRow {
            train_clean_accuracy: Some(0.75),
            train_noisy_accuracy: Some(0.5),
            ..sealed
        };
        let text = metrics_csv(&[row, noisy]);
        insta::assert_snapshot!(text);
        assert_eq!(parse_metrics(text.as_bytes()).unwrap(), [row, noisy]);
    }

    #[test]
    fn the_columns_are_the_figures_of_the_list() {
        let names = FIGURE_COLUMNS.map(Figure::name).join(",");
        assert_eq!(format!("epoch,step,{names}"), metrics_header(true));
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
