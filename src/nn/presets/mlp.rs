//! A fully connected network.

use std::borrow::Cow;

use crate::config::Range;
use crate::config::keys::{WhenAbsent, config, flag, number, wholes};
use crate::nn::MOST_UNITS;
use crate::nn::activation_word::activation;
use crate::nn::init::{WeightInit, weight_init};
use crate::nn::layers::{LayerConfig, NamedLayer, ReluConfig};
use crate::nn::presets::network_kind::{LayerList, NetworkKind};

config! {
    /// Fully connected network: each hidden layer is linear, batch norm, activation, dropout.
    pub struct MlpConfig {
        /// Units of each hidden layer; empty: a linear classifier. Required, here or in the grid.
        pub hidden_sizes: Vec<usize> = wholes(1, MOST_UNITS).required_of_trial("[100, 100, 50]"),
        /// Activation function of the hidden layers.
        pub activation: LayerConfig = activation(ReluConfig {}.into()),
        /// Distribution of the initial weights; biases start at zero.
        pub weight_init: WeightInit = weight_init(WeightInit::He),
        /// Batch normalisation between each hidden linear layer and its activation.
        pub batch_norm: bool = flag().or(false),
        /// Probability of dropping a hidden unit, in [0, 1); scaled at training time (inverted dropout).
        pub dropout: f64 = number(Range::FRACTION).or(0.0),
    }
}

impl NetworkKind for MlpConfig {
    fn layers(&self) -> Cow<'_, [NamedLayer]> {
        // A layer that is switched off has no module and no index.
        let mut list = LayerList::default();
        for &units in &self.hidden_sizes {
            list.linear(Some(units));
            list.hidden(self.batch_norm, self.activation.clone(), self.dropout);
        }
        list.linear(None);
        list.into()
    }

    fn weight_init(&self) -> WeightInit {
        self.weight_init
    }

    fn reads_vectors(&self) -> bool {
        true
    }
}
