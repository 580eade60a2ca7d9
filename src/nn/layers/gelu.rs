//! GELU (Hendrycks & Gimpel, 2016, <https://arxiv.org/abs/1606.08415>).

use crate::config::keys::config;
use crate::kernel::{gelu, gelu_and_slope, gelu_slope};
use crate::nn::layers::activation::{ActivationKind, Function, Idle};
use crate::nn::operator::Operator;

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

    #[inline(always)]
    fn value_and_slope(self, x: f32) -> (f32, f32) {
        gelu_and_slope(x)
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

    fn operators(&self) -> Vec<Operator> {
        vec![Operator::new("Gelu")]
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::Rows;
    use crate::nn::layers::activation::ActivationLayer;
    use crate::nn::layers::layer::{Backward, Layer, Mode};
    use crate::nn::testing::pass;

    #[test]
    fn slopes_in_place_of_the_input_change_no_bit() {
        let numbers: Vec<f32> = (0..300).map(|i| i as f32 / 25.0 - 6.0).collect();
        let grads: Vec<f32> = (0..300).map(|i| (i * 7 % 13) as f32 - 6.5).collect();
        let passes = pass(Mode::Train, 3);
        let run = |changing: bool| {
            let mut layer = ActivationLayer::new(Gelu, 100);
            let (mut input, mut output) = (numbers.clone(), vec![f32::NAN; 300]);
            match changing {
                true => layer.forward_changing_input(&mut input, &mut output, &passes),
                false => layer.forward(Rows::new(&input, 3, 100), &mut output, &passes),
            }
            let mut grad_input = vec![f32::NAN; 300];
            let ports = Backward {
                input: Rows::new(&input, 3, 100),
                output: &[],
                grad_output: &grads,
                grad_input: Some(&mut grad_input),
            };
            layer.backward(ports, None, &passes);
            (output, grad_input, input == numbers)
        };
        let ((output, grad_input, _), changed) = (run(false), run(true));
        assert_eq!(changed, (output, grad_input, false));
    }
}
