//! A residual network for small images.

use std::borrow::Cow;

use crate::config::keys::{WhenAbsent, config, number, whole, word_of};
use crate::config::{Range, TableReader};
use crate::nn::init::{WeightInit, weight_init};
use crate::nn::layers::{
    BatchNormConfig, Conv2dConfig, FlattenConfig, GlobalAveragePoolConfig, NamedLayer, ReluConfig,
    ResidualConfig, Shortcut, StochasticDepthConfig,
};
use crate::nn::presets::network_kind::{LayerList, NetworkKind};

/// Deeper networks would train for weeks.
const MOST_DEPTH: i64 = 1202;

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
        /// Probability of dropping what the last block adds, in [0, 1); that of the blocks before it grows evenly
        /// from 0 (Huang et al., 2016, <https://arxiv.org/abs/1603.09382>).
        pub stochastic_depth: f64 = number(Range::FRACTION).or(0.0).left_out(),
    }
    then ResnetConfig::checked
}

impl NetworkKind for ResnetConfig {
    fn layers(&self) -> Cow<'_, [NamedLayer]> {
        let mut list = LayerList::default();
        list.conv(Conv2dConfig { bias: false, ..Conv2dConfig::new(16, 3, 1) }, true);
        let mut filters_before = 16;
        let blocks = self.depth.saturating_sub(2) / 6;
        for block in 0..3 * blocks {
            let filters = 16 << (block / blocks);
            let changes = filters != filters_before;
            let rate = self.stochastic_depth * (block + 1) as f64 / (3 * blocks) as f64;
            list.push(self.block(filters, changes, rate));
            list.push(ReluConfig {});
            filters_before = filters;
        }
        list.push(GlobalAveragePoolConfig {});
        list.push(FlattenConfig {});
        list.linear(None);
        list.into()
    }

    fn weight_init(&self) -> WeightInit {
        self.weight_init
    }

    fn reads_vectors(&self) -> bool {
        false
    }
}

impl ResnetConfig {
    /// Two convolutions with a shortcut around them. If the channels change, the first convolution halves
    /// height and width. In training, what they give is dropped with the probability `rate`.
    fn block(&self, filters: usize, changes: bool, rate: f64) -> ResidualConfig {
        let conv = Conv2dConfig { bias: false, ..Conv2dConfig::new(filters, 3, 1) };
        let mut body = LayerList::default();
        body.conv(Conv2dConfig { stride: if changes { 2 } else { 1 }, ..conv.clone() }, true);
        body.push(conv);
        body.push(BatchNormConfig::default());
        if rate > 0.0 {
            body.push(StochasticDepthConfig::new(rate));
        }
        let shortcut = if changes { self.shortcut } else { Shortcut::Identity };
        ResidualConfig { shortcut, layers: body.layers }
    }

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
}
