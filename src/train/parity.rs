//! Clipping, label smoothing and averages of the weights against PyTorch, over several steps of a small
//! network.

use serde_json::Value;

use super::average::Average;
use super::sam::SamConfig;
use super::update::UpdatePlan;
use super::{SwaConfig, TrainingConfig};
use crate::nn::layers::{Mode, Pass, TensorMut};
use crate::nn::testing::{assert_close, floats};
use crate::nn::{MlpConfig, Network, NetworkConfig, Shape, Targets, cross_entropy_backward};
use crate::optim::{Clipping, MomentumConfig, OptimizerConfig, Step};

/// The numbers of `tests/parity/make_training.py`.
fn fixtures() -> Value {
    serde_json::from_str(include_str!("../../tests/parity/training.json")).unwrap()
}

/// Trains as the script does and compares with its case `name`.
fn assert_parity(name: &str, plan: UpdatePlan, smoothing: f32, averaged: &TrainingConfig) {
    let fixtures = fixtures();
    let (inputs, case) = (floats(&fixtures["input"]), &fixtures["cases"][name]);
    let classes: Vec<u16> = floats(&fixtures["targets"]).iter().map(|&x| x as u16).collect();
    let mut network = network(&fixtures["initial"]);
    let momentum = MomentumConfig { learning_rate: 0.125, momentum: 0.75, ..Default::default() };
    let mut optimizer = OptimizerConfig::from(momentum).build();
    network.visit_params(&mut |_, param| param.keep_state(optimizer.state_names().len()));
    let mut average = Average::new(&mut network, averaged);
    let mut losses = Vec::new();
    for step in 0..4 {
        load(&mut network, &inputs);
        let pass = Pass { mode: Mode::Train, batch: 5, step, threads: 1 };
        let targets = Targets { smoothing, ..Targets::plain(&classes) };
        let loss_of = |network: &mut Network, pass: &Pass| {
            network.forward(pass);
            network.loss(pass, |logits, grad| cross_entropy_backward(logits, &targets, 3, grad))
        };
        losses.push((loss_of(&mut network, &pass) / 5.0) as f32);
        optimizer.begin_step(Step { number: step + 1, learning_rate: 0.125 });
        let mut loss_again = |network: &mut Network, pass: &Pass| {
            loss_of(network, pass);
        };
        plan.apply(&mut network, &*optimizer, &pass, &mut loss_again);
        if let Some(average) = &mut average {
            average.end_step(&mut network, step);
            average.end_epoch(&mut network, step + 1); // of one step
        }
    }
    assert_close(&losses, &floats(&case["losses"]), name);
    if let Some(average) = &mut average {
        if average.needs_statistics(4) {
            average.restate(&mut network, 1, &mut |network, _| {
                load(network, &inputs);
                Pass { mode: Mode::Restate, batch: 5, step: 0, threads: 1 }
            });
        }
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

/// Puts the batch of the fixtures into the network's input.
fn load(network: &mut Network, inputs: &[f32]) {
    let mut input = network.input_mut(5);
    for (row, values) in inputs.chunks_exact(4).enumerate() {
        input.row(row).for_each(|(_, piece)| piece.copy_from_slice(values));
    }
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

/// Nothing besides the rule.
const PLAIN: UpdatePlan = UpdatePlan { clipping: None, l1: 0.0, sam: None, max_norm: None };

fn clipped(clipping: Clipping) -> UpdatePlan {
    UpdatePlan { clipping: Some(clipping), ..PLAIN }
}

#[test]
fn plain_steps_equal_pytorch() {
    assert_parity("plain", PLAIN, 0.0, &TrainingConfig::default());
}

#[test]
fn clipping_equals_pytorch() {
    assert_parity("clip_norm", clipped(Clipping::Norm(0.25)), 0.0, &TrainingConfig::default());
    assert_parity("clip_value", clipped(Clipping::Value(0.0625)), 0.0, &TrainingConfig::default());
    assert_parity("plain", clipped(Clipping::Norm(1e6)), 0.0, &TrainingConfig::default());
    assert_parity("plain", clipped(Clipping::Value(1e6)), 0.0, &TrainingConfig::default());
}

#[test]
fn label_smoothing_equals_pytorch() {
    assert_parity("label_smoothing", PLAIN, 0.125, &TrainingConfig::default());
}

#[test]
fn averages_equal_pytorch() {
    let training = TrainingConfig { ema_decay: Some(0.75), ..TrainingConfig::default() };
    assert_parity("ema", PLAIN, 0.0, &training);
    let swa = Some(SwaConfig { start_epoch: 1 });
    assert_parity("swa", PLAIN, 0.0, &TrainingConfig { swa, ..TrainingConfig::default() });
}

#[test]
fn sharpness_aware_steps_equal_the_usual_implementation() {
    let sam = |adaptive, rho| UpdatePlan { sam: Some(SamConfig { rho, adaptive }), ..PLAIN };
    assert_parity("sam", sam(false, 0.125), 0.0, &TrainingConfig::default());
    assert_parity("asam", sam(true, 0.5), 0.0, &TrainingConfig::default());
}

#[test]
fn penalties_and_limits_on_weights_equal_pytorch() {
    assert_parity("l1", UpdatePlan { l1: 0.0625, ..PLAIN }, 0.0, &TrainingConfig::default());
    assert_parity(
        "max_norm",
        UpdatePlan { max_norm: Some(0.75), ..PLAIN },
        0.0,
        &TrainingConfig::default(),
    );
}
