//! Clipping, label smoothing and averages of the weights against PyTorch, over several steps of a small
//! network.

use serde_json::Value;

use super::average::Average;
use crate::nn::layers::{Mode, Pass, TensorMut};
use crate::nn::testing::{assert_close, floats};
use crate::nn::{MlpConfig, Network, NetworkConfig, Shape, Targets, cross_entropy_backward};
use crate::optim::{Clipping, MomentumConfig, OptimizerConfig, Step};

/// The numbers of `tests/parity/make_training.py`.
fn fixtures() -> Value {
    serde_json::from_str(include_str!("../../tests/parity/training.json")).unwrap()
}

/// Trains as the script does and compares with its case `name`.
fn assert_parity(name: &str, clipping: Option<Clipping>, smoothing: f32, decay: Option<f64>) {
    let fixtures = fixtures();
    let (inputs, case) = (floats(&fixtures["input"]), &fixtures["cases"][name]);
    let classes: Vec<u16> = floats(&fixtures["targets"]).iter().map(|&x| x as u16).collect();
    let mut network = network(&fixtures["initial"]);
    let momentum = MomentumConfig { learning_rate: 0.125, momentum: 0.75, ..Default::default() };
    let mut optimizer = OptimizerConfig::from(momentum).build();
    network.visit_params(&mut |_, param| param.keep_state(optimizer.state_names().len()));
    let mut average = decay.map(|decay| Average::new(&mut network, decay));
    let mut losses = Vec::new();
    for step in 0..4 {
        let mut input = network.input_mut(5);
        for (row, values) in inputs.chunks_exact(4).enumerate() {
            input.row(row).for_each(|(_, piece)| piece.copy_from_slice(values));
        }
        let pass = Pass { mode: Mode::Train, batch: 5, step, threads: 1 };
        network.forward(&pass);
        let targets = Targets { smoothing, ..Targets::plain(&classes) };
        let loss =
            network.loss(&pass, |logits, grad| cross_entropy_backward(logits, &targets, 3, grad));
        losses.push((loss / 5.0) as f32);
        optimizer.begin_step(Step { number: step + 1, learning_rate: 0.125 });
        network.backward(&pass, if clipping.is_some() { None } else { Some(&*optimizer) });
        if let Some(clipping) = clipping {
            clipping.update(&mut network, &*optimizer);
        }
        if let Some(average) = &mut average {
            average.update(&mut network, step);
        }
    }
    assert_close(&losses, &floats(&case["losses"]), name);
    if let Some(average) = &mut average {
        average.swap(&mut network);
    }
    network.visit_state(&mut |tensor, _, values| {
        let theirs = floats(&case["state"][tensor]);
        let what = format!("{name}: {tensor}");
        match values {
            TensorMut::F32(values) => assert_near(values, &theirs, &what),
            TensorMut::I64(value) => assert_eq!(*value as f32, theirs[0], "{what}"),
        }
    });
}

/// Linear, batch norm, ReLU and linear, with the parameters of the fixtures.
fn network(initial: &Value) -> Network {
    let mlp = MlpConfig { hidden_sizes: vec![6], batch_norm: true, ..MlpConfig::default() };
    let config = NetworkConfig::Mlp(mlp);
    let mut network = Network::build(&config, Shape::vector(4), 3, 1, 5).unwrap();
    network.visit_state(&mut |name, _, tensor| {
        if let TensorMut::F32(values) = tensor {
            values.copy_from_slice(&floats(&initial[name]));
        }
    });
    network
}

/// A gradient of a bias before batch norm is rounding noise around zero.
#[track_caller]
fn assert_near(ours: &[f32], theirs: &[f32], what: &str) {
    assert_eq!(ours.len(), theirs.len(), "{what}");
    for (a, b) in ours.iter().zip(theirs) {
        assert!((a - b).abs() <= 2e-6 + 1e-5 * b.abs(), "{what}: {a}, PyTorch has {b}");
    }
}

#[test]
fn plain_steps_equal_pytorch() {
    assert_parity("plain", None, 0.0, None);
}

#[test]
fn clipping_equals_pytorch() {
    assert_parity("clip_norm", Some(Clipping::Norm(0.25)), 0.0, None);
    assert_parity("clip_value", Some(Clipping::Value(0.0625)), 0.0, None);
    assert_parity("plain", Some(Clipping::Norm(1e6)), 0.0, None);
    assert_parity("plain", Some(Clipping::Value(1e6)), 0.0, None);
}

#[test]
fn label_smoothing_equals_pytorch() {
    assert_parity("label_smoothing", None, 0.125, None);
}

#[test]
fn averages_equal_pytorch() {
    assert_parity("ema", None, 0.0, Some(0.75));
}
