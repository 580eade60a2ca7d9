//! Figures of the layers at an evaluation, from a pass over a fixed batch without side effects.

use super::Workers;
use crate::data::Splits;
use crate::nn::layers::{Mode, Pass};
use crate::nn::{LayerFigures, MOST_EVALUATED, Network, Targets, cross_entropy_backward};
use crate::runs::layers::LayerRow;

/// Most examples of the probe batch: enough to distinguish a dead unit from a rarely active one,
/// few enough to cost less than a hundredth of an epoch of CIFAR-10.
const PROBE_EXAMPLES: usize = MOST_EVALUATED / 2;

/// The figures of each linear layer and convolution on the first examples of the training split, in
/// training mode. It changes nothing that training or evaluation reads later.
pub(super) fn probe(
    network: &mut Network,
    splits: &Splits,
    targets: &mut [u16],
    (epoch, step): (u64, u64),
    smoothing: f32,
    workers: &Workers,
) -> Vec<LayerRow> {
    let batch = splits.train.len().min(PROBE_EXAMPLES).min(network.evaluation_batch());
    let targets = &mut targets[..batch];
    splits.gather(&splits.train, 0..batch, &mut network.input_mut(batch), targets);
    let pass = Pass { mode: Mode::Probe, batch, step, threads: workers.per_trial() };
    network.forward(&pass);
    let classes = network.out_features();
    let targets = &Targets { smoothing, ..Targets::plain(targets) };
    network.loss(&pass, |logits, grad| cross_entropy_backward(logits, targets, classes, grad));
    network.backward(&pass, None);
    let figures = network.layer_figures(batch).into_iter();
    figures.map(|figures| row(epoch, step, figures)).collect()
}

fn row(epoch: u64, step: u64, figures: LayerFigures) -> LayerRow {
    let LayerFigures { layer, units, weight_norm, gradient_norm, dead_share, saturated_share } =
        figures;
    LayerRow { epoch, step, layer, units, weight_norm, gradient_norm, dead_share, saturated_share }
}
