//! Properties of every network: it computes the same as a plain one, has the planned sizes, and
//! gives the same bits with any instructions and on any number of threads.

use super::reference::Reference;
use super::{DrawnNetwork, draw};
use crate::config::keys::Kinds;
use crate::kernel::{KernelPath, Rule};
use crate::nn::layers::{
    DropoutConfig, LayerConfig, Mode, NamedLayer, Pass, ResidualConfig, SpatialDropoutConfig,
    StochasticDepthConfig, TensorMut,
};
use crate::nn::{Network, NetworkConfig, NetworkSize, Targets, cross_entropy_backward};
use crate::rng::{Purpose, Stream, stream};

/// Number of networks that each test draws.
const NETWORKS: u64 = 250;
/// Examples of a batch.
const BATCH: usize = 5;

/// A built network with asymmetric numbers in all of its tensors, and a batch.
struct Case {
    network: Network,
    reference: Reference,
    inputs: Vec<Vec<f64>>,
    targets: Vec<u16>,
}

impl Case {
    fn new(drawn: &DrawnNetwork, number: u64) -> Case {
        let DrawnNetwork { network: config, input, classes } = drawn;
        let mut network = Network::build(config, *input, *classes, number, BATCH).unwrap();
        let mut dice = stream(number, Purpose::Synthetic, 1 << 41, 0);
        network.visit_state(&mut |name, _, tensor| {
            let TensorMut::F32(values) = tensor else { return };
            let is_variance = name.ends_with("running_var");
            for value in values {
                let change = if is_variance { dice.uniform() } else { 0.2 * dice.normal() };
                *value += change as f32;
            }
        });
        let rows = (0..BATCH).map(|_| example(&mut dice, input.features()));
        let inputs: Vec<Vec<f32>> = rows.collect();
        let mut to = network.input_mut(BATCH);
        for (i, row) in inputs.iter().enumerate() {
            to.row(i).for_each(|(at, piece)| piece.copy_from_slice(&row[at..at + piece.len()]));
        }
        let modules = config.modules(*input, *classes).unwrap();
        let reference = Reference::of(modules, &mut network);
        let wide = |row: &Vec<f32>| row.iter().map(|x| f64::from(*x)).collect();
        let targets = (0..BATCH).map(|_| dice.below(*classes as u32) as u16).collect();
        Case { network, reference, inputs: inputs.iter().map(wide).collect(), targets }
    }

    fn logits(&mut self, mode: Mode) -> Vec<f64> {
        let pass = pass(mode, 1);
        self.network.forward(&pass).iter().map(|x| f64::from(*x)).collect()
    }

    /// The gradients of all parameters, after a forward in training.
    fn gradients(&mut self) -> Vec<Vec<f32>> {
        let (pass, classes) = (pass(Mode::Train, 1), self.network.out_features());
        let targets = Targets::plain(&self.targets);
        self.network
            .loss(&pass, |logits, grad| cross_entropy_backward(logits, &targets, classes, grad));
        self.network.backward(&pass, None);
        let mut gradients = Vec::new();
        self.network.visit_params(&mut |_, param| gradients.push(param.grad()));
        gradients
    }
}

fn pass(mode: Mode, threads: usize) -> Pass {
    Pass { mode, batch: BATCH, step: 3, threads }
}

fn example(dice: &mut Stream, features: usize) -> Vec<f32> {
    (0..features).map(|_| dice.normal() as f32).collect()
}

/// The layers with Dropout that runs but drops next to nothing: one number in 2^32.
fn undropped(layers: &[NamedLayer]) -> Vec<NamedLayer> {
    let rate = |rate: f64| DropoutConfig { rate: if rate > 0.0 { 1e-12 } else { 0.0 } };
    let of = |layer: &LayerConfig| match layer {
        LayerConfig::Dropout(dropout) => rate(dropout.rate).into(),
        LayerConfig::SpatialDropout(dropout) => SpatialDropoutConfig(rate(dropout.0.rate)).into(),
        LayerConfig::StochasticDepth(depth) => {
            StochasticDepthConfig::new(rate(depth.0.rate).rate).into()
        }
        LayerConfig::Residual(block) => {
            let layers = undropped(&block.layers);
            ResidualConfig { layers, ..block.clone() }.into()
        }
        other => other.clone(),
    };
    layers.iter().map(|named| NamedLayer::of(of(&named.layer))).collect()
}

/// The network numbered `number`, in which Dropout drops next to nothing.
fn determined(number: u64) -> DrawnNetwork {
    let mut drawn = draw(number);
    if let NetworkConfig::Layers(list) = &mut drawn.network {
        list.layers = undropped(&list.layers);
    }
    drawn
}

fn length<'a>(values: impl Iterator<Item = &'a f32>) -> f64 {
    values.map(|x| f64::from(*x) * f64::from(*x)).sum::<f64>().sqrt()
}

/// The largest absolute value, but at least 1.
fn size(values: &[f64]) -> f64 {
    values.iter().fold(1.0, |largest, x| x.abs().max(largest))
}

#[test]
fn every_network_computes_what_a_plain_one_in_64_bits_does() {
    for number in 0..NETWORKS {
        let drawn = determined(number);
        let mut case = Case::new(&drawn, number);
        for (mode, trains) in [(Mode::Evaluate, false), (Mode::Train, true)] {
            let ours = case.logits(mode);
            let theirs = case.reference.logits(&case.inputs, trains).concat();
            let tolerance = 1e-4 * size(&theirs);
            assert_eq!(ours.len(), theirs.len());
            for (a, b) in ours.iter().zip(&theirs) {
                assert!((a - b).abs() < tolerance, "{number} {mode:?}: {a} {b}\n{drawn:?}");
            }
        }
        check_gradients(case, &drawn, number);
    }
}

/// For each tensor, compares the slope of the loss along a random direction with differences of the
/// plain network's losses.
fn check_gradients(mut case: Case, drawn: &DrawnNetwork, number: u64) {
    let modules = drawn.network.modules(drawn.input, drawn.classes).unwrap();
    let all = modules.iter().flat_map(|module| module.all());
    let names = all.flat_map(|module| {
        module.params().into_iter().map(move |param| format!("{}.{}", module.path, param.name))
    });
    let mut dice = stream(number, Purpose::Synthetic, 1 << 42, 0);
    let gradients = case.gradients();
    assert_eq!(names.clone().count(), gradients.len());
    // A sum with cancellation is only as exact as its terms.
    let rounding = 1e-3 * length(gradients.iter().flatten()).max(0.5);
    for (name, gradient) in names.zip(&gradients) {
        let direction: Vec<f64> = gradient.iter().map(|_| dice.normal()).collect();
        let norm = direction.iter().map(|x| x * x).sum::<f64>().sqrt();
        let pairs = direction.iter().zip(gradient);
        let slope = pairs.map(|(v, g)| v * f64::from(*g)).sum::<f64>() / norm;
        let loss_at = |shift: f64| {
            let mut reference = case.reference.clone();
            let tensor = reference.tensors.get_mut(&name).expect("every parameter is saved");
            tensor.iter_mut().zip(&direction).for_each(|(w, v)| *w += shift * v / norm);
            reference.loss(&case.inputs, &case.targets)
        };
        // A kink may lie within one of the steps.
        let differences = [1e-5, 1e-7].map(|step| (loss_at(step) - loss_at(-step)) / (2.0 * step));
        let tolerance = rounding.max(1e-3 * length(gradient.iter()));
        let is_close = differences.iter().any(|difference| (slope - difference).abs() < tolerance);
        assert!(is_close, "{number} {name}: {slope}, {differences:?}, {tolerance}\n{drawn:?}");
    }
}

#[test]
fn every_network_has_the_sizes_that_were_planned() {
    for number in 0..NETWORKS {
        let drawn @ DrawnNetwork { input, classes, .. } = &draw(number);
        let mut network = Network::build(&drawn.network, *input, *classes, 0, 1).unwrap();
        let planned = drawn.network.size(*input, *classes);
        let mut built = NetworkSize::default();
        network.visit_params(&mut |_, param| {
            built.params.push(param.len());
            built.weights += if param.is_weight { param.len() } else { 0 };
        });
        assert_eq!((&planned.params, planned.weights), (&built.params, built.weights), "{drawn:?}");
        assert_eq!(planned.layers, network.weight_layers(), "{number}: {drawn:?}");
        assert_eq!(planned.workspace, network.buffer_elements(), "{number}: {drawn:?}");
        let modules = drawn.network.modules(*input, *classes).unwrap();
        assert_eq!(network.out_features(), *classes);
        assert_eq!(modules.last().unwrap().output.features(), *classes);
        let all = modules.iter().flat_map(|module| module.all());
        let planned: Vec<Vec<usize>> =
            all.flat_map(|module| module.params()).map(|param| param.shape).collect();
        let mut built = Vec::new();
        network.visit_params(&mut |_, param| built.push(param.shape.clone()));
        assert_eq!(planned, built, "{number}: {drawn:?}");
    }
}

/// `w -= grad / 64`
struct Step;

impl Rule for Step {
    const STATE: usize = 0;

    fn update(&self, w: f32, grad: f32, state: [f32; 2], _decay: bool) -> (f32, [f32; 2]) {
        (w - grad / 64.0, state)
    }
}

/// The bits of everything after three steps and of the logits in an evaluation then, and the
/// figures of the layers.
fn trained(drawn: &DrawnNetwork, number: u64, threads: usize) -> (Vec<u32>, String) {
    let mut case = Case::new(drawn, number);
    let (targets, classes) = (Targets::plain(&case.targets), case.network.out_features());
    let network = &mut case.network;
    let step = |network: &mut Network, pass: &Pass, update| {
        network.forward(pass);
        network.loss(pass, |logits, grad| cross_entropy_backward(logits, &targets, classes, grad));
        network.backward(pass, update);
    };
    for i in 0..3 {
        step(network, &Pass { step: i, ..pass(Mode::Train, threads) }, Some(&Step));
    }
    step(network, &pass(Mode::Probe, threads), None);
    let figures = format!("{:?}", network.layer_figures(BATCH));
    let mut bits = Vec::new();
    network.visit_state(&mut |_, _, tensor| {
        if let TensorMut::F32(values) = tensor {
            bits.extend(values.iter().map(|x| x.to_bits()));
        }
    });
    let logits = network.forward(&pass(Mode::Evaluate, threads));
    bits.extend(logits.iter().map(|x| x.to_bits()));
    (bits, figures)
}

#[test]
fn no_instructions_and_no_threads_change_a_bit_of_any_network() {
    for number in 0..NETWORKS {
        let drawn = draw(number);
        let best = trained(&drawn, number, 1);
        assert!(best.0.iter().all(|bits| f32::from_bits(*bits).is_finite()), "{number}: {drawn:?}");
        assert!(trained(&drawn, number, 2) == best, "threads: {number}: {drawn:?}");
        let portable = KernelPath::PORTABLE.within(|| trained(&drawn, number, 1));
        assert!(portable == best, "instructions: {number}: {drawn:?}");
    }
}

#[test]
fn what_is_drawn_has_every_layer_everywhere() {
    let (mut kinds, mut firsts) =
        (std::collections::BTreeMap::new(), std::collections::BTreeSet::new());
    for number in 0..NETWORKS {
        let DrawnNetwork { network, input, classes } = draw(number);
        let modules = network.modules(input, classes).unwrap();
        let all = modules.iter().flat_map(|module| module.all());
        all.for_each(|module| *kinds.entry(module.config.kind()).or_insert(0) += 1);
        let first = modules.iter().find(|module| module.config.kind() != "flatten");
        firsts.extend(first.map(|module| (module.input.is_vector(), module.config.kind())));
    }
    assert_eq!(kinds.len(), LayerConfig::KINDS.len(), "{kinds:?}");
    assert!(kinds.values().all(|count| *count >= 10), "{kinds:?}");
    assert!(firsts.len() >= 22, "{firsts:?}");
}
