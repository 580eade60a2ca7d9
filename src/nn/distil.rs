//! Distillation (Hinton et al., 2015, <https://arxiv.org/abs/1503.02531>): another network's answers as targets
//! beside the classes.

use crate::kernel::{exp, vectorise};
use crate::nn::loss::{max_of, sum_of};

/// The answers of another network as targets.
#[derive(Debug, Clone, Copy)]
pub struct SoftTargets<'a> {
    /// Its logits, `[batch, classes]`; more may follow.
    pub logits: &'a [f32],
    /// What both networks' logits are divided by.
    pub temperature: f32,
    /// Share of these targets in the loss, in [0, 1].
    pub weight: f32,
}

/// Follows [`cross_entropy_backward`](crate::nn::cross_entropy_backward): adds the teacher's share to the
/// gradient, and returns the sum of the whole losses given `loss`, that of the classes. With p the softmax of logits divided by the temperature T, the
/// teacher's part of an example is `T² · KL(p of the teacher || p)` (Hinton et al., 2015,
/// <https://arxiv.org/abs/1503.02531>).
pub fn distil_backward(
    loss: f64,
    logits: &[f32],
    soft: &SoftTargets<'_>,
    classes: usize,
    grad_logits: &mut [f32],
) -> f64 {
    let SoftTargets { logits: teacher, temperature, weight } = *soft;
    let batch = (logits.len() / classes) as f32;
    let inverse = 1.0 / temperature;
    let (of_classes, of_teacher) = (1.0 - weight, weight * temperature / batch);
    let mut sum = 0.0;
    let mut shares = [vec![0.0; classes], vec![0.0; classes]];
    let rows = logits.chunks_exact(classes).zip(teacher.chunks_exact(classes));
    for ((own, theirs), grad) in rows.zip(grad_logits.chunks_exact_mut(classes)) {
        let [p, q] = &mut shares;
        let log_p = softened(own, inverse, p);
        let log_q = softened(theirs, inverse, q);
        for i in 0..classes {
            grad[i] = of_classes.mul_add(grad[i], of_teacher * (p[i] - q[i]));
            let (x, y) = (own[i] * inverse - log_p, theirs[i] * inverse - log_q);
            sum += f64::from(q[i]) * f64::from(y - x);
        }
    }
    f64::from(of_classes) * loss + f64::from(weight * temperature * temperature) * sum
}

/// Writes the softmax of the logits times `inverse` into `shares`, and returns the logarithm of its denominator.
fn softened(row: &[f32], inverse: f32, shares: &mut [f32]) -> f32 {
    let max = max_of(row) * inverse;
    vectorise(
        #[inline(always)]
        || shares.iter_mut().zip(row).for_each(|(share, x)| *share = exp(x * inverse - max)),
    );
    let total = sum_of(shares);
    shares.iter_mut().for_each(|share| *share /= total);
    libm::logf(total) + max
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nn::testing::{assert_close, fixtures, floats};
    use crate::nn::{Targets, cross_entropy_backward};

    #[test]
    fn the_teachers_share_equals_pytorch() {
        let fixture = &fixtures()["distilled"];
        let read = |key: &str| floats(&fixture[key]);
        let classes: Vec<u16> = read("targets").iter().map(|&x| x as u16).collect();
        let (logits, teacher) = (read("logits"), read("teacher"));
        let soft = SoftTargets { logits: &teacher, temperature: 2.0, weight: 0.75 };
        let mut grad = vec![0.0; logits.len()];
        let loss = cross_entropy_backward(&logits, &Targets::plain(&classes), 3, &mut grad);
        let loss = distil_backward(loss, &logits, &soft, 3, &mut grad) / 4.0;
        let theirs = fixture["loss"].as_f64().unwrap();
        assert!((loss - theirs).abs() < 1e-6 * theirs, "{loss} {theirs}");
        assert_close(&grad, &read("grad"), "grad");
    }
}
