//! Properties of every kind of layer, checked on its samples: gradients, PyTorch's numbers, the
//! same bits for any number of threads, the planned shapes and tensors.

use serde_json::{Map, Value, json};

use crate::config::keys::{ConfigTable, Kinds};
use crate::config::{Problems, TableReader, parse_document};
use crate::kernel::Rows;
use crate::nn::build::{Around, Builder};
use crate::nn::layers::kind::Sample;
use crate::nn::layers::{Layer, LayerConfig, Mode, NamedLayer, Role, TensorMut};
use crate::nn::plan::{Module, Site, sequence};
use crate::nn::testing::{
    assert_expressions, assert_gradients, assert_parity, assert_same_bits, assert_updates,
    fixtures, pass,
};
use crate::nn::{TensorRole, WeightInit};

/// Examples of a batch, at most.
const MAX_BATCH: usize = 5;

/// Calls `check` with the name and the module of each sample.
fn each(mut check: impl FnMut(&str, &Module)) {
    let mut kinds = 0;
    for kind in LayerConfig::KINDS {
        let samples = (kind.unset)().as_kind().samples();
        assert!(!samples.is_empty(), "{} has no samples", kind.name);
        for (number, sample) in samples.iter().enumerate() {
            let number = if number == 0 { String::new() } else { format!("_{}", number + 1) };
            check(&format!("{}{number}", kind.name), &module(kind.name, sample));
        }
        kinds += 1;
    }
    assert!(kinds >= 16, "{kinds} kinds");
}

fn module(kind: &str, sample: &Sample) -> Module {
    let text = format!("kind = \"{kind}\"\n{}", sample.keys);
    let problems = Problems::new();
    let table = parse_document(&text, 0, &problems);
    let layer = NamedLayer::read(&mut TableReader::root(&table, 0, &problems));
    assert!(problems.is_empty(), "{text}");
    let site = Site { key: "layers", path: "", input: sample.input, classes: 3 };
    sequence(&[layer], &site).unwrap_or_else(|misfit| panic!("{text}: {misfit:?}")).remove(0)
}

fn build(module: &Module) -> Box<dyn Layer> {
    let mut builder = Builder::new(WeightInit::He, 3, MAX_BATCH);
    let layer = module.config.as_kind().build(module, &Around::nothing(module), &mut builder);
    layer.expect("it changes something")
}

#[test]
fn gradients_equal_finite_differences() {
    each(|_, module| {
        // Max pooling of equal numbers has no finite difference; its own test uses distinct numbers.
        if !matches!(module.role(), Role::Pool { is_max: true, .. }) {
            assert_gradients(&mut *build(module), module.input.features());
        }
    });
}

#[test]
fn numbers_equal_those_of_pytorch() {
    let fixtures = &fixtures()["layers"];
    each(|name, module| {
        let is_random = matches!(module.role(), Role::Drop { .. });
        if is_random {
            return assert_passes_on(name, module);
        }
        assert!(fixtures[name].is_object(), "make_fixtures.py has not made {name}");
        assert_parity(&mut *build(module), &fixtures[name]);
    });
}

/// Random dropping changes nothing in evaluation.
fn assert_passes_on(name: &str, module: &Module) {
    let input: Vec<f32> = (0..module.input.features()).map(|i| i as f32 - 2.5).collect();
    let mut output = vec![f32::NAN; input.len()];
    let rows = Rows::new(&input, 1, input.len());
    build(module).forward(rows, &mut output, &pass(Mode::Evaluate, 1));
    assert_eq!(output, input, "{name}");
}

/// The expressions that `tests/parity/make_fixtures.py` evaluates. `UPDATE_EXPRESSIONS=1` rewrites
/// them.
#[test]
fn expressions_of_the_fixtures_are_current() {
    let mut all = Map::new();
    each(|name, module| {
        let input = module.input;
        let shape = match input.is_vector() {
            true => json!([input.channels]),
            false => json!([input.channels, input.height, input.width]),
        };
        if !matches!(module.role(), Role::Drop { .. }) {
            all.insert(name.to_owned(), json!({ "module": module.python(), "input": shape }));
        }
    });
    assert_expressions("layers", &Value::Object(all));
}

#[test]
fn threads_and_working_in_place_change_no_bit() {
    each(|_, module| assert_same_bits(|| build(module), module.input.features()));
}

#[test]
fn updates_in_the_backward_pass_are_those_behind_it() {
    each(|_, module| {
        if !module.params().is_empty() {
            assert_updates(|| build(module), module.input.features());
        }
    });
}

#[test]
fn shapes_and_tensors_are_those_that_were_planned() {
    each(|name, module| {
        let mut layer = build(module);
        assert_eq!(layer.out_features(), module.output.features(), "{name}");
        let mut built: Vec<(String, Vec<usize>)> = Vec::new();
        layer.visit_state("", &mut |name, shape, tensor| {
            if let TensorMut::F32(_) = tensor {
                built.push((name.to_owned(), shape.to_vec()));
            }
        });
        let mut planned = module.tensors();
        planned.sort_by_key(|tensor| tensor.role == TensorRole::Statistic);
        let planned: Vec<(String, Vec<usize>)> =
            planned.into_iter().map(|tensor| (tensor.name.to_owned(), tensor.shape)).collect();
        assert_eq!(built, planned, "{name}");
    });
}

#[test]
fn a_layer_is_written_as_it_is_read() {
    each(|name, module| {
        let layer = NamedLayer::of(module.config.clone());
        let text = toml::to_string(&layer).unwrap();
        let problems = Problems::new();
        let table = parse_document(&text, 0, &problems);
        let read = NamedLayer::read(&mut TableReader::root(&table, 0, &problems));
        assert!(problems.is_empty() && read == layer, "{name}: {text}");
    });
}

#[test]
fn large_numbers_overflow_in_no_activation_and_nan_stays() {
    each(|name, module| {
        if !module.role().is_activation() {
            return;
        }
        let input = [-1e30, -100.0, 1e30, f32::NAN];
        let mut output = [0.0; 4];
        build(module).forward(Rows::new(&input, 1, 4), &mut output, &pass(Mode::Train, 1));
        assert!(output[..3].iter().all(|y| y.is_finite()), "{name}: {output:?}");
        assert!(output[3].is_nan(), "{name}: {output:?}");
    });
}
