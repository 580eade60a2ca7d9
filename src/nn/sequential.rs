//! Layers in sequence and the buffers that they write into.
//!
//! A layer that can work in place writes over the output of the previous layer if that layer no
//! longer needs it. For large images, such a layer is mostly limited by memory.

use std::ops::Range;

use super::copy::Copy;
use super::workspace::{LayerUse, Place, Region, Workspace, workspace};
use super::{Param, Update};
use crate::kernel::{Buffer, Rows};
use crate::nn::layers::{ActivationOutput, Backward, Layer, Mode, Pass, VisitState, VisitWeights};

/// Layers in sequence. A layer has the same index as in PyTorch's `Sequential`.
pub(super) struct Sequential {
    slots: Vec<Slot>,
    in_features: usize,
    workspace: Workspace,
    max_batch: usize,
    memory: Buffer, // [max_batch * workspace.len]
}

/// A layer and the place of its output.
struct Slot {
    layer: Option<Box<dyn Layer>>, // none: the output is the input
    features: usize,               // that come out
    reads: Option<usize>,          // the place of its input; none: the input of all
    writes: Option<usize>,         // the place of its output; equal to `reads` if it works in place
    changes_input: bool,           // in training, by what its backward pass needs
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
        let layers = elements.iter().filter_map(|element| match element {
            Element::Layer(layer) => Some(layer_use(layer.as_ref())),
            Element::Nothing => None,
        });
        let workspace = workspace(&layers.collect::<Vec<LayerUse>>());
        let mut places = workspace.of_layers.iter().copied();
        let mut slots: Vec<Slot> = Vec::with_capacity(elements.len());
        let (mut at, mut features, mut is_free) = (None, in_features, false);
        for element in elements {
            let (reads, mut layer, mut changes_input) = (at, None, false);
            if let Element::Layer(new) = element {
                features = new.out_features();
                at = places.next();
                changes_input = is_free && new.may_change_input();
                is_free = !new.reads_output();
                layer = Some(new);
            }
            slots.push(Slot { layer, features, reads, writes: at, changes_input });
        }
        let memory = Buffer::zeros(max_batch * workspace.len);
        Sequential { slots, in_features, workspace, max_batch, memory }
    }

    /// Elements of all buffers for batches of 1.
    #[cfg(test)]
    pub(super) fn buffer_elements(&mut self) -> usize {
        let within = self.slots.iter_mut().filter_map(|slot| slot.layer.as_mut());
        let within: usize = within.map(|layer| layer.buffer_elements()).sum();
        self.workspace.len + within
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
        &self.memory[self.range(self.last_place().output, batch)]
    }

    /// The buffer for the output gradient of [`Sequential::backward`], `[batch, features]`.
    pub(super) fn output_and_grad(&mut self, batch: usize) -> (&[f32], &mut [f32]) {
        let place = self.last_place();
        let ranges = [self.range(place.output, batch), self.range(place.grad, batch)];
        let [output, grad] = apart(&mut self.memory, ranges);
        (output, grad)
    }

    fn last_place(&self) -> Place {
        let last = self.slots.last().and_then(|slot| slot.writes);
        self.workspace.places[last.expect("a sequence of layers has one that writes")]
    }

    /// Where the rows of `batch` examples of a region lie in `memory`.
    fn range(&self, region: Region, batch: usize) -> Range<usize> {
        let start = self.max_batch * region.start;
        start..start + batch * region.features
    }

    /// Passes `input` through all layers.
    pub(super) fn forward(&mut self, input: Rows<'_>, pass: &Pass) {
        for i in 0..self.slots.len() {
            let Slot { reads, writes: Some(writes), changes_input, .. } = self.slots[i] else {
                continue;
            };
            let output = self.range(self.workspace.places[writes].output, pass.batch);
            let read = reads.map(|place| self.workspace.places[place].output);
            let read_range = read.map_or(0..0, |region| self.range(region, pass.batch));
            let Some(layer) = &mut self.slots[i].layer else { continue };
            if reads == Some(writes) {
                layer.forward_in_place(&mut self.memory[output], pass);
                continue;
            }
            let [read_rows, output] = apart(&mut self.memory, [read_range, output]);
            if changes_input && pass.mode != Mode::Evaluate {
                layer.forward_changing_input(read_rows, output, pass);
                continue;
            }
            let rows =
                read.map_or(input, |region| Rows::new(read_rows, pass.batch, region.features));
            layer.forward(rows, output, pass);
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
        for i in (0..self.slots.len()).rev() {
            let Slot { layer: Some(layer), reads, writes: Some(writes), .. } = &self.slots[i]
            else {
                continue;
            };
            let kept = |is_kept: bool, region| match is_kept {
                true => self.range(region, pass.batch),
                false => 0..0, // something else lies there
            };
            let place = self.workspace.places[*writes];
            let (output, grad) =
                (kept(layer.reads_output(), place.output), self.range(place.grad, pass.batch));
            let from = reads.map(|place| self.workspace.places[place]);
            let (is_first_place, in_place) = (reads.is_none(), reads == &Some(*writes));
            let (read, next_grad) = match from {
                Some(from) if !in_place => {
                    (kept(layer.reads_input(), from.output), self.range(from.grad, pass.batch))
                }
                _ => (0..0, 0..0),
            };
            let Some(layer) = &mut self.slots[i].layer else { continue };
            let [output, grad, read, next_grad] =
                apart(&mut self.memory, [output, grad, read, next_grad]);
            if in_place {
                if let Some(elsewhere) = grad_output.take() {
                    grad.copy_from_slice(elsewhere);
                }
                layer.backward_in_place(output, grad, pass);
                continue;
            }
            let rows = match from {
                Some(from) if !read.is_empty() => Rows::new(read, pass.batch, from.output.features),
                Some(from) => Rows::new(&[], 0, from.output.features),
                None => input,
            };
            let ports = Backward {
                input: rows,
                output,
                grad_output: grad_output.take().unwrap_or(grad),
                grad_input: if is_first_place { grad_input.take() } else { Some(next_grad) },
            };
            layer.backward(ports, update, pass);
        }
    }

    /// Calls `visit` for each weight of a convolution or a linear layer. `path` is what the paths of the
    /// layers begin with.
    pub(super) fn visit_weights(&mut self, path: &str, batch: usize, visit: &mut VisitWeights<'_>) {
        for i in 0..self.slots.len() {
            let following = self.slots[i + 1..].iter().take_while(|slot| hands_units_on(slot));
            let activation = following.into_iter().find_map(|slot| {
                let idle = slot.layer.as_ref()?.idle()?;
                let place = self.workspace.places[slot.writes?];
                Some((idle, self.range(place.output, batch)))
            });
            let Self { slots, memory, .. } = self;
            let activation =
                activation.map(|(idle, range)| ActivationOutput { idle, values: &memory[range] });
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

/// What the layer reads and writes.
fn layer_use(layer: &dyn Layer) -> LayerUse {
    LayerUse {
        features: layer.out_features(),
        works_in_place: layer.in_place(),
        reads_input: layer.reads_input(),
        reads_output: layer.reads_output(),
    }
}

/// The parts of `memory` in `ranges`, which do not overlap.
fn apart<const N: usize>(memory: &mut [f32], ranges: [Range<usize>; N]) -> [&mut [f32]; N] {
    memory.get_disjoint_mut(ranges).expect("what is in use at the same time lies apart")
}
