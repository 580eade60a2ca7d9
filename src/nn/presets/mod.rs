//! Kinds of networks, one file each, with the lists of layers that they stand for.

mod airbench94;
mod deep_convnet;
mod mlp;
mod network_kind;
mod resnet;
mod simple_convnet;

pub use airbench94::Airbench94Config;
pub use deep_convnet::DeepConvnetConfig;
pub use mlp::MlpConfig;
pub use network_kind::NetworkKind;
pub use resnet::ResnetConfig;
pub use simple_convnet::SimpleConvnetConfig;
