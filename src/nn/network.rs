//! A network: its modules in a row, and the input in the layout that the first of them reads.

use super::layer::{Pass, TensorMut, VisitWeights};
use super::sequential::Sequential;
use super::{Misfit, NetworkConfig, Param, Shape, Update, build};
use crate::error::Result;
use crate::kernel::{BlockedMut, Buffer, Rows, blocked_len};

/// Modules in a row; a module's index is that of PyTorch's `Sequential`.
pub struct Network {
    modules: Sequential,
    input: Buffer, // [max_batch, features in] in blocks of columns, channel-first
    channel_last: Option<ChannelLast>,
    evaluation_batch: usize,
}

/// The input as images whose channels lie side by side, which is what all layers of images work on.
struct ChannelLast {
    shape: Shape,
    pixels: Buffer, // [max_batch, height, width, channels]
}

impl Network {
    /// Builds the network of `config` with its initial weights for images of `input` and batches of at
    /// most `max_batch`.
    ///
    /// # Errors
    /// If a layer does not fit to the one before it.
    pub fn build(
        config: &NetworkConfig,
        input: Shape,
        classes: usize,
        seed: u64,
        max_batch: usize,
    ) -> Result<Network> {
        let modules = config.modules(input, classes).map_err(Misfit::into_error)?;
        let first_layer = modules.iter().find(|module| !build::keeps_memory(module));
        let is_image = first_layer.is_some_and(|module| !module.input.is_vector());
        let channel_last = is_image.then(|| {
            let pixels = Buffer::zeros(max_batch * input.features());
            ChannelLast { shape: input, pixels }
        });
        let mut builder = build::Builder::new(config.weight_init(), seed, max_batch);
        Ok(Network {
            modules: builder.sequential(&modules, input, is_image),
            input: Buffer::zeros(blocked_len(max_batch, input.features())),
            channel_last,
            evaluation_batch: config.evaluation_batch(),
        })
    }

    /// Number of classes.
    pub fn out_features(&self) -> usize {
        self.modules.out_features()
    }

    /// Examples of one batch of an evaluation, see [`NetworkConfig::evaluation_batch`].
    pub fn evaluation_batch(&self) -> usize {
        self.evaluation_batch
    }

    /// Where the next forward finds its `batch` examples, channel-first.
    pub fn input_mut(&mut self, batch: usize) -> BlockedMut<'_> {
        BlockedMut::new(&mut self.input, batch, self.modules.in_features())
    }

    /// Logits `[batch, classes]` of the input.
    pub fn forward(&mut self, pass: &Pass) -> &[f32] {
        let Self { modules, input, channel_last, .. } = self;
        let rows = Rows::blocked(input, pass.batch, modules.in_features());
        if let Some(images) = channel_last {
            images.fill(rows, pass);
        }
        modules.forward(rows_of(channel_last.as_ref(), rows), pass);
        modules.output(pass.batch)
    }

    /// Follows a training [`Network::forward`]. `loss` gets the logits and writes their gradient.
    pub fn loss<T>(&mut self, pass: &Pass, loss: impl FnOnce(&[f32], &mut [f32]) -> T) -> T {
        let (logits, grad_logits) = self.modules.output_and_grad(pass.batch);
        loss(logits, grad_logits)
    }

    /// Follows [`Network::loss`]. `update` is applied to every parameter; without one, the gradients
    /// are stored.
    pub fn backward(&mut self, pass: &Pass, update: Option<&dyn Update>) {
        let Self { modules, input, channel_last, .. } = self;
        let rows = Rows::blocked(input, pass.batch, modules.in_features());
        modules.backward(rows_of(channel_last.as_ref(), rows), None, update, pass);
    }

    /// Calls `visit` for each weight of a linear layer or a convolution with its module's path, and the
    /// activation that follows: the function, and its values `[batch, units]` of the last forward.
    pub(super) fn visit_weights(&mut self, batch: usize, visit: &mut VisitWeights<'_>) {
        self.modules.visit_weights("", batch, visit);
    }

    /// Numbers of one example in the buffers between layers.
    #[cfg(test)]
    pub(super) fn buffer_elements(&mut self) -> usize {
        self.modules.buffer_elements()
    }

    /// Number of linear layers and convolutions.
    pub fn weight_layers(&mut self) -> usize {
        let mut count = 0;
        self.visit_params(&mut |_, param| count += usize::from(param.decay));
        count
    }

    /// Calls `visit` with position and parameter, in PyTorch's order.
    pub fn visit_params(&mut self, visit: &mut dyn FnMut(usize, &mut Param)) {
        let mut position = 0;
        self.modules.visit_params(&mut |param| {
            visit(position, param);
            position += 1;
        });
    }

    /// Calls `visit` with name, shape and elements of everything in PyTorch's `state_dict`.
    pub fn visit_state(&mut self, visit: &mut dyn FnMut(&str, &[usize], TensorMut<'_>)) {
        self.modules.visit_state("", visit);
    }
}

impl ChannelLast {
    /// Transposes the channel-first rows.
    fn fill(&mut self, rows: Rows<'_>, pass: &Pass) {
        let Shape { channels, .. } = self.shape;
        let (features, positions) = (self.shape.features(), self.shape.positions());
        for (i, image) in self.pixels.chunks_exact_mut(features).take(pass.batch).enumerate() {
            for (first, piece) in rows.pieces(i) {
                // A piece may hold the end of one channel and the beginning of the next.
                let mut at = first;
                let mut rest = piece;
                while !rest.is_empty() {
                    let (channel, position) = (at / positions, at % positions);
                    let here = rest.len().min(positions - position);
                    let pixels = image[position * channels + channel..].iter_mut();
                    pixels.step_by(channels).zip(&rest[..here]).for_each(|(to, from)| *to = *from);
                    rest = &rest[here..];
                    at += here;
                }
            }
        }
    }
}

fn rows_of<'a>(channel_last: Option<&'a ChannelLast>, rows: Rows<'a>) -> Rows<'a> {
    match channel_last {
        Some(images) => Rows::new(&images.pixels, rows.rows(), rows.cols()),
        None => rows,
    }
}
