//! Leaky ReLU (Maas et al., 2013).

use crate::config::Range;
use crate::config::keys::{WhenAbsent, config, number};
use crate::nn::layers::activation::{ActivationKind, Function, Idle};
use crate::nn::operator::{Attribute, Operator};

config! {
    /// Keys of `leaky_relu`.
    pub struct LeakyReluConfig {
        /// Slope below zero.
        pub negative_slope: f64 = number(Range::NOT_NEGATIVE).or(0.01),
    }
}

/// x above zero, else `negative_slope · x`
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LeakyRelu {
    /// Slope below zero, not negative.
    pub negative_slope: f32,
}

impl Function for LeakyRelu {
    const NEEDS_INPUT: bool = false;
    const IDLE: Idle = Idle::Never;

    #[inline(always)]
    fn value(self, x: f32) -> f32 {
        if x > 0.0 { x } else { self.negative_slope * x }
    }

    #[inline(always)]
    fn slope(self, y: f32) -> f32 {
        if y > 0.0 { 1.0 } else { self.negative_slope }
    }
}

impl ActivationKind for LeakyReluConfig {
    type Function = LeakyRelu;

    fn function(&self) -> LeakyRelu {
        LeakyRelu { negative_slope: self.negative_slope as f32 }
    }

    fn is_relu(&self) -> bool {
        false
    }

    fn details(&self) -> String {
        format!("{}", self.negative_slope)
    }

    fn python(&self) -> String {
        format!("nn.LeakyReLU({:?})", self.negative_slope)
    }

    fn operators(&self) -> Vec<Operator> {
        vec![Operator::new("LeakyRelu").set("alpha", Attribute::Real(self.negative_slope as f32))]
    }

    #[cfg(test)]
    fn samples(&self) -> Vec<&'static str> {
        vec!["", "negative_slope = 0.25"]
    }

    #[cfg(test)]
    fn reference(&self, x: f64) -> f64 {
        if x > 0.0 { x } else { self.negative_slope * x }
    }
}
