//! The output of modules that change nothing, such as Dropout that drops nothing. Like any other
//! output, it needs its own buffer.

use super::Update;
use crate::kernel::Rows;
use crate::nn::layers::{Backward, Layer, Pass};

/// PyTorch's `Identity`, with the output in another buffer.
#[derive(Debug)]
pub(super) struct Copy {
    features: usize,
}

impl Copy {
    /// Copies vectors or images of `features` numbers.
    pub(super) fn new(features: usize) -> Copy {
        Copy { features }
    }
}

impl Layer for Copy {
    fn out_features(&self) -> usize {
        self.features
    }

    fn reads_input(&self) -> bool {
        false
    }

    fn forward(&mut self, input: Rows<'_>, output: &mut [f32], _pass: &Pass) {
        output.copy_from_slice(input.as_slice());
    }

    fn backward(&mut self, ports: Backward<'_>, _update: Option<&dyn Update>, _pass: &Pass) {
        if let Some(grad_input) = ports.grad_input {
            grad_input.copy_from_slice(ports.grad_output);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nn::testing::assert_gradients;

    #[test]
    fn gradients_equal_finite_differences() {
        assert_gradients(&mut Copy::new(5), 5);
    }
}
