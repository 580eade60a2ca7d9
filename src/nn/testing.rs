//! Shared by tests of layers: finite differences, and the numbers that PyTorch computed.

use serde_json::Value;

use super::Update;
use crate::kernel::{Rows, Rule};
use crate::nn::layers::{Backward, Layer, Mode, Pass, TensorMut};

/// The numbers of `tests/parity/make_fixtures.py`.
pub(crate) fn fixtures() -> Value {
    serde_json::from_str(include_str!("../../tests/parity/fixtures.json")).unwrap()
}

/// Compares the PyTorch expressions of a list's kinds with `tests/parity/expressions.json`, from
/// which `make_fixtures.py` computes its numbers. `UPDATE_EXPRESSIONS=1` rewrites it.
pub(crate) fn assert_expressions(list: &str, expressions: &Value) {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/parity/expressions.json");
    let text = std::fs::read_to_string(path).unwrap();
    let mut all: Value = serde_json::from_str(&text).unwrap();
    if std::env::var_os("UPDATE_EXPRESSIONS").is_some() {
        all[list] = expressions.clone();
        let text = serde_json::to_string_pretty(&all).unwrap() + "\n";
        std::fs::write(path, text).unwrap();
    } else {
        let hint = "run `UPDATE_EXPRESSIONS=1 cargo test expressions -- --test-threads 1`, then \
                    make_fixtures.py";
        assert_eq!(all[list], *expressions, "{hint}");
    }
}

/// A list of numbers in the fixtures.
pub(crate) fn floats(value: &Value) -> Vec<f32> {
    let items = value.as_array().unwrap_or_else(|| panic!("no list: {value}"));
    items.iter().map(|x| x.as_f64().unwrap() as f32).collect()
}

/// Checks that numbers are equal up to a few rounding errors, those of sums whose terms may be as
/// large as the largest of the numbers.
#[track_caller]
pub(crate) fn assert_close(ours: &[f32], theirs: &[f32], what: &str) {
    assert_eq!(ours.len(), theirs.len(), "{what}");
    let largest = theirs.iter().fold(1.0, |largest: f32, b| largest.max(b.abs()));
    for (i, (a, b)) in ours.iter().zip(theirs).enumerate() {
        assert!((a - b).abs() <= 1e-6 * largest + 1e-5 * b.abs(), "{what}[{i}]: {a}, expected {b}");
    }
}

pub(super) fn pass(mode: Mode, batch: usize) -> Pass {
    Pass { mode, batch, step: 3, threads: 1 }
}

/// Sets the parameters of `layer` to those of a fixture and checks forward, backward, running
/// statistics and evaluation against PyTorch.
#[track_caller]
pub(super) fn assert_parity(layer: &mut dyn Layer, fixture: &Value) {
    let read = |key: &str| floats(&fixture[key]);
    layer.visit_params(&mut |param| param.set_value(&floats(&fixture["params"][param.name])));
    let (input, grad_output) = (read("input"), read("grad_output"));
    let train = pass(Mode::Train, grad_output.len() / layer.out_features());
    let (mut output, mut grad_input) = (vec![0.0; grad_output.len()], vec![0.0; input.len()]);
    let rows = Rows::new(&input, train.batch, input.len() / train.batch);
    layer.forward(rows, &mut output, &train);
    assert_close(&output, &read("output"), "output");
    let ports = Backward {
        input: rows,
        output: &output,
        grad_output: &grad_output,
        grad_input: Some(&mut grad_input),
    };
    layer.backward(ports, None, &train);
    assert_close(&grad_input, &read("grad_input"), "grad_input");
    layer.visit_params(&mut |param| {
        if !param.is_fixed {
            assert_close(&param.grad(), &floats(&fixture["grads"][param.name]), param.name);
        }
    });
    layer.visit_buffers(&mut |name, _, tensor| {
        let theirs = floats(&fixture["buffers"][name]);
        match tensor {
            TensorMut::F32(values) => assert_close(values, &theirs, name),
            TensorMut::I64(value) => assert_eq!(*value as f32, theirs[0], "{name}"),
        }
    });
    layer.forward(rows, &mut output, &pass(Mode::Evaluate, train.batch));
    assert_close(&output, &read("evaluated"), "evaluated");
}

/// Checks the gradients of `input` and of every parameter against central differences of the scalar
/// `sum(output · direction)`.
#[track_caller]
pub(super) fn assert_gradients(layer: &mut dyn Layer, in_features: usize) {
    const BATCH: usize = 4;
    let numbers = |n: usize, seed: u32| -> Vec<f32> {
        (0..n as u32).map(|i| ((i * 37 + i * i + seed) % 61) as f32 / 30.0 - 1.0).collect()
    };
    let input = numbers(BATCH * in_features, 5);
    let direction = numbers(BATCH * layer.out_features(), 11);
    let pass = pass(Mode::Train, BATCH);
    let (mut output, mut grad_input) = (direction.clone(), input.clone());
    let rows = Rows::new(&input, BATCH, in_features);
    layer.forward(rows, &mut output, &pass);
    let ports = Backward {
        input: rows,
        output: &output,
        grad_output: &direction,
        grad_input: Some(&mut grad_input),
    };
    layer.backward(ports, None, &pass);
    let scalar = |layer: &mut dyn Layer, input: &[f32]| -> f64 {
        let mut output = vec![0.0; direction.len()];
        layer.forward(Rows::new(input, BATCH, in_features), &mut output, &pass);
        output.iter().zip(&direction).map(|(y, d)| f64::from(*y) * f64::from(*d)).sum()
    };
    for i in 0..input.len() {
        let mut at = |shift: f32| {
            let mut moved = input.clone();
            moved[i] += shift;
            scalar(layer, &moved)
        };
        assert_difference(at(STEP), at(-STEP), grad_input[i], &format!("input {i}"));
    }
    let mut grads: Vec<(usize, Vec<f32>)> = Vec::new();
    layer.visit_params(&mut |param| grads.push((grads.len(), param.grad())));
    for (which, grad) in grads {
        for (i, &expected) in grad.iter().enumerate() {
            let mut at = |shift: f32| {
                shift_param(layer, which, i, shift);
                let result = scalar(layer, &input);
                shift_param(layer, which, i, -shift);
                result
            };
            assert_difference(at(STEP), at(-STEP), expected, &format!("param {which}, {i}"));
        }
    }
}

/// Checks that a backward pass that updates gives the same input gradient, and the same parameters to
/// the bit, as one that stores gradients and an update after it.
#[track_caller]
pub(super) fn assert_updates(make: impl Fn() -> Box<dyn Layer>, in_features: usize) {
    const BATCH: usize = 4;
    let [mut fused, mut stored] = [make(), make()];
    let input: Vec<f32> = (0..BATCH * in_features).map(|i| (i * i % 13) as f32 / 7.0).collect();
    let grad_output: Vec<f32> =
        (0..BATCH * fused.out_features()).map(|i| (i * 5 % 11) as f32 / 9.0 - 0.5).collect();
    let pass = pass(Mode::Train, BATCH);
    let backward = |layer: &mut dyn Layer, update: Option<&dyn Update>| {
        let mut output = vec![0.0; grad_output.len()];
        let mut grad_input = vec![0.0; input.len()];
        let rows = Rows::new(&input, BATCH, in_features);
        layer.forward(rows, &mut output, &pass);
        let ports = Backward {
            input: rows,
            output: &output,
            grad_output: &grad_output,
            grad_input: Some(&mut grad_input),
        };
        layer.backward(ports, update, &pass);
        grad_input
    };
    let with_update = backward(&mut *fused, Some(&HalfGradient));
    assert_eq!(with_update, backward(&mut *stored, None), "grad_input");
    let (mut expected, mut updated) = (Vec::new(), Vec::new());
    stored.visit_params(&mut |param| {
        let before = param.value();
        param.learn(Some(&HalfGradient));
        assert_eq!(param.value() != before, !param.is_fixed, "whether {} is trained", param.name);
        expected.push(param.value());
    });
    fused.visit_params(&mut |param| updated.push(param.value()));
    assert_eq!(updated, expected);
}

/// Checks that more threads, and working in place where the layer can, give the same bits: output,
/// input gradient, gradients of the parameters.
#[track_caller]
pub(super) fn assert_same_bits(make: impl Fn() -> Box<dyn Layer>, in_features: usize) {
    let bits = |values: &[f32]| values.iter().map(|x| x.to_bits()).collect::<Vec<_>>();
    for mode in [Mode::Train, Mode::Probe] {
        let mut first: Option<Vec<Vec<u32>>> = None;
        for threads in [1, 2, 3, 8] {
            let pass = Pass { mode, threads, ..pass(mode, 5) };
            for in_place in [false, true] {
                let mut layer = make();
                if in_place && !layer.in_place() {
                    continue;
                }
                let results = forward_and_backward(&mut *layer, in_features, &pass, in_place);
                let results: Vec<_> = results.iter().map(|values| bits(values)).collect();
                let first = first.get_or_insert_with(|| results.clone());
                assert!(results == *first, "{mode:?}, {threads} threads, in place: {in_place}");
            }
        }
    }
}

/// Output, input gradient, and gradients of the parameters, for made-up numbers that differ in each
/// example and include negative zeros.
fn forward_and_backward(
    layer: &mut dyn Layer,
    in_features: usize,
    pass: &Pass,
    in_place: bool,
) -> Vec<Vec<f32>> {
    let numbers = |n: usize, step: usize| -> Vec<f32> {
        (0..n * pass.batch).map(|i| -(((i * step + i * i) % 31) as f32 - 15.0) / 7.0).collect()
    };
    let input = numbers(in_features, 7);
    let mut output = numbers(layer.out_features(), 3);
    let grad_output = numbers(layer.out_features(), 5);
    let mut grad_input = vec![f32::NAN; input.len()];
    if in_place {
        output.copy_from_slice(&input);
        layer.forward_in_place(&mut output, pass);
        grad_input.copy_from_slice(&grad_output);
        layer.backward_in_place(&output, &mut grad_input, pass);
        return vec![output, grad_input];
    }
    let rows = Rows::new(&input, pass.batch, in_features);
    layer.forward(rows, &mut output, pass);
    let ports = Backward {
        input: rows,
        output: &output,
        grad_output: &grad_output,
        grad_input: Some(&mut grad_input),
    };
    layer.backward(ports, None, pass);
    let mut results = vec![output, grad_input];
    layer.visit_params(&mut |param| results.push(param.grad()));
    results
}

/// `w -= grad / 2`
struct HalfGradient;

impl Rule for HalfGradient {
    const STATE: usize = 0;

    fn update(&self, w: f32, grad: f32, state: [f32; 2], _decay: bool) -> (f32, [f32; 2]) {
        (w - 0.5 * grad, state)
    }
}

/// A power of two, so that shifting there and back is exact for numbers near 1.
const STEP: f32 = 1.0 / 256.0;

fn shift_param(layer: &mut dyn Layer, which: usize, i: usize, shift: f32) {
    let mut position = 0;
    layer.visit_params(&mut |param| {
        if position == which {
            let mut value = param.value();
            value[i] += shift;
            param.set_value(&value);
        }
        position += 1;
    });
}

#[track_caller]
fn assert_difference(above: f64, below: f64, expected: f32, what: &str) {
    let slope = (above - below) / f64::from(2.0 * STEP);
    let expected = f64::from(expected);
    assert!(
        (slope - expected).abs() < 2e-3 * (1.0 + expected.abs()),
        "{what}: difference {slope}, gradient {expected}"
    );
}
