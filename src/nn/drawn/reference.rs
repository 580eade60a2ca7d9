//! Networks in 64 bits, as plainly as possible: channel by channel, without buffers or tricks.

use std::collections::BTreeMap;

use crate::nn::layers::TensorMut;
use crate::nn::{Module, Network, Shape};

/// Added to variances.
pub const EPS: f64 = 1e-5;

/// The numbers of one example between two layers, `[channels, height, width]`.
pub type Example = Vec<f64>;

/// A network: its modules, and the elements of their tensors.
#[derive(Debug, Clone)]
pub struct Reference {
    modules: Vec<Module>,
    pub(super) tensors: BTreeMap<String, Vec<f64>>,
}

impl Reference {
    /// The reference for `network`, which was built from `modules`.
    pub(super) fn of(modules: Vec<Module>, network: &mut Network) -> Reference {
        let mut tensors = BTreeMap::new();
        network.visit_state(&mut |name, _, tensor| {
            if let TensorMut::F32(values) = tensor {
                let values = values.iter().map(|x| f64::from(*x)).collect();
                tensors.insert(name.to_owned(), values);
            }
        });
        Reference { modules, tensors }
    }

    /// The logits of each example. If `trains`, batch norm uses the statistics of the batch.
    pub(super) fn logits(&self, inputs: &[Example], trains: bool) -> Vec<Example> {
        self.row(&self.modules, inputs, trains)
    }

    /// The mean cross-entropy in training.
    pub(super) fn loss(&self, inputs: &[Example], targets: &[u16]) -> f64 {
        let losses = self.logits(inputs, true).into_iter().zip(targets).map(|(row, target)| {
            let max = row.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            let sum: f64 = row.iter().map(|x| (x - max).exp()).sum();
            sum.ln() + max - row[usize::from(*target)]
        });
        losses.sum::<f64>() / inputs.len() as f64
    }

    /// The output of some modules.
    pub fn row(&self, modules: &[Module], inputs: &[Example], trains: bool) -> Vec<Example> {
        modules.iter().fold(inputs.to_vec(), |x, module| {
            module.config.as_kind().reference(module, x, self, trains)
        })
    }

    /// The elements of a tensor of a module; none if it has no such tensor.
    pub fn tensor(&self, module: &Module, name: &str) -> &[f64] {
        self.tensors.get(&format!("{}.{name}", module.path)).map_or(&[], |values| values)
    }
}

/// Mean and variance.
pub fn moments(values: impl Iterator<Item = f64> + Clone) -> (f64, f64) {
    let n = values.clone().count() as f64;
    let mean = values.clone().sum::<f64>() / n;
    (mean, values.map(|x| (x - mean) * (x - mean)).sum::<f64>() / n)
}

/// The numbers that `pixel` gives for each channel, row and column.
pub fn pixels(shape: Shape, pixel: impl Fn(usize, usize, usize) -> f64) -> Example {
    let positions = shape.positions();
    let places = 0..shape.features();
    places
        .map(|i| {
            let (channel, position) = (i / positions, i % positions);
            pixel(channel, position / shape.width, position % shape.width)
        })
        .collect()
}

/// The number at a row and column that are counted from the edge of the border; none within the
/// border.
pub fn number_at(
    shape: Shape,
    x: &[f64],
    channel: usize,
    [row, col]: [usize; 2],
    border: usize,
) -> Option<f64> {
    let (row, col) = (row.checked_sub(border)?, col.checked_sub(border)?);
    let is_inside = row < shape.height && col < shape.width;
    is_inside.then(|| x[(channel * shape.height + row) * shape.width + col])
}
