//! The input and output shape of each layer of a list, and its cost, all known before a network is
//! built. If a layer does not fit, planning says which.

use super::Shape;
use crate::error::Error;
use crate::nn::layers::{LayerConfig, NamedLayer, Role};
use crate::nn::operator::Operator;

/// The most numbers of one example between two layers: more than any CPU can train, and few enough
/// that products of sizes do not overflow.
const MOST_FEATURES: u64 = 1 << 32;

/// A layer with its input and output shape.
#[derive(Debug, Clone, PartialEq)]
pub struct Module {
    /// Its path, as in the names of `model.safetensors`: `3`, or `3.layers.0` within a residual
    /// block.
    pub path: String,
    /// The layer as in the list.
    pub config: LayerConfig,
    /// Input shape.
    pub input: Shape,
    /// Output shape.
    pub output: Shape,
    /// The layers of a residual block; empty for other layers.
    pub body: Vec<Module>,
    /// The layers of a residual block's shortcut, if it has any.
    pub shortcut: Vec<Module>,
}

/// A tensor of 32-bit floats of a module.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TensorShape {
    /// PyTorch's name within its module.
    pub name: &'static str,
    /// PyTorch's shape.
    pub shape: Vec<usize>,
    /// What it is for.
    pub role: TensorRole,
    /// Whether it keeps the value that it begins with.
    pub is_fixed: bool,
}

/// What a tensor is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TensorRole {
    /// The weight of a convolution or a linear layer.
    Weight,
    /// Any other trained tensor.
    Parameter,
    /// Statistics of the data; not trained.
    Statistic,
}

impl TensorShape {
    /// The weight of a convolution or a linear layer.
    pub fn weight(shape: Vec<usize>) -> TensorShape {
        TensorShape { name: "weight", shape, role: TensorRole::Weight, is_fixed: false }
    }

    /// Any other trained tensor.
    pub fn parameter(name: &'static str, shape: Vec<usize>) -> TensorShape {
        TensorShape { name, shape, role: TensorRole::Parameter, is_fixed: false }
    }

    /// A tensor that is not trained.
    pub fn statistic(name: &'static str, shape: Vec<usize>) -> TensorShape {
        TensorShape { name, shape, role: TensorRole::Statistic, is_fixed: false }
    }

    /// The same, keeping the value that it begins with unless `is_trained`.
    pub fn trained_if(self, is_trained: bool) -> TensorShape {
        TensorShape { is_fixed: !is_trained, ..self }
    }

    /// Whether it is the weight of a convolution or a linear layer.
    pub fn is_weight(&self) -> bool {
        self.role == TensorRole::Weight
    }

    /// Number of elements.
    pub fn elements(&self) -> usize {
        self.shape.iter().fold(1, |product, n| product.saturating_mul(*n))
    }
}

/// A layer that does not fit in its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LayerMisfit {
    /// Its key below `[network]`, including the key to change: `layers.3.kernel_size`.
    pub key: String,
    /// What is wrong.
    pub title: String,
    /// The shapes or numbers that show it.
    pub label: String,
    /// What to do about it.
    pub help: Option<String>,
}

impl LayerMisfit {
    /// The error for a network whose file was checked before: the data must have changed since
    /// then.
    pub(super) fn into_error(self) -> Error {
        let LayerMisfit { key, title, label, .. } = self;
        Error::Experiment(format!("error: {title}: network.{key} {label}"))
    }
}

/// A trained tensor of a network: what a group of parameters may name it by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParamPlace {
    /// The path of its layer: `3`, or `3.layers.0` within a residual block.
    pub path: String,
    /// The kind of its layer.
    pub kind: &'static str,
    /// Its name within the layer.
    pub tensor: &'static str,
    /// Whether its layer keeps the value that it begins with.
    pub is_fixed: bool,
    /// Whether its layer is linear or a convolution.
    pub is_of_product: bool,
    /// Whether its layer normalises.
    pub is_of_norm: bool,
    /// Whether its layer is the first with a weight.
    pub is_of_first: bool,
    /// Whether its layer is the last with a weight.
    pub is_of_head: bool,
}

/// Units and inputs of each weight of `modules` but that of the head.
pub fn hidden_weights(modules: &[Module]) -> Vec<[usize; 2]> {
    let all = modules.iter().flat_map(Module::all).filter(|module| module.role().has_weight());
    let tensors = all.flat_map(|module| module.params()).filter(TensorShape::is_weight);
    let mut sizes: Vec<[usize; 2]> =
        tensors.map(|tensor| [tensor.shape[0], tensor.shape[1..].iter().product()]).collect();
    sizes.pop();
    sizes
}

/// The trained tensors of `modules`, in PyTorch's order.
pub fn param_places(modules: &[Module]) -> Vec<ParamPlace> {
    let all: Vec<&Module> = modules.iter().flat_map(Module::all).collect();
    let mut products = all.iter().filter(|module| module.role().has_weight());
    let first = products.next().map(|module| &module.path);
    let head = products.next_back().map(|module| &module.path).or(first);
    let of_module = |module: &&Module| -> Vec<ParamPlace> {
        let place = |tensor: TensorShape| ParamPlace {
            path: module.path.clone(),
            kind: module.config.kind(),
            tensor: tensor.name,
            is_fixed: tensor.is_fixed,
            is_of_product: module.role().has_weight(),
            is_of_norm: matches!(module.role(), Role::Norm { .. }),
            is_of_first: Some(&module.path) == first,
            is_of_head: Some(&module.path) == head,
        };
        module.params().into_iter().map(place).collect()
    };
    all.iter().flat_map(of_module).collect()
}

impl Module {
    /// The tensors of 32-bit floats of this module, in PyTorch's order, without those of the
    /// modules within it.
    pub fn tensors(&self) -> Vec<TensorShape> {
        self.config.as_kind().tensors(self.input, self.output)
    }

    /// The trained ones of its tensors.
    pub fn params(&self) -> Vec<TensorShape> {
        let mut tensors = self.tensors();
        tensors.retain(|tensor| tensor.role != TensorRole::Statistic);
        tensors
    }

    /// What the layer does to the numbers that pass through it.
    pub fn role(&self) -> Role<'_> {
        self.config.role()
    }

    /// The PyTorch expression that makes it.
    pub fn python(&self) -> String {
        self.config.as_kind().python(self)
    }

    /// What it computes after training, in the operators of ONNX, without the modules within it.
    pub fn operators(&self) -> Vec<Operator> {
        self.config.as_kind().operators(self)
    }

    /// Elements of the weight of a convolution or a linear layer, 0 for others.
    fn weights(&self) -> u64 {
        let weights = self.params().into_iter().filter(TensorShape::is_weight);
        weights.map(|param| param.elements() as u64).sum()
    }

    /// This module and those within it, in the order of their tensors.
    pub fn all(&self) -> Vec<&Module> {
        let within = self.body.iter().chain(&self.shortcut).flat_map(Module::all);
        [self].into_iter().chain(within).collect()
    }

    /// Floating-point operations in the products of a forward pass of one example, without the
    /// modules within it. A multiply-add counts as two. For a convolution they are those of the sum
    /// over its taps, as papers count them.
    pub fn flops(&self) -> u64 {
        self.weights().saturating_mul(2 * self.output.positions() as u64)
    }
}

/// The modules of `layers` for an input of this shape. The last layer must have an output for each
/// class.
///
/// # Errors
/// If a layer does not fit; the error is about the first such layer.
pub fn plan(
    layers: &[NamedLayer],
    input: Shape,
    classes: usize,
) -> Result<Vec<Module>, LayerMisfit> {
    let modules = sequence(layers, &Site { key: "layers", path: "", input, classes })?;
    let output = modules.last().map_or(input, |module| module.output);
    if output != Shape::vector(classes) {
        let mut key = format!("layers.{}", layers.len().saturating_sub(1));
        if modules.is_empty() {
            key = "layers".to_owned();
        }
        return Err(LayerMisfit {
            key,
            title: "the last layer needs one output for each class".to_owned(),
            label: format!("gives {output}, but there are {classes} classes"),
            help: Some(
                "end with { kind = \"linear\" }: without `units`, it has one output for each class"
                    .to_owned(),
            ),
        });
    }
    Ok(modules)
}

/// The place of a layer or a list of layers.
#[derive(Debug, Clone, Copy)]
pub struct Site<'a> {
    /// Its key below `[network]`: `layers.3`.
    pub key: &'a str,
    /// The beginning of its tensors' names.
    pub path: &'a str,
    /// The input shape.
    pub input: Shape,
    /// How many classes the data has.
    pub classes: usize,
}

impl Site<'_> {
    /// The error that a layer cannot be here because of its key `key`; empty: because of none in
    /// particular.
    pub fn misfit(&self, key: &str, title: &str, label: String) -> LayerMisfit {
        let own = self.key;
        LayerMisfit {
            key: if key.is_empty() { own.to_owned() } else { format!("{own}.{key}") },
            title: title.to_owned(),
            label,
            help: None,
        }
    }
}

/// A layer's output.
#[derive(Debug)]
pub struct Planned {
    /// The output shape.
    pub output: Shape,
    /// The layers of a residual block.
    pub body: Vec<Module>,
    /// The layers of its shortcut.
    pub shortcut: Vec<Module>,
}

impl Planned {
    /// A layer without inner layers.
    pub fn of(output: Shape) -> Planned {
        Planned { output, body: Vec::new(), shortcut: Vec::new() }
    }
}

/// The modules of a list of layers, whatever its output.
pub(super) fn sequence(layers: &[NamedLayer], site: &Site<'_>) -> Result<Vec<Module>, LayerMisfit> {
    let mut modules = Vec::with_capacity(layers.len());
    let mut shape = site.input;
    for (i, NamedLayer { layer, .. }) in layers.iter().enumerate() {
        let (key, path) = (format!("{}.{i}", site.key), format!("{}{i}", site.path));
        let module = module(layer, &Site { key: &key, path: &path, input: shape, ..*site })?;
        shape = module.output;
        modules.push(module);
    }
    Ok(modules)
}

fn module(config: &LayerConfig, site: &Site<'_>) -> Result<Module, LayerMisfit> {
    let Planned { output, body, shortcut } = config.as_kind().plan(site)?;
    let numbers = output.channels as u64 * output.positions() as u64;
    if numbers > MOST_FEATURES {
        let label =
            format!("gives {output} from {}: {numbers} numbers for each example", site.input);
        return Err(site.misfit("", "a layer is too large", label));
    }
    let (path, config, input) = (site.path.to_owned(), config.clone(), site.input);
    Ok(Module { path, config, input, output, body, shortcut })
}

/// The stride of rows and columns that turns `input` into `output`; none if no stride does.
pub fn stride_between(input: Shape, output: Shape) -> Option<usize> {
    let fits = |stride: &usize| {
        input.height.div_ceil(*stride) == output.height
            && input.width.div_ceil(*stride) == output.width
    };
    (1..=input.height.max(input.width)).find(fits)
}
