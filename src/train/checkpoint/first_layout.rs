//! The checksum of the first layout, which 0.1.0 wrote: it covers the position as Rust's `Debug`
//! printed it then, and the tensors in the trial's order.

use safetensors::SafeTensors;
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::runs::folder::hex;
use crate::train::tensors::Expected;

/// The checksum of the content; none if it lacks parts of the layout.
pub(super) fn checksum(
    header: &str,
    expected: &[Expected],
    tensors: &SafeTensors<'_>,
) -> Option<String> {
    let header: Value = serde_json::from_str(header).ok()?;
    let mut hash = Sha256::new();
    hash.update(position(&header)?);
    for tensor in expected {
        let bytes = tensor.find(tensors).ok()?;
        let shape: Vec<String> = tensor.shape.iter().map(usize::to_string).collect();
        hash.update(format!("{} [{}] {}\n", tensor.name, shape.join(", "), bytes.len()));
        hash.update(bytes);
    }
    Some(hex(&hash.finalize()))
}

fn position(header: &Value) -> Option<String> {
    let progress = fields(
        "Progress",
        header.get("progress")?,
        &[("step", false), ("evaluated_start", false), ("loss_sum", false), ("loss_steps", false)],
    )?;
    let watchers = header.get("watchers").map_or(Some(String::new()), watchers)?;
    Some(format!("{progress}\n{watchers}"))
}

fn watchers(watchers: &Value) -> Option<String> {
    let plateau = optional(watchers.get("plateau"), |state| {
        let names = [("rate", false), ("best", true), ("without_progress", false)];
        fields("PlateauState", state, &names)
    })?;
    let stopping = optional(watchers.get("stopping"), |state| {
        let names = [
            ("best", true),
            ("best_epoch", false),
            ("without_progress", false),
            ("has_stopped", false),
        ];
        fields("StoppingState", state, &names)
    })?;
    Some(format!("WatcherStates {{ plateau: {plateau}, stopping: {stopping} }}\n"))
}

/// `Name { a: 1, b: Some(2) }`; for each field its name and whether it may be absent.
fn fields(name: &str, value: &Value, names: &[(&str, bool)]) -> Option<String> {
    let field = |(field_name, may_be_absent): &(&str, bool)| {
        let value = value.get(field_name);
        let text = match may_be_absent {
            true => optional(value, |value| Some(value.to_string()))?,
            false => value?.to_string(),
        };
        Some(format!("{field_name}: {text}"))
    };
    let fields: Vec<String> = names.iter().map(field).collect::<Option<_>>()?;
    Some(format!("{name} {{ {} }}", fields.join(", ")))
}

fn optional(value: Option<&Value>, text: impl Fn(&Value) -> Option<String>) -> Option<String> {
    match value {
        None | Some(Value::Null) => Some("None".to_owned()),
        Some(value) => Some(format!("Some({})", text(value)?)),
    }
}
