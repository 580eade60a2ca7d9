//! The shape of what goes into each layer of a list and comes out of it, and what the layer costs, all
//! known before a network is built; or which layer does not fit.

use super::Shape;
use crate::error::Error;
use crate::nn::layers::{
    Conv2dConfig, LayerConfig, LinearConfig, NamedLayer, PoolConfig, Shortcut,
};

/// Numbers of one example between two layers: more than any CPU trains, few enough to multiply.
const MOST_FEATURES: u64 = 1 << 32;

/// A layer between its shapes.
#[derive(Debug, Clone, PartialEq)]
pub struct Module {
    /// Its place, as in the names of `model.safetensors`: `3`, or `3.layers.0` within a residual block.
    pub path: String,
    /// What the list says.
    pub config: LayerConfig,
    /// Shape of what goes in.
    pub input: Shape,
    /// Shape of what comes out.
    pub output: Shape,
    /// The layers of a residual block.
    pub body: Vec<Module>,
    /// The layers of a residual block's shortcut, where it has any.
    pub shortcut: Vec<Module>,
}

/// One tensor that a module trains.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParamShape {
    /// PyTorch's name within its module.
    pub name: &'static str,
    /// PyTorch's shape.
    pub shape: Vec<usize>,
    /// Whether it is the weight of a convolution or a linear layer.
    pub is_weight: bool,
}

impl ParamShape {
    /// Number of elements.
    pub fn elements(&self) -> usize {
        self.shape.iter().fold(1, |product, n| product.saturating_mul(*n))
    }
}

/// A layer that cannot be where it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Misfit {
    /// Where it stands below `[network]`, and the key to change: `layers.3.kernel_size`.
    pub key: String,
    /// What is wrong.
    pub title: String,
    /// With the shapes.
    pub label: String,
    /// What to do about it.
    pub help: Option<String>,
}

impl Misfit {
    /// The misfit of a network whose file has been checked before: the data are others than they were.
    pub(super) fn into_error(self) -> Error {
        let Misfit { key, title, label, .. } = self;
        Error::Experiment(format!("error: {title}: network.{key} {label}"))
    }
}

impl Module {
    /// The trained tensors of this module alone, in PyTorch's order.
    pub fn params(&self) -> Vec<ParamShape> {
        let param = |name, shape, is_weight| ParamShape { name, shape, is_weight };
        let (into, out) = (self.input, self.output);
        let bias = |has_bias: bool, n| has_bias.then(|| param("bias", vec![n], false));
        match &self.config {
            LayerConfig::Conv2d(conv) => {
                let shape = vec![conv.filters, into.channels, conv.kernel_size, conv.kernel_size];
                let weight = [param("weight", shape, true)];
                weight.into_iter().chain(bias(conv.bias, conv.filters)).collect()
            }
            LayerConfig::Linear(linear) => {
                let weight = [param("weight", vec![out.channels, into.channels], true)];
                weight.into_iter().chain(bias(linear.bias, out.channels)).collect()
            }
            LayerConfig::BatchNorm {} => {
                ["weight", "bias"].map(|name| param(name, vec![out.channels], false)).to_vec()
            }
            LayerConfig::LayerNorm {} => {
                let shape = match out.is_vector() {
                    true => vec![out.channels],
                    false => vec![out.channels, out.height, out.width],
                };
                ["weight", "bias"].map(|name| param(name, shape.clone(), false)).to_vec()
            }
            _ => Vec::new(),
        }
    }

    /// Elements of the weight of a convolution or a linear layer, 0 for others.
    fn weights(&self) -> u64 {
        let weights = self.params().into_iter().filter(|param| param.is_weight);
        weights.map(|param| param.elements() as u64).sum()
    }

    /// This module and those within it, in the order of their tensors.
    pub fn all(&self) -> Vec<&Module> {
        let within = self.body.iter().chain(&self.shortcut).flat_map(Module::all);
        [self].into_iter().chain(within).collect()
    }

    /// Floating-point operations of a forward pass of one example in products, a multiply-add counted as
    /// two, without the modules within it. Those of a convolution are the sum over its taps, as papers count.
    pub fn flops(&self) -> u64 {
        self.weights().saturating_mul(2 * self.output.positions() as u64)
    }
}

/// The modules of `layers` for an input of this shape; the last must have an output for each class.
///
/// # Errors
/// The first layer that does not fit.
pub fn plan(layers: &[NamedLayer], input: Shape, classes: usize) -> Result<Vec<Module>, Misfit> {
    let modules = sequence(layers, input, classes, ("layers", ""))?;
    let output = modules.last().map_or(input, |module| module.output);
    if output != Shape::vector(classes) {
        let mut key = format!("layers.{}", layers.len().saturating_sub(1));
        if modules.is_empty() {
            key = "layers".to_owned();
        }
        return Err(Misfit {
            key,
            title: "the last layer has not one output for each class".to_owned(),
            label: format!("gives {output}; the data has {classes} classes"),
            help: Some(
                "end with { kind = \"linear\" }: without `units`, it has as many".to_owned(),
            ),
        });
    }
    Ok(modules)
}

/// The modules of a list, whatever comes out. `key` is where it stands below `[network]`, `path` what tensor
/// names begin with.
pub(super) fn sequence(
    layers: &[NamedLayer],
    input: Shape,
    classes: usize,
    (key, path): (&str, &str),
) -> Result<Vec<Module>, Misfit> {
    let mut modules = Vec::with_capacity(layers.len());
    let mut shape = input;
    for (i, NamedLayer { layer, .. }) in layers.iter().enumerate() {
        let key = format!("{key}.{i}");
        let path = format!("{path}{i}");
        let module = module(layer, shape, classes, (&key, &path))?;
        shape = module.output;
        modules.push(module);
    }
    Ok(modules)
}

fn module(
    config: &LayerConfig,
    input: Shape,
    classes: usize,
    (key, path): (&str, &str),
) -> Result<Module, Misfit> {
    let misfit = |(of, title, label): (&str, &str, String)| Misfit {
        key: if of.is_empty() { key.to_owned() } else { format!("{key}.{of}") },
        title: title.to_owned(),
        label,
        help: None,
    };
    let (mut body, mut shortcut) = (Vec::new(), Vec::new());
    let output = match config {
        LayerConfig::Conv2d(conv) => conv_output(conv, input).map_err(misfit)?,
        LayerConfig::MaxPool(pool) | LayerConfig::AveragePool(pool) => {
            pool_output(pool, input).map_err(misfit)?
        }
        LayerConfig::GlobalAveragePool {} => Shape::vector(input.channels),
        LayerConfig::Flatten {} => Shape::vector(input.features()),
        LayerConfig::Linear(linear) => {
            linear_output(linear, input, classes).map_err(|label| Misfit {
                help: Some("put { kind = \"flatten\" } before it".to_owned()),
                ..misfit(("", "a linear layer reads a vector", label))
            })?
        }
        LayerConfig::Residual(residual) => {
            let (body_key, body_path) = (format!("{key}.layers"), format!("{path}.layers."));
            body = sequence(&residual.layers, input, classes, (&body_key, &body_path))?;
            let output = body.last().map_or(input, |module| module.output);
            let layers = shortcut_layers(residual.shortcut, input, output);
            let layers = layers.map_err(|(label, help)| Misfit {
                help: Some(help.to_owned()),
                ..misfit(("", "the shortcut of a residual block does not fit", label))
            })?;
            shortcut = sequence(&layers, input, classes, (key, &format!("{path}.shortcut.")))?;
            body.last().map_or(input, |module| module.output)
        }
        _ => input,
    };
    let numbers = output.channels as u64 * output.positions() as u64;
    if numbers > MOST_FEATURES {
        let label = format!("gives {output} from {input}: {numbers} numbers for each example");
        return Err(misfit(("", "a layer is too large", label)));
    }
    Ok(Module { path: path.to_owned(), config: config.clone(), input, output, body, shortcut })
}

/// Key, title and label of a misfit.
type Problem = (&'static str, &'static str, String);

fn conv_output(conv: &Conv2dConfig, input: Shape) -> Result<Shape, Problem> {
    let Conv2dConfig { filters, kernel_size, stride, padding, .. } = *conv;
    let [height, width] = windows(input, kernel_size, stride, padding)?;
    Ok(Shape { channels: filters, height, width })
}

fn pool_output(pool: &PoolConfig, input: Shape) -> Result<Shape, Problem> {
    let PoolConfig { kernel_size, stride, padding } = *pool;
    if padding > kernel_size / 2 {
        let label = format!("more than half of the window of {kernel_size} x {kernel_size}");
        return Err(("padding", "the border of a pool is too wide", label));
    }
    let [height, width] = windows(input, kernel_size, stride, padding)?;
    Ok(Shape { height, width, ..input })
}

/// How often a window fits, `floor((n + 2 padding - kernel_size) / stride) + 1`, down and across.
fn windows(
    input: Shape,
    kernel_size: usize,
    stride: usize,
    padding: usize,
) -> Result<[usize; 2], Problem> {
    let sides = [input.height + 2 * padding, input.width + 2 * padding];
    if sides.iter().any(|side| *side < kernel_size) {
        let padded = match padding {
            0 => String::new(),
            _ => format!(", {} x {} with its padding", sides[0], sides[1]),
        };
        let label = format!("{kernel_size} x {kernel_size}; what comes in is {input}{padded}");
        return Err(("kernel_size", "a window is larger than its image", label));
    }
    Ok(sides.map(|side| (side - kernel_size) / stride + 1))
}

fn linear_output(linear: &LinearConfig, input: Shape, classes: usize) -> Result<Shape, String> {
    match input.is_vector() {
        true => Ok(Shape::vector(linear.units.unwrap_or(classes))),
        false => Err(format!("gets an image of {input}")),
    }
}

/// The layers of a shortcut between these shapes; label and help if it does not fit.
fn shortcut_layers(
    shortcut: Shortcut,
    input: Shape,
    output: Shape,
) -> Result<Vec<NamedLayer>, (String, &'static str)> {
    let change = format!("the layers make {output} of {input}");
    let stride = stride_between(input, output).ok_or_else(|| {
        let help = "give a convolution of the block padding, so that only its stride makes the image \
                    smaller";
        (format!("no stride leads from {input} to {output}"), help)
    });
    match shortcut {
        Shortcut::Identity if input == output => Ok(Vec::new()),
        Shortcut::Identity => {
            Err((change, "with `shortcut = \"projection\"` or \"pad\", it may change"))
        }
        Shortcut::Pad if output.channels < input.channels => {
            stride?;
            Err((change, "`pad` can only add channels; \"projection\" can do both"))
        }
        Shortcut::Pad => stride.map(|_| Vec::new()),
        Shortcut::Projection => {
            let one_by_one = Conv2dConfig::new(output.channels, 1, 0);
            let conv = Conv2dConfig { stride: stride?, bias: false, ..one_by_one };
            let layers = [LayerConfig::Conv2d(conv), LayerConfig::BatchNorm {}];
            Ok(layers.map(NamedLayer::from).to_vec())
        }
    }
}

/// The distance of the rows and columns of `input` that are left in `output`.
pub fn stride_between(input: Shape, output: Shape) -> Option<usize> {
    let fits = |stride: &usize| {
        input.height.div_ceil(*stride) == output.height
            && input.width.div_ceil(*stride) == output.width
    };
    (1..=input.height.max(input.width)).find(fits)
}
