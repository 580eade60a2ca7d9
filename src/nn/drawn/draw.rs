//! Draws lists of layers for the inputs of all kinds of data.

use crate::config::keys::Kinds;
use crate::nn::layers::{
    AveragePoolConfig, BatchNormConfig, Conv2dConfig, DropoutConfig, FlattenConfig,
    GlobalAveragePoolConfig, LayerConfig, LayerNormConfig, LayersConfig, LinearConfig,
    MaxPoolConfig, NamedLayer, PoolConfig, ResidualConfig, ScaleConfig, Shortcut,
    SpatialDropoutConfig, StochasticDepthConfig,
};
use crate::nn::plan::{Site, sequence};
use crate::nn::{Module, NetworkConfig, Shape, WeightInit};
use crate::rng::{Purpose, Stream, stream};

/// The most numbers of one example between two layers, so that the plain reference stays fast.
const MOST_FEATURES: usize = 3072;
/// The most trained numbers.
const MOST_PARAMS: usize = 40_000;
/// The most operations of the products of an example.
const MOST_FLOPS: u64 = 600_000;
/// The deepest nesting of residual blocks.
const DEEPEST: usize = 2;

/// A network that fits its input.
#[derive(Debug, Clone)]
pub struct DrawnNetwork {
    /// The network.
    pub network: NetworkConfig,
    /// The shape of its input.
    pub input: Shape,
    /// Its number of classes.
    pub classes: usize,
}

/// The network numbered `number`.
pub fn draw(number: u64) -> DrawnNetwork {
    let mut dice = Dice(stream(number, Purpose::Synthetic, 1 << 40, 0));
    let (input, classes) = (dice.input(), 2 + dice.below(4));
    let mut row = LayersSoFar { input, classes, layers: Vec::new() };
    dice.fill(&mut row);
    let list = LayersConfig { weight_init: WeightInit::He, layers: row.layers };
    DrawnNetwork { network: NetworkConfig::Layers(list), input, classes }
}

/// The layers drawn so far.
struct LayersSoFar {
    input: Shape,
    classes: usize,
    layers: Vec<NamedLayer>,
}

impl LayersSoFar {
    fn modules(&self) -> Option<Vec<Module>> {
        let site = Site { key: "layers", path: "", input: self.input, classes: self.classes };
        sequence(&self.layers, &site).ok()
    }

    fn output(&self) -> Shape {
        let modules = self.modules().unwrap_or_default();
        modules.last().map_or(self.input, |module| module.output)
    }

    /// Whether all layers fit, and are small.
    fn fits(&self) -> bool {
        let Some(modules) = self.modules() else { return false };
        let all: Vec<&Module> = modules.iter().flat_map(Module::all).collect();
        let params = all.iter().flat_map(|module| module.params());
        all.iter().all(|module| module.output.features() <= MOST_FEATURES)
            && params.map(|param| param.elements()).sum::<usize>() <= MOST_PARAMS
            && all.iter().map(|module| module.flops()).sum::<u64>() <= MOST_FLOPS
    }

    /// Adds the layer if it fits.
    fn try_push(&mut self, layer: LayerConfig) -> bool {
        self.layers.push(NamedLayer::of(layer));
        let fits = self.fits();
        if !fits {
            self.layers.pop();
        }
        fits
    }
}

struct Dice(Stream);

impl Dice {
    fn below(&mut self, bound: usize) -> usize {
        self.0.below(bound as u32) as usize
    }

    fn one_in(&mut self, n: usize) -> bool {
        self.below(n) == 0
    }

    /// The input shape of a table, of MNIST, of CIFAR, or of the user's own pictures.
    fn input(&mut self) -> Shape {
        let channels = if self.one_in(2) { 1 } else { 3 };
        match self.below(8) {
            0 => Shape { channels: 3, height: 32, width: 32 },
            1 => Shape { channels: 1, height: 28, width: 28 },
            2 | 3 => Shape { channels, height: 1 + self.below(16), width: 1 + self.below(16) },
            4 => Shape { channels, height: 1 + self.below(4), width: 1 + self.below(4) },
            _ => Shape::vector(1 + self.below(20)),
        }
    }

    /// Draws a whole network: some layers, and those that turn their output into classes.
    fn fill(&mut self, row: &mut LayersSoFar) {
        if row.input.positions() > 256 {
            self.shrink(row);
        }
        for _ in 0..self.below(7) {
            self.push(row, 0);
        }
        if !row.output().is_vector() {
            let is_mean = self.one_in(4);
            row.try_push(if is_mean {
                GlobalAveragePoolConfig {}.into()
            } else {
                FlattenConfig {}.into()
            });
        }
        for _ in 0..self.below(3) {
            let layer = self.on_vectors();
            row.try_push(layer);
        }
        if !row.try_push(LinearConfig::default().into()) {
            // The existing layers leave no room for it.
            row.layers = vec![NamedLayer::of(GlobalAveragePoolConfig {})];
            row.try_push(LinearConfig::default().into());
        }
        while self.one_in(5) {
            let layer = self.that_keeps_shapes();
            row.try_push(layer);
        }
    }

    /// Usually reduces the number of pixels.
    fn shrink(&mut self, row: &mut LayersSoFar) {
        let kernel_size = 4 + self.below(6);
        let pool = PoolConfig { kernel_size, stride: kernel_size, padding: self.below(2) };
        let first = match self.below(6) {
            0 => MaxPoolConfig(pool).into(),
            1 => AveragePoolConfig(pool).into(),
            2 => FlattenConfig {}.into(),
            3 => self.that_keeps_shapes(),
            _ => {
                let filters = 1 + self.below(5);
                let conv = Conv2dConfig::new(filters, kernel_size, self.below(3));
                Conv2dConfig { stride: 4, ..conv }.into()
            }
        };
        row.try_push(first);
    }

    /// Adds one layer that fits; none if many tries in a row do not fit.
    fn push(&mut self, row: &mut LayersSoFar, depth: usize) {
        for _ in 0..20 {
            let layer = self.layer(row, depth);
            if layer.is_some_and(|layer| row.try_push(layer)) {
                return;
            }
        }
    }

    fn layer(&mut self, row: &LayersSoFar, depth: usize) -> Option<LayerConfig> {
        let shape = row.output();
        let layer = match self.below(10) {
            0..3 => self.that_keeps_shapes(),
            3 | 4 => self.conv2d(),
            5 => {
                let pool = self.pool(shape);
                if self.one_in(2) {
                    MaxPoolConfig(pool).into()
                } else {
                    AveragePoolConfig(pool).into()
                }
            }
            6 if self.one_in(3) => GlobalAveragePoolConfig {}.into(),
            6 if self.one_in(2) => FlattenConfig {}.into(),
            6 | 7 => {
                let units = Some(1 + self.below(9));
                LinearConfig { units, bias: !self.one_in(4), weight_init: None }.into()
            }
            _ if depth < DEEPEST => self.residual(shape, row.classes, depth)?,
            _ => return None,
        };
        Some(layer)
    }

    fn conv2d(&mut self) -> LayerConfig {
        let is_wide = self.one_in(5); // tiles may be transformed
        let filters = if is_wide { 16 + self.below(3) } else { 1 + self.below(6) };
        let kernel_size = if is_wide { 3 } else { 1 + self.below(4) };
        let padding = self.below(kernel_size.min(3) + 1);
        let stride = if is_wide { 1 } else { 1 + self.below(3) };
        let conv = Conv2dConfig::new(filters, kernel_size, padding);
        Conv2dConfig { stride, bias: !self.one_in(3), ..conv }.into()
    }

    fn pool(&mut self, shape: Shape) -> PoolConfig {
        let whole = shape.height.max(shape.width);
        let kernel_size = if self.one_in(4) { whole } else { 1 + self.below(4) };
        let stride = 1 + self.below(kernel_size + 1);
        PoolConfig { kernel_size, stride, padding: self.below(kernel_size / 2 + 1) }
    }

    fn on_vectors(&mut self) -> LayerConfig {
        match self.below(8) {
            0 | 1 => {
                let units = Some(1 + self.below(9));
                LinearConfig { units, ..LinearConfig::default() }.into()
            }
            2 => FlattenConfig {}.into(), // it is flat already
            _ => self.that_keeps_shapes(),
        }
    }

    fn that_keeps_shapes(&mut self) -> LayerConfig {
        let rate = [0.0, 0.1, 0.5][self.below(3)];
        match self.below(12) {
            0 => BatchNormConfig::default().into(),
            1 => self.batch_norm(),
            2 => LayerNormConfig {}.into(),
            3 => DropoutConfig { rate }.into(),
            4 => SpatialDropoutConfig(DropoutConfig { rate }).into(),
            5 => StochasticDepthConfig::new(rate).into(),
            6 => ScaleConfig { factor: [0.125, 2.5][self.below(2)] }.into(),
            _ => self.activation(),
        }
    }

    fn batch_norm(&mut self) -> LayerConfig {
        let (scale, shift) = (!self.one_in(3), !self.one_in(3));
        BatchNormConfig { momentum: 0.5, eps: 0.001, scale, shift }.into()
    }

    /// ReLU half of the time, because neighbours treat it specially; otherwise any activation
    /// function.
    fn activation(&mut self) -> LayerConfig {
        let all = LayerConfig::KINDS.iter().map(|kind| (kind.unset)());
        let all: Vec<LayerConfig> = all.filter(|layer| layer.role().is_activation()).collect();
        let relu = all.iter().find(|layer| layer.role().is_relu());
        match relu {
            Some(relu) if self.one_in(2) => relu.clone(),
            _ => all[self.below(all.len())].clone(),
        }
    }

    /// A block of some layers. The shortcuts are tried in a random order; the first that fits is
    /// used.
    fn residual(&mut self, input: Shape, classes: usize, depth: usize) -> Option<LayerConfig> {
        let mut body = LayersSoFar { input, classes, layers: Vec::new() };
        for _ in 0..=self.below(3) {
            self.push(&mut body, depth + 1);
        }
        if body.layers.is_empty() {
            return None;
        }
        let mut shortcuts = [Shortcut::Identity, Shortcut::Pad, Shortcut::Projection];
        self.0.shuffle(&mut shortcuts);
        shortcuts.into_iter().find_map(|shortcut| {
            let layers = body.layers.clone();
            let block = LayerConfig::from(ResidualConfig { shortcut, layers });
            let mut row = LayersSoFar { input, classes, layers: Vec::new() };
            row.try_push(block.clone()).then_some(block)
        })
    }
}
