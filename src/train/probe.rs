//! Figures of the layers at an evaluation, from a pass over a fixed batch without side effects.

use super::Workers;
use super::plan::TrainingPlan;
use crate::data::Splits;
use crate::nn::layers::{Mode, Pass};
use crate::nn::{LayerFigures, MOST_EVALUATED, Network, cross_entropy_backward};
use crate::runs::layers::LayerRow;

/// Most examples of the probe batch: enough to distinguish a dead unit from a rarely active one,
/// few enough to cost less than a hundredth of an epoch of CIFAR-10.
const PROBE_EXAMPLES: usize = MOST_EVALUATED / 2;

/// When the layers are probed.
#[derive(Debug, Clone, Copy)]
pub(super) struct ProbedAt {
    pub(super) epoch: u64,
    pub(super) step: u64,
}

/// The figures of each linear layer and convolution on the first examples of the training split, in training mode.
/// Nothing is changed that training or evaluation reads later.
pub(super) fn probe(
    network: &mut Network,
    splits: &Splits,
    targets: &mut [u16],
    at: ProbedAt,
    plan: &TrainingPlan,
    workers: &Workers,
) -> Vec<LayerRow> {
    let batch = splits.train.len().min(PROBE_EXAMPLES).min(network.evaluation_batch());
    let classes = &mut targets[..batch];
    splits.gather(&splits.train, 0..batch, &mut network.input_mut(batch), classes);
    let pass = Pass { mode: Mode::Probe, batch, step: at.step, threads: workers.per_trial() };
    network.forward(&pass);
    let wanted = plan.targets(classes);
    let out_features = network.out_features();
    network.loss(&pass, |logits, grad| cross_entropy_backward(logits, &wanted, out_features, grad));
    network.backward(&pass, None);
    let figures = network.layer_figures(batch).into_iter();
    figures.map(|figures| row(at, figures)).collect()
}

fn row(at: ProbedAt, figures: LayerFigures) -> LayerRow {
    let ProbedAt { epoch, step } = at;
    let LayerFigures { layer, units, weight_norm, gradient_norm, dead_share, saturated_share } =
        figures;
    LayerRow { epoch, step, layer, units, weight_norm, gradient_norm, dead_share, saturated_share }
}
