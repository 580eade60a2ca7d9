//! A network: its modules in sequence, and the input in the layout that the first of them reads.

use super::build::FirstReads;
use super::sequential::Sequential;
use super::{LayerMisfit, NetworkConfig, Param, Shape, Update, build};
use crate::error::Result;
use crate::kernel::{BlockedMut, Buffer, Rows, blocked_len};
use crate::nn::layers::{Pass, TensorMut, VisitWeights};

/// Modules in sequence. A module has the same index as in PyTorch's `Sequential`.
pub struct Network {
    modules: Sequential,
    input: Buffer, // [max_batch, features in] in blocks of columns, channel-first
    in_rows: Option<InputRows>, // none: the first layer is a product, which reads blocks
    evaluation_batch: usize,
}

/// The input row after row, as all layers except products read it. A row is a channel-last image or
/// a vector; a vector counts as an image of one channel.
struct InputRows {
    shape: Shape,
    pixels: Buffer, // [max_batch, height, width, channels]
}

impl Network {
    /// Builds the network of `config` with its initial weights for images of `input` and batches of at
    /// most `max_batch`.
    ///
    /// # Errors
    /// If a layer does not fit the one before it.
    pub fn build(
        config: &NetworkConfig,
        input: Shape,
        classes: usize,
        seed: u64,
        max_batch: usize,
    ) -> Result<Network> {
        let builder = build::Builder::new(config.weight_init(), seed, max_batch);
        Network::with(config, input, classes, builder)
    }

    /// The same without drawing weights, which are to be loaded.
    ///
    /// # Errors
    /// As [`Network::build`].
    pub fn to_load(
        config: &NetworkConfig,
        input: Shape,
        classes: usize,
        max_batch: usize,
    ) -> Result<Network> {
        Network::with(config, input, classes, build::Builder::of_zeros(max_batch))
    }

    fn with(
        config: &NetworkConfig,
        input: Shape,
        classes: usize,
        mut builder: build::Builder,
    ) -> Result<Network> {
        let max_batch = builder.max_batch;
        let modules = config.modules(input, classes).map_err(LayerMisfit::into_error)?;
        let reads = build::first_reads(&modules);
        let shape = match reads {
            FirstReads::Blocks => None,
            FirstReads::Vectors => Some(Shape { channels: 1, height: 1, width: input.features() }),
            FirstReads::Images => Some(input),
        };
        let in_rows = shape.map(|shape| {
            let pixels = Buffer::zeros(max_batch * shape.features());
            InputRows { shape, pixels }
        });
        Ok(Network {
            modules: builder.sequential(&modules, input, reads == FirstReads::Images),
            input: Buffer::zeros(blocked_len(max_batch, input.features())),
            in_rows,
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

    /// The input buffer of the next forward pass for `batch` examples, channel-first.
    pub fn input_mut(&mut self, batch: usize) -> BlockedMut<'_> {
        BlockedMut::new(&mut self.input, batch, self.modules.in_features())
    }

    /// Computes the logits `[batch, classes]` of the input.
    pub fn forward(&mut self, pass: &Pass) -> &[f32] {
        let Self { modules, input, in_rows, .. } = self;
        let blocks = Rows::blocked(input, pass.batch, modules.in_features());
        if let Some(in_rows) = in_rows {
            in_rows.fill(blocks, pass);
        }
        modules.forward(as_read(in_rows.as_ref(), blocks), pass);
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
        let Self { modules, input, in_rows, .. } = self;
        let blocks = Rows::blocked(input, pass.batch, modules.in_features());
        modules.backward(as_read(in_rows.as_ref(), blocks), None, update, pass);
    }

    /// Calls `visit` for each weight of a linear layer or a convolution, with its module's path and
    /// the output of the activation that follows in the last forward pass.
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
        self.visit_params(&mut |_, param| count += usize::from(param.is_weight));
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

    /// Calls `visit` with the running statistics of each batch norm: means, then variances.
    pub fn visit_statistics(&mut self, visit: &mut dyn FnMut(&mut [f32])) {
        self.modules.visit_statistics(visit);
    }

    /// Calls `visit` with name, shape and elements of everything in PyTorch's `state_dict`.
    pub fn visit_state(&mut self, visit: &mut dyn FnMut(&str, &[usize], TensorMut<'_>)) {
        self.modules.visit_state("", visit);
    }
}

impl InputRows {
    /// Copies the input from its channel-first blocks.
    fn fill(&mut self, blocks: Rows<'_>, pass: &Pass) {
        let Shape { channels, .. } = self.shape;
        let (features, positions) = (self.shape.features(), self.shape.positions());
        for (i, image) in self.pixels.chunks_exact_mut(features).take(pass.batch).enumerate() {
            for (first, piece) in blocks.pieces(i) {
                // A piece may contain the end of one channel and the start of the next.
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

fn as_read<'a>(in_rows: Option<&'a InputRows>, blocks: Rows<'a>) -> Rows<'a> {
    match in_rows {
        Some(InputRows { pixels, .. }) => Rows::new(pixels, blocks.rows(), blocks.cols()),
        None => blocks,
    }
}
