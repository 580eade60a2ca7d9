//! A sequential network and the buffers that its layers write into.

use super::{
    ActivationLayer, BatchNorm, Dropout, Layer, Linear, MlpConfig, NetworkConfig, Param, Pass,
    TensorMut,
};
use crate::rng::{Key, Purpose};

/// Layers in a row; the layer's index is that of PyTorch's `Sequential`.
pub struct Network {
    layers: Vec<Box<dyn Layer>>,
    sizes: Vec<usize>,      // features into each layer, then those out of the last
    outputs: Vec<Vec<f32>>, // per layer: [max_batch, features out]
    grads: (Vec<f32>, Vec<f32>), // [max_batch, widest layer], taken in turns by backward
}

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
        let outputs: Vec<_> = sizes[1..].iter().map(|size| vec![0.0; max_batch * size]).collect();
        let widest = outputs.iter().map(Vec::len).max().unwrap_or(0);
        Network { layers, sizes, outputs, grads: (vec![0.0; widest], vec![0.0; widest]) }
    }

    /// Number of classes.
    pub fn out_features(&self) -> usize {
        self.sizes[self.layers.len()]
    }

    /// Logits `[batch, classes]` of `input` `[batch, in_features]`.
    pub fn forward(&mut self, input: &[f32], pass: &Pass) -> &[f32] {
        for (i, layer) in self.layers.iter_mut().enumerate() {
            let (before, from_here) = self.outputs.split_at_mut(i);
            let input = before.last().map_or(input, |output| &output[..pass.batch * self.sizes[i]]);
            layer.forward(input, &mut from_here[0][..pass.batch * self.sizes[i + 1]], pass);
        }
        self.outputs.last().map_or(&[], |output| &output[..pass.batch * self.out_features()])
    }

    /// Follows a training [`Network::forward`] on the same input. `loss` gets the logits and writes
    /// their gradient; its result is returned. Sets the gradients of all parameters.
    pub fn backward<T>(
        &mut self,
        input: &[f32],
        pass: &Pass,
        loss: impl FnOnce(&[f32], &mut [f32]) -> T,
    ) -> T {
        let Self { layers, sizes, outputs, grads: (grad, next_grad) } = self;
        let last = layers.len();
        let logits = pass.batch * sizes[last];
        let result = loss(&outputs[last - 1][..logits], &mut grad[..logits]);
        for i in (0..last).rev() {
            let (size_in, size_out) = (pass.batch * sizes[i], pass.batch * sizes[i + 1]);
            let (input, grad_input) = match i {
                0 => (input, None), // nothing before the first layer is trained
                _ => (&outputs[i - 1][..size_in], Some(&mut next_grad[..size_in])),
            };
            let (output, grad_output) = (&outputs[i][..size_out], &grad[..size_out]);
            layers[i].backward(input, output, grad_output, grad_input, pass);
            std::mem::swap(grad, next_grad);
        }
        result
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
                let Param { name, shape, value, .. } = param;
                visit(&format!("{i}.{name}"), shape, TensorMut::F32(value));
            });
            layer.visit_buffers(&mut |name, shape, tensor| {
                visit(&format!("{i}.{name}"), shape, tensor);
            });
        }
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
        Box::new(Linear::new(size_in, size_out, config.weight_init, &mut stream))
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
