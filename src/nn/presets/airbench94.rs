//! The network of the recipe that trains CIFAR-10 to 94 % with the least arithmetic.

use std::borrow::Cow;

use crate::config::Range;
use crate::config::keys::{WhenAbsent, config, flag, number};
use crate::nn::init::{WeightInit, weight_init};
use crate::nn::layers::{
    BatchNormConfig, Conv2dConfig, FlattenConfig, GeluConfig, LinearConfig, MaxPoolConfig,
    NamedLayer, PoolConfig, ScaleConfig,
};
use crate::nn::presets::network_kind::{LayerList, NetworkKind};

/// Kernels of the convolutions of each group.
const GROUPS: [usize; 3] = [64, 256, 256];

config! {
    /// A convolution of 2x2 and three groups of two convolutions of 3x3 with batch norm and GELU (Jordan,
    /// 2024, <https://arxiv.org/abs/2404.00498>).
    pub struct Airbench94Config {
        /// Whether the first convolution begins with `whitening`, for images of 3 channels; otherwise, with
        /// `pytorch_default`.
        pub whitening: bool = flag().or(true),
        /// Whether the other convolutions begin with `dirac`; otherwise, with `pytorch_default`.
        pub dirac: bool = flag().or(true),
        /// Distribution of the initial weights of the last layer.
        pub head_init: WeightInit = weight_init(WeightInit::PytorchDefault),
        /// What the logits are multiplied by; 1/9 unless given.
        pub logit_scale: f64 = number(Range::POSITIVE).or(1.0 / 9.0),
    }
}

impl NetworkKind for Airbench94Config {
    fn layers(&self) -> Cow<'_, [NamedLayer]> {
        let mut list = LayerList::default();
        let or_plain = |is_on, init| Some(if is_on { init } else { WeightInit::PytorchDefault });
        list.push(Conv2dConfig {
            weight_init: or_plain(self.whitening, WeightInit::Whitening),
            ..Conv2dConfig::new(24, 2, 0)
        });
        list.push(GeluConfig {});
        for filters in GROUPS {
            let conv = Conv2dConfig {
                bias: false,
                weight_init: or_plain(self.dirac, WeightInit::Dirac),
                ..Conv2dConfig::new(filters, 3, 1)
            };
            let norm = BatchNormConfig {
                momentum: 0.4,
                eps: 1e-12,
                scale: false,
                ..BatchNormConfig::default()
            };
            list.push(conv.clone());
            list.push(MaxPoolConfig(PoolConfig::new(2)));
            list.push(norm.clone());
            list.push(GeluConfig {});
            list.push(conv);
            list.push(norm);
            list.push(GeluConfig {});
        }
        list.push(MaxPoolConfig(PoolConfig::new(3)));
        list.push(FlattenConfig {});
        let weight_init = Some(self.head_init);
        list.push(LinearConfig { bias: false, weight_init, ..LinearConfig::default() });
        if self.logit_scale != 1.0 {
            list.push(ScaleConfig { factor: self.logit_scale });
        }
        list.into()
    }

    fn weight_init(&self) -> WeightInit {
        WeightInit::PytorchDefault
    }

    fn reads_vectors(&self) -> bool {
        false
    }
}
