//! The tensors of a checkpoint: their names, their shapes and their values.

use safetensors::tensor::Dtype;

use super::TrainState;
use crate::nn::layers::TensorMut;
use crate::train::tensors::{Expected, Saved, expected_of, tensors_of};

/// Name of the averages of the parameters, by position.
const AVERAGE: &str = "average";
/// Name of the slow weights of lookahead, by the names of the tensors.
const SLOW: &str = "lookahead";
/// Name of the model of the best evaluation, by the names of its tensors.
const BEST: &str = "best";

impl TrainState {
    /// What [`TrainState::all_tensors`] are, in their order.
    pub(super) fn expected(&mut self, with_best: bool) -> Vec<Expected> {
        let model = expected_of(&mut self.network);
        let mut expected = model.clone();
        let names = self.optimizer.state_names();
        let has_average = self.average.is_some();
        let mut averages = Vec::new();
        self.network.visit_params(&mut |position, param| {
            for name in names {
                expected.push(Expected::vector(state_name(name, position), param.len()));
            }
            if has_average {
                averages.push(Expected::vector(average_name(position), param.len()));
            }
        });
        expected.append(&mut averages);
        let statistics = self.average.iter().flat_map(|average| &average.statistics);
        expected.extend(
            statistics.enumerate().map(|(position, values)| {
                Expected::vector(statistics_name(position), values.len())
            }),
        );
        if self.lookahead.is_some() {
            let floats = model.iter().filter(|tensor| tensor.dtype == Dtype::F32);
            expected.extend(
                floats.map(|like| Expected { name: slow_name(&like.name), ..like.clone() }),
            );
        }
        if with_best {
            let best = model.into_iter();
            expected.extend(best.map(|like| Expected { name: best_name(&like.name), ..like }));
        }
        expected
    }

    pub(super) fn all_tensors(&mut self) -> Vec<(String, Saved)> {
        let mut tensors = tensors_of(&mut self.network);
        let names = self.optimizer.state_names();
        self.network.visit_params(&mut |position, param| {
            for (tensor, name) in names.iter().enumerate() {
                let mut values = param.state(tensor);
                let saved = Saved::new(&[values.len()], TensorMut::F32(&mut values));
                tensors.push((state_name(name, position), saved));
            }
        });
        if self.average.is_some() {
            self.evaluated(|network| {
                network.visit_params(&mut |position, param| {
                    let mut values = param.value();
                    let saved = Saved::new(&[values.len()], TensorMut::F32(&mut values));
                    tensors.push((average_name(position), saved));
                });
            });
        }
        let statistics = self.average.iter_mut().flat_map(|average| &mut average.statistics);
        tensors.extend(statistics.enumerate().map(|(position, values)| {
            let saved = Saved::new(&[values.len()], TensorMut::F32(values));
            (statistics_name(position), saved)
        }));
        if let Some(lookahead) = &mut self.lookahead {
            let mut slow = lookahead.slow.iter_mut();
            self.network.visit_state(&mut |name, shape, tensor| {
                if let TensorMut::F32(_) = tensor
                    && let Some(values) = slow.next()
                {
                    tensors.push((slow_name(name), Saved::new(shape, TensorMut::F32(values))));
                }
            });
        }
        let best = self.best.iter();
        tensors.extend(best.map(|(name, saved)| (best_name(name), saved.clone())));
        tensors
    }
}

pub(super) fn state_name(name: &str, position: usize) -> String {
    format!("optimizer.{name}.{position}")
}

pub(super) fn average_name(position: usize) -> String {
    format!("{AVERAGE}.{position}")
}

pub(super) fn statistics_name(position: usize) -> String {
    format!("{AVERAGE}_statistics.{position}")
}

pub(super) fn slow_name(name: &str) -> String {
    format!("{SLOW}.{name}")
}

pub(super) fn best_name(name: &str) -> String {
    format!("{BEST}.{name}")
}
