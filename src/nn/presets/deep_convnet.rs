//! A convolutional network after VGG.

use std::borrow::Cow;

use crate::config::Range;
use crate::config::keys::{WhenAbsent, config, flag, number};
use crate::nn::init::{WeightInit, weight_init};
use crate::nn::layers::{
    Conv2dConfig, FlattenConfig, MaxPoolConfig, NamedLayer, PoolConfig, ReluConfig,
};
use crate::nn::presets::network_kind::{LayerList, NetworkKind};

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

impl NetworkKind for DeepConvnetConfig {
    fn layers(&self) -> Cow<'_, [NamedLayer]> {
        let mut list = LayerList::default();
        for filters in [64, 128, 256] {
            list.conv(Conv2dConfig::new(filters, 3, 1), self.batch_norm);
            list.conv(Conv2dConfig::new(filters, 3, 1), self.batch_norm);
            list.push(MaxPoolConfig(PoolConfig::new(2)));
        }
        list.push(FlattenConfig {});
        list.linear(Some(1024));
        list.hidden(false, ReluConfig {}.into(), self.dropout);
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
