//! Networks with a name, and the lists of layers that they stand for.

use super::MlpConfig;
use super::init::{WeightInit, weight_init};
use crate::config::keys::{WhenAbsent, config, flag, number, whole, word_of};
use crate::config::{Range, TableReader};
use crate::nn::layers::{
    BatchNormConfig, Conv2dConfig, DropoutConfig, FlattenConfig, GlobalAveragePoolConfig,
    LayerConfig, LinearConfig, MaxPoolConfig, NamedLayer, PoolConfig, ReluConfig, ResidualConfig,
    Shortcut,
};

config! {
    /// Convolution of 30 kernels of 5x5, ReLU, 2x2 max pooling, a hidden layer of 100 units (Saitoh, 2016, "Deep
    /// Learning from Scratch", chapter 7).
    pub struct SimpleConvnetConfig {
        /// Distribution of the initial weights; biases start at zero.
        pub weight_init: WeightInit = weight_init(WeightInit::He),
        /// Batch normalisation after the convolution and the hidden layer.
        pub batch_norm: bool = flag().or(false),
        /// Probability of dropping a hidden unit, in [0, 1).
        pub dropout: f64 = number(Range::FRACTION).or(0.0),
    }
}

config! {
    /// Three pairs of 3x3 convolutions of 64, 128 and 256 kernels, each with ReLU and followed by 2x2 max
    /// pooling, and a hidden layer of 1024 units, after VGG (Simonyan & Zisserman, 2015,
    /// <https://arxiv.org/abs/1409.1556>).
    pub struct DeepConvnetConfig {
        /// Distribution of the initial weights; biases start at zero.
        pub weight_init: WeightInit = weight_init(WeightInit::He),
        /// Batch normalisation after each convolution.
        pub batch_norm: bool = flag().or(false),
        /// Probability of dropping a hidden unit, in [0, 1).
        pub dropout: f64 = number(Range::FRACTION).or(0.5),
    }
}

config! {
    /// Residual network for small images, of 16, 32 and 64 channels (He et al., 2016,
    /// <https://arxiv.org/abs/1512.03385>, section 4.2).
    pub struct ResnetConfig {
        /// Distribution of the initial weights; biases start at zero.
        pub weight_init: WeightInit = weight_init(WeightInit::He),
        /// Layers with weights, 6n + 2 for a whole n: 20, 32, 44, 56, 110.
        pub depth: usize = whole(8).to(MOST_DEPTH).or(20),
        /// What the blocks add where the shape changes: `pad` or `projection`.
        pub shortcut: Shortcut = word_of(&[Shortcut::Pad, Shortcut::Projection]).or(Shortcut::Pad),
    }
    then ResnetConfig::checked
}

/// Deeper ones would train for weeks.
const MOST_DEPTH: i64 = 1202;

impl SimpleConvnetConfig {
    pub(super) fn layers(&self) -> Vec<NamedLayer> {
        let mut list = List::default();
        list.conv(Conv2dConfig::new(30, 5, 0), self.batch_norm);
        list.push(MaxPoolConfig(PoolConfig::new(2)));
        list.push(FlattenConfig {});
        list.linear(Some(100));
        list.hidden(self.batch_norm, ReluConfig {}.into(), self.dropout);
        list.linear(None);
        list.0
    }
}

impl DeepConvnetConfig {
    pub(super) fn layers(&self) -> Vec<NamedLayer> {
        let mut list = List::default();
        for filters in [64, 128, 256] {
            list.conv(Conv2dConfig::new(filters, 3, 1), self.batch_norm);
            list.conv(Conv2dConfig::new(filters, 3, 1), self.batch_norm);
            list.push(MaxPoolConfig(PoolConfig::new(2)));
        }
        list.push(FlattenConfig {});
        list.linear(Some(1024));
        list.hidden(false, ReluConfig {}.into(), self.dropout);
        list.linear(None);
        list.0
    }
}

impl ResnetConfig {
    fn checked(self, table: &mut TableReader<'_>) -> ResnetConfig {
        let depth = self.depth;
        if depth % 6 != 2 {
            let (below, above) = ((depth - 2) / 6 * 6 + 2, (depth + 4) / 6 * 6 + 2);
            let help = Some(format!("the nearest are {} and {above}", below.max(8)));
            let title = "`network.depth` is not of the form 6n + 2".to_owned();
            table.error("depth", title, "three groups of n blocks of two layers".to_owned(), help);
        }
        self
    }

    pub(super) fn layers(&self) -> Vec<NamedLayer> {
        let mut list = List::default();
        list.conv(Conv2dConfig { bias: false, ..Conv2dConfig::new(16, 3, 1) }, true);
        let mut filters_before = 16;
        for filters in [16, 32, 64] {
            for _ in 0..self.depth.saturating_sub(2) / 6 {
                list.block(filters, filters != filters_before, self.shortcut);
                filters_before = filters;
            }
        }
        list.push(GlobalAveragePoolConfig {});
        list.push(FlattenConfig {});
        list.linear(None);
        list.0
    }
}

impl MlpConfig {
    /// Linear, batch norm, activation, dropout for each hidden layer, then a linear layer. What is
    /// switched off has no module and no index.
    pub(super) fn layers(&self) -> Vec<NamedLayer> {
        let mut list = List::default();
        for &units in &self.hidden_sizes {
            list.linear(Some(units));
            list.hidden(self.batch_norm, self.activation.clone(), self.dropout);
        }
        list.linear(None);
        list.0
    }
}

/// A list of layers that grows.
#[derive(Default)]
struct List(Vec<NamedLayer>);

impl List {
    fn push(&mut self, layer: impl Into<LayerConfig>) {
        self.0.push(NamedLayer::of(layer));
    }

    fn linear(&mut self, units: Option<usize>) {
        self.push(LinearConfig { units, bias: true });
    }

    /// What follows a hidden linear layer.
    fn hidden(&mut self, batch_norm: bool, activation: LayerConfig, dropout: f64) {
        if batch_norm {
            self.push(BatchNormConfig {});
        }
        self.push(activation);
        if dropout > 0.0 {
            self.push(DropoutConfig { rate: dropout });
        }
    }

    /// Convolution, batch norm, ReLU.
    fn conv(&mut self, conv: Conv2dConfig, batch_norm: bool) {
        self.push(conv);
        self.hidden(batch_norm, ReluConfig {}.into(), 0.0);
    }

    /// Two convolutions around which the input is led; the first halves height and width where the
    /// channels change.
    fn block(&mut self, filters: usize, changes: bool, shortcut: Shortcut) {
        let conv = Conv2dConfig { bias: false, ..Conv2dConfig::new(filters, 3, 1) };
        let mut body = List::default();
        body.conv(Conv2dConfig { stride: if changes { 2 } else { 1 }, ..conv.clone() }, true);
        body.push(conv);
        body.push(BatchNormConfig {});
        let shortcut = if changes { shortcut } else { Shortcut::Identity };
        self.push(ResidualConfig { shortcut, layers: body.0 });
        self.push(ReluConfig {});
    }
}
