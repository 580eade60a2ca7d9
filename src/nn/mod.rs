//! Networks: layers, loss, initialisation, and what the `[network]` table says.

use schemars::JsonSchema;
use serde::Serialize;

mod activation;
mod batch_norm;
mod dropout;
mod init;
mod layer;
mod linear;
mod loss;
mod network;

pub use activation::ActivationLayer;
pub use batch_norm::BatchNorm;
pub use dropout::Dropout;
pub use layer::{Layer, Mode, Param, Pass, TensorMut};
pub use linear::Linear;
pub use loss::{cross_entropy_and_predictions, cross_entropy_backward};
pub use network::Network;

/// The `[network]` table.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum NetworkConfig {
    /// Fully connected network.
    Mlp(MlpConfig),
}

/// Fully connected network: each hidden layer is linear, batch norm, activation, dropout.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct MlpConfig {
    /// Units of each hidden layer; empty: a linear classifier.
    pub hidden_sizes: Vec<usize>,
    /// Activation function of the hidden layers.
    pub activation: Activation,
    /// Distribution of the initial weights; biases start at zero.
    pub weight_init: WeightInit,
    /// Batch normalisation between each hidden linear layer and its activation.
    pub batch_norm: bool,
    /// Probability of dropping a hidden unit, in [0, 1); scaled at training time (inverted dropout).
    pub dropout: f64,
}

/// Activation function of the hidden layers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Activation {
    /// max(0, x)
    Relu,
    /// 1 / (1 + exp(-x))
    Sigmoid,
    /// Hyperbolic tangent.
    Tanh,
}

/// Distribution of the initial weights.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum WeightInit {
    /// N(0, 2 / fan_in) (He et al., 2015).
    He,
    /// N(0, 2 / (fan_in + fan_out)) (Glorot & Bengio, 2010).
    Xavier,
    /// N(0, 1 / fan_in) (LeCun et al., 1998).
    Lecun,
    /// N(0, std^2).
    Normal {
        /// Standard deviation, above 0.
        std: f64,
    },
}
