//! In words, which of a run's weights a figure or a file is of: those after the last step, or others.

use crate::output::export::weights::WhichWeights;
use crate::runs::record::RunRecord;

impl WhichWeights {
    /// Names these weights of a run, to follow "of" or "with": `the last weights`.
    pub fn words(self, record: &RunRecord) -> String {
        let averages = if record.has_averages() { "averages of the " } else { "" };
        match (self, record.model_epoch, record.best) {
            (WhichWeights::Last, Some(epoch), _) => {
                format!("the {averages}weights of epoch {epoch}")
            }
            (WhichWeights::Last, None, _) => format!("the {averages}last weights"),
            (WhichWeights::Best, _, best) => {
                let epoch =
                    best.map_or("its best epoch".to_owned(), |b| format!("epoch {}", b.epoch));
                format!("the {averages}weights of {epoch}, the best by validation accuracy")
            }
        }
    }
}

impl RunRecord {
    /// Whether its figures are of exponential averages of the weights, `training.ema_decay`.
    pub(crate) fn has_averages(&self) -> bool {
        self.trial.pointer("/training/ema_decay").is_some()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::runs::samples::{seeds_with_val, set};

    #[test]
    fn weights_are_told_by_their_epoch_where_it_is_not_the_last() {
        let mut run = seeds_with_val(&[], [0.9, 0.5, 0.5], 0.0).remove(0);
        let words =
            |run: &RunRecord| [WhichWeights::Last, WhichWeights::Best].map(|w| w.words(run));
        let best = "the weights of epoch 30, the best by validation accuracy";
        assert_eq!(words(&run), ["the last weights", best]);
        run.model_epoch = Some(3);
        assert_eq!(words(&run), ["the weights of epoch 3", best]);
        set(&mut run, "training", "ema_decay", json!(0.99));
        assert_eq!(words(&run)[0], "the averages of the weights of epoch 3");
        run.model_epoch = None;
        assert_eq!(words(&run)[0], "the averages of the last weights");
        assert!(words(&run)[1].starts_with("the averages of the weights of epoch 30, "));
    }
}
