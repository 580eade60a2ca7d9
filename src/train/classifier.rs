//! A trained network that is asked for the classes of examples that belong to no split.

use super::evaluate::EVALUATION_BATCH;
use super::state::load_weights;
use crate::kernel::BlockedMut;
use crate::nn::{Mode, Network, NetworkConfig, Pass, probabilities};

/// A network in evaluation mode.
pub struct Classifier {
    network: Network,
    probabilities: Vec<f32>, // [EVALUATION_BATCH, classes]
    threads: usize,
}

/// What the network makes of an example.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ClassProbability {
    /// Position in the names of the classes.
    pub class: usize,
    /// Its probability.
    pub probability: f32,
}

impl Classifier {
    /// Examples of one batch, as evaluation has them.
    pub const MOST_EXAMPLES: usize = EVALUATION_BATCH;

    /// The network of `config` with the weights of `model`, a safetensors file.
    ///
    /// # Errors
    /// Says what is wrong with the weights if they are damaged or of another network.
    pub fn new(
        config: &NetworkConfig,
        features: usize,
        classes: usize,
        model: &[u8],
        threads: usize,
    ) -> Result<Classifier, String> {
        let mut network = Network::build(config, features, classes, 0, EVALUATION_BATCH);
        load_weights(&mut network, model)?;
        let probabilities = vec![0.0; EVALUATION_BATCH * classes];
        Ok(Classifier { network, probabilities, threads })
    }

    /// Where [`Classifier::classify`] finds its `batch` examples, at most
    /// [`Classifier::MOST_EXAMPLES`].
    pub fn input_mut(&mut self, batch: usize) -> BlockedMut<'_> {
        self.network.input_mut(batch)
    }

    /// The `top` most probable classes of each example, the most probable first, of equals the first:
    /// it is the predicted class.
    pub fn classify(&mut self, batch: usize, top: usize) -> Vec<Vec<ClassProbability>> {
        let classes = self.network.out_features();
        let pass = Pass { mode: Mode::Evaluate, batch, step: 0, threads: self.threads };
        let logits = self.network.forward(&pass);
        probabilities(logits, classes, &mut self.probabilities);
        let rows = logits.chunks_exact(classes).zip(self.probabilities.chunks_exact(classes));
        let ranked = rows.map(|(logits, probabilities)| {
            let mut order: Vec<usize> = (0..classes).collect();
            // By logits: probabilities round to 0 and 1. Stable, and NaN last.
            order.sort_by(|&a, &b| {
                let (a, b) = (logits[a], logits[b]);
                a.is_nan().cmp(&b.is_nan()).then_with(|| b.total_cmp(&a))
            });
            let ranked = order.into_iter().take(top);
            ranked
                .map(|class| ClassProbability { class, probability: probabilities[class] })
                .collect()
        });
        ranked.collect()
    }
}
