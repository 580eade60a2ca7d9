//! Figures of the layers at an evaluation, by a pass over a fixed batch that leaves no trace.

use super::evaluate::EVALUATION_BATCH;
use super::{LayerRow, Workers};
use crate::data::Splits;
use crate::nn::{LayerFigures, Mode, Network, Pass, cross_entropy_backward};

/// Most examples of the probe batch: enough to tell a dead unit from one that is seldom active, few enough
/// to cost less than a hundredth of an epoch of CIFAR-10. The buffers are made for twice as many.
const PROBE_EXAMPLES: usize = EVALUATION_BATCH / 2;

/// The figures of each linear layer on the first examples of the training split, in training mode.
/// Nothing is changed that training or evaluation reads later.
pub(super) fn probe(
    network: &mut Network,
    splits: &Splits,
    targets: &mut [u16],
    (epoch, step): (u64, u64),
    workers: &Workers,
) -> Vec<LayerRow> {
    let batch = splits.train.len().min(PROBE_EXAMPLES);
    let targets = &mut targets[..batch];
    splits.gather(&splits.train, 0..batch, &mut network.input_mut(batch), targets);
    let pass = Pass { mode: Mode::Probe, batch, step, threads: workers.per_trial() };
    network.forward(&pass);
    let classes = network.out_features();
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

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::time::{Duration, Instant};

    use super::*;
    use crate::data::{Dataset, DatasetConfig, DatasetSource, Examples, Scaling};
    use crate::nn::{Activation, MlpConfig, NetworkConfig, WeightInit};
    use crate::optim::{AdagradConfig, OptimizerConfig};
    use crate::train::{Batches, EvaluationConfig, Event, Flow, Trainer, TrainingConfig};

    const EXAMPLES: usize = 10_000;

    fn splits() -> Arc<Splits> {
        let examples = |n: usize| Examples {
            pixels: (0..n * 3072).map(|i| (i * 31 % 251) as u8).collect(),
            labels: (0..n).map(|i| (i % 10) as u16).collect(),
        };
        let names = (0..10).map(|class| class.to_string()).collect();
        let dataset = Dataset::new([3, 32, 32], names, examples(EXAMPLES), examples(10));
        let config = DatasetConfig {
            source: DatasetSource::Cifar10 {},
            train_examples: None,
            test_examples: None,
            validation_examples: 0,
            split_seed: 0,
            scaling: Scaling::Unit,
        };
        Arc::new(Splits::new(Arc::new(dataset), &config).unwrap())
    }

    fn baseline(splits: &Arc<Splits>, workers: &Arc<Workers>) -> Trainer {
        let network = NetworkConfig::Mlp(MlpConfig {
            hidden_sizes: vec![100, 100, 50],
            activation: Activation::Relu,
            weight_init: WeightInit::He,
            batch_norm: true,
            dropout: 0.0,
        });
        let training = TrainingConfig {
            epochs: None,
            steps: Some(500),
            batch_size: 100,
            batches: Batches::Shuffled,
            seeds: vec![1],
        };
        let evaluation = EvaluationConfig { every_epochs: 1000, ..EvaluationConfig::default() };
        let optimizer = OptimizerConfig::Adagrad(AdagradConfig::default());
        let workers = Arc::clone(workers);
        Trainer::new(Arc::clone(splits), &network, &optimizer, &training, &evaluation, workers)
    }

    #[test]
    #[ignore = "a measurement: cargo test --lib a_probe_costs -- --ignored --nocapture"]
    fn a_probe_costs_at_most_a_hundredth_of_an_epoch() {
        let (splits, workers) = (splits(), Arc::new(Workers::new(1)));
        let (mut step, mut least) = (Duration::MAX, Duration::MAX);
        for _ in 0..5 {
            let mut trainer = baseline(&splits, &workers);
            let mut last = None;
            trainer
                .run(&mut |event, _| {
                    if let (Event::Step, Some(last)) = (event, last) {
                        step = step.min(Instant::now() - last);
                    }
                    last = Some(Instant::now());
                    Ok(Flow::Continue)
                })
                .unwrap();
            let mut targets = vec![0; EVALUATION_BATCH];
            for _ in 0..5 {
                let started = Instant::now();
                let network = &mut trainer.state_mut().network;
                probe(network, &splits, &mut targets, (0, 0), &workers);
                least = least.min(started.elapsed());
            }
        }
        // The least of each: what other processes take of the machine does not count.
        let share = least.as_secs_f64() / (500.0 * step.as_secs_f64());
        println!("a step {step:?}, a probe {least:?}: {:.2} % of 500 steps", 100.0 * share);
        assert!(share < 0.01, "{share}");
    }
}
