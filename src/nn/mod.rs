//! Networks: layers, loss, initialisation, and the `[network]` table.

use std::borrow::Cow;

mod activation_word;
mod build;
mod copy;
mod distil;
#[cfg(test)]
pub mod drawn;
mod init;
pub mod layers;
mod loss;
mod network;
pub mod operator;
mod param;
mod plan;
mod presets;
mod probe;
mod sequential;
mod shape;
mod sizes;
#[cfg(test)]
pub(crate) mod testing;
mod units;
mod workspace;

use crate::config::keys::kinds;
use crate::nn::layers::{LayersConfig, NamedLayer, Role};
pub use build::{Around, Builder};
pub use distil::{SoftTargets, distil_backward};
pub use init::WeightInit;
pub use loss::{
    Mixed, Targets, confidences, cross_entropy_and_predictions, cross_entropy_backward,
    probabilities,
};
pub use network::Network;
pub use param::{Learning, Param, Update, transposed};
pub use plan::{
    LayerMisfit, Module, ParamPlace, Planned, Site, TensorRole, TensorShape, hidden_weights,
    param_places, plan, stride_between,
};
pub use presets::{
    Airbench94Config, DeepConvnetConfig, MlpConfig, NetworkKind, ResnetConfig, SimpleConvnetConfig,
};
pub use probe::{LayerFigures, sum_of_squares};
pub use shape::Shape;
pub use sizes::{NetworkSize, ScratchSize, scratch_size};

/// The most units of a layer: far more than a CPU can train, and few enough that products of sizes
/// do not overflow.
const MOST_UNITS: i64 = 1_000_000;

/// The most examples of an evaluation batch.
pub const MOST_EVALUATED: usize = 256;

kinds! {
    /// The `[network]` table.
    pub enum NetworkConfig: NetworkKind {
        /// Fully connected network.
        "mlp" => Mlp(config: MlpConfig),
        /// A list of layers.
        "layers" => Layers(config: LayersConfig),
        /// One convolution and one hidden layer.
        "simple_convnet" => SimpleConvnet(config: SimpleConvnetConfig),
        /// Six convolutions and one hidden layer.
        "deep_convnet" => DeepConvnet(config: DeepConvnetConfig),
        /// Residual network for small images.
        "resnet" => Resnet(config: ResnetConfig),
        /// The network of the recipe that trains CIFAR-10 to 94 % fastest.
        "airbench94" => Airbench94(config: Airbench94Config),
    }
}

impl NetworkConfig {
    /// The list of layers that it stands for.
    fn layers(&self) -> Cow<'_, [NamedLayer]> {
        self.as_kind().layers()
    }

    /// The names that the file gives its layers, with their paths.
    pub fn layer_names(&self) -> Vec<(String, String)> {
        let mut names = Vec::new();
        add_names(&self.layers(), "", &mut names);
        names
    }

    /// Whether it has a convolution that uses transformed tiles when its input is large enough.
    pub fn may_transform(&self) -> bool {
        self.layers().iter().any(|named| named.layer.role().may_transform())
    }

    /// Whether it turns vectors into images after a first linear layer, and back into vectors.
    /// Earlier versions ordered the numbers of such images differently.
    pub fn flattens_images_of_vectors(&self) -> bool {
        let layers = self.layers();
        let is_first = |named: &&NamedLayer| !named.layer.role().is_nothing();
        let start = layers.iter().position(|named| is_first(&named)).unwrap_or(layers.len());
        if !layers.get(start).is_some_and(|first| first.layer.role().is_linear()) {
            return false;
        }
        // The number of features and of classes does not matter, except that it is not 1.
        let (input, classes) = (Shape::vector(2), 2);
        let site = Site { key: "layers", path: "", input, classes };
        let modules = plan::sequence(&layers[start..], &site);
        modules
            .unwrap_or_default()
            .iter()
            .any(|module| module.role().keeps_memory() && build::has_order(module.input))
    }

    /// Whether an activation that follows a weight has other units than the weight, or has them in
    /// another order. Earlier versions counted dead units by these.
    pub fn blurs_units(&self) -> bool {
        units::are_blurred(&self.layers())
    }

    /// The modules for images of `input`.
    ///
    /// # Errors
    /// If a layer does not fit; the error is about the first such layer.
    pub fn modules(&self, input: Shape, classes: usize) -> Result<Vec<Module>, LayerMisfit> {
        let input = match self.as_kind().reads_vectors() {
            true => Shape::vector(input.features()),
            false => input,
        };
        plan(&self.layers(), input, classes)
    }

    /// Examples of an evaluation batch: enough for products to run at full speed, and few enough
    /// for the activations to stay in a cache. Part of the numerics: losses are summed batch by
    /// batch.
    pub fn evaluation_batch(&self) -> usize {
        match self.as_kind().reads_vectors() {
            true => MOST_EVALUATED,
            false => MOST_EVALUATED / 4,
        }
    }

    /// Distribution of the initial weights.
    pub fn weight_init(&self) -> WeightInit {
        self.as_kind().weight_init()
    }
}

/// Adds the names of `layers`, whose paths begin with `path`.
fn add_names(layers: &[NamedLayer], path: &str, names: &mut Vec<(String, String)>) {
    for (i, NamedLayer { name, layer }) in layers.iter().enumerate() {
        if let Some(name) = name {
            names.push((name.clone(), format!("{path}{i}")));
        }
        if let Role::Block(body) = layer.role() {
            add_names(body, &format!("{path}{i}.layers."), names);
        }
    }
}
