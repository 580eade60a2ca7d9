//! ReLU: max(0, x).

use crate::config::keys::config;
use crate::nn::layers::activation::{ActivationKind, Function, Idle};
use crate::nn::operator::Operator;

config! {
    /// Keys of `relu`.
    pub struct ReluConfig {}
}

/// max(0, x)
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Relu;

/// max(0, x). NaN stays, as in PyTorch, so that divergence is noticed.
#[inline(always)]
pub(in crate::nn) fn max_0(x: f32) -> f32 {
    if x <= 0.0 { 0.0 } else { x }
}

impl Function for Relu {
    const NEEDS_INPUT: bool = false;
    const IDLE: Idle = Idle::Zero;

    #[inline(always)]
    fn value(self, x: f32) -> f32 {
        max_0(x)
    }

    #[inline(always)]
    fn slope(self, y: f32) -> f32 {
        if y > 0.0 { 1.0 } else { 0.0 }
    }
}

impl ActivationKind for ReluConfig {
    type Function = Relu;

    fn function(&self) -> Relu {
        Relu
    }

    fn is_relu(&self) -> bool {
        true
    }

    fn details(&self) -> String {
        String::new()
    }

    fn python(&self) -> String {
        "nn.ReLU()".to_owned()
    }

    fn operators(&self) -> Vec<Operator> {
        vec![Operator::new("Relu")]
    }

    #[cfg(test)]
    fn samples(&self) -> Vec<&'static str> {
        vec![""]
    }

    #[cfg(test)]
    fn reference(&self, x: f64) -> f64 {
        x.max(0.0)
    }
}
