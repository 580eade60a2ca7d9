//! Turns planned modules into layers with their initial weights and random streams.

use super::sequential::{Element, Sequential};
use super::{Module, Shape, WeightInit};
use crate::rng::{Purpose, Stream, StreamKey};

/// Builds layers in the order of their tensors. The n-th layer with weights gets the n-th stream of
/// weights, and the n-th dropout layer the n-th stream of dropout.
pub struct Builder {
    weight_init: WeightInit,
    pub(super) max_batch: usize,
    seed: u64,
    weights: u64,
    dropouts: u64,
}

/// The neighbours of a module, which decide what its layer does for them.
pub struct Around<'a> {
    modules: &'a [Module],
    place: usize,
    /// Pixels of the image that the current vector still is in memory; 1 if it is a plain vector.
    pub(super) positions: usize,
}

/// Whether a layer is built for module `i`. `channel_last` says whether the whole input is
/// channel-last in memory.
pub(super) fn has_layer(modules: &[Module], i: usize, channel_last: bool) -> bool {
    let role = modules[i].role();
    let made_before = || modules[..i].iter().any(|module| !module.role().keeps_memory());
    !role.is_nothing()
        || (role.keeps_memory() && moves_numbers(modules, i, channel_last || made_before()))
}

/// Whether the numbers of the image that module `i` flattens must be reordered.
fn moves_numbers(modules: &[Module], i: usize, channel_last: bool) -> bool {
    channel_last && has_order(modules[i].input) && !linear_follows(&modules[i + 1..])
}

/// Whether channel-last and channel-first order differ.
pub(super) fn has_order(shape: Shape) -> bool {
    !shape.is_vector() && shape.channels > 1
}

/// How the first layer of a network reads its input.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum FirstReads {
    /// In blocks of columns, which makes products faster.
    Blocks,
    /// Vectors, row after row.
    Vectors,
    /// Images with channels last.
    Images,
}

/// How the first of `modules` that has an effect reads the network's input.
pub(super) fn first_reads(modules: &[Module]) -> FirstReads {
    let first_change = modules.iter().find(|module| !module.role().keeps_memory());
    if first_change.is_some_and(|module| !module.input.is_vector()) {
        return FirstReads::Images;
    }
    let first = modules.iter().find(|module| !module.role().is_nothing());
    match first.is_some_and(|module| module.role().is_linear()) {
        true => FirstReads::Blocks,
        false => FirstReads::Vectors,
    }
}

impl Around<'_> {
    /// No neighbours.
    #[cfg(test)]
    pub(super) fn nothing(module: &Module) -> Around<'_> {
        Around { modules: std::slice::from_ref(module), place: 0, positions: 1 }
    }

    fn at(&self, offset: isize) -> Option<&Module> {
        self.modules.get(self.place.checked_add_signed(offset)?)
    }

    /// Whether ReLU follows, which the layer may fuse.
    pub(super) fn relu_follows(&self) -> bool {
        self.at(1).is_some_and(|module| module.role().is_relu())
    }

    /// Whether the previous layer fuses this ReLU.
    pub(super) fn is_taken(&self) -> bool {
        self.at(-1).is_some_and(|module| module.role().takes_relu())
    }

    /// Whether a max pool follows, which applies the slope of ReLU.
    pub(super) fn max_pool_follows(&self) -> bool {
        use super::layers::Role::Pool;
        let is_max_pool =
            |module: &Module| matches!(module.role(), Pool { is_max: true, is_global: false });
        self.at(1).is_some_and(is_max_pool)
    }

    /// Whether the module before is a ReLU that the layer before it has fused.
    pub(super) fn is_behind_taken_relu(&self) -> bool {
        let is_relu = self.at(-1).is_some_and(|module| module.role().is_relu());
        is_relu && self.at(-2).is_some_and(|module| module.role().takes_relu())
    }
}

impl Builder {
    pub(super) fn new(weight_init: WeightInit, seed: u64, max_batch: usize) -> Builder {
        Builder { weight_init, max_batch, seed, weights: 0, dropouts: 0 }
    }

    /// One that draws no weights, because they are loaded next.
    pub(super) fn of_zeros(max_batch: usize) -> Builder {
        Builder::new(WeightInit::Zeros, 0, max_batch)
    }

    /// How the weights of a layer begin that says `own`, or nothing.
    pub(super) fn weight_init(&self, own: Option<WeightInit>) -> WeightInit {
        match self.weight_init {
            WeightInit::Zeros => WeightInit::Zeros,
            of_network => own.unwrap_or(of_network),
        }
    }

    /// Builds the layers of `modules` for `input`. `channel_last` says whether `input` is
    /// channel-last in memory, as all images made by layers are.
    pub(super) fn sequential(
        &mut self,
        modules: &[Module],
        input: Shape,
        channel_last: bool,
    ) -> Sequential {
        let mut elements = Vec::with_capacity(modules.len());
        let mut positions = 1; // pixels of the image that the current vector still is in memory
        let mut channel_last = channel_last;
        for (place, module) in modules.iter().enumerate() {
            let around = Around { modules, place, positions };
            let role = module.role();
            let is_built = !role.keeps_memory() || moves_numbers(modules, place, channel_last);
            let layer = match is_built {
                true => module.config.as_kind().build(module, &around, self),
                false => None,
            };
            elements.push(layer.map_or(Element::Nothing, Element::Layer));
            if !role.keeps_memory() {
                channel_last = true;
                if role.is_linear() {
                    positions = 1;
                }
            } else if !is_built && channel_last && has_order(module.input) {
                positions = module.input.positions(); // the following linear layer handles it
            }
        }
        Sequential::new(elements, input.features(), self.max_batch)
    }

    /// The stream of the next layer with weights.
    pub(super) fn weight_stream(&mut self) -> Stream {
        self.weights += 1;
        StreamKey::new(self.seed, Purpose::WeightInit, self.weights - 1).stream(0)
    }

    /// The key of the next dropout layer.
    pub(super) fn dropout_key(&mut self) -> StreamKey {
        self.dropouts += 1;
        StreamKey::new(self.seed, Purpose::Dropout, self.dropouts - 1)
    }
}

/// Whether a linear layer follows after elementwise modules only. Then its weights are stored in
/// memory order, so that the numbers need not be reordered.
fn linear_follows(modules: &[Module]) -> bool {
    let next = modules.iter().find(|module| !module.role().is_elementwise());
    next.is_some_and(|module| module.role().is_linear())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::Rows;
    use crate::nn::layers::{
        BatchNormConfig, Conv2dConfig, FlattenConfig, LinearConfig, MaxPoolConfig, Mode,
        NamedLayer, PoolConfig, ReluConfig, ResidualConfig, Shortcut,
    };
    use crate::nn::plan;
    use crate::nn::testing::pass;

    /// Output, and the gradients of the input and of the first weight, of an image network.
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
        let conv = Conv2dConfig::new(5, 3, 1);
        let pools = [(2, 2, 0), (3, 2, 1), (2, 3, 0)];
        for (kernel_size, stride, padding) in pools {
            let pool = MaxPoolConfig(PoolConfig { kernel_size, stride, padding });
            let body =
                vec![NamedLayer::of(conv.clone()), NamedLayer::of(BatchNormConfig::default())];
            let residual = ResidualConfig { shortcut: Shortcut::Pad, layers: body };
            let layers = [
                NamedLayer::of(conv.clone()),
                NamedLayer::of(ReluConfig {}),
                NamedLayer::of(BatchNormConfig::default()),
                NamedLayer::of(ReluConfig {}),
                NamedLayer::of(residual),
                NamedLayer::of(ReluConfig {}),
                NamedLayer::of(pool),
            ];
            let input = Shape { channels: 2, height: 6, width: 7 };
            let modules = plan_of(&layers, input);
            let builder = || Builder::new(WeightInit::He, 3, 4);
            let numbers: Vec<f32> =
                (0..4 * 84).map(|i| (i * i * 37 % 101) as f32 / 50.0 - 1.0).collect();
            let mut apart = builder();
            let single = modules.iter().map(|m| alone(&mut apart, m)).collect();
            let apart = run(Sequential::new(single, input.features(), 4), &numbers, 4);
            let together = run(builder().sequential(&modules, input, true), &numbers, 4);
            assert_eq!(together, apart, "{kernel_size} {stride} {padding}");
            assert!(together[1].iter().any(|g| *g != 0.0));
        }
    }

    /// A module without neighbours.
    fn alone(builder: &mut Builder, module: &Module) -> Element {
        let layer = module.config.as_kind().build(module, &Around::nothing(module), builder);
        layer.map_or(Element::Nothing, Element::Layer)
    }

    /// The modules, without the trailing ones that turn an image into classes.
    fn plan_of(layers: &[NamedLayer], input: Shape) -> Vec<Module> {
        let linear = LinearConfig::default();
        let classes = [NamedLayer::of(FlattenConfig {}), NamedLayer::of(linear)];
        let mut modules = plan(&[layers, &classes].concat(), input, 10).unwrap();
        modules.truncate(layers.len());
        modules
    }
}
