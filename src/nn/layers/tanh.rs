//! The hyperbolic tangent.

use crate::config::keys::config;
use crate::kernel::tanh;
use crate::nn::layers::activation::{ActivationKind, Function, Idle};
use crate::nn::operator::Operator;

config! {
    /// Keys of `tanh`.
    pub struct TanhConfig {}
}

/// Hyperbolic tangent.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Tanh;

impl Function for Tanh {
    const NEEDS_INPUT: bool = false;
    const IDLE: Idle = Idle::NearLimits { low: -1.0, high: 1.0 };

    #[inline(always)]
    fn value(self, x: f32) -> f32 {
        tanh(x)
    }

    #[inline(always)]
    fn slope(self, y: f32) -> f32 {
        1.0 - y * y
    }
}

impl ActivationKind for TanhConfig {
    type Function = Tanh;

    fn function(&self) -> Tanh {
        Tanh
    }

    fn is_relu(&self) -> bool {
        false
    }

    fn details(&self) -> String {
        String::new()
    }

    fn python(&self) -> String {
        "nn.Tanh()".to_owned()
    }

    fn operators(&self) -> Vec<Operator> {
        vec![Operator::new("Tanh")]
    }

    #[cfg(test)]
    fn samples(&self) -> Vec<&'static str> {
        vec![""]
    }

    #[cfg(test)]
    fn reference(&self, x: f64) -> f64 {
        x.tanh()
    }
}
