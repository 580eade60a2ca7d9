//! A sequential network and the buffers that its layers write into.

use super::{
    ActivationFunction, ActivationLayer, Backward, BatchNorm, Dropout, Layer, Linear, MlpConfig,
    NetworkConfig, Param, Pass, TensorMut, Update,
};
use crate::kernel::{BlockedMut, Buffer, Rows, blocked_len};
use crate::rng::{Key, Purpose};

/// Layers in a row; the layer's index is that of PyTorch's `Sequential`.
pub struct Network {
    layers: Vec<Box<dyn Layer>>,
    sizes: Vec<usize>,       // features into each layer, then those out of the last
    input: Buffer,           // [max_batch, features in] in blocks of columns
    outputs: Vec<Buffer>,    // per layer: [max_batch, features out]
    grads: (Buffer, Buffer), // [max_batch, widest layer], taken in turns by backward
}

/// See [`Network::visit_linear`].
pub(super) type VisitLinear<'a> =
    dyn FnMut(usize, &Param, Option<(ActivationFunction, &[f32])>) + 'a;

impl Network {
    /// Builds the network of `config` with its initial weights for batches of at most `max_batch`.
    pub fn build(
        config: &NetworkConfig,
        in_features: usize,
        classes: usize,
        seed: u64,
        max_batch: usize,
    ) -> Network {
        let layers = match config {
            NetworkConfig::Mlp(mlp) => mlp_layers(mlp, in_features, classes, seed, max_batch),
        };
        Network::new(layers, in_features, max_batch)
    }

    pub(super) fn new(
        layers: Vec<Box<dyn Layer>>,
        in_features: usize,
        max_batch: usize,
    ) -> Network {
        let mut sizes = vec![in_features];
        sizes.extend(layers.iter().map(|layer| layer.out_features()));
        let outputs: Vec<_> = sizes[1..].iter().map(|n| Buffer::zeros(max_batch * n)).collect();
        let widest = outputs.iter().map(|output| output.len()).max().unwrap_or(0);
        let input = Buffer::zeros(blocked_len(max_batch, in_features));
        let grads = (Buffer::zeros(widest), Buffer::zeros(widest));
        Network { layers, sizes, input, outputs, grads }
    }

    /// Number of classes.
    pub fn out_features(&self) -> usize {
        self.sizes[self.layers.len()]
    }

    /// Where the next forward finds its `batch` examples.
    pub fn input_mut(&mut self, batch: usize) -> BlockedMut<'_> {
        BlockedMut::new(&mut self.input, batch, self.sizes[0])
    }

    /// Logits `[batch, classes]` of the input.
    pub fn forward(&mut self, pass: &Pass) -> &[f32] {
        let Self { layers, sizes, input, outputs, .. } = self;
        for (i, layer) in layers.iter_mut().enumerate() {
            let (before, from_here) = outputs.split_at_mut(i);
            let input = rows_into(i, sizes, input, before, pass.batch);
            layer.forward(input, &mut from_here[0][..pass.batch * sizes[i + 1]], pass);
        }
        outputs.last().map_or(&[], |output| &output[..pass.batch * sizes[layers.len()]])
    }

    /// Follows a training [`Network::forward`]. `loss` gets the logits and writes their gradient.
    pub fn loss<T>(&mut self, pass: &Pass, loss: impl FnOnce(&[f32], &mut [f32]) -> T) -> T {
        let logits = pass.batch * self.out_features();
        let output = &self.outputs[self.layers.len() - 1];
        loss(&output[..logits], &mut self.grads.0[..logits])
    }

    /// Follows [`Network::loss`]. `update` is applied to every parameter; without one, the gradients
    /// are stored.
    pub fn backward(&mut self, pass: &Pass, update: Option<&dyn Update>) {
        let Self { layers, sizes, input, outputs, grads: (grad, next_grad) } = self;
        for i in (0..layers.len()).rev() {
            let size_out = pass.batch * sizes[i + 1];
            let ports = Backward {
                input: rows_into(i, sizes, input, &outputs[..i], pass.batch),
                output: &outputs[i][..size_out],
                grad_output: &grad[..size_out],
                grad_input: (i > 0).then(|| &mut next_grad[..pass.batch * sizes[i]]),
            };
            layers[i].backward(ports, update, pass);
            std::mem::swap(grad, next_grad);
        }
    }

    /// Calls `visit` for each linear layer with its index, its weight, and the activation that follows:
    /// the function, and its values `[batch, units]` of the last forward.
    pub(super) fn visit_linear(&mut self, batch: usize, visit: &mut VisitLinear<'_>) {
        let Self { layers, sizes, outputs, .. } = self;
        for i in 0..layers.len() {
            let activation = (i + 1..layers.len())
                .find_map(|j| Some((layers[j].activation()?, &outputs[j][..batch * sizes[j + 1]])));
            layers[i].visit_params(&mut |param| {
                if param.decay {
                    visit(i, param, activation);
                }
            });
        }
    }

    /// Number of linear layers.
    pub fn linear_layers(&mut self) -> usize {
        let mut count = 0;
        self.visit_params(&mut |_, param| count += usize::from(param.decay));
        count
    }

    /// Calls `visit` with position and parameter, in PyTorch's order.
    pub fn visit_params(&mut self, visit: &mut dyn FnMut(usize, &mut Param)) {
        let mut position = 0;
        for layer in &mut self.layers {
            layer.visit_params(&mut |param| {
                visit(position, param);
                position += 1;
            });
        }
    }

    /// Calls `visit` with name, shape and elements of everything in PyTorch's `state_dict`.
    pub fn visit_state(&mut self, visit: &mut dyn FnMut(&str, &[usize], TensorMut<'_>)) {
        for (i, layer) in self.layers.iter_mut().enumerate() {
            layer.visit_params(&mut |param| {
                let mut value = param.value();
                visit(&format!("{i}.{}", param.name), &param.shape, TensorMut::F32(&mut value));
                param.set_value(&value);
            });
            layer.visit_buffers(&mut |name, shape, tensor| {
                visit(&format!("{i}.{name}"), shape, tensor);
            });
        }
    }
}

/// What goes into layer `i`: the network's input, which only a linear layer can read, or the output
/// of the layer before.
fn rows_into<'a>(
    i: usize,
    sizes: &[usize],
    input: &'a [f32],
    outputs: &'a [Buffer],
    batch: usize,
) -> Rows<'a> {
    match outputs.last() {
        None => Rows::blocked(input, batch, sizes[i]),
        Some(output) => Rows::new(output, batch, sizes[i]),
    }
}

/// Linear, batch norm, activation, dropout for each hidden layer, then a linear layer. What is
/// switched off has no module and no index.
fn mlp_layers(
    config: &MlpConfig,
    in_features: usize,
    classes: usize,
    seed: u64,
    max_batch: usize,
) -> Vec<Box<dyn Layer>> {
    let key = |purpose, depth: usize| Key::new(seed, purpose, depth as u64);
    let linear = |depth, size_in, size_out| {
        let mut stream = key(Purpose::WeightInit, depth).stream(0);
        Box::new(Linear::new(size_in, size_out, config.weight_init, &mut stream, max_batch))
    };
    let mut layers: Vec<Box<dyn Layer>> = Vec::new();
    let mut size_in = in_features;
    for (depth, &size) in config.hidden_sizes.iter().enumerate() {
        layers.push(linear(depth, size_in, size));
        if config.batch_norm {
            layers.push(Box::new(BatchNorm::new(size)));
        }
        layers.push(Box::new(ActivationLayer::new(config.activation, size)));
        if config.dropout > 0.0 {
            let key = key(Purpose::Dropout, depth);
            layers.push(Box::new(Dropout::new(size, config.dropout, max_batch, key)));
        }
        size_in = size;
    }
    layers.push(linear(config.hidden_sizes.len(), size_in, classes));
    layers
}
