//! Softmax cross-entropy against classes or mixtures of two classes, with or without label
//! smoothing.

use crate::kernel::{exp, vectorise};

/// The targets of a batch.
#[derive(Debug, Clone, Copy)]
pub struct Targets<'a> {
    /// The class of each example.
    pub classes: &'a [u16],
    /// The second parts of the examples; none unless they are mixtures of two.
    pub mixed: Option<Mixed<'a>>,
    /// Share of each target that is spread over all classes, in [0, 1): PyTorch's `label_smoothing`.
    pub smoothing: f32,
    /// Weights of the classes; none if all are 1: PyTorch's `weight`.
    pub class_weights: Option<&'a [f32]>,
}

/// The second part of each mixed example.
#[derive(Debug, Clone, Copy)]
pub struct Mixed<'a> {
    /// The class of the second part.
    pub others: &'a [u16],
    /// The share of the first part, [`Targets::classes`]; the rest is `others`.
    pub weights: &'a [f32],
}

impl<'a> Targets<'a> {
    /// One class for each example.
    pub fn plain(classes: &'a [u16]) -> Targets<'a> {
        Targets { classes, mixed: None, smoothing: 0.0, class_weights: None }
    }

    /// Example `i`: its classes with their shares before smoothing, which sum to 1.
    #[inline(always)]
    fn parts(&self, i: usize) -> [(usize, f32); 2] {
        let class = usize::from(self.classes[i]);
        match self.mixed {
            None => [(class, 1.0), (class, 0.0)],
            Some(Mixed { others, weights }) => {
                [(class, weights[i]), (usize::from(others[i]), 1.0 - weights[i])]
            }
        }
    }
}

/// Writes the gradient of the mean loss into `grad_logits` and returns the sum of the losses of the
/// batch. `logits` and `grad_logits` are `[batch, classes]`. As in PyTorch's
/// `CrossEntropyLoss(label_smoothing)`, the target of an example is
/// `(1 - smoothing) · mixture + smoothing / classes`.
///
/// With class weights the mean is PyTorch's: the sum of weighted losses divided by the sum of the
/// weights of the examples' classes, or by the size of the batch if the examples are mixtures. The
/// returned sum is this mean times the size of the batch.
pub fn cross_entropy_backward(
    logits: &[f32],
    targets: &Targets<'_>,
    classes: usize,
    grad_logits: &mut [f32],
) -> f64 {
    if let Some(weights) = targets.class_weights {
        return weighted_backward(logits, targets, weights, grad_logits);
    }
    let batch = targets.classes.len() as f32;
    let is_plain = targets.mixed.is_none() && targets.smoothing == 0.0;
    let mut sum = 0.0;
    vectorise(
        #[inline(always)]
        || {
            let rows = logits.chunks_exact(classes).zip(grad_logits.chunks_exact_mut(classes));
            for (i, (row, grad)) in rows.enumerate() {
                let max = max_of(row);
                grad.iter_mut().zip(row).for_each(|(g, x)| *g = exp(x - max));
                let total = sum_of(grad);
                let scale = 1.0 / (total * batch);
                grad.iter_mut().for_each(|g| *g *= scale);
                if is_plain {
                    let target = targets.classes[i];
                    grad[usize::from(target)] -= 1.0 / batch;
                    sum += loss_of(row, target, max, total);
                } else {
                    subtract_targets(grad, targets, i, batch);
                    sum += soft_loss_of(row, targets, i, max, total);
                }
            }
        },
    );
    sum
}

/// [`cross_entropy_backward`] with class weights. With `v[c]`, the weight of class c times its share of
/// the target, and V, the sum of these, the gradient of logit j is `V · p[j] - v[j]`, divided as the loss.
fn weighted_backward(
    logits: &[f32],
    targets: &Targets<'_>,
    weights: &[f32],
    grad_logits: &mut [f32],
) -> f64 {
    let (batch, classes) = (targets.classes.len() as f32, weights.len());
    let of_examples = targets.classes.iter().map(|class| weights[usize::from(*class)]);
    let divisor = match targets.mixed {
        None => of_examples.fold(0.0, |sum, weight| sum + weight),
        Some(_) => batch,
    };
    let everywhere = targets.smoothing / classes as f32;
    let all_weights = sum_of(weights);
    let mut sum = 0.0;
    vectorise(
        #[inline(always)]
        || {
            let rows = logits.chunks_exact(classes).zip(grad_logits.chunks_exact_mut(classes));
            for (i, (row, grad)) in rows.enumerate() {
                let max = max_of(row);
                grad.iter_mut().zip(row).for_each(|(g, x)| *g = exp(x - max));
                let total = sum_of(grad);
                let parts = targets.parts(i).map(|(class, share)| {
                    (class, weights[class] * ((1.0 - targets.smoothing) * share))
                });
                let weight = everywhere * all_weights + (parts[0].1 + parts[1].1);
                let scale = weight / (total * divisor);
                for (g, w) in grad.iter_mut().zip(weights) {
                    *g = *g * scale - everywhere * w / divisor;
                }
                parts.iter().for_each(|(class, part)| grad[*class] -= part / divisor);
                let log_total = libm::logf(total);
                let loss = |weight: f32, x: f32| match weight {
                    0.0 => 0.0, // whatever its logit
                    _ => weight * (log_total + (max - x)),
                };
                let of_parts = parts.map(|(class, part)| loss(part, row[class]));
                let spread = weights.iter().zip(row).map(|(w, x)| loss(everywhere * w, *x));
                sum += f64::from(spread.fold(of_parts[0] + of_parts[1], |sum, x| sum + x));
            }
        },
    );
    sum * f64::from(batch) / f64::from(divisor)
}

/// Turns the probabilities of example `i`, divided by `batch`, into the gradient of its logits.
#[inline(always)]
fn subtract_targets(grad: &mut [f32], targets: &Targets<'_>, i: usize, batch: f32) {
    let everywhere = targets.smoothing / (grad.len() as f32 * batch);
    grad.iter_mut().for_each(|g| *g -= everywhere);
    for (class, share) in targets.parts(i) {
        grad[class] -= (1.0 - targets.smoothing) * share / batch;
    }
}

/// The loss of example `i`: the mean of [`loss_of`] over all classes, weighted by the target's
/// shares.
#[inline(always)]
fn soft_loss_of(row: &[f32], targets: &Targets<'_>, i: usize, max: f32, total: f32) -> f64 {
    let log_total = libm::logf(total);
    let distance = |class: usize| log_total + (max - row[class]);
    let spread = row.iter().fold(0.0, |sum, x| sum + (log_total + (max - x)));
    // Not `0 · distance`: a class without a share must not count, whatever its logit.
    let of_part = |(class, share)| if share == 0.0 { 0.0 } else { share * distance(class) };
    let [first, second] = targets.parts(i).map(of_part);
    let everywhere = match targets.smoothing {
        0.0 => 0.0,
        smoothing => smoothing / row.len() as f32 * spread,
    };
    f64::from((1.0 - targets.smoothing) * (first + second) + everywhere)
}

/// Returns the sum of the losses of a batch with `logits` `[batch, classes]`, and writes the
/// predicted class of each example into `predictions` `[batch]`.
pub fn cross_entropy_and_predictions(
    logits: &[f32],
    targets: &[u16],
    classes: usize,
    predictions: &mut [u16],
) -> f64 {
    let mut sum = 0.0;
    vectorise(
        #[inline(always)]
        || {
            let rows = logits.chunks_exact(classes).zip(predictions);
            for ((row, prediction), &target) in rows.zip(targets) {
                let max = max_of(row);
                let total = row.iter().fold(0.0, |total, x| total + exp(x - max));
                sum += loss_of(row, target, max, total);
                *prediction = row.iter().position(|&x| x == max).unwrap_or(0) as u16;
            }
        },
    );
    sum
}

/// Writes the probability of each example's most probable class into `confidences` `[batch]`, given
/// `logits` `[batch, classes]`.
pub fn confidences(logits: &[f32], classes: usize, confidences: &mut [f32]) {
    vectorise(
        #[inline(always)]
        || {
            for (row, confidence) in logits.chunks_exact(classes).zip(confidences) {
                let max = max_of(row);
                *confidence = 1.0 / row.iter().fold(0.0, |total, x| total + exp(x - max));
            }
        },
    );
}

/// Writes the probabilities of all classes of each example. `logits` and `probabilities` are
/// `[batch, classes]`.
pub fn probabilities(logits: &[f32], classes: usize, probabilities: &mut [f32]) {
    vectorise(
        #[inline(always)]
        || {
            let rows = logits.chunks_exact(classes).zip(probabilities.chunks_exact_mut(classes));
            for (row, probabilities) in rows {
                let max = max_of(row);
                probabilities.iter_mut().zip(row).for_each(|(p, x)| *p = exp(x - max));
                let scale = 1.0 / sum_of(probabilities);
                probabilities.iter_mut().for_each(|p| *p *= scale);
            }
        },
    );
}

/// The sum of the values, in their order.
#[inline(always)]
pub(super) fn sum_of(values: &[f32]) -> f32 {
    values.iter().fold(0.0, |total, value| total + value)
}

/// -log softmax: `log(sum of exp(x - max)) + max - x[target]`, which cannot overflow.
fn loss_of(row: &[f32], target: u16, max: f32, total: f32) -> f64 {
    f64::from(libm::logf(total) + (max - row[usize::from(target)]))
}

/// The largest value. It is NaN only if the first value is; a later NaN shows in the sum of
/// exponentials.
#[inline(always)]
pub(super) fn max_of(row: &[f32]) -> f32 {
    row.iter().copied().fold(row[0], |max, x| if x > max { x } else { max })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nn::testing::{assert_close, fixtures, floats};

    #[test]
    fn equals_pytorch_for_any_logits() {
        let fixture = &fixtures()["cross_entropy"];
        let logits = floats(&fixture["logits"]);
        let targets: Vec<u16> = floats(&fixture["targets"]).iter().map(|&x| x as u16).collect();
        let mut grad = vec![0.0; logits.len()];
        let loss = cross_entropy_backward(&logits, &Targets::plain(&targets), 3, &mut grad) / 4.0;
        let theirs = fixture["loss"].as_f64().unwrap();
        assert!((loss - theirs).abs() < 1e-6 * theirs, "{loss} {theirs}");
        assert_close(&grad, &floats(&fixture["grad"]), "grad");
    }

    #[test]
    fn probabilities_are_the_softmax_of_any_logits() {
        let mut found = [0.0; 6];
        probabilities(&[0.0, 0.0, 2f32.ln(), 1e30, -1e30, 1.0], 3, &mut found);
        assert_close(&found, &[0.25, 0.25, 0.5, 1.0, 0.0, 0.0], "probabilities");
    }

    #[test]
    fn both_forms_give_the_same_loss_and_the_first_largest_logit_wins() {
        let (logits, targets) = ([0.5, 2.0, 2.0, 1.0, -1.0, 0.0], [0, 2]);
        let (mut grad, mut predictions) = ([0.0; 6], [9; 2]);
        let trained = cross_entropy_backward(&logits, &Targets::plain(&targets), 3, &mut grad);
        let scored = cross_entropy_and_predictions(&logits, &targets, 3, &mut predictions);
        assert_eq!((trained, predictions), (scored, [1, 0]));
    }

    #[test]
    fn gradient_equals_finite_differences() {
        let (logits, targets) = ([0.3, -0.2, 0.9, 1.5, 0.1, -0.7], [2, 0]);
        let mut grad = [0.0; 6];
        cross_entropy_backward(&logits, &Targets::plain(&targets), 3, &mut grad);
        for i in 0..6 {
            let at = |shift: f32| {
                let mut moved = logits;
                moved[i] += shift;
                cross_entropy_and_predictions(&moved, &targets, 3, &mut [0; 2]) / 2.0
            };
            let slope = (at(0.01) - at(-0.01)) / 0.02;
            assert!((slope - f64::from(grad[i])).abs() < 1e-4, "{i}: {slope} {}", grad[i]);
        }
    }

    #[test]
    fn confidence_is_the_largest_probability() {
        let ln_3 = 3.0_f32.ln();
        let mut found = [0.0; 3];
        confidences(&[0.0, ln_3, 7.0, 7.0, 1000.0, -1000.0], 2, &mut found);
        assert_close(&found, &[0.75, 0.5, 1.0], "confidences");
    }

    #[test]
    fn nan_logits_give_a_nan_loss() {
        for logits in [[f32::NAN, 0.0], [0.0, f32::NAN], [f32::INFINITY, 0.0]] {
            let smoothed = Targets { smoothing: 0.1, ..Targets::plain(&[0]) };
            for targets in [Targets::plain(&[0]), smoothed] {
                let loss = cross_entropy_backward(&logits, &targets, 2, &mut [0.0; 2]);
                assert!(!loss.is_finite());
            }
        }
    }

    #[test]
    fn mixed_and_smoothed_targets_equal_pytorch() {
        let cases = &fixtures()["soft_cross_entropy"];
        let logits = floats(&cases["logits"]);
        let class_list =
            |key: &str| -> Vec<u16> { floats(&cases[key]).iter().map(|&x| x as u16).collect() };
        let (classes, others) = (class_list("classes"), class_list("others"));
        let weights = floats(&cases["weights"]);
        let mixed = Mixed { others: &others, weights: &weights };
        for (case, mixed, smoothing) in
            [("smoothed", None, 0.125), ("mixed", Some(mixed), 0.0), ("both", Some(mixed), 0.25)]
        {
            let targets = Targets { mixed, smoothing, ..Targets::plain(&classes) };
            let mut grad = vec![0.0; logits.len()];
            let loss = cross_entropy_backward(&logits, &targets, 3, &mut grad) / 4.0;
            let theirs = cases[case]["loss"].as_f64().unwrap();
            assert!((loss - theirs).abs() < 1e-6 * theirs, "{case}: {loss} {theirs}");
            assert_close(&grad, &floats(&cases[case]["grad"]), case);
        }
    }

    #[test]
    fn weighted_targets_equal_pytorch() {
        let cases = &fixtures()["soft_cross_entropy"];
        let logits = floats(&cases["logits"]);
        let class_list =
            |key: &str| -> Vec<u16> { floats(&cases[key]).iter().map(|&x| x as u16).collect() };
        let (classes, others) = (class_list("classes"), class_list("others"));
        let (weights, class_weights) = (floats(&cases["weights"]), floats(&cases["class_weights"]));
        let mixed = Mixed { others: &others, weights: &weights };
        for (case, mixed, smoothing) in [
            ("weighted", None, 0.0),
            ("weighted_smoothed", None, 0.125),
            ("weighted_mixed", Some(mixed), 0.0),
            ("weighted_both", Some(mixed), 0.25),
        ] {
            let class_weights = Some(&class_weights[..]);
            let targets = Targets { mixed, smoothing, class_weights, ..Targets::plain(&classes) };
            let mut grad = vec![0.0; logits.len()];
            let loss = cross_entropy_backward(&logits, &targets, 3, &mut grad) / 4.0;
            let theirs = cases[case]["loss"].as_f64().unwrap();
            assert!((loss - theirs).abs() < 1e-6 * theirs, "{case}: {loss} {theirs}");
            assert_close(&grad, &floats(&cases[case]["grad"]), case);
        }
    }

    #[test]
    fn equal_weights_are_the_loss_without_weights_where_none_are_mixed() {
        let (logits, classes) = ([0.5, 2.0, -1.5, 1.0, -1.0, 0.0], [0, 2]);
        for smoothing in [0.0, 0.2] {
            let plain = Targets { smoothing, ..Targets::plain(&classes) };
            let [mut grad, mut grad_weighted] = [[0.0; 6]; 2];
            let loss = cross_entropy_backward(&logits, &plain, 3, &mut grad);
            let weighted = Targets { class_weights: Some(&[3.0; 3]), ..plain };
            let of_weighted = cross_entropy_backward(&logits, &weighted, 3, &mut grad_weighted);
            assert!((loss - of_weighted).abs() < 1e-6);
            assert_close(&grad, &grad_weighted, "grad");
        }
    }

    #[test]
    fn mixtures_that_are_all_of_one_part_are_the_plain_loss() {
        let (logits, classes) = ([0.5, 2.0, f32::NEG_INFINITY, 1.0, -1.0, 0.0], [0, 2]);
        let plain = Targets::plain(&classes);
        let mixed = Some(Mixed { others: &[2, 1], weights: &[1.0; 2] });
        let [mut grad, mut grad_mixed] = [[0.0; 6]; 2];
        let loss = cross_entropy_backward(&logits, &plain, 3, &mut grad);
        let targets = Targets { mixed, ..plain };
        let loss_mixed = cross_entropy_backward(&logits, &targets, 3, &mut grad_mixed);
        assert_eq!((loss_mixed, grad_mixed), (loss, grad));
    }
}
