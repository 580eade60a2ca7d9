//! Residual block (He et al., 2016, <https://arxiv.org/abs/1512.03385>): `output = body(input) +
//! shortcut(input)`. Its keys, what they mean in other programs, and which shortcuts fit.

mod block;

use crate::config::keys::{WhenAbsent, config, tables, word, words};
use crate::nn::Shape;
use crate::nn::build::{Around, Builder};
#[cfg(test)]
use crate::nn::drawn::{Example, Reference};
#[cfg(test)]
use crate::nn::drawn::{number_at, pixels};
use crate::nn::layers::batch_norm::BatchNormConfig;
use crate::nn::layers::conv2d::Conv2dConfig;
#[cfg(test)]
use crate::nn::layers::kind::Sample;
use crate::nn::layers::kind::{LayerKind, Role};
use crate::nn::layers::layer::Layer;
use crate::nn::layers::list::NamedLayer;
use crate::nn::layers::residual::block::{Residual, ShortcutWay};
use crate::nn::operator::{Operand, Operator};
use crate::nn::plan::{LayerMisfit, Module, Planned, Site, TensorShape, sequence, stride_between};

config! {
    /// Keys of `residual` (He et al., 2016, <https://arxiv.org/abs/1512.03385>).
    pub struct ResidualConfig {
        /// What is added to the output of the layers.
        pub shortcut: Shortcut = word().or(Shortcut::Identity),
        /// The layers in order.
        pub layers: Vec<NamedLayer> = tables(),
    }
}

words! {
    /// What a residual block adds to the output of its layers.
    pub enum Shortcut {
        /// The input, which must have the output's shape.
        Identity = "identity",
        /// Every n-th row and column of the input, with channels of zeros appended (option A of He
        /// et al.).
        Pad = "pad",
        /// A convolution of the input with a kernel of 1x1 and batch norm (option B of He et al.).
        Projection = "projection",
    }
}

impl LayerKind for ResidualConfig {
    fn plan(&self, site: &Site<'_>) -> Result<Planned, LayerMisfit> {
        let Site { key, path, input, classes } = *site;
        let within = Site {
            key: &format!("{key}.layers"),
            path: &format!("{path}.layers."),
            input,
            classes,
        };
        let body = sequence(&self.layers, &within)?;
        let output = body.last().map_or(input, |module| module.output);
        let layers = shortcut_layers(self.shortcut, input, output);
        let layers = layers.map_err(|(label, help)| LayerMisfit {
            help: Some(help.to_owned()),
            ..site.misfit("", "the shortcut of a residual block does not fit", label)
        })?;
        let beside = Site { key, path: &format!("{path}.shortcut."), input, classes };
        let shortcut = sequence(&layers, &beside)?;
        Ok(Planned { output, body, shortcut })
    }

    fn tensors(&self, _: Shape, _: Shape) -> Vec<TensorShape> {
        Vec::new()
    }

    fn role(&self) -> Role<'_> {
        Role::Block(&self.layers)
    }

    fn build(
        &self,
        module: &Module,
        around: &Around<'_>,
        builder: &mut Builder,
    ) -> Option<Box<dyn Layer>> {
        let (input, output) = (module.input, module.output);
        let body = builder.sequential(&module.body, input, true);
        let shortcut = match stride_between(input, output) {
            _ if input == output && module.shortcut.is_empty() => ShortcutWay::Identity,
            Some(stride) if module.shortcut.is_empty() => {
                ShortcutWay::Pad { input, output, stride }
            }
            _ => ShortcutWay::Layers(builder.sequential(&module.shortcut, input, true)),
        };
        let block = Residual::new(body, shortcut, builder.max_batch);
        let block = block.of_channels(input.channels, output.channels);
        Some(Box::new(if around.relu_follows() { block.with_relu() } else { block }))
    }

    fn details(&self) -> String {
        String::new()
    }

    fn python(&self, module: &Module) -> String {
        let list = |modules: &[Module]| {
            let modules: Vec<String> = modules.iter().map(Module::python).collect();
            modules.join(", ")
        };
        let (input, output) = (module.input, module.output);
        let shortcut = match self.shortcut {
            Shortcut::Identity => String::new(),
            Shortcut::Pad => {
                let stride = stride_between(input, output).expect("the shortcut fits");
                format!(", Pad({}, {stride})", output.channels)
            }
            Shortcut::Projection => format!(", Layers({})", list(&module.shortcut)),
        };
        format!("Residual(Layers({}){shortcut})", list(&module.body))
    }

    fn operators(&self, module: &Module) -> Vec<Operator> {
        let (input, output) = (module.input, module.output);
        match self.shortcut {
            // The exporter adds the layers of both ways.
            Shortcut::Identity | Shortcut::Projection => Vec::new(),
            Shortcut::Pad => {
                let stride = stride_between(input, output).expect("the shortcut fits") as i64;
                let missing = output.channels as i64 - input.channels as i64;
                let whole = |numbers: &[i64]| Operand::Whole(numbers.to_vec());
                let slice = Operator::of_images("Slice")
                    .with(whole(&[0, 0]))
                    .with(whole(&[i64::MAX; 2]))
                    .with(whole(&[2, 3]))
                    .with(whole(&[stride; 2]));
                let pad = Operator::of_images("Pad").with(whole(&[0, 0, 0, 0, 0, missing, 0, 0]));
                vec![slice, pad]
            }
        }
    }

    #[cfg(test)]
    fn samples(&self) -> Vec<Sample> {
        vec![
            Sample::of_vectors("layers = [{ kind = \"tanh\" }]"),
            Sample::of_images(
                "shortcut = \"pad\"\nlayers = [{ kind = \"average_pool\", kernel_size = 1, stride = 2 }]",
            ),
        ]
    }

    #[cfg(test)]
    fn reference(
        &self,
        module: &Module,
        inputs: Vec<Example>,
        network: &Reference,
        trains: bool,
    ) -> Vec<Example> {
        let shortcut = match module.shortcut.is_empty() {
            true => inputs.iter().map(|x| padded(module, x)).collect(),
            false => network.row(&module.shortcut, &inputs, trains),
        };
        let body = network.row(&module.body, &inputs, trains);
        let sum = |(a, b): (Example, Example)| a.iter().zip(&b).map(|(a, b)| a + b).collect();
        body.into_iter().zip(shortcut).map(sum).collect()
    }
}

/// The input itself, or every n-th row and column of it, with channels of zeros.
#[cfg(test)]
fn padded(module: &Module, x: &Example) -> Example {
    let (from, to) = (module.input, module.output);
    let fits = |stride: &usize| {
        from.height.div_ceil(*stride) == to.height && from.width.div_ceil(*stride) == to.width
    };
    let stride = (1..).find(fits).expect("the shortcut was checked");
    pixels(to, |channel, row, col| match channel < from.channels {
        true => number_at(from, x, channel, [row * stride, col * stride], 0).unwrap_or(0.0),
        false => 0.0,
    })
}

/// The layers of a shortcut between these shapes; label and help if it does not fit.
fn shortcut_layers(
    shortcut: Shortcut,
    input: Shape,
    output: Shape,
) -> Result<Vec<NamedLayer>, (String, &'static str)> {
    let change = format!("the layers turn {input} into {output}");
    let stride = stride_between(input, output).ok_or_else(|| {
        let help = "give the block's convolutions padding, so that only the stride makes the image \
                    smaller";
        (format!("no stride turns {input} into {output}"), help)
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
            Ok(vec![NamedLayer::of(conv), NamedLayer::of(BatchNormConfig::default())])
        }
    }
}
