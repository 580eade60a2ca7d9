//! A trained network that classifies examples outside any split.

use super::tensors::load_weights;
use crate::error::Flaw;
use crate::kernel::BlockedMut;
use crate::memory;
use crate::nn::layers::{Mode, Pass, TensorMut};
use crate::nn::{Network, NetworkConfig, Shape, probabilities};

/// A network in evaluation mode.
pub struct Classifier {
    network: Network,
    probabilities: Vec<f32>, // [most_examples, classes]
    threads: usize,
}

/// The network's prediction for an example.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ClassProbability {
    /// Index in the class names.
    pub class: usize,
    /// Its probability.
    pub probability: f32,
}

impl Classifier {
    /// The network of `config` for examples of the shape `input`, with the weights of `model`, a
    /// safetensors file.
    ///
    /// # Errors
    /// Says what is wrong if the shape does not fit to the network, or the weights are damaged, of another
    /// one, NaN or infinite.
    pub fn new(
        config: &NetworkConfig,
        input: Shape,
        classes: usize,
        model: &[u8],
        threads: usize,
    ) -> Result<Classifier, Flaw> {
        let most_examples = config.evaluation_batch();
        let network = Network::to_load(config, input, classes, most_examples);
        let mut network = network.map_err(|error| error.chain())?;
        load_weights(&mut network, model).map_err(|error| error.to_string())?;
        check_finite(&mut network)?;
        let probabilities = memory::filled(most_examples * classes, 0.0);
        Ok(Classifier { network, probabilities, threads })
    }

    /// Examples of one batch: the same as in evaluation.
    pub fn most_examples(&self) -> usize {
        self.network.evaluation_batch()
    }

    /// The input buffer of [`Classifier::classify`] for `batch` examples, at most
    /// [`Classifier::most_examples`].
    pub fn input_mut(&mut self, batch: usize) -> BlockedMut<'_> {
        self.network.input_mut(batch)
    }

    /// Logits `[batch, classes]` of the examples.
    pub fn logits(&mut self, batch: usize) -> &[f32] {
        self.network.forward(&evaluation(batch, self.threads))
    }

    /// The `top` most probable classes of each example, the most probable first, the first of
    /// equals: it is the predicted class. None for an example with NaN outputs.
    pub fn classify(&mut self, batch: usize, top: usize) -> Vec<Option<Vec<ClassProbability>>> {
        let classes = self.network.out_features();
        let Self { network, probabilities: all, threads } = self;
        let logits = network.forward(&evaluation(batch, *threads));
        probabilities(logits, classes, all);
        let rows = logits.chunks_exact(classes).zip(self.probabilities.chunks_exact(classes));
        let ranked = rows.map(|(logits, probabilities)| {
            let are_numbers = |values: &[f32]| values.iter().all(|value| value.is_finite());
            if !are_numbers(logits) || !are_numbers(probabilities) {
                return None;
            }
            let mut order: Vec<usize> = (0..classes).collect();
            // Sorted by logits, because probabilities round to 0 and 1. Stable.
            order.sort_by(|&a, &b| logits[b].total_cmp(&logits[a]));
            let ranked = order.into_iter().take(top);
            let ranked =
                ranked.map(|class| ClassProbability { class, probability: probabilities[class] });
            Some(ranked.collect())
        });
        ranked.collect()
    }
}

fn evaluation(batch: usize, threads: usize) -> Pass {
    Pass { mode: Mode::Evaluate, batch, step: 0, threads }
}

/// Says which tensor has an element that is NaN or infinite.
fn check_finite(network: &mut Network) -> Result<(), Flaw> {
    let mut problem = None;
    network.visit_state(&mut |name, _, tensor| {
        if let TensorMut::F32(values) = tensor
            && !values.iter().all(|value| value.is_finite())
        {
            problem.get_or_insert(format!("its {name} has weights that are NaN or infinite"));
        }
    });
    problem.map_or(Ok(()), |problem| Err(Flaw::from(problem)))
}
