//! One row of `metrics.csv`.

use serde::{Deserialize, Serialize};

/// Columns of `metrics.csv`, in order.
pub const METRICS_HEADER: &str = "epoch,step,learning_rate,batch_loss,train_loss,train_accuracy,\
    val_loss,val_accuracy,test_loss,test_accuracy,gap";

/// The metrics of one evaluated epoch. Accuracies are fractions 0 to 1; losses are means per
/// example in evaluation mode, except `batch_loss`. Field order is column order.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Row {
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
    /// Loss on the test split.
    pub test_loss: f32,
    /// Accuracy on the test split.
    pub test_accuracy: f32,
    /// `train_accuracy - test_accuracy`.
    pub gap: f32,
}

impl Row {
    /// Whether every loss is a finite number.
    pub fn is_finite(&self) -> bool {
        let losses = [Some(self.train_loss), self.val_loss, Some(self.test_loss)];
        losses.into_iter().flatten().all(f32::is_finite)
    }
}
