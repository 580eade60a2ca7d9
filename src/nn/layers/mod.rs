//! Layers: one file a kind, with what the file says of it, the shapes that it makes, its tensors, how it is built,
//! and what it is in PyTorch; and the list of them.

mod activation;
mod average_pool;
mod batch_norm;
mod channel_sums;
mod conv2d;
mod dropout;
mod flatten;
mod global_average_pool;
mod layer;
mod layer_norm;
mod linear;
mod list;
mod max_pool;
mod residual;
mod spatial_dropout;
mod windows;

pub use activation::{ActivationFunction, ActivationLayer};
pub use average_pool::AveragePool;
pub use batch_norm::BatchNorm;
pub use conv2d::Conv2d;
pub use dropout::Dropout;
pub(in crate::nn) use flatten::Flatten;
pub use global_average_pool::GlobalAveragePool;
pub use layer::{Backward, Layer, Mode, Pass, TensorMut};
pub(in crate::nn) use layer::{VisitState, VisitWeights};
pub use layer_norm::LayerNorm;
pub use linear::{Linear, LinearShape};
pub use list::{
    Conv2dConfig, DropoutConfig, LayerConfig, LayersConfig, LeakyReluConfig, LinearConfig,
    NamedLayer, PoolConfig, ResidualConfig, Shortcut,
};
pub use max_pool::MaxPool;
pub(in crate::nn) use residual::{Residual, Way};
pub use spatial_dropout::SpatialDropout;
pub use windows::PoolGeometry;
