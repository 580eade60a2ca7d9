//! Graphs of many networks are whole: what a node takes is there before it, and every tensor is used.

use std::collections::BTreeSet;
use std::fs;

use super::*;
use crate::nn::Module;
use crate::nn::drawn::draw;
use crate::output::export::modules::tensors;
use crate::output::export::weights::testing::SavedRun;
use crate::runs::input_record::WideScale;

fn exported(run: &SavedRun) -> ModelMessage {
    let path = run.exported(export_onnx, "model.onnx");
    ModelMessage::decode(&*fs::read(path).unwrap()).unwrap()
}

#[test]
fn every_network_is_a_graph_of_all_its_tensors() {
    for number in 0..200 {
        let drawn = draw(number);
        let run = SavedRun::of(&drawn.network, drawn.input, drawn.classes);
        let graph = exported(&run).graph.unwrap();
        let constants: Vec<&String> = graph.initializer.iter().map(|tensor| &tensor.name).collect();
        let mut known: BTreeSet<&String> = constants.iter().copied().collect();
        assert_eq!(known.len(), constants.len(), "{number}: {constants:?}");
        known.insert(&graph.input[0].name);
        let mut used = BTreeSet::new();
        for node in &graph.node {
            for input in &node.input {
                assert!(known.contains(input), "{number}: {} takes {input}", node.name);
                used.insert(input);
            }
            assert!(known.insert(&node.output[0]), "{number}: {} is there twice", node.name);
        }
        assert!(constants.iter().all(|name| used.contains(name)), "{number}");
        let modules = drawn.network.modules(drawn.input, drawn.classes).unwrap();
        for (name, shape) in modules.iter().flat_map(Module::all).flat_map(tensors) {
            let tensor = graph.initializer.iter().find(|tensor| tensor.name == name).unwrap();
            assert_eq!(tensor.dims, shape.iter().map(|n| *n as i64).collect::<Vec<_>>(), "{name}");
            assert_eq!(tensor.raw_data.len(), 4 * shape.iter().product::<usize>(), "{name}");
        }
    }
}

#[test]
fn columns_that_need_64_bits_are_scaled_in_64_bits() {
    let mut run = SavedRun::new();
    let mut trial = run.record.trial.value();
    trial["dataset"]["kind"] = "csv".into();
    run.record.trial = trial.into();
    run.record.input.shape = [12, 1, 1];
    let scale = &mut run.record.input.scale;
    (scale.mean, scale.std) = (vec![0.5; 12], vec![2.0; 12]);
    scale.wide = vec![WideScale { channel: 1, mean: 1.7e12, std: 0.25 }];
    let graph = exported(&run).graph.unwrap();
    let kind = graph.input[0].kind.as_ref().unwrap().tensor_type.as_ref().unwrap();
    assert_eq!(kind.elem_type, ElementType::Double as i32);
    let names: Vec<&str> = graph.node.iter().map(|node| node.op_type.as_str()).collect();
    assert_eq!(names[..3], ["Sub", "Div", "Cast"]);
    let mean = graph.initializer.iter().find(|tensor| tensor.name == "input.mean").unwrap();
    assert_eq!(mean.raw_data[8..16], 1.7e12_f64.to_le_bytes());
}

#[test]
fn a_fully_connected_network_takes_pictures_as_vectors() {
    let graph = exported(&SavedRun::new()).graph.unwrap();
    let names: Vec<&str> = graph.node.iter().map(|node| node.op_type.as_str()).collect();
    assert_eq!(names[..5], ["Div", "Sub", "Div", "Flatten", "Gemm"]);
    let sizes = graph.input[0].kind.as_ref().unwrap().tensor_type.as_ref().unwrap();
    assert_eq!(sizes.shape.as_ref().unwrap().dim.len(), 4);
}

#[test]
fn same_weights_give_the_same_bytes() {
    let run = SavedRun::new();
    let bytes = |name: &str| fs::read(run.exported(export_onnx, name)).unwrap();
    assert_eq!(bytes("a.onnx"), bytes("b.onnx"));
}

#[test]
fn what_a_record_cannot_have_is_damage() {
    let mut run = SavedRun::new();
    run.record.input.scale.mean = vec![f32::NAN, 0.0, 0.0];
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("model.onnx");
    let weights = run.weights(crate::output::export::weights::WhichWeights::Last);
    let error = export_onnx(&weights, &path, false).unwrap_err();
    assert!(error.to_string().ends_with("scales by NaN"), "{error}");
    assert!(!path.exists());
}
