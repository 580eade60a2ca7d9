//! Modules as planned -> layers with their initial weights and random streams.

use super::plan::stride_between;
use super::sequential::{Element, Sequential};
use super::{Module, Shape, WeightInit};
use crate::kernel::ConvGeometry;
use crate::nn::layers::AveragePool;
use crate::nn::layers::BatchNorm;
use crate::nn::layers::Conv2d;
use crate::nn::layers::Dropout;
use crate::nn::layers::Flatten;
use crate::nn::layers::GlobalAveragePool;
use crate::nn::layers::Layer;
use crate::nn::layers::LayerNorm;
use crate::nn::layers::MaxPool;
use crate::nn::layers::PoolGeometry;
use crate::nn::layers::SpatialDropout;
use crate::nn::layers::{ActivationFunction, ActivationLayer};
use crate::nn::layers::{Conv2dConfig, LayerConfig, PoolConfig};
use crate::nn::layers::{Linear, LinearShape};
use crate::nn::layers::{Residual, Way};
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
fn keeps_memory(module: &Module) -> bool {
    matches!(module.config, LayerConfig::Flatten {})
}

/// Whether a layer is built for module `i`. `channel_last`: how the input of all of them lies in memory.
pub(super) fn has_layer(modules: &[Module], i: usize, channel_last: bool) -> bool {
    let module = &modules[i];
    let made_before = || modules[..i].iter().any(|module| !keeps_memory(module));
    !module.config.is_nothing()
        || (keeps_memory(module) && moves_numbers(modules, i, channel_last || made_before()))
}

/// Whether the numbers of an image, which module `i` flattens, have to be put in another order.
fn moves_numbers(modules: &[Module], i: usize, channel_last: bool) -> bool {
    channel_last && has_order(modules[i].input) && !linear_follows(&modules[i + 1..])
}

/// Whether it matters that channels lie side by side.
pub(super) fn has_order(shape: Shape) -> bool {
    !shape.is_vector() && shape.channels > 1
}

/// How the first layer of a network reads its input.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum FirstReads {
    /// In blocks of columns: products can, and are faster so.
    Blocks,
    /// Vectors, row after row.
    Vectors,
    /// Images, their channels side by side.
    Images,
}

/// How the first of `modules` that does anything reads the network's input.
pub(super) fn first_reads(modules: &[Module]) -> FirstReads {
    let first = modules.iter().find(|module| !keeps_memory(module));
    if first.is_some_and(|module| !module.input.is_vector()) {
        return FirstReads::Images;
    }
    match modules.iter().find(|module| !module.config.is_nothing()).map(|module| &module.config) {
        Some(LayerConfig::Linear(_)) => FirstReads::Blocks,
        _ => FirstReads::Vectors,
    }
}

/// The modules around one, which decide what a layer does for its neighbours.
#[derive(Clone, Copy)]
struct Neighbours<'a> {
    modules: &'a [Module],
    i: usize,
}

impl Neighbours<'_> {
    fn at(self, offset: isize) -> Option<&'static str> {
        let i = self.i.checked_add_signed(offset)?;
        self.modules.get(i).map(|module| module.config.kind())
    }

    fn is_relu(self, offset: isize) -> bool {
        self.at(offset) == Some("relu")
    }

    /// Whether it takes the ReLU that follows.
    fn takes_relu(self, offset: isize) -> bool {
        matches!(self.at(offset), Some("conv2d" | "batch_norm" | "residual"))
    }

    fn is_max_pool(self, offset: isize) -> bool {
        self.at(offset) == Some("max_pool")
    }
}

impl Builder {
    pub(super) fn new(weight_init: WeightInit, seed: u64, max_batch: usize) -> Builder {
        Builder { weight_init, seed, max_batch, weights: 0, dropouts: 0 }
    }

    /// The modules for `input`, whose channels lie side by side in memory if `channel_last`, as those of
    /// all images do that layers make.
    pub(super) fn sequential(
        &mut self,
        modules: &[Module],
        input: Shape,
        channel_last: bool,
    ) -> Sequential {
        let mut elements = Vec::with_capacity(modules.len());
        let mut positions = 1; // of the image that the vector at hand is in memory
        let mut channel_last = channel_last;
        for (i, module) in modules.iter().enumerate() {
            if !keeps_memory(module) {
                let neighbours = Neighbours { modules, i };
                elements.push(self.element(module, positions, neighbours));
                channel_last = true;
                if matches!(module.config, LayerConfig::Linear(_)) {
                    positions = 1;
                }
            } else if moves_numbers(modules, i, channel_last) {
                elements.push(Element::Layer(Box::new(Flatten::new(module.input))));
            } else {
                if channel_last && has_order(module.input) {
                    positions = module.input.positions(); // the linear layer that follows sees to it
                }
                elements.push(Element::Nothing);
            }
        }
        Sequential::new(elements, input.features(), self.max_batch)
    }

    /// A module with what stands before and after it.
    fn element(&mut self, module: &Module, positions: usize, near: Neighbours<'_>) -> Element {
        match &module.config {
            LayerConfig::Conv2d(conv) if near.is_relu(1) => {
                Element::Layer(Box::new(self.conv2d(conv, module.input).with_relu()))
            }
            LayerConfig::BatchNorm {} if near.is_relu(1) => {
                let (channels, positions) = (module.output.channels, module.output.positions());
                Element::Layer(Box::new(BatchNorm::new(channels, positions).with_relu()))
            }
            LayerConfig::Residual(_) if near.is_relu(1) => {
                Element::Layer(Box::new(self.residual(module).with_relu()))
            }
            LayerConfig::Relu {} if near.takes_relu(-1) => {
                let features = module.output.features();
                let layer = ActivationLayer::relu_taken(features, near.is_max_pool(1));
                Element::Layer(Box::new(layer))
            }
            LayerConfig::MaxPool(pool) if near.is_relu(-1) && near.takes_relu(-2) => {
                let geometry = pool_geometry(pool, module.input);
                Element::Layer(Box::new(MaxPool::new(geometry, self.max_batch).behind_relu()))
            }
            // Its stream is not given to another.
            nothing if nothing.is_nothing() => {
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
        let block = Residual::new(body, shortcut, self.max_batch);
        block.of_channels(input.channels, output.channels)
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

pub(super) fn conv_geometry(conv: &Conv2dConfig, input: Shape) -> ConvGeometry {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::Rows;
    use crate::nn::layers::Mode;
    use crate::nn::layers::{ResidualConfig, Shortcut};
    use crate::nn::plan;
    use crate::nn::testing::pass;

    /// Output, and the gradients by the input and by the first weight, of an image network.
    fn run(mut network: Sequential, input: &[f32], batch: usize) -> [Vec<f32>; 3] {
        let pass = pass(Mode::Train, batch);
        let rows = Rows::new(input, batch, input.len() / batch);
        network.forward(rows, &pass);
        let output = network.output(batch).to_vec();
        let (_, grad) = network.output_and_grad(batch);
        grad.iter_mut().enumerate().for_each(|(i, g)| *g = (i * 7 % 13) as f32 / 6.0 - 1.0);
        let mut grad_input = vec![0.0; input.len()];
        network.backward(rows, Some(&mut grad_input), None, &pass);
        let mut weights = Vec::new();
        network.visit_params(&mut |param| weights.push(param.grad()));
        [output, grad_input, weights.swap_remove(0)]
    }

    #[test]
    fn layers_that_work_for_their_neighbours_change_nothing() {
        let conv = LayerConfig::Conv2d(Conv2dConfig::new(5, 3, 1));
        let pools = [(2, 2, 0), (3, 2, 1), (2, 3, 0)];
        for (kernel_size, stride, padding) in pools {
            let pool = LayerConfig::MaxPool(PoolConfig { kernel_size, stride, padding });
            let body = vec![conv.clone().into(), LayerConfig::BatchNorm {}.into()];
            let residual = ResidualConfig { shortcut: Shortcut::Pad, layers: body };
            let layers = [
                conv.clone(),
                LayerConfig::Relu {},
                LayerConfig::BatchNorm {},
                LayerConfig::Relu {},
                LayerConfig::Residual(residual),
                LayerConfig::Relu {},
                pool,
            ]
            .map(Into::into);
            let input = Shape { channels: 2, height: 6, width: 7 };
            let modules = plan_of(&layers, input);
            let builder = || Builder::new(WeightInit::He, 3, 4);
            let numbers: Vec<f32> =
                (0..4 * 84).map(|i| (i * i * 37 % 101) as f32 / 50.0 - 1.0).collect();
            let mut apart = builder();
            let single = modules.iter().map(|m| Element::Layer(apart.layer(m, 1))).collect();
            let apart = run(Sequential::new(single, input.features(), 4), &numbers, 4);
            let together = run(builder().sequential(&modules, input, true), &numbers, 4);
            assert_eq!(together, apart, "{kernel_size} {stride} {padding}");
            assert!(together[1].iter().any(|g| *g != 0.0));
        }
    }

    /// The modules, without those behind them that make classes of an image.
    fn plan_of(layers: &[crate::nn::layers::NamedLayer], input: Shape) -> Vec<Module> {
        let linear = crate::nn::layers::LinearConfig { units: None, bias: true };
        let classes = [LayerConfig::Flatten {}, LayerConfig::Linear(linear)].map(Into::into);
        let mut modules = plan(&[layers, &classes].concat(), input, 10).unwrap();
        modules.truncate(layers.len());
        modules
    }
}
