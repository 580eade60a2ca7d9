//! Residual block (He et al., 2016, <https://arxiv.org/abs/1512.03385>): `output = body(input) +
//! shortcut(input)`.

use crate::config::keys::{WhenAbsent, config, tables, word, words};
use crate::kernel::{Buffer, Rows, split_rows, vectorise};
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
use crate::nn::layers::layer::{ActivationOutput, Backward, Layer, Pass, VisitState, VisitWeights};
use crate::nn::layers::list::NamedLayer;
use crate::nn::layers::relu::max_0;
use crate::nn::operator::{Operand, Operator};
use crate::nn::plan::{LayerMisfit, Module, Planned, Site, TensorShape, sequence, stride_between};
use crate::nn::sequential::Sequential;
use crate::nn::{Param, Shape, Update};

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

/// Layers whose input is added to their output. Tensor names: `layers.0.weight`, `shortcut.0.weight`.
pub(in crate::nn) struct Residual {
    body: Sequential,
    shortcut: ShortcutWay,
    keeps_units: bool,     // as many output channels as input channels
    relu: bool,            // max(0, x) is applied to the sum here, for the following layer
    grad_shortcut: Buffer, // [max_batch, features in], if the shortcut has layers
}

/// What is added to the output of the layers.
pub(in crate::nn) enum ShortcutWay {
    /// The input.
    Identity,
    /// The pixels of the input at every n-th row and column, with channels of zeros appended.
    Pad {
        /// Shape of the input.
        input: Shape,
        /// Shape of the output.
        output: Shape,
        /// Distance between the rows, and the columns, that remain.
        stride: usize,
    },
    /// The output of these layers for the input.
    Layers(Sequential),
}

impl Residual {
    /// The block for batches of at most `max_batch`.
    pub(in crate::nn) fn new(
        body: Sequential,
        shortcut: ShortcutWay,
        max_batch: usize,
    ) -> Residual {
        let len = match &shortcut {
            ShortcutWay::Layers(layers) => max_batch * layers.in_features(),
            ShortcutWay::Identity | ShortcutWay::Pad { .. } => 0,
        };
        let grad_shortcut = Buffer::zeros(len);
        Residual { body, shortcut, keeps_units: true, relu: false, grad_shortcut }
    }

    /// The block with these numbers of input and output channels.
    pub(in crate::nn) fn of_channels(self, input: usize, output: usize) -> Residual {
        Residual { keeps_units: input == output, ..self }
    }

    /// The block with ReLU fused; the following layer applies the slope of ReLU.
    pub(in crate::nn) fn with_relu(self) -> Residual {
        Residual { relu: true, ..self }
    }
}

impl Layer for Residual {
    fn out_features(&self) -> usize {
        self.body.out_features()
    }

    fn keeps_units(&self) -> bool {
        self.keeps_units
    }

    fn forward(&mut self, input: Rows<'_>, output: &mut [f32], pass: &Pass) {
        self.body.forward(input, pass);
        let own = self.body.output(pass.batch);
        match &mut self.shortcut {
            ShortcutWay::Identity => sum(own, input.as_slice(), output, self.relu, pass),
            ShortcutWay::Layers(layers) => {
                layers.forward(input, pass);
                sum(own, layers.output(pass.batch), output, self.relu, pass);
            }
            ShortcutWay::Pad { input: from, output: to, stride } => {
                output.copy_from_slice(own);
                let pairs = input.as_slice().chunks_exact(from.features());
                for (x, y) in pairs.zip(output.chunks_exact_mut(to.features())) {
                    for_pixels(*from, *to, *stride, |at, out| add(&x[at], &mut y[out]));
                }
                if self.relu {
                    vectorise(
                        #[inline(always)]
                        || output.iter_mut().for_each(|y| *y = max_0(*y)),
                    );
                }
            }
        }
    }

    fn backward(&mut self, ports: Backward<'_>, update: Option<&dyn Update>, pass: &Pass) {
        let Backward { input, grad_output, mut grad_input, .. } = ports;
        let into_body = grad_input.as_deref_mut();
        self.body.backward_from(Some(grad_output), input, into_body, update, pass);
        match &mut self.shortcut {
            ShortcutWay::Identity => {
                let Some(grad_input) = grad_input else { return };
                add(grad_output, grad_input);
            }
            ShortcutWay::Layers(layers) => {
                let Some(grad_input) = grad_input else {
                    return layers.backward_from(Some(grad_output), input, None, update, pass);
                };
                let through = &mut self.grad_shortcut[..grad_input.len()];
                layers.backward_from(Some(grad_output), input, Some(through), update, pass);
                add(through, grad_input);
            }
            ShortcutWay::Pad { input: from, output: to, stride } => {
                let Some(grad_input) = grad_input else { return };
                let pairs = grad_output.chunks_exact(to.features());
                for (g, x) in pairs.zip(grad_input.chunks_exact_mut(from.features())) {
                    for_pixels(*from, *to, *stride, |at, out| add(&g[out], &mut x[at]));
                }
            }
        }
    }

    #[cfg(test)]
    fn buffer_elements(&mut self) -> usize {
        let shortcut = match &mut self.shortcut {
            ShortcutWay::Layers(layers) => layers.buffer_elements(),
            ShortcutWay::Identity | ShortcutWay::Pad { .. } => 0,
        };
        self.body.buffer_elements() + shortcut
    }

    fn visit_params(&mut self, visit: &mut dyn FnMut(&mut Param)) {
        self.body.visit_params(visit);
        if let ShortcutWay::Layers(layers) = &mut self.shortcut {
            layers.visit_params(visit);
        }
    }

    fn visit_statistics(&mut self, visit: &mut dyn FnMut(&mut [f32])) {
        self.body.visit_statistics(visit);
        if let ShortcutWay::Layers(layers) = &mut self.shortcut {
            layers.visit_statistics(visit);
        }
    }

    fn visit_weights(
        &mut self,
        path: &str,
        batch: usize,
        _activation: Option<ActivationOutput<'_>>,
        visit: &mut VisitWeights<'_>,
    ) {
        self.body.visit_weights(&format!("{path}.layers."), batch, visit);
        if let ShortcutWay::Layers(layers) = &mut self.shortcut {
            layers.visit_weights(&format!("{path}.shortcut."), batch, visit);
        }
    }

    fn visit_state(&mut self, path: &str, visit: &mut VisitState<'_>) {
        self.body.visit_state(&format!("{path}layers."), visit);
        if let ShortcutWay::Layers(layers) = &mut self.shortcut {
            layers.visit_state(&format!("{path}shortcut."), visit);
        }
    }
}

/// `output = a + b`, all `[batch, features]`; with `take_relu`, the larger of that and 0.
fn sum(a: &[f32], b: &[f32], output: &mut [f32], take_relu: bool, pass: &Pass) {
    let features = output.len() / pass.batch;
    split_rows(pass.effort(), pass.batch, output, features, &|examples, output| {
        let range = examples.start * features..examples.end * features;
        let (a, b) = (&a[range.clone()], &b[range]);
        vectorise(
            #[inline(always)]
            || {
                for ((out, from_a), from_b) in output.iter_mut().zip(a).zip(b) {
                    let y = from_a + from_b;
                    *out = if take_relu { max_0(y) } else { y };
                }
            },
        );
    });
}

/// `to += from`
fn add(from: &[f32], to: &mut [f32]) {
    vectorise(
        #[inline(always)]
        || {
            for (sum, x) in to.iter_mut().zip(from) {
                *sum += x;
            }
        },
    );
}

/// For every pixel that remains, calls `each` with the ranges of its channels in the input and in
/// the output.
fn for_pixels(
    from: Shape,
    to: Shape,
    stride: usize,
    mut each: impl FnMut(std::ops::Range<usize>, std::ops::Range<usize>),
) {
    for y in 0..to.height {
        for x in 0..to.width {
            let at = (y * stride * from.width + x * stride) * from.channels;
            let out = (y * to.width + x) * to.channels;
            each(at..at + from.channels, out..out + from.channels);
        }
    }
}
