//! `network.kind = "layers"`: the network as a list of layers, as the file says it.

use crate::config::Range;
use crate::config::keys::{
    WhenAbsent, config, flag, kind, kinds, number, tables, text, whole, word, words,
};
use crate::kernel::may_be_winograd;
use crate::nn::MOST_UNITS;
use crate::nn::init::{WeightInit, weight_init};

/// Rows or columns of a kernel, and their distance: more than any image has.
const MOST_PIXELS: i64 = 4096;

config! {
    /// A network that is written layer by layer.
    pub struct LayersConfig {
        /// Distribution of the initial weights; biases start at zero.
        pub weight_init: WeightInit = weight_init(WeightInit::He),
        /// The layers in their order, the last with one output for each class. Required, here or in the grid.
        pub layers: Vec<NamedLayer> = tables().of_trial(),
    }
}

config! {
    /// One layer of the list.
    pub struct NamedLayer {
        /// Name by which `[grid]` may call the layer; it decides nothing.
        pub name: Option<String> = text().optional(),
        /// What it is; its own keys stand beside `kind`.
        pub layer: LayerConfig = kind(),
    }
}

kinds! {
    /// The kinds of layers. Each means what PyTorch's module of that name means.
    pub enum LayerConfig {
        /// Convolution of an image with `filters` kernels.
        "conv2d" => Conv2d(config: Conv2dConfig),
        /// Largest value of each window.
        "max_pool" => MaxPool(config: PoolConfig),
        /// Mean of each window.
        "average_pool" => AveragePool(config: PoolConfig),
        /// Mean of each channel.
        "global_average_pool" => GlobalAveragePool {},
        /// Batch normalisation of each channel.
        "batch_norm" => BatchNorm {},
        /// Normalisation of each example over all of its numbers.
        "layer_norm" => LayerNorm {},
        /// Drops single numbers.
        "dropout" => Dropout(config: DropoutConfig),
        /// Drops whole channels.
        "spatial_dropout" => SpatialDropout(config: DropoutConfig),
        /// max(0, x)
        "relu" => Relu {},
        /// x where it is positive, else `negative_slope` times x.
        "leaky_relu" => LeakyRelu(config: LeakyReluConfig),
        /// x times the normal distribution function of x.
        "gelu" => Gelu {},
        /// 1 / (1 + exp(-x))
        "sigmoid" => Sigmoid {},
        /// Hyperbolic tangent.
        "tanh" => Tanh {},
        /// An image as a vector, channel by channel.
        "flatten" => Flatten {},
        /// Fully connected.
        "linear" => Linear(config: LinearConfig),
        /// Layers whose input is added to their output.
        "residual" => Residual(config: ResidualConfig),
    }
}

config! {
    /// Keys of `conv2d`.
    pub struct Conv2dConfig {
        /// Channels that come out.
        pub filters: usize = whole(1).to(MOST_UNITS).required("32"),
        /// Rows and columns of the kernel.
        pub kernel_size: usize = whole(1).to(MOST_PIXELS).required("3"),
        /// Distance between the windows.
        pub stride: usize = whole(1).to(MOST_PIXELS).or(1),
        /// Zeros around the image, on each side.
        pub padding: usize = whole(0).to(MOST_PIXELS).or(0),
        /// Whether a number is added to each channel.
        pub bias: bool = flag().or(true),
    }
}

config! {
    /// Keys of `max_pool` and `average_pool`.
    pub struct PoolConfig {
        /// Rows and columns of the window.
        pub kernel_size: usize = whole(1).to(MOST_PIXELS).required("2"),
        /// Distance between the windows; absent: `kernel_size`.
        pub stride: usize = whole(1).to(MOST_PIXELS).same_as("kernel_size", |pool: &PoolConfig| pool.kernel_size),
        /// Border around the image, at most half of `kernel_size`.
        pub padding: usize = whole(0).to(MOST_PIXELS).or(0),
    }
}

config! {
    /// Keys of `dropout` and `spatial_dropout`.
    pub struct DropoutConfig {
        /// Probability of dropping, in [0, 1); 0 leaves the layer in its place and drops nothing.
        pub rate: f64 = number(Range::FRACTION).required("0.5"),
    }
}

config! {
    /// Keys of `leaky_relu`.
    pub struct LeakyReluConfig {
        /// Slope below zero.
        pub negative_slope: f64 = number(Range::NOT_NEGATIVE).or(0.01),
    }
}

config! {
    /// Keys of `linear`.
    pub struct LinearConfig {
        /// Units; absent: the number of classes.
        pub units: Option<usize> = whole(1).to(MOST_UNITS).optional(),
        /// Whether a number is added to each unit.
        pub bias: bool = flag().or(true),
    }
}

config! {
    /// Keys of `residual` (He et al., 2016, <https://arxiv.org/abs/1512.03385>).
    pub struct ResidualConfig {
        /// What is added to the output of the layers.
        pub shortcut: Shortcut = word().or(Shortcut::Identity),
        /// The layers in their order.
        pub layers: Vec<NamedLayer> = tables(),
    }
}

words! {
    /// What a residual block adds to the output of its layers.
    pub enum Shortcut {
        /// The input, which must have the shape of the output.
        Identity = "identity",
        /// Every n-th row and column of the input, with channels of zeros after its own (option A of He
        /// et al.).
        Pad = "pad",
        /// A convolution of the input with a kernel of 1x1 and batch norm (option B of He et al.).
        Projection = "projection",
    }
}

impl LayerConfig {
    /// Whether it is, or has, a convolution that is computed with transformed tiles if its input is large
    /// enough. Projections have kernels of one pixel.
    pub(in crate::nn) fn may_transform(&self) -> bool {
        use LayerConfig::*;
        match self {
            Conv2d(conv) => {
                may_be_winograd([conv.kernel_size; 2], conv.stride, conv.padding, conv.filters)
            }
            Residual(residual) => residual.layers.iter().any(|named| named.layer.may_transform()),
            MaxPool(_)
            | AveragePool(_)
            | GlobalAveragePool {}
            | BatchNorm {}
            | LayerNorm {}
            | Dropout(_)
            | SpatialDropout(_)
            | Relu {}
            | LeakyRelu(_)
            | Gelu {}
            | Sigmoid {}
            | Tanh {}
            | Flatten {}
            | Linear(_) => false,
        }
    }

    /// Whether it is an activation function.
    pub fn is_activation(&self) -> bool {
        matches!(
            self,
            LayerConfig::Relu {}
                | LayerConfig::LeakyRelu(_)
                | LayerConfig::Gelu {}
                | LayerConfig::Sigmoid {}
                | LayerConfig::Tanh {}
        )
    }

    /// Whether it changes no number: Dropout that drops nothing, or a vector made of an image (whose numbers
    /// may have to be put in another order).
    pub(in crate::nn) fn is_nothing(&self) -> bool {
        match self {
            LayerConfig::Dropout(dropout) | LayerConfig::SpatialDropout(dropout) => {
                dropout.rate == 0.0
            }
            LayerConfig::Flatten {} => true,
            _ => false,
        }
    }

    /// Whether it can write its output over its input.
    pub(in crate::nn) fn works_in_place(&self) -> bool {
        let drops = matches!(self, LayerConfig::Dropout(_) | LayerConfig::SpatialDropout(_));
        drops || (self.is_activation() && !matches!(self, LayerConfig::Gelu {}))
    }
}

impl From<LayerConfig> for NamedLayer {
    fn from(layer: LayerConfig) -> NamedLayer {
        NamedLayer { name: None, layer }
    }
}

impl Conv2dConfig {
    /// A kernel of `kernel_size` rows and columns, one pixel after the other.
    pub(in crate::nn) fn new(filters: usize, kernel_size: usize, padding: usize) -> Conv2dConfig {
        Conv2dConfig { filters, kernel_size, stride: 1, padding, bias: true }
    }
}

impl PoolConfig {
    /// Windows side by side.
    pub(in crate::nn) fn new(kernel_size: usize) -> PoolConfig {
        PoolConfig { kernel_size, stride: kernel_size, padding: 0 }
    }
}
