//! Limits on gradients (Pascanu et al., 2013, <https://arxiv.org/abs/1211.5063>), as PyTorch's
//! `torch.nn.utils.clip_grad_norm_` and `clip_grad_value_`.

use crate::kernel::vectorise;
use crate::nn::{Network, Update, sum_of_squares};

/// Keeps the quotient finite for gradients of zero: PyTorch's constant.
const EPS: f64 = 1e-6;

/// A limit on the gradients of each step.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Clipping {
    /// All gradients are scaled down together so that their overall L2 norm is at most this.
    Norm(f64),
    /// Each element is clamped to the range from minus this to this.
    Value(f64),
}

impl Clipping {
    /// Follows a [`Network::backward`] that stored the gradients: applies `update` to every
    /// parameter with its clipped gradient.
    pub fn update(self, network: &mut Network, update: &dyn Update) {
        match self {
            Clipping::Norm(most) => {
                let share = share_within(most, gradient_norm(network)) as f32;
                network.visit_params(&mut |_, param| {
                    if share < 1.0 {
                        scale(param.grad_mut(), share);
                    }
                    param.learn(Some(update));
                });
            }
            Clipping::Value(most) => network.visit_params(&mut |_, param| {
                clamp(param.grad_mut(), most as f32);
                param.learn(Some(update));
            }),
        }
    }
}

/// The L2 norm over the stored gradients of all that is trained, parameter by parameter in PyTorch's order.
fn gradient_norm(network: &mut Network) -> f64 {
    let mut sum = 0.0;
    network.visit_params(&mut |_, param| {
        if param.learning.is_trained {
            sum += sum_of_squares(param.grad_elements());
        }
    });
    sum.sqrt()
}

/// The factor that brings `norm` down to `most`; NaN for NaN, which shows in the loss of the next
/// step.
fn share_within(most: f64, norm: f64) -> f64 {
    let share = most / (norm + EPS);
    if share > 1.0 { 1.0 } else { share }
}

fn scale(grad: &mut [f32], factor: f32) {
    vectorise(
        #[inline(always)]
        || grad.iter_mut().for_each(|g| *g *= factor),
    );
}

/// NaN stays.
fn clamp(grad: &mut [f32], most: f32) {
    vectorise(
        #[inline(always)]
        || grad.iter_mut().for_each(|g| *g = g.clamp(-most, most)),
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_those_of_pytorch() {
        assert_eq!(share_within(1.0, 0.0), 1.0);
        assert_eq!(share_within(1.0, 1.0 - 1e-5), 1.0);
        assert_eq!(share_within(1.0, 4.0), 1.0 / 4.000001);
        assert!(share_within(1.0, f64::NAN).is_nan());
        assert_eq!(share_within(1.0, f64::INFINITY), 0.0);
    }
}
