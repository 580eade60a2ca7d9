//! Sharpness-aware minimisation (Foret et al., 2021, <https://arxiv.org/abs/2010.01412>): the gradient is that
//! of the weights a little uphill, so that training prefers places whose surroundings are good too. The
//! running statistics of batch norm are those of the first pass only.

use crate::config::Range;
use crate::config::keys::{WhenAbsent, config, flag, number};
use crate::kernel::{Buffer, vectorise};
use crate::nn::Network;

/// Keeps the quotient finite for gradients of zero: the constant of the usual implementation.
const EPS: f64 = 1e-12;

config! {
    /// The table `sam`. A step computes the gradient twice.
    #[derive(Copy)]
    pub struct SamConfig {
        /// How far uphill: the L2 norm of the change of all weights together.
        pub rho: f64 = number(Range::POSITIVE).or(0.05),
        /// Whether each weight moves in proportion to its size (ASAM; Kwon et al., 2021,
        /// <https://arxiv.org/abs/2102.11600>); then `rho` is larger, such as 0.5 to 2.
        pub adaptive: bool = flag().or(false),
    }
}

/// The parameters before the climb.
pub(super) struct Before(Vec<Buffer>);

impl SamConfig {
    /// Moves the trained parameters uphill along the stored gradients.
    pub(super) fn climb(&self, network: &mut Network) -> Before {
        let adaptive = self.adaptive;
        let mut squares = 0.0_f64;
        let mut before = Vec::new();
        network.visit_params(&mut |_, param| {
            if !param.learning.is_trained {
                return;
            }
            before.push(param.buffer().clone());
            let (value, grad) = param.value_and_grad_mut();
            for (w, g) in value.iter().zip(&*grad) {
                let of_weight = if adaptive { f64::from(w.abs()) } else { 1.0 };
                let length = of_weight * f64::from(*g);
                squares += length * length;
            }
        });
        let scale = (self.rho / (squares.sqrt() + EPS)) as f32;
        network.visit_params(&mut |_, param| {
            if !param.learning.is_trained {
                return;
            }
            let (value, grad) = param.value_and_grad_mut();
            vectorise(
                #[inline(always)]
                || {
                    for (w, g) in value.iter_mut().zip(grad) {
                        let of_weight = if adaptive { *w * *w } else { 1.0 };
                        *w = (of_weight * *g).mul_add(scale, *w);
                    }
                },
            );
        });
        Before(before)
    }
}

impl Before {
    /// Takes the climb back.
    pub(super) fn restore(self, network: &mut Network) {
        let mut before = self.0.iter();
        network.visit_params(&mut |_, param| {
            if param.learning.is_trained
                && let Some(value) = before.next()
            {
                param.slices().value.copy_from_slice(value);
            }
        });
    }
}
