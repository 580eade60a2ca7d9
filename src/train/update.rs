//! From a loss to changed parameters: what happens to the gradients on their way, and to the weights after it.

use super::TrainingConfig;
use super::sam::SamConfig;
use crate::kernel::vectorise;
use crate::nn::layers::{Mode, Pass};
use crate::nn::{Network, Update};
use crate::optim::Clipping;

/// What a step does besides the optimizer's rule.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct UpdatePlan {
    pub(super) clipping: Option<Clipping>,
    pub(super) l1: f32,
    pub(super) sam: Option<SamConfig>,
    pub(super) max_norm: Option<f32>,
}

impl UpdatePlan {
    pub(super) fn new(training: &TrainingConfig) -> UpdatePlan {
        UpdatePlan {
            clipping: training.clipping(),
            l1: training.l1_penalty as f32,
            sam: training.sam,
            max_norm: training.max_norm.map(|norm| norm as f32),
        }
    }

    /// Applies `update` after the loss of the batch in `network` was computed. `loss_again` computes it with
    /// other weights.
    pub(super) fn apply(
        &self,
        network: &mut Network,
        update: &dyn Update,
        pass: &Pass,
        loss_again: &mut dyn FnMut(&mut Network, &Pass),
    ) {
        let stores = self.clipping.is_some() || self.l1 > 0.0 || self.sam.is_some();
        match stores {
            false => network.backward(pass, Some(update)),
            true => {
                self.store_gradients(network, pass);
                if let Some(sam) = self.sam {
                    let before = sam.climb(network);
                    let second = Pass { mode: Mode::Probe, ..*pass };
                    loss_again(network, &second);
                    self.store_gradients(network, &second);
                    before.restore(network);
                }
                match self.clipping {
                    Some(clipping) => clipping.update(network, update),
                    None => network.visit_params(&mut |_, param| param.learn(Some(update))),
                }
            }
        }
        if let Some(most) = self.max_norm {
            network.visit_params(&mut |_, param| {
                if param.is_weight && param.learning.is_trained {
                    param.limit_norms(most);
                }
            });
        }
    }

    /// The gradients of loss and penalty.
    fn store_gradients(&self, network: &mut Network, pass: &Pass) {
        network.backward(pass, None);
        let l1 = self.l1;
        if l1 > 0.0 {
            network.visit_params(&mut |_, param| {
                if param.is_weight {
                    let (value, grad) = param.value_and_grad_mut();
                    add_signs(grad, value, l1);
                }
            });
        }
    }
}

/// `grad += l1 · sign(value)`
fn add_signs(grad: &mut [f32], value: &[f32], l1: f32) {
    vectorise(
        #[inline(always)]
        || {
            for (g, w) in grad.iter_mut().zip(value) {
                *g += if *w > 0.0 {
                    l1
                } else if *w < 0.0 {
                    -l1
                } else {
                    0.0
                };
            }
        },
    );
}
