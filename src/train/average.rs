//! Averages of the weights over the steps (Polyak & Juditsky, 1992), as PyTorch's
//! `torch.optim.swa_utils.AveragedModel` with `get_ema_multi_avg_fn(decay)`: exponential averages
//! of the parameters; running statistics are those of the trained network.

use crate::kernel::{Buffer, vectorise};
use crate::nn::{Network, Param};

/// The averages, in the layout of the parameters.
pub(super) struct Average {
    newest: f32,          // weight of the newest parameters, 1 - decay
    tensors: Vec<Buffer>, // one per parameter, in PyTorch's order
}

impl Average {
    /// Averages that equal the current parameters.
    pub(super) fn new(network: &mut Network, decay: f64) -> Average {
        let mut tensors = Vec::new();
        network.visit_params(&mut |_, param| tensors.push(copy_of(param)));
        Average { newest: (1.0 - decay) as f32, tensors }
    }

    /// Updates after step `step`, from 0; the averages start with the parameters after the first
    /// step.
    pub(super) fn update(&mut self, network: &mut Network, step: u64) {
        if step == 0 {
            return self.begin(network);
        }
        let Average { newest, tensors } = self;
        network
            .visit_params(&mut |i, param| move_towards(&mut tensors[i], param.elements(), *newest));
    }

    /// Sets the averages to the current parameters.
    pub(super) fn begin(&mut self, network: &mut Network) {
        network.visit_params(&mut |i, param| self.tensors[i].copy_from_slice(param.elements()));
    }

    /// Swaps parameters and averages.
    pub(super) fn swap(&mut self, network: &mut Network) {
        network.visit_params(&mut |i, param| {
            param.slices().value.swap_with_slice(&mut self.tensors[i]);
        });
    }
}

fn copy_of(param: &Param) -> Buffer {
    let mut copy = Buffer::zeros(param.elements().len());
    copy.copy_from_slice(param.elements());
    copy
}

/// `average += newest · (value - average)`
fn move_towards(average: &mut [f32], values: &[f32], newest: f32) {
    vectorise(
        #[inline(always)]
        || {
            for (mean, value) in average.iter_mut().zip(values) {
                *mean = newest.mul_add(value - *mean, *mean);
            }
        },
    );
}
