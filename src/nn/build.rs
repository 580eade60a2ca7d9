//! Modules as planned -> layers with their initial weights and random streams.

use super::flatten::Flatten;
use super::list::{Conv2dConfig, LayerConfig, PoolConfig};
use super::plan::stride_between;
use super::residual::{Residual, Way};
use super::sequential::{Element, Sequential};
use super::{
    ActivationFunction, ActivationLayer, AveragePool, BatchNorm, Conv2d, Dropout,
    GlobalAveragePool, Layer, LayerNorm, Linear, LinearShape, MaxPool, Module, PoolGeometry, Shape,
    SpatialDropout, WeightInit,
};
use crate::kernel::ConvGeometry;
use crate::rng::{Key, Purpose, Stream};

/// Builds layers in the order of their tensors; the n-th with weights, and the n-th that drops, has the
/// n-th random stream.
pub(super) struct Builder {
    weight_init: WeightInit,
    seed: u64,
    max_batch: usize,
    weights: u64,
    dropouts: u64,
}

/// Whether the module leaves every number where it is.
pub(super) fn keeps_memory(module: &Module) -> bool {
    matches!(module.config, LayerConfig::Flatten {})
}

impl Builder {
    pub(super) fn new(weight_init: WeightInit, seed: u64, max_batch: usize) -> Builder {
        Builder { weight_init, seed, max_batch, weights: 0, dropouts: 0 }
    }

    /// The modules for `input`, whose channels lie side by side in memory if `channel_last`.
    pub(super) fn sequential(
        &mut self,
        modules: &[Module],
        input: Shape,
        channel_last: bool,
    ) -> Sequential {
        let mut elements = Vec::with_capacity(modules.len());
        let mut positions = 1; // of the image that the vector at hand is in memory
        for (i, module) in modules.iter().enumerate() {
            if !keeps_memory(module) {
                let before = i.checked_sub(1).map(|before| &modules[before].config);
                let after = modules.get(i + 1).map(|after| &after.config);
                elements.push(self.element(module, positions, (before, after)));
                if matches!(module.config, LayerConfig::Linear(_)) {
                    positions = 1;
                }
            } else if !channel_last || module.input.is_vector() || module.input.channels == 1 {
                elements.push(Element::Nothing);
            } else if linear_follows(&modules[i + 1..]) {
                positions = module.input.positions();
                elements.push(Element::Nothing);
            } else {
                elements.push(Element::Layer(Box::new(Flatten::new(module.input))));
            }
        }
        Sequential::new(elements, input.features(), self.max_batch)
    }

    /// A module with what stands before and after it.
    fn element(
        &mut self,
        module: &Module,
        positions: usize,
        (before, after): (Option<&LayerConfig>, Option<&LayerConfig>),
    ) -> Element {
        match &module.config {
            LayerConfig::Conv2d(conv) => {
                let layer = self.conv2d(conv, module.input);
                Element::Layer(Box::new(match after {
                    Some(LayerConfig::Relu {}) => layer.with_relu(),
                    _ => layer,
                }))
            }
            LayerConfig::Relu {} if matches!(before, Some(LayerConfig::Conv2d(_))) => {
                Element::Layer(Box::new(ActivationLayer::relu_taken(module.output.features())))
            }
            // Its stream is not given to another.
            LayerConfig::Dropout(dropout) | LayerConfig::SpatialDropout(dropout)
                if dropout.rate == 0.0 =>
            {
                self.dropouts += 1;
                Element::Nothing
            }
            _ => Element::Layer(self.layer(module, positions)),
        }
    }

    fn layer(&mut self, module: &Module, positions: usize) -> Box<dyn Layer> {
        let (input, output, max_batch) = (module.input, module.output, self.max_batch);
        let features = output.features();
        match &module.config {
            LayerConfig::Conv2d(conv) => Box::new(self.conv2d(conv, input)),
            LayerConfig::Linear(linear) => {
                let mut stream = self.weight_stream();
                let (in_features, out_features) = (input.channels, output.channels);
                let bias = linear.bias;
                let shape = LinearShape { in_features, out_features, positions, bias };
                Box::new(Linear::new(shape, self.weight_init, &mut stream, max_batch))
            }
            LayerConfig::BatchNorm {} => {
                Box::new(BatchNorm::new(output.channels, output.positions()))
            }
            LayerConfig::LayerNorm {} => Box::new(LayerNorm::new(output)),
            LayerConfig::MaxPool(pool) => {
                Box::new(MaxPool::new(pool_geometry(pool, input), max_batch))
            }
            LayerConfig::AveragePool(pool) => {
                Box::new(AveragePool::new(pool_geometry(pool, input)))
            }
            LayerConfig::GlobalAveragePool {} => {
                Box::new(GlobalAveragePool::new(input.channels, input.positions()))
            }
            LayerConfig::Dropout(dropout) => {
                let key = self.dropout_key();
                Box::new(Dropout::new(features, dropout.rate, max_batch, key))
            }
            LayerConfig::SpatialDropout(dropout) => {
                let (channels, positions) = (output.channels, output.positions());
                let (key, rate) = (self.dropout_key(), dropout.rate);
                Box::new(SpatialDropout::new(channels, positions, rate, max_batch, key))
            }
            LayerConfig::Relu {} => activation(ActivationFunction::Relu, features),
            LayerConfig::Sigmoid {} => activation(ActivationFunction::Sigmoid, features),
            LayerConfig::Tanh {} => activation(ActivationFunction::Tanh, features),
            LayerConfig::Gelu {} => activation(ActivationFunction::Gelu, features),
            LayerConfig::LeakyRelu(config) => {
                let negative_slope = config.negative_slope as f32;
                activation(ActivationFunction::LeakyRelu { negative_slope }, features)
            }
            LayerConfig::Flatten {} => Box::new(Flatten::new(input)),
            LayerConfig::Residual(_) => Box::new(self.residual(module)),
        }
    }

    fn conv2d(&mut self, conv: &Conv2dConfig, input: Shape) -> Conv2d {
        let mut stream = self.weight_stream();
        Conv2d::new(conv_geometry(conv, input), conv.bias, self.weight_init, &mut stream)
    }

    fn residual(&mut self, module: &Module) -> Residual {
        let (input, output) = (module.input, module.output);
        let body = self.sequential(&module.body, input, true);
        let shortcut = match stride_between(input, output) {
            _ if input == output && module.shortcut.is_empty() => Way::Identity,
            Some(stride) if module.shortcut.is_empty() => Way::Pad { input, output, stride },
            _ => Way::Layers(self.sequential(&module.shortcut, input, true)),
        };
        Residual::new(body, shortcut, self.max_batch)
    }

    fn weight_stream(&mut self) -> Stream {
        self.weights += 1;
        Key::new(self.seed, Purpose::WeightInit, self.weights - 1).stream(0)
    }

    fn dropout_key(&mut self) -> Key {
        self.dropouts += 1;
        Key::new(self.seed, Purpose::Dropout, self.dropouts - 1)
    }
}

fn pool_geometry(pool: &PoolConfig, input: Shape) -> PoolGeometry {
    let Shape { channels, height, width } = input;
    let PoolConfig { kernel_size, stride, padding } = *pool;
    PoolGeometry { height, width, channels, size: kernel_size, stride, padding }
}

fn activation(function: ActivationFunction, features: usize) -> Box<dyn Layer> {
    Box::new(ActivationLayer::new(function, features))
}

/// Whether only modules that treat each number alike stand before a linear layer: then its weights are
/// put in the order of the memory, instead of the numbers in that of the weights.
fn linear_follows(modules: &[Module]) -> bool {
    let is_elementwise = |module: &&Module| {
        matches!(
            module.config,
            LayerConfig::Dropout(_)
                | LayerConfig::Relu {}
                | LayerConfig::LeakyRelu(_)
                | LayerConfig::Gelu {}
                | LayerConfig::Sigmoid {}
                | LayerConfig::Tanh {}
                | LayerConfig::Flatten {}
        )
    };
    let next = modules.iter().find(|module| !is_elementwise(module));
    next.is_some_and(|module| matches!(module.config, LayerConfig::Linear(_)))
}

fn conv_geometry(conv: &Conv2dConfig, input: Shape) -> ConvGeometry {
    ConvGeometry {
        height: input.height,
        width: input.width,
        in_channels: input.channels,
        out_channels: conv.filters,
        kernel_size: [conv.kernel_size; 2],
        stride: conv.stride,
        padding: conv.padding,
    }
}
