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
mod param;
mod probe;
mod sizes;
#[cfg(test)]
pub(crate) mod testing;

use crate::config::{Kind, Range, TableReader};
pub use activation::ActivationLayer;
pub use batch_norm::BatchNorm;
pub use dropout::Dropout;
pub use layer::{Backward, Layer, Mode, Pass, TensorMut};
pub use linear::Linear;
pub use loss::{confidences, cross_entropy_and_predictions, cross_entropy_backward, probabilities};
pub use network::Network;
pub use param::{Param, Update};
pub use probe::LayerFigures;
pub use sizes::NetworkSize;

/// Units of one hidden layer: far more than a CPU trains, and small enough to multiply.
const MOST_UNITS: i64 = 1_000_000;

/// The `[network]` table.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum NetworkConfig {
    /// Fully connected network.
    Mlp(MlpConfig),
}

/// Fully connected network: each hidden layer is linear, batch norm, activation, dropout.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[schemars(default)]
pub struct MlpConfig {
    /// Units of each hidden layer; empty: a linear classifier. Required, here or in the grid.
    #[schemars(inner(range(min = 1, max = MOST_UNITS)))]
    pub hidden_sizes: Vec<usize>,
    /// Activation function of the hidden layers.
    pub activation: Activation,
    /// Distribution of the initial weights; biases start at zero.
    pub weight_init: WeightInit,
    /// Batch normalisation between each hidden linear layer and its activation.
    pub batch_norm: bool,
    /// Probability of dropping a hidden unit, in [0, 1); scaled at training time (inverted dropout).
    #[schemars(range(min = 0), extend("exclusiveMaximum" = 1))]
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
#[schemars(deny_unknown_fields)]
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
        #[schemars(extend("exclusiveMinimum" = 0))]
        std: f64,
    },
}

impl Default for MlpConfig {
    /// `hidden_sizes` has no default in the file; here it is empty.
    fn default() -> MlpConfig {
        MlpConfig {
            hidden_sizes: Vec::new(),
            activation: Activation::Relu,
            weight_init: WeightInit::He,
            batch_norm: false,
            dropout: 0.0,
        }
    }
}

impl NetworkConfig {
    /// Reads the `[network]` table.
    pub fn read(table: &mut TableReader<'_>) -> NetworkConfig {
        let mlp = Kind { name: "mlp", read: |table| NetworkConfig::Mlp(MlpConfig::read(table)) };
        table.tagged(&[mlp])
    }
}

impl MlpConfig {
    /// Reads the table's keys.
    pub fn read(table: &mut TableReader<'_>) -> MlpConfig {
        let default = MlpConfig::default();
        MlpConfig {
            hidden_sizes: table.required_integers("hidden_sizes", 1, MOST_UNITS, "[100, 100, 50]"),
            activation: Activation::read(table, default.activation),
            weight_init: WeightInit::read(table, default.weight_init),
            batch_norm: table.boolean("batch_norm", default.batch_norm),
            dropout: table.float("dropout", default.dropout, Range::FRACTION),
        }
    }
}

impl Activation {
    fn read(table: &mut TableReader<'_>, default: Activation) -> Activation {
        use Activation::*;
        table.choice("activation", default, &[("relu", Relu), ("sigmoid", Sigmoid), ("tanh", Tanh)])
    }
}

impl WeightInit {
    fn read(table: &mut TableReader<'_>, default: WeightInit) -> WeightInit {
        use WeightInit::*;
        if table.is_table("weight_init") || table.is_recording() {
            return table.table("weight_init", |init| {
                let std = init.required_table("normal", |normal| {
                    normal.required_float("std", Range::POSITIVE, "0.01")
                });
                Normal { std }
            });
        }
        table.choice("weight_init", default, &[("he", He), ("xavier", Xavier), ("lecun", Lecun)])
    }
}
