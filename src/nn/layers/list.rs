//! `network.kind = "layers"`, the network as a list of layers in the file; and the list of all
//! kinds of layers.

use crate::config::keys::{WhenAbsent, config, kind, kinds, tables, text};
use crate::nn::init::{WeightInit, weight_init};
use crate::nn::layers::average_pool::AveragePoolConfig;
use crate::nn::layers::batch_norm::BatchNormConfig;
use crate::nn::layers::conv2d::Conv2dConfig;
use crate::nn::layers::dropout::DropoutConfig;
use crate::nn::layers::elu::EluConfig;
use crate::nn::layers::flatten::FlattenConfig;
use crate::nn::layers::gelu::GeluConfig;
use crate::nn::layers::global_average_pool::GlobalAveragePoolConfig;
use crate::nn::layers::kind::{LayerKind, Role};
use crate::nn::layers::layer_norm::LayerNormConfig;
use crate::nn::layers::leaky_relu::LeakyReluConfig;
use crate::nn::layers::linear::LinearConfig;
use crate::nn::layers::max_pool::MaxPoolConfig;
use crate::nn::layers::relu::ReluConfig;
use crate::nn::layers::residual::ResidualConfig;
use crate::nn::layers::scale::ScaleConfig;
use crate::nn::layers::sigmoid::SigmoidConfig;
use crate::nn::layers::spatial_dropout::SpatialDropoutConfig;
use crate::nn::layers::stochastic_depth::StochasticDepthConfig;
use crate::nn::layers::tanh::TanhConfig;

kinds! {
    /// The kinds of layers. Each means the same as PyTorch's module of that name.
    pub enum LayerConfig: LayerKind {
        /// Convolution of an image with `filters` kernels.
        "conv2d" => Conv2d(config: Conv2dConfig),
        /// Largest value of each window.
        "max_pool" => MaxPool(config: MaxPoolConfig),
        /// Mean of each window.
        "average_pool" => AveragePool(config: AveragePoolConfig),
        /// Mean of each channel.
        "global_average_pool" => GlobalAveragePool(config: GlobalAveragePoolConfig),
        /// Batch normalisation of each channel.
        "batch_norm" => BatchNorm(config: BatchNormConfig),
        /// Normalisation of each example over all of its numbers.
        "layer_norm" => LayerNorm(config: LayerNormConfig),
        /// Drops single numbers.
        "dropout" => Dropout(config: DropoutConfig),
        /// Drops whole channels.
        "spatial_dropout" => SpatialDropout(config: SpatialDropoutConfig),
        /// Drops all numbers of an example: at the end of a residual block, the block's own part.
        "stochastic_depth" => StochasticDepth(config: StochasticDepthConfig),
        /// max(0, x)
        "relu" => Relu(config: ReluConfig),
        /// x if positive, else `negative_slope` times x.
        "leaky_relu" => LeakyRelu(config: LeakyReluConfig),
        /// x if positive, else `alpha` times (exp(x) - 1).
        "elu" => Elu(config: EluConfig),
        /// x times the normal distribution function of x.
        "gelu" => Gelu(config: GeluConfig),
        /// 1 / (1 + exp(-x))
        "sigmoid" => Sigmoid(config: SigmoidConfig),
        /// Hyperbolic tangent.
        "tanh" => Tanh(config: TanhConfig),
        /// Turns an image into a vector, channel by channel.
        "flatten" => Flatten(config: FlattenConfig),
        /// Every number times a constant.
        "scale" => Scale(config: ScaleConfig),
        /// Fully connected.
        "linear" => Linear(config: LinearConfig),
        /// Layers whose input is added to their output.
        "residual" => Residual(config: ResidualConfig),
    }
}

config! {
    /// A network that is written layer by layer.
    pub struct LayersConfig {
        /// Distribution of the initial weights; biases start at zero.
        pub weight_init: WeightInit = weight_init(WeightInit::He),
        /// The layers in order, the last with one output for each class. Required, here or in the grid.
        pub layers: Vec<NamedLayer> = tables().of_trial(),
    }
}

config! {
    /// One layer of the list.
    pub struct NamedLayer {
        /// Name that `[grid]` and a group of parameters can use for the layer; it does not affect the results.
        pub name: Option<String> = text().optional(),
        /// What it is; its own keys are next to `kind`.
        pub layer: LayerConfig = kind(),
    }
}

impl LayerConfig {
    /// What the layer does to the numbers that pass through it.
    pub fn role(&self) -> Role<'_> {
        self.as_kind().role()
    }
}

impl NamedLayer {
    /// A layer without a name.
    pub fn of(layer: impl Into<LayerConfig>) -> NamedLayer {
        NamedLayer { name: None, layer: layer.into() }
    }
}
