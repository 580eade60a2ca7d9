//! Networks in 64 bits, as plainly as they can be said: channel after channel, without a buffer or a trick.

use std::collections::BTreeMap;

use crate::nn::layers::TensorMut;
use crate::nn::layers::{LayerConfig, PoolConfig};
use crate::nn::{Module, Network, Shape};

/// Added to variances.
const EPS: f64 = 1e-5;

/// The numbers of one example between two layers, `[channels, height, width]`.
type Example = Vec<f64>;

/// A network of these modules and tensors.
#[derive(Debug, Clone)]
pub(super) struct Reference {
    modules: Vec<Module>,
    pub(super) tensors: BTreeMap<String, Vec<f64>>,
}

impl Reference {
    /// What `network`, which was built of `modules`, has.
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

    /// The logits of each example; `trains`: by the statistics of the batch.
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

    fn row(&self, modules: &[Module], inputs: &[Example], trains: bool) -> Vec<Example> {
        modules.iter().fold(inputs.to_vec(), |x, module| self.module(module, x, trains))
    }

    fn tensor(&self, module: &Module, name: &str) -> &[f64] {
        self.tensors.get(&format!("{}.{name}", module.path)).map_or(&[], |values| values)
    }

    fn module(&self, module: &Module, x: Vec<Example>, trains: bool) -> Vec<Example> {
        let each = |f: &dyn Fn(f64) -> f64| -> Vec<Example> {
            x.iter().map(|x| x.iter().map(|x| f(*x)).collect()).collect()
        };
        match &module.config {
            LayerConfig::Flatten {} | LayerConfig::Dropout(_) | LayerConfig::SpatialDropout(_) => x,
            LayerConfig::Relu {} => each(&|x| x.max(0.0)),
            LayerConfig::LeakyRelu(c) => each(&|x| if x > 0.0 { x } else { c.negative_slope * x }),
            LayerConfig::Gelu {} => each(&|x| 0.5 * x * (1.0 + libm::erf(x / 2.0_f64.sqrt()))),
            LayerConfig::Sigmoid {} => each(&|x| 1.0 / (1.0 + (-x).exp())),
            LayerConfig::Tanh {} => each(&f64::tanh),
            LayerConfig::BatchNorm {} => self.batch_norm(module, x, trains),
            LayerConfig::Residual(_) => {
                let body = self.row(&module.body, &x, trains);
                let shortcut = match module.shortcut.is_empty() {
                    true => x.iter().map(|x| padded(module, x)).collect(),
                    false => self.row(&module.shortcut, &x, trains),
                };
                let sum =
                    |(a, b): (Example, Example)| a.iter().zip(&b).map(|(a, b)| a + b).collect();
                body.into_iter().zip(shortcut).map(sum).collect()
            }
            _ => x.iter().map(|x| self.example(module, x)).collect(),
        }
    }

    /// Layers that treat each example by itself.
    fn example(&self, module: &Module, x: &Example) -> Example {
        let (weight, bias) = (self.tensor(module, "weight"), self.tensor(module, "bias"));
        let (from, to) = (module.input, module.output);
        match &module.config {
            LayerConfig::Linear(_) => (0..to.channels)
                .map(|unit| {
                    let weights = &weight[unit * x.len()..][..x.len()];
                    let sum: f64 = weights.iter().zip(x).map(|(w, x)| w * x).sum();
                    sum + bias.get(unit).unwrap_or(&0.0)
                })
                .collect(),
            LayerConfig::Conv2d(conv) => {
                let (k, s, p) = (conv.kernel_size, conv.stride, conv.padding);
                pixels(to, |filter, y, x_out| {
                    let kernel = &weight[filter * from.channels * k * k..];
                    let mut sum = *bias.get(filter).unwrap_or(&0.0);
                    for channel in 0..from.channels {
                        for (ky, kx) in (0..k * k).map(|i| (i / k, i % k)) {
                            let at = at(from, x, channel, [y * s + ky, x_out * s + kx], p);
                            sum += at.unwrap_or(0.0) * kernel[(channel * k + ky) * k + kx];
                        }
                    }
                    sum
                })
            }
            LayerConfig::MaxPool(pool) => pixels(to, |channel, y, x_out| {
                let window = window(pool, from, x, [channel, y, x_out]);
                window.fold(f64::NEG_INFINITY, f64::max)
            }),
            LayerConfig::AveragePool(pool) => pixels(to, |channel, y, x_out| {
                let sum: f64 = window(pool, from, x, [channel, y, x_out]).sum();
                sum / (pool.kernel_size * pool.kernel_size) as f64
            }),
            LayerConfig::GlobalAveragePool {} => {
                let channels = x.chunks(from.positions());
                channels.map(|c| c.iter().sum::<f64>() / c.len() as f64).collect()
            }
            LayerConfig::LayerNorm {} => {
                let (mean, var) = moments(x.iter().copied());
                let pairs = x.iter().zip(weight).zip(bias);
                pairs.map(|((x, w), b)| (x - mean) / (var + EPS).sqrt() * w + b).collect()
            }
            other => panic!("{} is not a layer of examples", other.kind()),
        }
    }

    fn batch_norm(&self, module: &Module, mut x: Vec<Example>, trains: bool) -> Vec<Example> {
        let of = |name| self.tensor(module, name);
        let positions = module.output.positions();
        for channel in 0..module.output.channels {
            let range = channel * positions..(channel + 1) * positions;
            let (mean, var) = match trains {
                true => moments(x.iter().flat_map(|x| x[range.clone()].iter().copied())),
                false => (of("running_mean")[channel], of("running_var")[channel]),
            };
            let scale = of("weight")[channel] / (var + EPS).sqrt();
            for x in x.iter_mut().flat_map(|x| &mut x[range.clone()]) {
                *x = (*x - mean) * scale + of("bias")[channel];
            }
        }
        x
    }
}

/// Mean and variance.
fn moments(values: impl Iterator<Item = f64> + Clone) -> (f64, f64) {
    let n = values.clone().count() as f64;
    let mean = values.clone().sum::<f64>() / n;
    (mean, values.map(|x| (x - mean) * (x - mean)).sum::<f64>() / n)
}

/// The numbers that `pixel` gives for each channel, row and column.
fn pixels(shape: Shape, pixel: impl Fn(usize, usize, usize) -> f64) -> Example {
    let positions = shape.positions();
    let places = 0..shape.features();
    places
        .map(|i| {
            let (channel, position) = (i / positions, i % positions);
            pixel(channel, position / shape.width, position % shape.width)
        })
        .collect()
}

/// The number at row and column, which count from the border's first; none in the border.
fn at(
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

/// The numbers of the image in a window.
fn window<'a>(
    pool: &'a PoolConfig,
    shape: Shape,
    x: &'a [f64],
    [channel, row, col]: [usize; 3],
) -> impl Iterator<Item = f64> + 'a {
    let PoolConfig { kernel_size: k, stride, padding } = *pool;
    (0..k * k).filter_map(move |i| {
        at(shape, x, channel, [row * stride + i / k, col * stride + i % k], padding)
    })
}

/// The input itself, or every n-th row and column of it, with channels of zeros.
fn padded(module: &Module, x: &Example) -> Example {
    let (from, to) = (module.input, module.output);
    let fits = |stride: &usize| {
        from.height.div_ceil(*stride) == to.height && from.width.div_ceil(*stride) == to.width
    };
    let stride = (1..).find(fits).expect("the shortcut was checked");
    pixels(to, |channel, row, col| match channel < from.channels {
        true => at(from, x, channel, [row * stride, col * stride], 0).unwrap_or(0.0),
        false => 0.0,
    })
}
