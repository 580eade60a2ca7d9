//! A small convolutional network.

use std::borrow::Cow;

use crate::config::Range;
use crate::config::keys::{WhenAbsent, config, flag, number};
use crate::nn::init::{WeightInit, weight_init};
use crate::nn::layers::{
    Conv2dConfig, FlattenConfig, MaxPoolConfig, NamedLayer, PoolConfig, ReluConfig,
};
use crate::nn::presets::network_kind::{LayerList, NetworkKind};

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

impl NetworkKind for SimpleConvnetConfig {
    fn layers(&self) -> Cow<'_, [NamedLayer]> {
        let mut list = LayerList::default();
        list.conv(Conv2dConfig::new(30, 5, 0), self.batch_norm);
        list.push(MaxPoolConfig(PoolConfig::new(2)));
        list.push(FlattenConfig {});
        list.linear(Some(100));
        list.hidden(self.batch_norm, ReluConfig {}.into(), self.dropout);
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
