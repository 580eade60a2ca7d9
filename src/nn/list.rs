//! `network.kind = "layers"`: the network as a list of layers, as the file says it.

use schemars::JsonSchema;
use serde::Serialize;

use super::{MOST_UNITS, WeightInit};
use crate::config::{Kind, Range, TableReader};
use crate::kernel::may_be_winograd;

/// Rows or columns of a kernel, and their distance: more than any image has.
const MOST_PIXELS: i64 = 4096;

/// A network that is written layer by layer.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct LayersConfig {
    /// Distribution of the initial weights; biases start at zero.
    #[schemars(default = "WeightInit::he")]
    pub weight_init: WeightInit,
    /// The layers in their order, the last with one output for each class. Required, here or in the grid.
    #[schemars(default, length(min = 1))]
    pub layers: Vec<NamedLayer>,
}

/// One layer of the list.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct NamedLayer {
    /// Name by which `[grid]` may call the layer; it decides nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// What it is; its own keys stand beside `kind`.
    #[serde(flatten)]
    pub layer: LayerConfig,
}

/// The kinds of layers. Each means what PyTorch's module of that name means.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum LayerConfig {
    /// Convolution of an image with `filters` kernels.
    Conv2d(Conv2dConfig),
    /// Largest value of each window.
    MaxPool(PoolConfig),
    /// Mean of each window.
    AveragePool(PoolConfig),
    /// Mean of each channel.
    GlobalAveragePool {},
    /// Batch normalisation of each channel.
    BatchNorm {},
    /// Normalisation of each example over all of its numbers.
    LayerNorm {},
    /// Drops single numbers.
    Dropout(DropoutConfig),
    /// Drops whole channels.
    SpatialDropout(DropoutConfig),
    /// max(0, x)
    Relu {},
    /// x where it is positive, else `negative_slope` times x.
    LeakyRelu(LeakyReluConfig),
    /// x times the normal distribution function of x.
    Gelu {},
    /// 1 / (1 + exp(-x))
    Sigmoid {},
    /// Hyperbolic tangent.
    Tanh {},
    /// An image as a vector, channel by channel.
    Flatten {},
    /// Fully connected.
    Linear(LinearConfig),
    /// Layers whose input is added to their output.
    Residual(ResidualConfig),
}

/// Keys of `conv2d`.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Conv2dConfig {
    /// Channels that come out.
    #[schemars(range(min = 1, max = MOST_UNITS))]
    pub filters: usize,
    /// Rows and columns of the kernel.
    #[schemars(range(min = 1, max = MOST_PIXELS))]
    pub kernel_size: usize,
    /// Distance between the windows.
    #[schemars(default = "one", range(min = 1, max = MOST_PIXELS))]
    pub stride: usize,
    /// Zeros around the image, on each side.
    #[schemars(default, range(min = 0, max = MOST_PIXELS))]
    pub padding: usize,
    /// Whether a number is added to each channel.
    #[schemars(default = "yes")]
    pub bias: bool,
}

/// Keys of `max_pool` and `average_pool`.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct PoolConfig {
    /// Rows and columns of the window.
    #[schemars(range(min = 1, max = MOST_PIXELS))]
    pub kernel_size: usize,
    /// Distance between the windows; absent: `kernel_size`.
    #[schemars(with = "Option<usize>", range(min = 1, max = MOST_PIXELS))]
    pub stride: usize,
    /// Border around the image, at most half of `kernel_size`.
    #[schemars(default, range(min = 0, max = MOST_PIXELS))]
    pub padding: usize,
}

/// Keys of `dropout` and `spatial_dropout`.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct DropoutConfig {
    /// Probability of dropping, in [0, 1); 0 leaves the layer in its place and drops nothing.
    #[schemars(range(min = 0), extend("exclusiveMaximum" = 1))]
    pub rate: f64,
}

/// Keys of `leaky_relu`.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[schemars(default)]
pub struct LeakyReluConfig {
    /// Slope below zero.
    #[schemars(range(min = 0))]
    pub negative_slope: f64,
}

/// Keys of `linear`.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct LinearConfig {
    /// Units; absent: the number of classes.
    #[schemars(range(min = 1, max = MOST_UNITS))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub units: Option<usize>,
    /// Whether a number is added to each unit.
    #[schemars(default = "yes")]
    pub bias: bool,
}

/// Keys of `residual` (He et al., 2016, <https://arxiv.org/abs/1512.03385>).
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct ResidualConfig {
    /// What is added to the output of the layers.
    #[schemars(default)]
    pub shortcut: Shortcut,
    /// The layers in their order.
    #[schemars(length(min = 1))]
    pub layers: Vec<NamedLayer>,
}

/// What a residual block adds to the output of its layers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Shortcut {
    /// The input, which must have the shape of the output.
    #[default]
    Identity,
    /// Every n-th row and column of the input, with channels of zeros after its own (option A of He
    /// et al.).
    Pad,
    /// A convolution of the input with a kernel of 1x1 and batch norm (option B of He et al.).
    Projection,
}

fn one() -> usize {
    1
}

fn yes() -> bool {
    true
}

impl LayersConfig {
    /// Reads the table's keys.
    pub fn read(table: &mut TableReader<'_>) -> LayersConfig {
        LayersConfig {
            weight_init: WeightInit::read(table, WeightInit::He),
            layers: table.tables("layers", NamedLayer::read),
        }
    }
}

impl LayerConfig {
    /// What `kind` says.
    pub fn kind(&self) -> &'static str {
        match self {
            LayerConfig::Conv2d(_) => "conv2d",
            LayerConfig::MaxPool(_) => "max_pool",
            LayerConfig::AveragePool(_) => "average_pool",
            LayerConfig::GlobalAveragePool {} => "global_average_pool",
            LayerConfig::BatchNorm {} => "batch_norm",
            LayerConfig::LayerNorm {} => "layer_norm",
            LayerConfig::Dropout(_) => "dropout",
            LayerConfig::SpatialDropout(_) => "spatial_dropout",
            LayerConfig::Relu {} => "relu",
            LayerConfig::LeakyRelu(_) => "leaky_relu",
            LayerConfig::Gelu {} => "gelu",
            LayerConfig::Sigmoid {} => "sigmoid",
            LayerConfig::Tanh {} => "tanh",
            LayerConfig::Flatten {} => "flatten",
            LayerConfig::Linear(_) => "linear",
            LayerConfig::Residual(_) => "residual",
        }
    }
}

impl LayerConfig {
    /// Whether it is, or has, a convolution that is computed with transformed tiles if its input is large
    /// enough. Projections have kernels of one pixel.
    pub(super) fn may_transform(&self) -> bool {
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
    pub(super) fn is_nothing(&self) -> bool {
        match self {
            LayerConfig::Dropout(dropout) | LayerConfig::SpatialDropout(dropout) => {
                dropout.rate == 0.0
            }
            LayerConfig::Flatten {} => true,
            _ => false,
        }
    }

    /// Whether it can write its output over its input.
    pub(super) fn works_in_place(&self) -> bool {
        let drops = matches!(self, LayerConfig::Dropout(_) | LayerConfig::SpatialDropout(_));
        drops || (self.is_activation() && !matches!(self, LayerConfig::Gelu {}))
    }
}

impl From<LayerConfig> for NamedLayer {
    fn from(layer: LayerConfig) -> NamedLayer {
        NamedLayer { name: None, layer }
    }
}

impl NamedLayer {
    fn read(table: &mut TableReader<'_>) -> NamedLayer {
        use LayerConfig::*;
        let name = table.optional_string("name");
        let layer = table.tagged(&[
            Kind { name: "conv2d", read: |table| Conv2d(Conv2dConfig::read(table)) },
            Kind { name: "max_pool", read: |table| MaxPool(PoolConfig::read(table)) },
            Kind { name: "average_pool", read: |table| AveragePool(PoolConfig::read(table)) },
            Kind { name: "global_average_pool", read: |_| GlobalAveragePool {} },
            Kind { name: "batch_norm", read: |_| BatchNorm {} },
            Kind { name: "layer_norm", read: |_| LayerNorm {} },
            Kind { name: "dropout", read: |table| Dropout(DropoutConfig::read(table)) },
            Kind {
                name: "spatial_dropout",
                read: |table| SpatialDropout(DropoutConfig::read(table)),
            },
            Kind { name: "relu", read: |_| Relu {} },
            Kind { name: "leaky_relu", read: |table| LeakyRelu(LeakyReluConfig::read(table)) },
            Kind { name: "gelu", read: |_| Gelu {} },
            Kind { name: "sigmoid", read: |_| Sigmoid {} },
            Kind { name: "tanh", read: |_| Tanh {} },
            Kind { name: "flatten", read: |_| Flatten {} },
            Kind { name: "linear", read: |table| Linear(LinearConfig::read(table)) },
            Kind { name: "residual", read: |table| Residual(ResidualConfig::read(table)) },
        ]);
        NamedLayer { name, layer }
    }
}

impl Conv2dConfig {
    /// A kernel of `kernel_size` rows and columns, one pixel after the other.
    pub(super) fn new(filters: usize, kernel_size: usize, padding: usize) -> Conv2dConfig {
        Conv2dConfig { filters, kernel_size, stride: 1, padding, bias: true }
    }

    fn read(table: &mut TableReader<'_>) -> Conv2dConfig {
        Conv2dConfig {
            filters: table.required_integer("filters", 1, MOST_UNITS, "32"),
            kernel_size: table.required_integer("kernel_size", 1, MOST_PIXELS, "3"),
            stride: table.integer_within("stride", 1, 1, MOST_PIXELS),
            padding: table.integer_within("padding", 0, 0, MOST_PIXELS),
            bias: table.boolean("bias", true),
        }
    }
}

impl PoolConfig {
    /// Windows side by side.
    pub(super) fn new(kernel_size: usize) -> PoolConfig {
        PoolConfig { kernel_size, stride: kernel_size, padding: 0 }
    }

    fn read(table: &mut TableReader<'_>) -> PoolConfig {
        let kernel_size = table.required_integer("kernel_size", 1, MOST_PIXELS, "2");
        PoolConfig {
            kernel_size,
            stride: table.integer_within("stride", kernel_size, 1, MOST_PIXELS),
            padding: table.integer_within("padding", 0, 0, MOST_PIXELS),
        }
    }
}

impl DropoutConfig {
    fn read(table: &mut TableReader<'_>) -> DropoutConfig {
        DropoutConfig { rate: table.required_float("rate", Range::FRACTION, "0.5") }
    }
}

impl Default for LeakyReluConfig {
    /// PyTorch's slope.
    fn default() -> LeakyReluConfig {
        LeakyReluConfig { negative_slope: 0.01 }
    }
}

impl LeakyReluConfig {
    fn read(table: &mut TableReader<'_>) -> LeakyReluConfig {
        let LeakyReluConfig { negative_slope } = LeakyReluConfig::default();
        let negative_slope = table.float("negative_slope", negative_slope, Range::NOT_NEGATIVE);
        LeakyReluConfig { negative_slope }
    }
}

impl LinearConfig {
    fn read(table: &mut TableReader<'_>) -> LinearConfig {
        LinearConfig {
            units: table.optional_integer_within("units", 1, MOST_UNITS),
            bias: table.boolean("bias", true),
        }
    }
}

impl ResidualConfig {
    fn read(table: &mut TableReader<'_>) -> ResidualConfig {
        use Shortcut::*;
        let choices = [("identity", Identity), ("pad", Pad), ("projection", Projection)];
        ResidualConfig {
            shortcut: table.choice("shortcut", Identity, &choices),
            layers: table.tables("layers", NamedLayer::read),
        }
    }
}
