//! The scalars of a row.

use crate::output::export::tensorboard::messages::SummaryValue;
use crate::runs::figures::{Figure, Unit};
use crate::runs::metrics::{FIGURE_COLUMNS, MetricsRow};

/// The scalars of a row; a split that is absent or sealed has none.
pub(super) fn values(row: &MetricsRow) -> Vec<SummaryValue> {
    let scalar = |figure: Figure| {
        let simple_value = Some(figure.in_row(row)?);
        Some(SummaryValue { tag: tag(figure), simple_value, ..SummaryValue::default() })
    };
    FIGURE_COLUMNS.into_iter().filter_map(scalar).collect()
}

/// The tag of a column of `metrics.csv`: TensorBoard groups by the part before the slash.
pub(super) fn tag(figure: Figure) -> String {
    let name = figure.name();
    match figure.kind().unit {
        Unit::Loss => format!("loss/{name}"),
        Unit::Fraction => format!("accuracy/{name}"),
        _ => name.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_group_losses_and_accuracies() {
        let tags = FIGURE_COLUMNS.map(tag);
        assert_eq!(tags[0], "learning_rate");
        assert_eq!(tags[1..4], ["loss/batch_loss", "loss/train_loss", "accuracy/train_accuracy"]);
        assert_eq!(tags[8], "gap");
    }
}
