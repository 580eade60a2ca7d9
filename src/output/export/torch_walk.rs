//! Walks through the modules of an exported script as PyTorch would: input and output shapes, and
//! the tensors that it would need. This tests `model.py` without PyTorch.

use std::iter::Peekable;
use std::str::Chars;

use crate::config::keys::Kinds;
use crate::error::Flaw;
use crate::nn::layers::LayerConfig;
use crate::nn::{Module, Shape};

/// A call in the script: `nn.Conv2d(3, 4, 5, stride=2)`; a number, a list or a word is a call
/// without arguments.
#[derive(Debug, Clone, PartialEq)]
struct Call {
    name: String,
    key: String, // empty without `key=`
    args: Vec<Call>,
}

/// Sizes of one example: `[features]` or `[channels, height, width]`.
type Sizes = Vec<usize>;

/// The output shape of the modules of `script`, and the names and sizes of their tensors.
pub(super) fn walk(script: &str, input: Sizes) -> Result<(Sizes, Vec<(String, Sizes)>), Flaw> {
    let (_, after) = script.split_once("return Layers(").ok_or("no modules")?;
    let (modules, _) = after.split_once("\n    )\n").ok_or("no end")?;
    let text: String = modules.chars().filter(|c| !c.is_whitespace()).collect();
    let mut tensors = Vec::new();
    let row = Call {
        name: "Layers".to_owned(),
        key: String::new(),
        args: args(&mut text.chars().peekable()),
    };
    let output = row.output(input, "", &mut tensors)?;
    Ok((output, tensors))
}

/// Arguments up to the end or a closing bracket.
fn args(text: &mut Peekable<Chars<'_>>) -> Vec<Call> {
    let mut args = Vec::new();
    while let Some(c) = text.peek() {
        match c {
            ',' => drop(text.next()),
            ')' | ']' => break,
            _ => args.push(call(text)),
        }
    }
    args
}

fn call(text: &mut Peekable<Chars<'_>>) -> Call {
    let (mut name, mut key) = (String::new(), String::new());
    while let Some(c) = text.next_if(|c| !",()[]".contains(*c)) {
        match c {
            '=' => key = std::mem::take(&mut name),
            _ => name.push(c),
        }
    }
    let args = match text.next_if(|c| "([".contains(*c)) {
        Some(_) => {
            let args = args(text);
            text.next();
            args
        }
        None => Vec::new(),
    };
    Call { name, key, args }
}

/// Whether a module of this name is one of the activation functions.
fn is_activation(name: &str) -> bool {
    let (input, output) = (Shape::vector(1), Shape::vector(1));
    LayerConfig::KINDS.iter().any(|kind| {
        let config = (kind.unset)();
        let is_one = config.role().is_activation();
        let (path, body, shortcut) = (String::new(), Vec::new(), Vec::new());
        let module = Module { path, config, input, output, body, shortcut };
        is_one && module.python().split('(').next() == Some(name)
    })
}

fn as_image(x: Sizes) -> Sizes {
    if x.len() == 1 { vec![x[0], 1, 1] } else { x }
}

fn as_vector(x: Sizes) -> Sizes {
    if x.len() == 3 && x[1..] == [1, 1] { vec![x[0]] } else { x }
}

impl Call {
    /// The numbers among the arguments, `key=` or not.
    fn numbers(&self) -> Vec<usize> {
        self.args.iter().filter_map(|arg| arg.name.parse().ok()).collect()
    }

    fn has_bias(&self) -> bool {
        self.args.iter().all(|arg| arg.key != "bias" || arg.name == "True")
    }

    fn row(&self, x: Sizes, path: &str, tensors: &mut Vec<(String, Sizes)>) -> Result<Sizes, Flaw> {
        const OF_IMAGES: [&str; 5] =
            ["nn.Conv2d", "nn.MaxPool2d", "nn.AvgPool2d", "nn.Dropout2d", "GlobalAveragePool"];
        let mut x = x;
        for (i, module) in self.args.iter().enumerate() {
            let is_of_images = OF_IMAGES.contains(&module.name.as_str());
            x = if is_of_images { as_image(x) } else { x };
            x = as_vector(module.output(x, &format!("{path}{i}."), tensors)?);
        }
        Ok(x)
    }

    /// The output shape for `x`, as in PyTorch. Adds the module's tensors to `tensors`.
    ///
    /// # Errors
    /// If PyTorch would refuse `x`.
    fn output(
        &self,
        x: Sizes,
        path: &str,
        tensors: &mut Vec<(String, Sizes)>,
    ) -> Result<Sizes, Flaw> {
        match self.name.as_str() {
            "Layers" => return self.row(x, path, tensors),
            "Residual" => return self.residual(x, path, tensors),
            _ => {}
        }
        let output = self.sizes(&x).ok_or_else(|| format!("{path} {self:?} gets {x:?}"))?;
        let named = self.tensors(&x).into_iter();
        tensors.extend(named.map(|(name, sizes)| (format!("{path}{name}"), sizes)));
        Ok(output)
    }

    fn residual(
        &self,
        x: Sizes,
        path: &str,
        tensors: &mut Vec<(String, Sizes)>,
    ) -> Result<Sizes, Flaw> {
        let body = self.args[0].output(x.clone(), &format!("{path}layers."), tensors)?;
        let shortcut = match self.args.get(1) {
            None => x,
            Some(way) => way.output(x, &format!("{path}shortcut."), tensors)?,
        };
        match body == shortcut {
            true => Ok(body),
            false => Err(Flaw::from(format!("{path} adds {body:?} and {shortcut:?}"))),
        }
    }

    /// The output shape of a single module for `x`; none if PyTorch would refuse `x`.
    fn sizes(&self, x: &[usize]) -> Option<Sizes> {
        let numbers = self.numbers();
        match (self.name.as_str(), x) {
            ("nn.Linear", [features]) if *features == numbers[0] => Some(vec![numbers[1]]),
            ("nn.Conv2d", [channels, height, width]) if *channels == numbers[0] => {
                let [_, filters, kernel, stride, padding] = numbers[..] else { return None };
                let windows = [*height, *width].map(|n| (n + 2 * padding - kernel) / stride + 1);
                Some(vec![filters, windows[0], windows[1]])
            }
            ("nn.MaxPool2d" | "nn.AvgPool2d", [channels, height, width]) => {
                let [kernel, stride, padding] = numbers[..] else { return None };
                let windows = [*height, *width].map(|n| (n + 2 * padding - kernel) / stride + 1);
                (padding <= kernel / 2).then(|| vec![*channels, windows[0], windows[1]])
            }
            ("nn.BatchNorm1d", [channels]) | ("nn.BatchNorm2d", [channels, _, _]) => {
                (*channels == numbers[0]).then(|| x.to_vec())
            }
            ("nn.LayerNorm", _) => (x == self.args[0].numbers()).then(|| x.to_vec()),
            ("GlobalAveragePool", [channels, _, _]) => Some(vec![*channels]),
            ("nn.Flatten", _) => Some(vec![x.iter().product()]),
            ("Pad", _) => {
                let (image, stride) = (as_image(x.to_vec()), numbers[1]);
                let [height, width] = [image[1], image[2]].map(|n| n.div_ceil(stride));
                Some(as_vector(vec![numbers[0], height, width]))
            }
            ("nn.Dropout2d", [_, _, _]) | ("nn.Dropout" | "Scale" | "StochasticDepth", _) => {
                Some(x.to_vec())
            }
            ("Fixed", _) => self.args[0].sizes(x),
            (name, _) => is_activation(name).then(|| x.to_vec()),
        }
    }

    /// The tensors of a single module for the input `x`, with their names.
    fn tensors(&self, x: &[usize]) -> Vec<(&'static str, Sizes)> {
        let numbers = self.numbers();
        match self.name.as_str() {
            "nn.Linear" => self.weighted(vec![numbers[1], numbers[0]]),
            "nn.Conv2d" => self.weighted(vec![numbers[1], numbers[0], numbers[2], numbers[2]]),
            "nn.BatchNorm1d" | "nn.BatchNorm2d" => {
                ["weight", "bias", "running_mean", "running_var"]
                    .map(|name| (name, numbers.clone()))
                    .to_vec()
            }
            "Fixed" => self.args[0].tensors(x),
            "nn.LayerNorm" => ["weight", "bias"].map(|name| (name, x.to_vec())).to_vec(),
            _ => Vec::new(),
        }
    }

    /// A weight of these sizes and, if the module has one, its bias.
    fn weighted(&self, weight: Sizes) -> Vec<(&'static str, Sizes)> {
        let bias = self.has_bias().then(|| ("bias", vec![weight[0]]));
        [("weight", weight)].into_iter().chain(bias).collect()
    }
}

mod tests {
    use super::*;

    fn script(modules: &str) -> String {
        format!("    return Layers(\n{modules}\n    )\n")
    }

    #[test]
    fn what_pytorch_would_refuse_is_refused() {
        let of = |modules: &str, input: &[usize]| walk(&script(modules), input.to_vec());
        let good =
            "nn.Conv2d(3, 4, 2, stride=2, padding=0, bias=False),\nnn.Flatten(),\nnn.Linear(16, 2)";
        let (output, tensors) = of(good, &[3, 4, 4]).unwrap();
        let sizes = |name: &str, sizes: &[usize]| (name.to_owned(), sizes.to_vec());
        assert_eq!(output, [2]);
        let expected =
            [sizes("0.weight", &[4, 3, 2, 2]), sizes("2.weight", &[2, 16]), sizes("2.bias", &[2])];
        assert_eq!(tensors, expected);
        for (bad, input, words) in [
            ("nn.Linear(3, 2)", &[3, 2, 2][..], "gets [3, 2, 2]"),
            ("nn.BatchNorm1d(3)", &[3, 1, 2], "gets [3, 1, 2]"),
            ("nn.LayerNorm([3])", &[3, 2, 1], "gets [3, 2, 1]"),
            ("Residual(Layers(nn.Linear(3, 4)))", &[3], "0. adds [4] and [3]"),
            ("nn.Mystery(3)", &[3], "gets [3]"),
        ] {
            let flaw = of(bad, input).unwrap_err();
            assert!(flaw.starts_with("0. ") && flaw.ends_with(words), "{bad}: {flaw}");
        }
    }
}
