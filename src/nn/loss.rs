//! Softmax cross-entropy.

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
    let rows = logits
        .chunks_exact(classes)
        .zip(grad_logits.chunks_exact_mut(classes));
    for ((row, grad), &target) in rows.zip(targets) {
        let max = max_of(row);
        let mut total = 0.0;
        for (g, x) in grad.iter_mut().zip(row) {
            *g = libm::expf(x - max);
            total += *g;
        }
        for g in &mut *grad {
            *g = *g / total / batch;
        }
        grad[usize::from(target)] -= 1.0 / batch;
        sum += loss_of(row, target, max, total);
    }
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
    let rows = logits.chunks_exact(classes).zip(predictions);
    for ((row, prediction), &target) in rows.zip(targets) {
        let max = max_of(row);
        let total = row
            .iter()
            .map(|x| libm::expf(x - max))
            .fold(0.0, |a, b| a + b);
        sum += loss_of(row, target, max, total);
        *prediction = row.iter().position(|&x| x == max).unwrap_or(0) as u16;
    }
    sum
}

/// -log softmax: `log(sum of exp(x - max)) + max - x[target]`, which no logits overflow.
fn loss_of(row: &[f32], target: u16, max: f32, total: f32) -> f64 {
    f64::from(libm::logf(total) + (max - row[usize::from(target)]))
}

/// NaN only if the first element is: a later NaN shows in the sum of exponentials.
fn max_of(row: &[f32]) -> f32 {
    row.iter()
        .copied()
        .fold(row[0], |max, x| if x > max { x } else { max })
}
