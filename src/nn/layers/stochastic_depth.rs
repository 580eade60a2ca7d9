//! Stochastic depth (Huang et al., 2016, <https://arxiv.org/abs/1603.09382>): at the end of a residual block's
//! layers it drops all that they give for an example, so that only the shortcut is left.

use crate::config::keys::wraps;
use crate::nn::Shape;
use crate::nn::build::{Around, Builder};
#[cfg(test)]
use crate::nn::drawn::{Example, Reference};
use crate::nn::layers::dropout::DropoutConfig;
#[cfg(test)]
use crate::nn::layers::kind::Sample;
use crate::nn::layers::kind::{LayerKind, Role};
use crate::nn::layers::layer::Layer;
use crate::nn::layers::spatial_dropout::SpatialDropout;
use crate::nn::operator::Operator;
use crate::nn::plan::{LayerMisfit, Module, Planned, Site, TensorShape};

wraps! {
    /// Keys of `stochastic_depth`.
    pub struct StochasticDepthConfig(DropoutConfig);
}

impl StochasticDepthConfig {
    /// Drops with the probability `rate`.
    pub(in crate::nn) fn new(rate: f64) -> StochasticDepthConfig {
        StochasticDepthConfig(DropoutConfig { rate })
    }
}

/// As torchvision's `StochasticDepth(rate, "row")`: what is kept is scaled by 1 / (1 - rate) in training.
impl LayerKind for StochasticDepthConfig {
    fn plan(&self, site: &Site<'_>) -> Result<Planned, LayerMisfit> {
        Ok(Planned::of(site.input))
    }

    fn tensors(&self, _: Shape, _: Shape) -> Vec<TensorShape> {
        Vec::new()
    }

    fn role(&self) -> Role<'_> {
        Role::Drop { rate: self.0.rate, is_by_channel: true }
    }

    fn build(
        &self,
        module: &Module,
        _: &Around<'_>,
        builder: &mut Builder,
    ) -> Option<Box<dyn Layer>> {
        let key = builder.dropout_key(); // also if the layer drops nothing: no other layer gets its stream
        let rate = self.0.rate;
        (rate > 0.0).then(|| -> Box<dyn Layer> {
            // All numbers of an example are one channel.
            let features = module.output.features();
            Box::new(SpatialDropout::new(1, features, rate, builder.max_batch, key))
        })
    }

    fn details(&self) -> String {
        self.0.rate.to_string()
    }

    fn python(&self, _: &Module) -> String {
        format!("StochasticDepth({:?})", self.0.rate)
    }

    fn operators(&self, _: &Module) -> Vec<Operator> {
        Vec::new()
    }

    #[cfg(test)]
    fn samples(&self) -> Vec<Sample> {
        vec![Sample::of_images("rate = 0.25"), Sample::of_vectors("rate = 0.5")]
    }

    #[cfg(test)]
    fn reference(&self, _: &Module, inputs: Vec<Example>, _: &Reference, _: bool) -> Vec<Example> {
        inputs
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::Rows;
    use crate::nn::layers::layer::Mode;
    use crate::nn::testing::pass;
    use crate::rng::{Purpose, StreamKey};

    #[test]
    fn an_example_is_dropped_as_a_whole_or_kept_and_scaled() {
        let key = StreamKey::new(1, Purpose::Dropout, 0);
        let (examples, features) = (2000, 12);
        let mut layer = SpatialDropout::new(1, features, 0.25, examples, key);
        let input = vec![3.0; examples * features];
        let mut output = vec![f32::NAN; input.len()];
        let rows = Rows::new(&input, examples, features);
        layer.forward(rows, &mut output, &pass(Mode::Train, examples));
        let mut dropped = 0;
        for example in output.chunks_exact(features) {
            assert!(example.iter().all(|x| *x == example[0]), "{example:?}");
            assert!([0.0, 4.0].contains(&example[0]), "{example:?}");
            dropped += usize::from(example[0] == 0.0);
        }
        // 5 standard deviations of a binomial with n = 2000 and p = 1/4.
        assert!(dropped.abs_diff(500) < 97, "{dropped}");
    }
}
