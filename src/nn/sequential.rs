//! Layers in sequence and the buffers that they write into.
//!
//! A layer that can work in place has no buffer of its own if the previous layer no longer needs
//! its output: it changes that output. For large images, such a layer is mostly limited by memory.

use super::copy::Copy;
use super::{Param, Update};
use crate::kernel::{Buffer, Rows};
use crate::nn::layers::{ActivationOutput, Backward, Layer, Pass, VisitState, VisitWeights};

/// Layers in sequence. A layer has the same index as in PyTorch's `Sequential`.
pub(super) struct Sequential {
    slots: Vec<Slot>,
    in_features: usize,
    buffers: Vec<Buffer>, // [max_batch, features out] of each layer that has one
    grads: (Buffer, Buffer), // [max_batch, widest layer], taken in turns by backward
}

/// A layer and the place of its output.
struct Slot {
    layer: Option<Box<dyn Layer>>, // none: the output is the input
    features: usize,               // that come out
    reads: Option<usize>,          // the buffer of its input; none: the input of all
    writes: Option<usize>, // the buffer of its output; equal to `reads` if it works in place
}

/// A module of a [`Sequential`].
pub(super) enum Element {
    /// A layer.
    Layer(Box<dyn Layer>),
    /// A module that changes nothing in memory.
    Nothing,
}

impl Sequential {
    /// The sequence of `elements` for inputs of `in_features` and batches of at most `max_batch`.
    /// The output has its own buffer, even if no module changes anything.
    pub(super) fn new(
        mut elements: Vec<Element>,
        in_features: usize,
        max_batch: usize,
    ) -> Sequential {
        if elements.iter().all(|element| matches!(element, Element::Nothing)) {
            elements.push(Element::Layer(Box::new(Copy::new(in_features))));
        }
        let mut slots: Vec<Slot> = Vec::with_capacity(elements.len());
        let mut sizes = Vec::new(); // of the buffers
        let (mut at, mut features, mut is_free) = (None, in_features, false);
        for element in elements {
            let (reads, mut layer) = (at, None);
            if let Element::Layer(new) = element {
                features = new.out_features();
                if !(is_free && new.in_place()) {
                    at = Some(sizes.len());
                    sizes.push(features);
                }
                is_free = !new.reads_output();
                layer = Some(new);
            }
            slots.push(Slot { layer, features, reads, writes: at });
        }
        let widest = sizes.iter().copied().max().unwrap_or(0);
        let buffers = sizes.into_iter().map(|n| Buffer::zeros(max_batch * n)).collect();
        let grad = || Buffer::zeros(max_batch * widest);
        Sequential { slots, in_features, buffers, grads: (grad(), grad()) }
    }

    /// Elements of all buffers for batches of 1.
    #[cfg(test)]
    pub(super) fn buffer_elements(&mut self) -> usize {
        let Self { slots, buffers, grads, .. } = self;
        let within = slots.iter_mut().filter_map(|slot| slot.layer.as_mut());
        let within: usize = within.map(|layer| layer.buffer_elements()).sum();
        let own: usize = buffers.iter().map(|buffer| buffer.len()).sum();
        own + grads.0.len() + grads.1.len() + within
    }

    /// Input features.
    pub(super) fn in_features(&self) -> usize {
        self.in_features
    }

    /// Output features.
    pub(super) fn out_features(&self) -> usize {
        self.slots.last().map_or(self.in_features, |slot| slot.features)
    }

    /// The output of the last forward pass, `[batch, features]`.
    pub(super) fn output(&self, batch: usize) -> &[f32] {
        let last = self.slots.last().and_then(|slot| Some((slot.writes?, slot.features)));
        let (buffer, features) = last.expect("a sequence of layers has one that writes");
        &self.buffers[buffer][..batch * features]
    }

    /// The buffer for the output gradient of [`Sequential::backward`], `[batch, features]`.
    pub(super) fn output_and_grad(&mut self, batch: usize) -> (&[f32], &mut [f32]) {
        let size = batch * self.out_features();
        let Self { slots, buffers, grads, .. } = self;
        let last = slots.last().and_then(|slot| slot.writes);
        (last.map_or(&[], |buffer| &buffers[buffer][..size]), &mut grads.0[..size])
    }

    /// Passes `input` through all layers.
    pub(super) fn forward(&mut self, input: Rows<'_>, pass: &Pass) {
        let mut features_in = self.in_features;
        for Slot { layer, features, reads, writes } in &mut self.slots {
            let (Some(layer), Some(writes)) = (layer, *writes) else { continue };
            let size = pass.batch * *features;
            if *reads == Some(writes) {
                layer.forward_in_place(&mut self.buffers[writes][..size], pass);
            } else {
                let (before, from_here) = self.buffers.split_at_mut(writes);
                let rows = rows_into(*reads, before, input, pass.batch, features_in);
                layer.forward(rows, &mut from_here[0][..size], pass);
            }
            features_in = *features;
        }
    }

    /// Follows [`Sequential::forward`] on the same input, with the output gradient in
    /// [`Sequential::output_and_grad`]. `update` is applied to every parameter; without one, the
    /// gradients are stored. `grad_input` receives the input gradient.
    pub(super) fn backward(
        &mut self,
        input: Rows<'_>,
        grad_input: Option<&mut [f32]>,
        update: Option<&dyn Update>,
        pass: &Pass,
    ) {
        self.backward_from(None, input, grad_input, update, pass);
    }

    /// Like [`Sequential::backward`], with the output gradient in another buffer.
    pub(super) fn backward_from(
        &mut self,
        mut grad_output: Option<&[f32]>,
        input: Rows<'_>,
        mut grad_input: Option<&mut [f32]>,
        update: Option<&dyn Update>,
        pass: &Pass,
    ) {
        let Self { slots, in_features, buffers, grads: (grad, next_grad) } = self;
        for i in (0..slots.len()).rev() {
            let features_in = if i == 0 { *in_features } else { slots[i - 1].features };
            let Slot { layer, features, reads, writes } = &mut slots[i];
            let (Some(layer), Some(writes)) = (layer, *writes) else { continue };
            let (size, size_in) = (pass.batch * *features, pass.batch * features_in);
            if *reads == Some(writes) {
                if let Some(elsewhere) = grad_output.take() {
                    grad[..size].copy_from_slice(elsewhere);
                }
                layer.backward_in_place(&buffers[writes][..size], &mut grad[..size], pass);
                continue;
            }
            let ports = Backward {
                input: rows_into(*reads, buffers, input, pass.batch, features_in),
                output: &buffers[writes][..size],
                grad_output: grad_output.take().unwrap_or(&grad[..size]),
                grad_input: match reads {
                    Some(_) => Some(&mut next_grad[..size_in]),
                    None => grad_input.take(),
                },
            };
            layer.backward(ports, update, pass);
            std::mem::swap(grad, next_grad);
        }
    }

    /// Calls `visit` for each weight of a convolution or a linear layer. `path` is what the paths of the
    /// layers begin with.
    pub(super) fn visit_weights(&mut self, path: &str, batch: usize, visit: &mut VisitWeights<'_>) {
        let Self { slots, buffers, .. } = self;
        for i in 0..slots.len() {
            let activation = slots[i + 1..].iter().take_while(|slot| hands_units_on(slot));
            let activation = activation.into_iter().find_map(|slot| {
                let idle = slot.layer.as_ref()?.idle()?;
                let values = &buffers[slot.writes?][..batch * slot.features];
                Some(ActivationOutput { idle, values })
            });
            if let Some(layer) = &mut slots[i].layer {
                layer.visit_weights(&format!("{path}{i}"), batch, activation, visit);
            }
        }
    }

    /// Calls `visit` on each parameter, in PyTorch's order.
    pub(super) fn visit_params(&mut self, visit: &mut dyn FnMut(&mut Param)) {
        for layer in self.slots.iter_mut().filter_map(|slot| slot.layer.as_mut()) {
            layer.visit_params(visit);
        }
    }

    /// Calls `visit` with the running statistics of each batch norm.
    pub(super) fn visit_statistics(&mut self, visit: &mut dyn FnMut(&mut [f32])) {
        for layer in self.slots.iter_mut().filter_map(|slot| slot.layer.as_mut()) {
            layer.visit_statistics(visit);
        }
    }

    /// Calls `visit` with name, shape and elements of everything in PyTorch's `state_dict`. `path` is what
    /// the names begin with.
    pub(super) fn visit_state(&mut self, path: &str, visit: &mut VisitState<'_>) {
        for (i, slot) in self.slots.iter_mut().enumerate() {
            if let Some(layer) = &mut slot.layer {
                layer.visit_state(&format!("{path}{i}."), visit);
            }
        }
    }
}

/// Whether the output consists of the units of the preceding weights.
fn hands_units_on(slot: &Slot) -> bool {
    slot.layer.as_ref().is_none_or(|layer| !layer.has_weight() && layer.keeps_units())
}

/// A layer's input: the network's own input, or a buffer.
fn rows_into<'a>(
    reads: Option<usize>,
    buffers: &'a [Buffer],
    input: Rows<'a>,
    batch: usize,
    features: usize,
) -> Rows<'a> {
    match reads {
        None => input,
        Some(buffer) => Rows::new(&buffers[buffer], batch, features),
    }
}
