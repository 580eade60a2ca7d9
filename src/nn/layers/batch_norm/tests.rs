//! Parity with PyTorch, gradients, and the order of the sums.

use super::*;
use crate::nn::testing::{
    assert_gradients, assert_parity, assert_same_bits, assert_updates, fixtures, pass,
};

fn norm(channels: usize, positions: usize) -> BatchNorm {
    BatchNorm::new(&BatchNormConfig::default(), channels, positions)
}

#[test]
fn equals_pytorch() {
    assert_parity(&mut norm(4, 1), &fixtures()["batch_norm"]);
    assert_parity(&mut norm(3, 20), &fixtures()["batch_norm_2d"]);
}

#[test]
fn updating_within_backward_equals_updating_after_it() {
    assert_updates(|| Box::new(norm(5, 1)), 5);
    assert_updates(|| Box::new(norm(2, 3)), 6);
}

#[test]
fn gradients_equal_finite_differences() {
    assert_gradients(&mut norm(5, 1), 5);
    assert_gradients(&mut norm(2, 3), 6);
}

#[test]
fn threads_change_no_bit_whatever_the_channels() {
    for channels in [1, 5, 9, 30, 70, 300] {
        assert_same_bits(|| Box::new(norm(channels, 6)), 6 * channels);
        assert_same_bits(|| Box::new(norm(channels, 1)), channels);
    }
}

/// The order of the sums is part of the numerics; here it is written as plain loops.
#[test]
fn pixels_are_summed_before_examples() {
    let (batch, positions, channels) = (3, 7, 2);
    let input: Vec<f32> = (0..42).map(|i| ((i * i) % 37) as f32 / 7.0).collect();
    let mut layer = norm(channels, positions);
    let mut output = vec![0.0; input.len()];
    let rows = Rows::new(&input, batch, positions * channels);
    layer.forward(rows, &mut output, &pass(Mode::Train, batch));
    for channel in 0..channels {
        let of = |example: usize| {
            (0..positions).map(move |i| (example * positions + i) * channels + channel)
        };
        let sum = |example| of(example).fold(0.0_f32, |sum, i| sum + input[i]);
        let total = (0..batch).fold(0.0, |total, example| total + sum(example));
        assert_eq!(layer.mean[channel].to_bits(), (total / 21.0).to_bits());
    }
}

#[test]
fn probe_gives_what_training_gives_and_moves_no_statistics() {
    let [mut trained, mut probed] = [norm(2, 1), norm(2, 1)];
    let input = [1.0, -2.0, 3.0, 5.0, 0.5, 4.0];
    let forward = |layer: &mut BatchNorm, mode| {
        let mut output = [0.0; 6];
        layer.forward(Rows::new(&input, 3, 2), &mut output, &pass(mode, 3));
        output
    };
    assert_eq!(forward(&mut trained, Mode::Train), forward(&mut probed, Mode::Probe));
    assert_eq!(probed.running_mean, [0.0; 2]);
    assert_eq!(probed.running_var, [1.0; 2]);
    assert_eq!((probed.batches_tracked, trained.batches_tracked), (0, 1));
}

#[test]
fn evaluation_does_not_depend_on_the_batch() {
    let mut layer = norm(2, 1);
    let evaluate = |layer: &mut BatchNorm, input: &[f32]| {
        let mut output = vec![0.0; input.len()];
        let batch = input.len() / 2;
        layer.forward(Rows::new(input, batch, 2), &mut output, &pass(Mode::Evaluate, batch));
        output
    };
    let together = evaluate(&mut layer, &[1.0, 2.0, 30.0, 40.0]);
    assert_eq!(evaluate(&mut layer, &[1.0, 2.0]), together[..2]);
}
