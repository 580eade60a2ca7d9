//! The block that runs: the sum of two ways, and its gradient through both.

use crate::kernel::{Buffer, Rows, split_rows, vectorise};
use crate::nn::layers::layer::{ActivationOutput, Backward, Layer, Pass, VisitState, VisitWeights};
use crate::nn::layers::relu::max_0;
use crate::nn::sequential::Sequential;
use crate::nn::{Param, Shape, Update};

/// Layers whose input is added to their output. Tensor names: `layers.0.weight`, `shortcut.0.weight`.
pub(in crate::nn) struct Residual {
    body: Sequential,
    shortcut: ShortcutWay,
    keeps_units: bool,     // as many output channels as input channels
    relu: bool,            // max(0, x) is applied to the sum here, for the following layer
    grad_shortcut: Buffer, // [max_batch, features in], if the shortcut has layers
}

/// What is added to the output of the layers.
pub(in crate::nn) enum ShortcutWay {
    /// The input.
    Identity,
    /// The pixels of the input at every n-th row and column, with channels of zeros appended.
    Pad {
        /// Shape of the input.
        input: Shape,
        /// Shape of the output.
        output: Shape,
        /// Distance between the rows, and the columns, that remain.
        stride: usize,
    },
    /// The output of these layers for the input.
    Layers(Sequential),
}

impl Residual {
    /// The block for batches of at most `max_batch`.
    pub(in crate::nn) fn new(
        body: Sequential,
        shortcut: ShortcutWay,
        max_batch: usize,
    ) -> Residual {
        let len = match &shortcut {
            ShortcutWay::Layers(layers) => max_batch * layers.in_features(),
            ShortcutWay::Identity | ShortcutWay::Pad { .. } => 0,
        };
        let grad_shortcut = Buffer::zeros(len);
        Residual { body, shortcut, keeps_units: true, relu: false, grad_shortcut }
    }

    /// The block with these numbers of input and output channels.
    pub(in crate::nn) fn of_channels(self, input: usize, output: usize) -> Residual {
        Residual { keeps_units: input == output, ..self }
    }

    /// The block with ReLU fused; the following layer applies the slope of ReLU.
    pub(in crate::nn) fn with_relu(self) -> Residual {
        Residual { relu: true, ..self }
    }
}

impl Layer for Residual {
    fn out_features(&self) -> usize {
        self.body.out_features()
    }

    fn keeps_units(&self) -> bool {
        self.keeps_units
    }

    fn forward(&mut self, input: Rows<'_>, output: &mut [f32], pass: &Pass) {
        self.body.forward(input, pass);
        let own = self.body.output(pass.batch);
        match &mut self.shortcut {
            ShortcutWay::Identity => sum(own, input.as_slice(), output, self.relu, pass),
            ShortcutWay::Layers(layers) => {
                layers.forward(input, pass);
                sum(own, layers.output(pass.batch), output, self.relu, pass);
            }
            ShortcutWay::Pad { input: from, output: to, stride } => {
                output.copy_from_slice(own);
                let pairs = input.as_slice().chunks_exact(from.features());
                for (x, y) in pairs.zip(output.chunks_exact_mut(to.features())) {
                    for_pixels(*from, *to, *stride, |at, out| add(&x[at], &mut y[out]));
                }
                if self.relu {
                    vectorise(
                        #[inline(always)]
                        || output.iter_mut().for_each(|y| *y = max_0(*y)),
                    );
                }
            }
        }
    }

    fn backward(&mut self, ports: Backward<'_>, update: Option<&dyn Update>, pass: &Pass) {
        let Backward { input, grad_output, mut grad_input, .. } = ports;
        let into_body = grad_input.as_deref_mut();
        self.body.backward_from(Some(grad_output), input, into_body, update, pass);
        match &mut self.shortcut {
            ShortcutWay::Identity => {
                let Some(grad_input) = grad_input else { return };
                add(grad_output, grad_input);
            }
            ShortcutWay::Layers(layers) => {
                let Some(grad_input) = grad_input else {
                    return layers.backward_from(Some(grad_output), input, None, update, pass);
                };
                let through = &mut self.grad_shortcut[..grad_input.len()];
                layers.backward_from(Some(grad_output), input, Some(through), update, pass);
                add(through, grad_input);
            }
            ShortcutWay::Pad { input: from, output: to, stride } => {
                let Some(grad_input) = grad_input else { return };
                let pairs = grad_output.chunks_exact(to.features());
                for (g, x) in pairs.zip(grad_input.chunks_exact_mut(from.features())) {
                    for_pixels(*from, *to, *stride, |at, out| add(&g[out], &mut x[at]));
                }
            }
        }
    }

    #[cfg(test)]
    fn buffer_elements(&mut self) -> usize {
        let shortcut = match &mut self.shortcut {
            ShortcutWay::Layers(layers) => layers.buffer_elements(),
            ShortcutWay::Identity | ShortcutWay::Pad { .. } => 0,
        };
        self.body.buffer_elements() + shortcut
    }

    fn visit_params(&mut self, visit: &mut dyn FnMut(&mut Param)) {
        self.body.visit_params(visit);
        if let ShortcutWay::Layers(layers) = &mut self.shortcut {
            layers.visit_params(visit);
        }
    }

    fn visit_statistics(&mut self, visit: &mut dyn FnMut(&mut [f32])) {
        self.body.visit_statistics(visit);
        if let ShortcutWay::Layers(layers) = &mut self.shortcut {
            layers.visit_statistics(visit);
        }
    }

    fn visit_weights(
        &mut self,
        path: &str,
        batch: usize,
        _activation: Option<ActivationOutput<'_>>,
        visit: &mut VisitWeights<'_>,
    ) {
        self.body.visit_weights(&format!("{path}.layers."), batch, visit);
        if let ShortcutWay::Layers(layers) = &mut self.shortcut {
            layers.visit_weights(&format!("{path}.shortcut."), batch, visit);
        }
    }

    fn visit_state(&mut self, path: &str, visit: &mut VisitState<'_>) {
        self.body.visit_state(&format!("{path}layers."), visit);
        if let ShortcutWay::Layers(layers) = &mut self.shortcut {
            layers.visit_state(&format!("{path}shortcut."), visit);
        }
    }
}

/// `output = a + b`, all `[batch, features]`; with `take_relu`, the larger of that and 0.
fn sum(a: &[f32], b: &[f32], output: &mut [f32], take_relu: bool, pass: &Pass) {
    let features = output.len() / pass.batch;
    split_rows(pass.effort(), pass.batch, output, features, &|examples, output| {
        let range = examples.start * features..examples.end * features;
        let (a, b) = (&a[range.clone()], &b[range]);
        vectorise(
            #[inline(always)]
            || {
                for ((out, from_a), from_b) in output.iter_mut().zip(a).zip(b) {
                    let y = from_a + from_b;
                    *out = if take_relu { max_0(y) } else { y };
                }
            },
        );
    });
}

/// `to += from`
fn add(from: &[f32], to: &mut [f32]) {
    vectorise(
        #[inline(always)]
        || {
            for (sum, x) in to.iter_mut().zip(from) {
                *sum += x;
            }
        },
    );
}

/// For every pixel that remains, calls `each` with the ranges of its channels in the input and in
/// the output.
fn for_pixels(
    from: Shape,
    to: Shape,
    stride: usize,
    mut each: impl FnMut(std::ops::Range<usize>, std::ops::Range<usize>),
) {
    for y in 0..to.height {
        for x in 0..to.width {
            let at = (y * stride * from.width + x * stride) * from.channels;
            let out = (y * to.width + x) * to.channels;
            each(at..at + from.channels, out..out + from.channels);
        }
    }
}
