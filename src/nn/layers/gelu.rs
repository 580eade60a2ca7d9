//! GELU (Hendrycks & Gimpel, 2016, <https://arxiv.org/abs/1606.08415>).

use crate::config::keys::config;
use crate::kernel::{gelu, gelu_slope};
use crate::nn::layers::activation::{ActivationKind, Function, Idle};

config! {
    /// Keys of `gelu`.
    pub struct GeluConfig {}
}

/// x · Φ(x), where Φ is the normal distribution function. Its slope cannot be computed from the
/// output.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Gelu;

impl Function for Gelu {
    const NEEDS_INPUT: bool = true;
    const IDLE: Idle = Idle::Never;

    #[inline(always)]
    fn value(self, x: f32) -> f32 {
        gelu(x)
    }

    #[inline(always)]
    fn slope(self, x: f32) -> f32 {
        gelu_slope(x)
    }
}

impl ActivationKind for GeluConfig {
    type Function = Gelu;

    fn function(&self) -> Gelu {
        Gelu
    }

    fn is_relu(&self) -> bool {
        false
    }

    fn details(&self) -> String {
        String::new()
    }

    fn python(&self) -> String {
        "nn.GELU()".to_owned()
    }

    #[cfg(test)]
    fn samples(&self) -> Vec<&'static str> {
        vec![""]
    }

    #[cfg(test)]
    fn reference(&self, x: f64) -> f64 {
        0.5 * x * (1.0 + libm::erf(x / 2.0_f64.sqrt()))
    }
}
