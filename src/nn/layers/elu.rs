//! ELU (Clevert et al., 2016, <https://arxiv.org/abs/1511.07289>).

use crate::config::Range;
use crate::config::keys::{WhenAbsent, config, number};
use crate::kernel::exp;
use crate::nn::layers::activation::{ActivationKind, Function, Idle};
use crate::nn::operator::{Attribute, Operator};

config! {
    /// Keys of `elu`.
    pub struct EluConfig {
        /// Minus the limit for very negative x.
        pub alpha: f64 = number(Range::NOT_NEGATIVE).or(1.0),
    }
}

/// x above zero, else `alpha · (exp(x) - 1)`
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Elu {
    /// Not negative.
    pub alpha: f32,
}

impl Function for Elu {
    const NEEDS_INPUT: bool = false;
    const IDLE: Idle = Idle::Never;

    #[inline(always)]
    fn value(self, x: f32) -> f32 {
        if x > 0.0 { x } else { self.alpha * (exp(x) - 1.0) }
    }

    #[inline(always)]
    fn slope(self, y: f32) -> f32 {
        if y > 0.0 { 1.0 } else { y + self.alpha }
    }
}

impl ActivationKind for EluConfig {
    type Function = Elu;

    fn function(&self) -> Elu {
        Elu { alpha: self.alpha as f32 }
    }

    fn is_relu(&self) -> bool {
        false
    }

    fn details(&self) -> String {
        format!("{}", self.alpha)
    }

    fn python(&self) -> String {
        format!("nn.ELU({:?})", self.alpha)
    }

    fn operators(&self) -> Vec<Operator> {
        vec![Operator::new("Elu").set("alpha", Attribute::Real(self.alpha as f32))]
    }

    #[cfg(test)]
    fn samples(&self) -> Vec<&'static str> {
        vec!["", "alpha = 0.5"]
    }

    #[cfg(test)]
    fn reference(&self, x: f64) -> f64 {
        if x > 0.0 { x } else { self.alpha * x.exp_m1() }
    }
}
