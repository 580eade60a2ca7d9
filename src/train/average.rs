//! Averages of the weights over the steps (Polyak & Juditsky, 1992), as PyTorch's
//! `torch.optim.swa_utils.AveragedModel`: exponential ones of the parameters with
//! `get_ema_multi_avg_fn(decay)`, whose running statistics are those of the trained network; or equal ones over
//! the last epochs (stochastic weight averaging, Izmailov et al., 2018,
//! <https://arxiv.org/abs/1803.05407>), whose running statistics are computed anew, as by `update_bn`.

use super::TrainingConfig;
use crate::config::keys::{WhenAbsent, config, whole};
use crate::kernel::{Buffer, vectorise};
use crate::memory;
use crate::nn::layers::{Mode, Pass};
use crate::nn::{Network, Param};

config! {
    /// The table `swa`.
    #[derive(Copy, Eq)]
    pub struct SwaConfig {
        /// Epochs trained before the first that counts; the weights at the end of each epoch after it are
        /// averaged.
        pub start_epoch: u64 = whole(0).required("75"),
    }
}

/// The averages, in the layout of the parameters.
pub(super) struct Average {
    rule: Rule,
    tensors: Vec<Buffer>, // one per parameter, in PyTorch's order
    pub(super) statistics: Vec<Vec<f32>>, // the running statistics, if they are the averages' own
}

/// Which weights count how much.
#[derive(Debug, Clone, Copy)]
enum Rule {
    /// Those after every step; the newest ones so much.
    Exponential { newest: f32 },
    /// Those at the end of every epoch after these, equally.
    Equal { start_epoch: u64 },
}

impl Average {
    /// Averages that equal the current parameters; none if `training` asks for none.
    pub(super) fn new(network: &mut Network, training: &TrainingConfig) -> Option<Average> {
        let equal = training.swa.map(|swa| Rule::Equal { start_epoch: swa.start_epoch });
        let exponential = training.ema_decay;
        let exponential =
            exponential.map(|decay| Rule::Exponential { newest: (1.0 - decay) as f32 });
        let rule = equal.or(exponential)?;
        let mut tensors = Vec::new();
        network.visit_params(&mut |_, param| tensors.push(copy_of(param)));
        let mut statistics = Vec::new();
        if let Rule::Equal { .. } = rule {
            network.visit_statistics(&mut |values| statistics.push(memory::copy_of(values)));
        }
        Some(Average { rule, tensors, statistics })
    }

    /// Updates after step `step`, from 0; exponential averages start with the parameters after the first
    /// step.
    pub(super) fn end_step(&mut self, network: &mut Network, step: u64) {
        match self.rule {
            Rule::Exponential { .. } if step == 0 => self.begin(network),
            Rule::Exponential { newest } => self.move_towards(network, newest),
            Rule::Equal { .. } => {}
        }
    }

    /// Updates after so many epochs.
    pub(super) fn end_epoch(&mut self, network: &mut Network, epochs: u64) {
        if let Rule::Equal { start_epoch } = self.rule {
            match epochs.saturating_sub(start_epoch) {
                0 | 1 => self.begin(network),
                counted => self.move_towards(network, 1.0 / counted as f32),
            }
        }
    }

    /// Whether, after so many epochs, the running statistics must be computed anew.
    pub(super) fn needs_statistics(&self, epochs: u64) -> bool {
        let has_begun =
            matches!(self.rule, Rule::Equal { start_epoch } if epochs > start_epoch + 1);
        has_begun && !self.statistics.is_empty()
    }

    /// Computes the running statistics of the averages over `batches` batches, which `load` puts into the
    /// network's input.
    pub(super) fn restate(
        &mut self,
        network: &mut Network,
        batches: u64,
        load: &mut dyn FnMut(&mut Network, u64) -> Pass,
    ) {
        self.swap(network);
        for batch in 0..batches {
            let pass = load(network, batch);
            network.forward(&Pass { mode: Mode::Restate, step: batch, ..pass });
        }
        self.swap(network);
    }

    fn move_towards(&mut self, network: &mut Network, newest: f32) {
        let tensors = &mut self.tensors;
        network
            .visit_params(&mut |i, param| move_towards(&mut tensors[i], param.elements(), newest));
    }

    /// Sets the averages to the current parameters, and their statistics to the current ones.
    pub(super) fn begin(&mut self, network: &mut Network) {
        network.visit_params(&mut |i, param| self.tensors[i].copy_from_slice(param.elements()));
        self.each_statistic(network, |own, current| own.copy_from_slice(current));
    }

    /// Swaps parameters and averages.
    pub(super) fn swap(&mut self, network: &mut Network) {
        network.visit_params(&mut |i, param| {
            param.slices().value.swap_with_slice(&mut self.tensors[i]);
        });
        self.each_statistic(network, |own, current| own.swap_with_slice(current));
    }

    fn each_statistic(&mut self, network: &mut Network, work: impl Fn(&mut [f32], &mut [f32])) {
        if !self.statistics.is_empty() {
            let mut own = self.statistics.iter_mut();
            network.visit_statistics(&mut |current| {
                if let Some(own) = own.next() {
                    work(own, current);
                }
            });
        }
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
