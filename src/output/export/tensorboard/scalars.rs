//! The scalars of a row.

use crate::output::export::tensorboard::messages::SummaryValue;
use crate::runs::metrics::Row;
use crate::runs::row_figures::{FIGURES, figures};

/// The scalars of a row; a split that is absent or sealed has none.
pub(super) fn values(row: &Row) -> Vec<SummaryValue> {
    let scalar = |(name, value): (&str, Option<f32>)| {
        let simple_value = Some(value?);
        Some(SummaryValue { tag: tag(name), simple_value, ..SummaryValue::default() })
    };
    FIGURES.into_iter().zip(figures(row)).filter_map(scalar).collect()
}

/// The tag of a column of `metrics.csv`: TensorBoard draws what stands before the slash as a group.
pub(super) fn tag(name: &str) -> String {
    match name.rsplit_once('_') {
        Some((_, group @ ("loss" | "accuracy"))) => format!("{group}/{name}"),
        _ => name.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_group_losses_and_accuracies() {
        let tags = FIGURES.map(tag);
        assert_eq!(tags[0], "learning_rate");
        assert_eq!(tags[1..4], ["loss/batch_loss", "loss/train_loss", "accuracy/train_accuracy"]);
        assert_eq!(tags[8], "gap");
    }
}
