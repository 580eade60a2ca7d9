//! The logistic function.

use crate::config::keys::config;
use crate::kernel::sigmoid;
use crate::nn::layers::activation::{ActivationKind, Function, Idle};
use crate::nn::operator::Operator;

config! {
    /// Keys of `sigmoid`.
    pub struct SigmoidConfig {}
}

/// 1 / (1 + exp(-x))
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Sigmoid;

impl Function for Sigmoid {
    const NEEDS_INPUT: bool = false;
    const IDLE: Idle = Idle::NearLimits { low: 0.0, high: 1.0 };

    #[inline(always)]
    fn value(self, x: f32) -> f32 {
        sigmoid(x)
    }

    #[inline(always)]
    fn slope(self, y: f32) -> f32 {
        y * (1.0 - y)
    }
}

impl ActivationKind for SigmoidConfig {
    type Function = Sigmoid;

    fn function(&self) -> Sigmoid {
        Sigmoid
    }

    fn is_relu(&self) -> bool {
        false
    }

    fn details(&self) -> String {
        String::new()
    }

    fn python(&self) -> String {
        "nn.Sigmoid()".to_owned()
    }

    fn operators(&self) -> Vec<Operator> {
        vec![Operator::new("Sigmoid")]
    }

    #[cfg(test)]
    fn samples(&self) -> Vec<&'static str> {
        vec![""]
    }

    #[cfg(test)]
    fn reference(&self, x: f64) -> f64 {
        1.0 / (1.0 + (-x).exp())
    }
}
