//! The interface of every kind of network, and how lists of layers are built.

use std::borrow::Cow;
use std::fmt::Debug;

use crate::nn::init::WeightInit;
use crate::nn::layers::{
    BatchNormConfig, Conv2dConfig, DropoutConfig, LayerConfig, LayersConfig, LinearConfig,
    NamedLayer, ReluConfig,
};

/// A kind of network, as in the file.
pub trait NetworkKind: Debug {
    /// The list of layers that it stands for.
    fn layers(&self) -> Cow<'_, [NamedLayer]>;

    /// Distribution of the initial weights.
    fn weight_init(&self) -> WeightInit;

    /// Whether it treats images as vectors.
    fn reads_vectors(&self) -> bool;
}

impl NetworkKind for LayersConfig {
    fn layers(&self) -> Cow<'_, [NamedLayer]> {
        (&self.layers).into()
    }

    fn weight_init(&self) -> WeightInit {
        self.weight_init
    }

    fn reads_vectors(&self) -> bool {
        false
    }
}

/// A list of layers that is being built.
#[derive(Default)]
pub(super) struct LayerList {
    pub(super) layers: Vec<NamedLayer>,
}

impl LayerList {
    pub(super) fn push(&mut self, layer: impl Into<LayerConfig>) {
        self.layers.push(NamedLayer::of(layer));
    }

    pub(super) fn linear(&mut self, units: Option<usize>) {
        self.push(LinearConfig { units, ..LinearConfig::default() });
    }

    /// Adds what follows a hidden linear layer: batch norm, activation, dropout.
    pub(super) fn hidden(&mut self, batch_norm: bool, activation: LayerConfig, dropout: f64) {
        if batch_norm {
            self.push(BatchNormConfig::default());
        }
        self.push(activation);
        if dropout > 0.0 {
            self.push(DropoutConfig { rate: dropout });
        }
    }

    /// Adds a convolution, batch norm, and ReLU.
    pub(super) fn conv(&mut self, conv: Conv2dConfig, batch_norm: bool) {
        self.push(conv);
        self.hidden(batch_norm, ReluConfig {}.into(), 0.0);
    }
}

impl From<LayerList> for Cow<'_, [NamedLayer]> {
    fn from(list: LayerList) -> Self {
        list.layers.into()
    }
}
