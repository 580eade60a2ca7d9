//! Gradients that vanish towards the first layer or explode, from `layers.csv`. Layers of different
//! sizes are compared by the norm of the gradient over the norm of the weights: how far a step of
//! plain gradient descent would turn them.

use crate::analysis::diagnosis::finding::{Finding, Severity};
use crate::analysis::diagnosis::is_majority;
use crate::analysis::diagnosis::list::FindingKind;
use crate::analysis::diagnosis::words::{in_some, mean_of};
use crate::runs::layers::LayerRow;
use crate::runs::read::Curves;

/// Ratio between the first and the last layer. Healthy networks of a few layers stay within a
/// factor of ten; each sigmoid layer without batch norm costs at least a factor of four.
const APART: f64 = 100.0;
/// Growth over the epochs, relative to the untrained network or its first epoch. A gradient
/// normally grows a few times when training starts.
const GROWN: f64 = 100.0;

/// Finds networks whose first layer hardly gets a gradient.
pub(super) fn vanishing(runs: &[&Curves]) -> Option<Finding> {
    let with_ratio: Vec<&Curves> =
        runs.iter().copied().filter(|run| first_to_last(run).is_some()).collect();
    let ratios: Vec<f64> = with_ratio.iter().filter_map(|run| first_to_last(run)).collect();
    let low: Vec<f64> = ratios.iter().copied().filter(|ratio| ratio * APART <= 1.0).collect();
    if !is_majority(low.len(), ratios.len()) {
        return None;
    }
    let ratio = geometric_mean(&low);
    let some = in_some(low.len(), &with_ratio);
    Some(Finding {
        kind: FindingKind::VanishingGradients,
        severity: Severity::Warning,
        text: format!(
            "vanishing gradients: relative to its weights, the first layer's gradient is {} times \
             smaller than the last layer's (median over the epochs){some}",
            times(1.0 / ratio)
        ),
        figures: vec![("first_to_last", ratio)],
    })
}

/// Finds networks whose gradients grow by orders of magnitude towards the first layer or over the
/// epochs.
pub(super) fn exploding(runs: &[&Curves]) -> Option<Finding> {
    let with_layers: Vec<&Curves> =
        runs.iter().copied().filter(|run| !run.layers.is_empty()).collect();
    let all: Vec<[Option<f64>; 2]> =
        with_layers.iter().map(|run| [first_to_last(run), growth(run)]).collect();
    let over = |which: usize, limit: f64| {
        let values = all.iter().filter_map(|both| both[which]);
        let high: Vec<f64> = values.filter(|value| *value >= limit).collect();
        is_majority(high.len(), all.len()).then(|| (geometric_mean(&high), high.len()))
    };
    let (text, figure, some) = if let Some((ratio, some)) = over(0, APART) {
        let text = format!(
            "relative to its weights, the first layer's gradient is {} times the last layer's (median \
             over the epochs)",
            times(ratio)
        );
        (text, ("first_to_last", ratio), some)
    } else {
        let (grown, some) = over(1, GROWN)?;
        let text = format!("a layer's gradient grew to {} times that of its start", times(grown));
        (text, ("growth", grown), some)
    };
    Some(Finding {
        kind: FindingKind::ExplodingGradients,
        severity: Severity::Warning,
        text: format!("exploding gradients: {text}{}", in_some(some, &with_layers)),
        figures: vec![figure],
    })
}

/// Relative gradient of the first layer over that of the last: the median over the epochs.
fn first_to_last(run: &Curves) -> Option<f64> {
    let first_layer = &run.layers.first()?.layer;
    let last_layer = &run.layers.last().filter(|row| row.layer != *first_layer)?.layer;
    let of = |layer| rows_of(run, layer);
    // Both are in the order of the steps, and each step has all layers.
    let pairs = of(first_layer).zip(of(last_layer)).filter(|(first, last)| first.step == last.step);
    let ratio_of = |(first, last): (&LayerRow, &LayerRow)| relative(first) / relative(last);
    let is_usable = |ratio: &f64| ratio.is_finite() && *ratio > 0.0;
    let mut ratios: Vec<f64> = pairs.map(ratio_of).filter(is_usable).collect();
    ratios.sort_by(f64::total_cmp);
    ratios.get(ratios.len() / 2).copied()
}

fn rows_of<'a>(run: &'a Curves, layer: &'a str) -> impl Iterator<Item = &'a LayerRow> {
    run.layers.iter().filter(move |row| row.layer == layer)
}

fn relative(row: &LayerRow) -> f64 {
    f64::from(row.gradient_norm) / f64::from(row.weight_norm)
}

/// The largest gradient of a layer over that of its first row, over all layers.
fn growth(run: &Curves) -> Option<f64> {
    let first_step = run.layers.first()?.step;
    let first_rows = run.layers.iter().take_while(|row| row.step == first_step);
    let growth_of = |first: &LayerRow| {
        let largest =
            rows_of(run, &first.layer).map(|row| f64::from(row.gradient_norm)).fold(0.0, f64::max);
        largest / f64::from(first.gradient_norm)
    };
    let finite = first_rows.map(growth_of).filter(|growth| growth.is_finite());
    finite.max_by(f64::total_cmp)
}

fn geometric_mean(values: &[f64]) -> f64 {
    libm::exp(mean_of(values, |value| libm::log(*value)))
}

/// A factor with two digits, or as orders of magnitude if huge.
fn times(factor: f64) -> String {
    if factor < 1e5 { format!("{factor:.0}") } else { format!("{factor:.0e}") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::diagnosis::samples::run_of;
    use crate::analysis::diagnosis::units::tests::layer;

    /// Ten epochs of three layers with the given gradients at the start and at the end.
    fn with_gradients(start: [f32; 3], end: [f32; 3]) -> Curves {
        let mut run = run_of(1, 10, |_, _| ());
        for epoch in 0..=10 {
            let norms = if epoch < 8 { start } else { end };
            let rows = norms.into_iter().enumerate();
            run.layers.extend(rows.map(|(index, norm)| layer(epoch, 2 * index, norm)));
        }
        run
    }

    fn vanishes(norms: [f32; 3]) -> Option<Finding> {
        vanishing(&[&with_gradients(norms, norms)])
    }

    #[test]
    fn gradients_that_vanish_towards_the_first_layer_are_found() {
        let finding = vanishes([0.001, 0.01, 0.4]).unwrap();
        assert!(finding.text.contains("is 400 times smaller"), "{}", finding.text);
        assert_eq!(vanishes([0.02, 0.05, 1.0]), None);
        assert_eq!(vanishes([0.0, 0.0, 0.0]), None);
        assert_eq!(vanishing(&[&run_of(1, 10, |_, _| ())]), None);
    }

    #[test]
    fn all_gradients_small_is_a_learnt_train_split() {
        let run = with_gradients([1.0, 1.0, 1.0], [1e-5, 1e-5, 1e-5]);
        assert_eq!((vanishing(&[&run]), exploding(&[&run])), (None, None));
    }

    #[test]
    fn gradients_that_explode_over_layers_or_epochs_are_found() {
        let apart = with_gradients([500.0, 3.0, 1.0], [500.0, 3.0, 1.0]);
        let text = exploding(&[&apart]).unwrap().text;
        assert!(text.contains("is 500 times the last layer's"), "{text}");
        let grown = with_gradients([0.1, 0.1, 0.1], [0.2, 30.0, 0.2]);
        let text = exploding(&[&grown]).unwrap().text;
        assert!(text.contains("grew to 300 times"), "{text}");
        let livelier = with_gradients([0.1, 0.1, 0.1], [2.0, 5.0, 2.0]);
        assert_eq!(exploding(&[&livelier]), None);
    }

    #[test]
    fn one_layer_and_no_numbers_are_no_panic() {
        let mut run = with_gradients([f32::NAN, f32::INFINITY, 0.0], [f32::NAN; 3]);
        assert_eq!((vanishing(&[&run]), exploding(&[&run])), (None, None));
        run.layers.retain(|row| row.layer == "0");
        assert_eq!((vanishing(&[&run]), exploding(&[&run])), (None, None));
    }
}
