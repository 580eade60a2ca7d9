//! Layers and their list. Each kind has a file with its config, shapes, tensors, construction and
//! PyTorch expression.

mod activation;
mod average_pool;
mod batch_norm;
mod channel_sums;
#[cfg(test)]
mod checks;
mod conv2d;
mod dropout;
mod elu;
mod flatten;
mod gelu;
mod global_average_pool;
mod kind;
mod layer;
mod layer_norm;
mod leaky_relu;
mod linear;
mod list;
mod max_pool;
mod pool;
mod relu;
mod residual;
mod scale;
mod sigmoid;
mod spatial_dropout;
mod stochastic_depth;
mod tanh;
mod windows;

pub use activation::{ActivationKind, ActivationLayer, Function, Idle};
pub use average_pool::{AveragePool, AveragePoolConfig};
pub use batch_norm::{BatchNorm, BatchNormConfig};
pub use conv2d::{Conv2d, Conv2dConfig};
pub use dropout::{Dropout, DropoutConfig};
pub use elu::{Elu, EluConfig};
pub use flatten::FlattenConfig;
pub use gelu::{Gelu, GeluConfig};
pub use global_average_pool::{GlobalAveragePool, GlobalAveragePoolConfig};
pub use kind::{LayerKind, Role};
pub use layer::{ActivationOutput, Backward, Layer, Mode, Pass, TensorMut};
pub(in crate::nn) use layer::{VisitState, VisitWeights};
pub use layer_norm::{LayerNorm, LayerNormConfig};
pub use leaky_relu::{LeakyRelu, LeakyReluConfig};
pub use linear::{Linear, LinearConfig, LinearShape};
pub use list::{LayerConfig, LayersConfig, NamedLayer};
pub use max_pool::{MaxPool, MaxPoolConfig};
pub use pool::PoolConfig;
pub use relu::{Relu, ReluConfig};
pub use residual::{ResidualConfig, Shortcut};
pub use scale::ScaleConfig;
pub use sigmoid::{Sigmoid, SigmoidConfig};
pub use spatial_dropout::{SpatialDropout, SpatialDropoutConfig};
pub use stochastic_depth::StochasticDepthConfig;
pub use tanh::{Tanh, TanhConfig};
pub use windows::PoolGeometry;
