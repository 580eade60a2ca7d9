//! 20 steps of each preset network against PyTorch in 64 bits, from the same weights by name.

use std::collections::HashMap;
use std::sync::Arc;

use runner::data::{Dataset, Examples, Splits};
use runner::experiment::Trial;
use runner::nn::{Module, NetworkConfig, Shape};
use runner::runs::metrics::MetricsRow;
use runner::train::{Event, Flow, Outcome, Trainer};
use safetensors::tensor::{Dtype, SafeTensors, TensorView};
use serde_json::Value;

use super::{read_only_trial, trainer};

/// What `tests/parity/make_presets.py` has.
const EXAMPLES: usize = 16;
const CLASSES: usize = 10;
const SHAPE: [usize; 3] = [3, 32, 32];

/// As `numbers` in the script.
fn numbers(seed: u32, count: usize) -> impl Iterator<Item = f64> {
    let mut state = seed;
    (0..count).map(move |_| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        f64::from(state) / 2_147_483_648.0 - 1.0
    })
}

fn splits(trial: &Trial) -> Arc<Splits> {
    let examples = || Examples {
        pixels: numbers(7, EXAMPLES * 3072).map(|x| ((x + 1.0) * 128.0).floor() as u8).collect(),
        labels: (0..EXAMPLES).map(|i| (i * 7 % CLASSES) as u16).collect(),
    };
    let names = (0..CLASSES).map(|class| class.to_string()).collect();
    let dataset = Dataset::new(SHAPE, names, examples(), examples());
    Arc::new(Splits::new(Arc::new(dataset), &trial.dataset).expect("enough examples"))
}

/// The weights of `initialise` in the script, under the names that the network has.
fn initial_weights(network: &NetworkConfig) -> Vec<u8> {
    let modules = network.modules(Shape::from(SHAPE), CLASSES).expect("the layers fit");
    let mut tensors: Vec<(String, Vec<usize>, Vec<u8>)> = Vec::new();
    let mut position = 0;
    for module in modules.iter().flat_map(Module::all) {
        let params = module.params();
        for param in &params {
            let fan_in: usize = param.shape[1..].iter().product();
            let value = |x: f64| match (param.is_weight(), param.name) {
                (true, _) => x * (6.0 / fan_in as f64).sqrt(),
                (false, "weight") => x * 0.25 + 1.0,
                (false, _) => x * 0.125,
            };
            let values = numbers(1000 + position, param.elements()).map(value);
            let bytes = values.flat_map(|x| (x as f32).to_le_bytes()).collect();
            tensors.push((format!("{}.{}", module.path, param.name), param.shape.clone(), bytes));
            position += 1;
        }
        if params.first().is_some_and(|param| param.name == "weight" && !param.is_weight()) {
            let channels = module.output.channels;
            for (name, value) in [("running_mean", 0.0_f32), ("running_var", 1.0)] {
                let bytes = (0..channels).flat_map(|_| value.to_le_bytes()).collect();
                tensors.push((format!("{}.{name}", module.path), vec![channels], bytes));
            }
        }
    }
    let floats = tensors.iter().map(|(name, shape, bytes)| {
        (name.clone(), TensorView::new(Dtype::F32, shape.clone(), bytes).expect("whole floats"))
    });
    let counters = tensors.iter().filter_map(|(name, ..)| name.strip_suffix("running_mean"));
    let zero = TensorView::new(Dtype::I64, vec![], &[0; 8]).expect("a whole counter");
    let counters = counters.map(|path| (format!("{path}num_batches_tracked"), zero.clone()));
    safetensors::serialize(floats.chain(counters), None).expect("tensors become bytes")
}

/// The trial's rows and its tensors at the end.
fn train(trial: &Trial) -> (Vec<MetricsRow>, Vec<u8>) {
    let mut trainer: Trainer = trainer(trial, &splits(trial), 2);
    trainer.state_mut().load_model(&initial_weights(&trial.network)).expect("names and shapes");
    let mut rows = Vec::new();
    let outcome = trainer.run(&mut |event, _| {
        if let Event::Evaluated(row, ..) = event {
            rows.push(row);
        }
        Ok(Flow::Continue)
    });
    assert_eq!(outcome.expect("no error"), Outcome::Finished);
    (rows, trainer.state_mut().model())
}

fn assert_near(ours: f64, theirs: f64, tolerance: f64, what: &str) {
    assert!(
        (ours - theirs).abs() <= tolerance * theirs.abs().max(1e-2),
        "{what}: {ours}, {theirs}"
    );
}

fn assert_equals_pytorch(name: &str, keys: &str, learning_rate: f64) {
    let more = format!(
        "optimizer = {{ kind = 'momentum', learning_rate = {learning_rate}, momentum = 0.9 }}\n\
         training = {{ steps = 20, batch_size = 8, batches = 'sequential' }}"
    );
    assert_recipe_equals_pytorch(name, keys, &more);
}

/// The same with these other tables.
fn assert_recipe_equals_pytorch(name: &str, keys: &str, more: &str) {
    let text = format!(
        "dataset = {{ kind = 'cifar10', train_examples = {EXAMPLES}, test_examples = {EXAMPLES} }}\n\
         network = {{ kind = '{name}'{keys} }}\n{more}"
    );
    let expected: Value =
        serde_json::from_str(include_str!("../parity/presets.json")).expect("a fixture");
    let expected = &expected[name];
    let (rows, model) = train(&read_only_trial(&text));
    // Two steps an epoch, whose mean loss is in the rows after the first.
    let losses: Vec<f64> = (expected["losses"].as_array().expect("a list").chunks(2))
        .map(|pair| pair.iter().map(|loss| loss.as_f64().expect("a number")).sum::<f64>() / 2.0)
        .collect();
    assert_eq!((rows.len(), losses.len()), (11, 10));
    for (row, loss) in rows[1..].iter().zip(losses) {
        let ours = row.batch_loss.expect("steps were made");
        assert_near(ours.into(), loss, 1e-4, &format!("{name}: loss of epoch {}", row.epoch));
    }
    let model = SafeTensors::deserialize(&model).expect("a whole file");
    let theirs: HashMap<String, [f64; 2]> =
        serde_json::from_value(expected["tensors"].clone()).expect("pairs of numbers");
    let mut ours: Vec<String> = model.names().into_iter().map(String::from).collect();
    ours.retain(|name| !name.ends_with("num_batches_tracked"));
    ours.sort_unstable();
    let mut names: Vec<&String> = theirs.keys().collect();
    names.sort_unstable();
    assert_eq!(ours.iter().collect::<Vec<_>>(), names, "tensors of {name}");
    for (tensor, [norm, product]) in &theirs {
        let values = model.tensor(tensor).expect("it is there").data().as_chunks::<4>().0;
        let values: Vec<f64> =
            values.iter().map(|bytes| f64::from(f32::from_le_bytes(*bytes))).collect();
        let ours = values.iter().map(|x| x * x).sum::<f64>().sqrt();
        assert_near(ours, *norm, 1e-4, &format!("{name}: norm of {tensor}"));
        let seed = tensor.bytes().map(u32::from).sum();
        let along = numbers(seed, values.len());
        let ours: f64 = values.iter().zip(along).map(|(x, y)| x * y).sum();
        // A sum of terms of both signs is as exact as the norm is.
        let difference = (ours - product).abs();
        assert!(difference <= 1e-4 * norm.max(1.0), "{name}: {tensor}: {ours}, {product}");
    }
}

#[test]
fn mlp_equals_pytorch_for_20_steps() {
    assert_equals_pytorch("mlp", ", hidden_sizes = [20], batch_norm = true", 0.002);
}

#[test]
fn simple_convnet_equals_pytorch_for_20_steps() {
    assert_equals_pytorch("simple_convnet", "", 0.002);
}

#[test]
fn deep_convnet_equals_pytorch_for_20_steps() {
    assert_equals_pytorch("deep_convnet", ", dropout = 0.0", 0.00005);
}

#[test]
fn resnet_equals_pytorch_for_20_steps() {
    assert_equals_pytorch("resnet", "", 0.0002);
}

/// Groups of parameters, frozen ones among them, decay on all, the schedule, smoothing and lookahead together.
#[test]
fn the_recipe_of_94_percent_equals_pytorch_for_20_steps() {
    let more = "[optimizer]
        kind = 'nesterov'
        learning_rate = 0.0005
        momentum = 0.85
        weight_decay = 0.02
        weight_decay_on = 'all'
        [[optimizer.groups]]
        parameters = 'norms.bias'
        learning_rate_factor = 8
        weight_decay = 0.005
        [[optimizer.groups]]
        parameters = 'first.weight'
        trainable = false
        [[optimizer.groups]]
        parameters = 'first.bias'
        trainable_epochs = 3
        [schedule]
        kind = 'linear'
        warmup_steps = 5
        warmup_start_fraction = 0.2
        final_fraction = 0.07
        [training]
        steps = 20
        batch_size = 8
        batches = 'sequential'
        label_smoothing = 0.2
        lookahead = { every_steps = 5, decay = 0.7737809375, decay_power = 3 }";
    assert_recipe_equals_pytorch("airbench94", "", more);
}
