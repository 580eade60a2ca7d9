//! Softmax cross-entropy.

use crate::kernel::{exp, vectorise};

/// Writes the gradient of the mean loss into `grad_logits` `[batch, classes]` and returns the sum of
/// the losses of the batch.
pub fn cross_entropy_backward(
    logits: &[f32],
    targets: &[u16],
    classes: usize,
    grad_logits: &mut [f32],
) -> f64 {
    let batch = targets.len() as f32;
    let mut sum = 0.0;
    vectorise(
        #[inline(always)]
        || {
            let rows = logits.chunks_exact(classes).zip(grad_logits.chunks_exact_mut(classes));
            for ((row, grad), &target) in rows.zip(targets) {
                let max = max_of(row);
                grad.iter_mut().zip(row).for_each(|(g, x)| *g = exp(x - max));
                let total = sum_of(grad);
                let scale = 1.0 / (total * batch);
                grad.iter_mut().for_each(|g| *g *= scale);
                grad[usize::from(target)] -= 1.0 / batch;
                sum += loss_of(row, target, max, total);
            }
        },
    );
    sum
}

/// The sum of the losses of a batch, and the predicted class of each example in `predictions`.
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

/// The probability of the most probable class of each example of `logits` `[batch, classes]`.
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

/// The probabilities of all classes of each example of `logits` `[batch, classes]`.
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

/// The sum in order.
#[inline(always)]
fn sum_of(values: &[f32]) -> f32 {
    values.iter().fold(0.0, |total, value| total + value)
}

/// -log softmax: `log(sum of exp(x - max)) + max - x[target]`, which no logits overflow.
fn loss_of(row: &[f32], target: u16, max: f32, total: f32) -> f64 {
    f64::from(libm::logf(total) + (max - row[usize::from(target)]))
}

/// NaN only if the first element is: a later NaN shows in the sum of exponentials.
#[inline(always)]
fn max_of(row: &[f32]) -> f32 {
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
        let loss = cross_entropy_backward(&logits, &targets, 3, &mut grad) / 4.0;
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
        let trained = cross_entropy_backward(&logits, &targets, 3, &mut grad);
        let scored = cross_entropy_and_predictions(&logits, &targets, 3, &mut predictions);
        assert_eq!((trained, predictions), (scored, [1, 0]));
    }

    #[test]
    fn gradient_equals_finite_differences() {
        let (logits, targets) = ([0.3, -0.2, 0.9, 1.5, 0.1, -0.7], [2, 0]);
        let mut grad = [0.0; 6];
        cross_entropy_backward(&logits, &targets, 3, &mut grad);
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
            assert!(!cross_entropy_backward(&logits, &[0], 2, &mut [0.0; 2]).is_finite());
        }
    }
}
