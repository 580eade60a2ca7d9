//! The whole network in the format of ONNX (<https://onnx.ai>), with its weights and the scaling of its
//! inputs: one file that ONNX Runtime and others run without this program.

mod graph;
mod messages;

use std::path::Path;

use prost::Message;
use serde_json::json;

use crate::error::{Error, Flaw, Result};
use crate::nn::Shape;
use crate::nn::operator::{Attribute, OPERATOR_VERSION};
use crate::output::export::format::{Export, ExportFormat};
use crate::output::export::onnx::graph::{Graph, attribute};
use crate::output::export::onnx::messages::{
    Dimension, ElementType, ModelMessage, OperatorSet, Property, ShapeMessage, TensorTypeMessage,
    TypeMessage, ValueMessage,
};
use crate::output::export::output::ExportTarget;
use crate::output::export::weights::{SavedWeights, Weights};
use crate::runs::folder::file;
use crate::runs::record::RunRecord;

/// The version of the file format that first had the operators of [`OPERATOR_VERSION`]: 9, of ONNX 1.15.
const FORMAT_VERSION: i64 = 9;
/// A message of protobuf has less than 2 GiB.
const MOST_BYTES: usize = (1 << 31) - 1;
const INPUT: &str = "input";
const LOGITS: &str = "logits";
const PROBABILITIES: &str = "probabilities";

pub(super) static FORMAT: ExportFormat = ExportFormat {
    name: "onnx",
    help: "The network with its weights as one file for ONNX Runtime and others",
    destination: "FILE",
    export: Export::Weights(|saved, _, to| {
        export_onnx(saved, to.path, to.force)?;
        let of = if saved.record.has_pixels() { "pixels from 0 to 255" } else { "numbers" };
        Ok(format!("; its input is {of}, its outputs are {LOGITS} and {PROBABILITIES}"))
    }),
};

/// Writes the network of a run as a `.onnx`. The same weights give the same bytes.
///
/// # Errors
/// If the run has no such weights or they are damaged; if the network is too large for the format; if
/// `path` is there and not `force`, or cannot be written.
fn export_onnx(saved: &SavedWeights, path: &Path, force: bool) -> Result<()> {
    let output = ExportTarget::file(path, force)?;
    let weights = saved.read()?;
    let model = model(saved, &weights).map_err(|problem| Error::Damaged {
        path: saved.folder.join(file::RECORD),
        problem: problem.into(),
    })?;
    let bytes = model.encoded_len();
    if bytes > MOST_BYTES {
        return Err(Error::Refused(format!(
            "run {} is too large for ONNX: {} MB, and a file may have less than 2147 MB; export it to \
             safetensors or torch",
            saved.record.id,
            bytes / 1_000_000
        )));
    }
    output.write(|out| out.write_all(&model.encode_to_vec()).map_err(Error::io("write", path)))
}

/// The network; an error says why the record does not allow it.
fn model(saved: &SavedWeights, weights: &Weights) -> Result<ModelMessage, Flaw> {
    let SavedWeights { record, which, .. } = *saved;
    let mut graph = Graph::default();
    let element = scaled(&mut graph, record)?;
    let start = graph.begin("scaled", Shape::from(record.input.shape), &weights.modules);
    let output = graph.modules(&weights.modules, weights, start);
    graph.node("Identity", LOGITS, vec![output.name], Vec::new());
    let axis = attribute(&("axis", Attribute::Whole(1)));
    graph.node("Softmax", PROBABILITIES, vec![LOGITS.to_owned()], vec![axis]);
    let mut message = graph.into_message();
    let classes = record.class_names.len();
    let output = |name: &str, words: &str| value(name, ElementType::Float, &[classes], words);
    message.input = vec![value(INPUT, element, &sizes(record), input_words(record))];
    message.output = vec![
        output(LOGITS, "before softmax, in the order of class_names"),
        output(PROBABILITIES, "of the classes, in the order of class_names"),
    ];
    let property = |key: &str, value: String| Property { key: key.to_owned(), value };
    let names: &[String] = &record.class_names;
    Ok(ModelMessage {
        ir_version: FORMAT_VERSION,
        producer_name: env!("CARGO_PKG_NAME").to_owned(),
        producer_version: env!("CARGO_PKG_VERSION").to_owned(),
        doc_string: format!("run {}, {}", record.id, which.words(record)),
        graph: Some(message),
        opset_import: vec![OperatorSet { version: OPERATOR_VERSION }],
        metadata_props: vec![
            property("run", record.id.clone()),
            property("class_names", json!(names).to_string()),
        ],
    })
}

/// Adds the scaling of the inputs, which ends in `scaled`; returns the type of the inputs. Its constants have
/// names that no module's path can be, which are numbers.
fn scaled(graph: &mut Graph, record: &RunRecord) -> Result<ElementType, Flaw> {
    let input = &record.input;
    let [channels, ..] = input.shape;
    let [mean, std] = input.moments();
    if [mean.len(), std.len()] != [channels; 2] {
        return Err(Flaw::from(format!("scales other than its {channels} channels")));
    }
    if let Some(value) = mean.iter().chain(&std).find(|value| !value.is_finite()) {
        return Err(Flaw::from(format!("scales by {value}")));
    }
    // Mean and deviation of a column may differ by orders of magnitude.
    let is_wide = !record.has_pixels() && !input.scale.wide.is_empty();
    let shape = match Shape::from(input.shape).is_vector() {
        true => vec![channels],
        false => vec![channels, 1, 1],
    };
    let constant = |graph: &mut Graph, name: &str, shape: &[usize], values: &[f64]| match is_wide {
        true => graph.doubles(name, shape, values),
        false => {
            let narrow: Vec<f32> = values.iter().map(|value| *value as f32).collect();
            graph.floats(name, shape, &narrow)
        }
    };
    let mut last = INPUT.to_owned();
    let mut step = |graph: &mut Graph, operator, name: &str, by: String| {
        graph.node(operator, name, vec![last.clone(), by], Vec::new());
        last = name.to_owned();
    };
    if record.has_pixels() {
        let most = constant(graph, "input.most", &[], &[255.0]);
        step(graph, "Div", "unit", most);
    }
    let mean = constant(graph, "input.mean", &shape, &mean);
    step(graph, "Sub", "centred", mean);
    let std = constant(graph, "input.std", &shape, &std);
    let name = if is_wide { "standardized" } else { "scaled" };
    step(graph, "Div", name, std);
    if !is_wide {
        return Ok(ElementType::Float);
    }
    let to = attribute(&("to", Attribute::Whole(ElementType::Float as i64)));
    graph.node("Cast", "scaled", vec![last], vec![to]);
    Ok(ElementType::Double)
}

/// Sizes of an example.
fn sizes(record: &RunRecord) -> Vec<usize> {
    let [channels, height, width] = record.input.shape;
    if height * width == 1 { vec![channels] } else { vec![channels, height, width] }
}

fn input_words(record: &RunRecord) -> &'static str {
    match (record.has_pixels(), sizes(record).len()) {
        (true, _) => "pixels from 0 to 255: examples, channels, height, width",
        (false, _) => "numbers as in the table: examples, columns in the order of dataset.features",
    }
}

/// A value of any number of examples.
fn value(name: &str, element: ElementType, sizes: &[usize], words: &str) -> ValueMessage {
    let any = Dimension { dim_param: Some("examples".to_owned()), dim_value: None };
    let size = |size: &usize| Dimension { dim_value: Some(*size as i64), dim_param: None };
    let dim = [any].into_iter().chain(sizes.iter().map(size)).collect();
    let tensor = TensorTypeMessage { elem_type: element as i32, shape: Some(ShapeMessage { dim }) };
    ValueMessage {
        name: name.to_owned(),
        kind: Some(TypeMessage { tensor_type: Some(tensor) }),
        doc_string: words.to_owned(),
    }
}

#[cfg(test)]
mod tests;
