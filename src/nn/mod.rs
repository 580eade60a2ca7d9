//! Networks: layers, loss, initialisation, and what the `[network]` table says.

use std::borrow::Cow;

use schemars::JsonSchema;
use serde::Serialize;

mod activation;
mod average_pool;
mod batch_norm;
mod build;
mod channel_sums;
mod conv2d;
mod copy;
#[cfg(test)]
pub(crate) mod drawn;
mod dropout;
mod flatten;
mod global_average_pool;
mod init;
mod layer;
mod layer_norm;
mod linear;
mod list;
mod loss;
mod max_pool;
mod network;
mod param;
mod plan;
mod presets;
mod probe;
mod residual;
mod sequential;
mod shape;
mod sizes;
mod spatial_dropout;
#[cfg(test)]
pub(crate) mod testing;
mod units;
mod windows;

use crate::config::{Kind, Range, TableReader};
pub use activation::{ActivationFunction, ActivationLayer};
pub use average_pool::AveragePool;
pub use batch_norm::BatchNorm;
pub use conv2d::Conv2d;
pub use dropout::Dropout;
pub use global_average_pool::GlobalAveragePool;
pub use layer::{Backward, Layer, Mode, Pass, TensorMut};
pub use layer_norm::LayerNorm;
pub use linear::{Linear, LinearShape};
pub use list::{
    Conv2dConfig, DropoutConfig, LayerConfig, LayersConfig, LeakyReluConfig, LinearConfig,
    NamedLayer, PoolConfig, ResidualConfig, Shortcut,
};
pub use loss::{
    Mixed, Targets, confidences, cross_entropy_and_predictions, cross_entropy_backward,
    probabilities,
};
pub use max_pool::MaxPool;
pub use network::Network;
pub use param::{Param, Update};
pub use plan::{Misfit, Module, ParamShape, plan, stride_between};
pub use presets::{DeepConvnetConfig, ResnetConfig, SimpleConvnetConfig};
pub use probe::{LayerFigures, sum_of_squares};
pub use shape::Shape;
pub use sizes::{NetworkSize, ScratchSize, scratch_size};
pub use spatial_dropout::SpatialDropout;
pub use windows::PoolGeometry;

/// Units of one hidden layer: far more than a CPU trains, and small enough to multiply.
const MOST_UNITS: i64 = 1_000_000;

/// Examples of one batch of an evaluation, at most.
pub const MOST_EVALUATED: usize = 256;

/// The `[network]` table.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum NetworkConfig {
    /// Fully connected network.
    Mlp(MlpConfig),
    /// Layers in a row.
    Layers(LayersConfig),
    /// One convolution and one hidden layer.
    SimpleConvnet(SimpleConvnetConfig),
    /// Six convolutions and one hidden layer.
    DeepConvnet(DeepConvnetConfig),
    /// Residual network for small images.
    Resnet(ResnetConfig),
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
    /// x times the normal distribution function of x.
    Gelu,
    /// x above zero, 0.01 times x below.
    LeakyRelu,
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
    /// The list that it stands for.
    fn layers(&self) -> Cow<'_, [NamedLayer]> {
        match self {
            NetworkConfig::Mlp(mlp) => mlp.layers().into(),
            NetworkConfig::Layers(list) => (&list.layers).into(),
            NetworkConfig::SimpleConvnet(preset) => preset.layers().into(),
            NetworkConfig::DeepConvnet(preset) => preset.layers().into(),
            NetworkConfig::Resnet(preset) => preset.layers().into(),
        }
    }

    /// Whether it has a convolution that is computed with transformed tiles if its input is large enough.
    pub fn may_transform(&self) -> bool {
        self.layers().iter().any(|named| named.layer.may_transform())
    }

    /// Whether it makes images of vectors after a first linear layer, and vectors of them again. Their numbers
    /// lay in another order once.
    pub fn flattens_images_of_vectors(&self) -> bool {
        let layers = self.layers();
        let is_first = |named: &&NamedLayer| !named.layer.is_nothing();
        let start = layers.iter().position(|named| is_first(&named)).unwrap_or(layers.len());
        if !layers.get(start).is_some_and(|first| matches!(first.layer, LayerConfig::Linear(_))) {
            return false;
        }
        // The number of features and of classes decides nothing, but that it is not 1.
        let modules = plan::sequence(&layers[start..], Shape::vector(2), 2, ("layers", ""));
        modules.unwrap_or_default().iter().any(|module| {
            matches!(module.config, LayerConfig::Flatten {}) && build::has_order(module.input)
        })
    }

    /// Whether an activation that follows the units of a weight is one of other units or in another order,
    /// which its dead units were counted by once.
    pub fn blurs_units(&self) -> bool {
        units::are_blurred(&self.layers())
    }

    /// Reads the `[network]` table.
    pub fn read(table: &mut TableReader<'_>) -> NetworkConfig {
        use NetworkConfig::*;
        table.tagged(&[
            Kind { name: "mlp", read: |table| Mlp(MlpConfig::read(table)) },
            Kind { name: "layers", read: |table| Layers(LayersConfig::read(table)) },
            Kind {
                name: "simple_convnet",
                read: |table| SimpleConvnet(SimpleConvnetConfig::read(table)),
            },
            Kind {
                name: "deep_convnet",
                read: |table| DeepConvnet(DeepConvnetConfig::read(table)),
            },
            Kind { name: "resnet", read: |table| Resnet(ResnetConfig::read(table)) },
        ])
    }

    /// The modules for images of `input`.
    ///
    /// # Errors
    /// The first layer that does not fit.
    pub fn modules(&self, input: Shape, classes: usize) -> Result<Vec<Module>, Misfit> {
        let is_mlp = matches!(self, NetworkConfig::Mlp(_));
        plan(&self.layers(), if is_mlp { Shape::vector(input.features()) } else { input }, classes)
    }

    /// Examples of one batch of an evaluation: enough for products to run at full speed, and few enough
    /// for what lies between the layers to stay in a cache. Part of the numerics: losses are summed
    /// batch by batch.
    pub fn evaluation_batch(&self) -> usize {
        match self {
            NetworkConfig::Mlp(_) => MOST_EVALUATED,
            _ => MOST_EVALUATED / 4,
        }
    }

    /// Distribution of the initial weights.
    pub fn weight_init(&self) -> WeightInit {
        match self {
            NetworkConfig::Mlp(mlp) => mlp.weight_init,
            NetworkConfig::Layers(list) => list.weight_init,
            NetworkConfig::SimpleConvnet(preset) => preset.weight_init,
            NetworkConfig::DeepConvnet(preset) => preset.weight_init,
            NetworkConfig::Resnet(preset) => preset.weight_init,
        }
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
        let choices = [
            ("relu", Relu),
            ("sigmoid", Sigmoid),
            ("tanh", Tanh),
            ("gelu", Gelu),
            ("leaky_relu", LeakyRelu),
        ];
        table.choice("activation", default, &choices)
    }
}

impl WeightInit {
    fn he() -> WeightInit {
        WeightInit::He
    }

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
