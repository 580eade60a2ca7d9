//! Convolution: each output pixel is the weighted sum of a window of the input, plus a bias.

use crate::config::keys::{WhenAbsent, config, flag, whole};
use crate::kernel::{
    Conv, ConvGeometry, ConvGradients, Epilogue, Rows, convolution, may_be_winograd,
};
use crate::memory;
use crate::nn::build::{Around, Builder};
#[cfg(test)]
use crate::nn::drawn::{Example, Reference};
#[cfg(test)]
use crate::nn::drawn::{number_at, pixels};
use crate::nn::init::convolution_init;
use crate::nn::init::draws::{self, Fans};
#[cfg(test)]
use crate::nn::layers::kind::Sample;
use crate::nn::layers::kind::{LayerKind, Role};
use crate::nn::layers::layer::{Backward, Layer, Pass};
use crate::nn::layers::linear::sum_rows;
use crate::nn::layers::windows::{MOST_PIXELS, fit, words_of};
use crate::nn::operator::{Operand, Operator};
use crate::nn::plan::{LayerMisfit, Module, Planned, Site, TensorShape};
use crate::nn::{MOST_UNITS, Param, Shape, Update, WeightInit};
use crate::rng::Stream;

config! {
    /// Keys of `conv2d`.
    pub struct Conv2dConfig {
        /// Number of output channels.
        pub filters: usize = whole(1).to(MOST_UNITS).required("32"),
        /// Rows and columns of the kernel.
        pub kernel_size: usize = whole(1).to(MOST_PIXELS).required("3"),
        /// Distance between the windows.
        pub stride: usize = whole(1).to(MOST_PIXELS).or(1),
        /// Zeros around the image, on each side.
        pub padding: usize = whole(0).to(MOST_PIXELS).or(0),
        /// Whether to add a bias to each channel.
        pub bias: bool = flag().or(true),
        /// Distribution of its initial weights; absent: `network.weight_init`.
        pub weight_init: Option<WeightInit> = convolution_init(),
    }
}

impl Conv2dConfig {
    /// Kernels of `kernel_size` rows and columns, with stride 1.
    pub(in crate::nn) fn new(filters: usize, kernel_size: usize, padding: usize) -> Conv2dConfig {
        Conv2dConfig { filters, kernel_size, stride: 1, padding, bias: true, weight_init: None }
    }

    /// Whitening needs two kernels for each number of a patch of the images.
    fn whitens(&self, site: &Site<'_>) -> Result<(), LayerMisfit> {
        let (channels, size) = (site.input.channels, self.kernel_size);
        let kernels = 2 * channels * size * size;
        if site.path != "0" {
            let label = "the directions are those of the images' patches".to_owned();
            return Err(site.misfit("weight_init", "only the first layer can whiten", label));
        }
        if site.input.height.min(site.input.width) < size {
            let label = format!("patches of {size}x{size}, but the images are {}", site.input);
            let title = "`whitening` needs a kernel that fits into the image without padding";
            let help = "choose a smaller kernel, or another `weight_init`".to_owned();
            return Err(LayerMisfit {
                help: Some(help),
                ..site.misfit("kernel_size", title, label)
            });
        }
        if self.filters != kernels {
            let title = "`whitening` needs two kernels for each number of a patch";
            let label =
                format!("patches of {size}x{size} and {channels} channels: {kernels} kernels");
            let help = format!("set `filters = {kernels}`, or choose another `weight_init`");
            return Err(LayerMisfit { help: Some(help), ..site.misfit("filters", title, label) });
        }
        Ok(())
    }

    /// Whether it uses transformed tiles if its input is large enough.
    pub(in crate::nn) fn may_transform(&self) -> bool {
        may_be_winograd([self.kernel_size; 2], self.stride, self.padding, self.filters)
    }

    /// Its sizes for this input.
    pub(in crate::nn) fn geometry(&self, input: Shape) -> ConvGeometry {
        ConvGeometry {
            height: input.height,
            width: input.width,
            in_channels: input.channels,
            out_channels: self.filters,
            kernel_size: [self.kernel_size; 2],
            stride: self.stride,
            padding: self.padding,
        }
    }
}

impl LayerKind for Conv2dConfig {
    fn plan(&self, site: &Site<'_>) -> Result<Planned, LayerMisfit> {
        let [height, width] = fit(site, self.kernel_size, self.stride, self.padding)?;
        if self.weight_init == Some(WeightInit::Whitening) {
            self.whitens(site)?;
        }
        Ok(Planned::of(Shape { channels: self.filters, height, width }))
    }

    fn tensors(&self, input: Shape, _: Shape) -> Vec<TensorShape> {
        let size = self.kernel_size;
        let weight = TensorShape::weight(vec![self.filters, input.channels, size, size]);
        let bias = self.bias.then(|| TensorShape::parameter("bias", vec![self.filters]));
        [weight].into_iter().chain(bias).collect()
    }

    fn role(&self) -> Role<'_> {
        Role::Product { units: Some(self.filters), convolution: Some(self) }
    }

    fn build(
        &self,
        module: &Module,
        around: &Around<'_>,
        builder: &mut Builder,
    ) -> Option<Box<dyn Layer>> {
        let geometry = self.geometry(module.input);
        let mut stream = builder.weight_stream();
        let weight_init = builder.weight_init(self.weight_init);
        let conv = Conv2d::new(geometry, self.bias, weight_init, &mut stream);
        Some(Box::new(if around.relu_follows() { conv.with_relu() } else { conv }))
    }

    fn details(&self) -> String {
        words_of(self.kernel_size, self.stride, 1, self.padding)
    }

    fn python(&self, module: &Module) -> String {
        let Conv2dConfig { filters, kernel_size, stride, padding, bias, .. } = self;
        let bias = if *bias { "True" } else { "False" };
        format!(
            "nn.Conv2d({}, {filters}, {kernel_size}, stride={stride}, padding={padding}, bias={bias})",
            module.input.channels
        )
    }

    fn operators(&self, _: &Module) -> Vec<Operator> {
        let mut operator = Operator::of_images("Conv")
            .with(Operand::Tensor("weight"))
            .with_windows(self.kernel_size, self.stride, self.padding);
        if self.bias {
            operator = operator.with(Operand::Tensor("bias"));
        }
        vec![operator]
    }

    #[cfg(test)]
    fn samples(&self) -> Vec<Sample> {
        vec![
            Sample::of_images("filters = 4\nkernel_size = 3\npadding = 1"),
            Sample::of_images("filters = 2\nkernel_size = 2\nstride = 2\nbias = false"),
        ]
    }

    #[cfg(test)]
    fn reference(
        &self,
        module: &Module,
        inputs: Vec<Example>,
        network: &Reference,
        _: bool,
    ) -> Vec<Example> {
        let (weight, bias) = (network.tensor(module, "weight"), network.tensor(module, "bias"));
        let (from, to) = (module.input, module.output);
        let (k, s, p) = (self.kernel_size, self.stride, self.padding);
        let example = |x: &Example| {
            pixels(to, |filter, y, x_out| {
                let kernel = &weight[filter * from.channels * k * k..];
                let mut sum = *bias.get(filter).unwrap_or(&0.0);
                for channel in 0..from.channels {
                    for (ky, kx) in (0..k * k).map(|i| (i / k, i % k)) {
                        let at = number_at(from, x, channel, [y * s + ky, x_out * s + kx], p);
                        sum += at.unwrap_or(0.0) * kernel[(channel * k + ky) * k + kx];
                    }
                }
                sum
            })
        };
        inputs.iter().map(example).collect()
    }
}

/// PyTorch's `Conv2d`, with zeros as padding. Images are channel-last: `[batch, height * width * channels]`.
#[derive(Debug)]
pub struct Conv2d {
    weight: Param,       // [out_channels, in_channels, kernel height, kernel width]
    bias: Option<Param>, // [out_channels]
    conv: Box<dyn Conv>,
    relu: bool, // max(0, x) is applied to the output here, for the following layer
}

impl Conv2d {
    /// The layer with weights that `weight_init` draws from `stream`.
    pub fn new(
        geometry: ConvGeometry,
        bias: bool,
        weight_init: WeightInit,
        stream: &mut Stream,
    ) -> Conv2d {
        let ConvGeometry { in_channels, out_channels, kernel_size: [kh, kw], .. } = geometry;
        let mut weight = memory::filled(out_channels * geometry.fan_in(), 0.0);
        let mut bias = bias.then(|| vec![0.0; out_channels]);
        let fans = Fans { outputs: out_channels, channels: in_channels, positions: kh * kw };
        draws::fill(&mut weight, bias.as_deref_mut(), weight_init, fans, stream);
        let shape = vec![out_channels, in_channels, kh, kw];
        Conv2d {
            weight: Param::image_matrix("weight", shape, kh * kw, &weight),
            bias: bias.map(|bias| Param::of_vector("bias", &bias)),
            conv: convolution(geometry),
            relu: false,
        }
    }

    /// The layer with ReLU fused: its output is written once instead of twice. The following layer
    /// applies the slope of ReLU.
    pub fn with_relu(self) -> Conv2d {
        Conv2d { relu: true, ..self }
    }
}

impl Layer for Conv2d {
    fn out_features(&self) -> usize {
        self.conv.geometry().out_features()
    }

    fn has_weight(&self) -> bool {
        true
    }

    fn forward(&mut self, input: Rows<'_>, output: &mut [f32], pass: &Pass) {
        let Conv2d { weight, bias, conv, relu } = self;
        let epilogue = Epilogue { bias: bias.as_ref().map(Param::elements), relu: *relu };
        let (batch, effort) = (pass.batch, pass.effort());
        conv.forward(input.as_slice(), weight.elements(), epilogue, output, batch, effort);
    }

    fn backward(&mut self, ports: Backward<'_>, update: Option<&dyn Update>, pass: &Pass) {
        let Conv2d { weight, bias, conv, .. } = self;
        let Backward { input, grad_output, grad_input, .. } = ports;
        let (batch, effort) = (pass.batch, pass.effort());
        if let Some(grad_input) = grad_input {
            conv.input_gradient(grad_output, weight.elements(), grad_input, batch, effort);
        }
        if update.is_some() && !weight.learning.is_trained {
            if let Some(bias) = bias.as_mut().filter(|bias| bias.learning.is_trained) {
                sum_rows(grad_output, bias.grad_mut());
                bias.learn(update);
            }
            return;
        }
        let bias_grad = bias.as_mut().map(Param::grad_mut);
        let grads = ConvGradients { weight: weight.grad_mut(), bias: bias_grad };
        conv.weight_gradient(input.as_slice(), grad_output, grads, batch, effort);
        weight.learn(update);
        if let Some(bias) = bias {
            bias.learn(update);
        }
    }

    fn visit_params(&mut self, visit: &mut dyn FnMut(&mut Param)) {
        visit(&mut self.weight);
        if let Some(bias) = &mut self.bias {
            visit(bias);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nn::testing::{assert_gradients, assert_parity, assert_updates, fixtures};
    use crate::rng::{Purpose, stream};

    /// The layers of `conv` in `make_fixtures.py`: (channels in, out), kernel, stride, padding, bias.
    fn layer(name: &str) -> Conv2d {
        let ((in_channels, out_channels), kernel_size, stride, padding, bias) = match name {
            "padded" => ((3, 4), [3, 3], 1, 1, true),
            "strided" => ((2, 5), [3, 3], 2, 1, true),
            "wide" => ((3, 2), [2, 4], 1, 0, false),
            "transformed" | "in_small_tiles" => ((16, 16), [3, 3], 1, 1, true),
            _ => ((2, 3), [1, 1], 3, 0, true),
        };
        let (height, width) = match name {
            "transformed" => (4, 5),
            "in_small_tiles" => (5, 6),
            _ => (6, 5),
        };
        let geometry =
            ConvGeometry { height, width, in_channels, out_channels, kernel_size, stride, padding };
        let mut stream = stream(1, Purpose::WeightInit, 0, 0);
        Conv2d::new(geometry, bias, WeightInit::He, &mut stream)
    }

    const NAMES: [&str; 6] =
        ["padded", "strided", "wide", "sparse", "transformed", "in_small_tiles"];

    fn in_features(name: &str) -> usize {
        layer(name).conv.geometry().in_features()
    }

    #[test]
    fn equals_pytorch() {
        for name in NAMES {
            assert_parity(&mut layer(name), &fixtures()["conv"][name]);
        }
    }

    #[test]
    fn updating_within_backward_equals_updating_after_it() {
        for name in NAMES {
            assert_updates(|| Box::new(layer(name)), in_features(name));
        }
    }

    #[test]
    fn gradients_equal_finite_differences() {
        for name in NAMES {
            assert_gradients(&mut layer(name), in_features(name));
        }
    }

    /// The spread of the initial weights: fan_in is the number of inputs that one output pixel
    /// sums.
    #[test]
    fn initial_weights_have_the_variance_of_their_fan_in() {
        let geometry = ConvGeometry {
            height: 8,
            width: 8,
            in_channels: 40,
            out_channels: 80,
            kernel_size: [3, 3],
            stride: 1,
            padding: 1,
        };
        let mut stream = stream(1, Purpose::WeightInit, 0, 0);
        let layer = Conv2d::new(geometry, true, WeightInit::He, &mut stream);
        let value = layer.weight.value();
        let squares: f64 = value.iter().map(|w| f64::from(*w) * f64::from(*w)).sum();
        let ratio = squares / value.len() as f64 / (2.0 / 360.0);
        assert!((ratio - 1.0).abs() < 0.05, "{ratio}"); // 28,800 draws: six standard deviations
    }
}
