//! The JSON Schema of experiment files, generated from the types that they are read into.

use std::collections::BTreeMap;

use schemars::generate::SchemaSettings;
use schemars::transform::RecursiveTransform;
use schemars::{JsonSchema, Schema};
use serde_json::{Value, json};

use crate::data::{AugmentationConfig, DatasetConfig};
use crate::nn::NetworkConfig;
use crate::optim::{OptimizerConfig, ScheduleConfig};
use crate::train::{EvaluationConfig, TrainingConfig};

use super::HalvingConfig;
use super::search::SearchTable;

/// An experiment of `runner`: the trials of a grid, each with every seed.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields, rename = "Experiment")]
#[schemars(extend("if" = {
    "not": { "anyOf": [{ "required": ["grid"] }, { "required": ["search"] }] },
}))]
#[schemars(extend("then" = {
    "required": ["dataset", "network", "optimizer", "training"],
    "properties": {
        "network": { "allOf": [
            {
                "if": { "properties": { "kind": { "const": "mlp" } } },
                "then": { "required": ["hidden_sizes"] },
            },
            {
                "if": { "properties": { "kind": { "const": "layers" } } },
                "then": { "required": ["layers"] },
            },
        ] },
        "training": { "anyOf": [{ "required": ["epochs"] }, { "required": ["steps"] }] },
    },
}))]
#[expect(dead_code, reason = "only its schema is wanted")]
struct ExperimentFile {
    /// Shown in tables and plots; absent: the file's name without its ending.
    #[schemars(pattern(r"^[^\x00-\x1f\x7f]*$"))]
    name: Option<String>,
    /// The question that the experiment answers.
    description: Option<String>,
    dataset: Option<DatasetConfig>,
    augmentation: Option<AugmentationConfig>,
    network: Option<NetworkConfig>,
    optimizer: Option<OptimizerConfig>,
    /// Absent: the learning rate stays the same.
    schedule: Option<ScheduleConfig>,
    /// Exactly one of `epochs` and `steps` is given.
    training: Option<TrainingConfig>,
    evaluation: Option<EvaluationConfig>,
    /// What varies: a table of axes is a product, several tables are joined.
    grid: Option<OneOrMany<Axes>>,
    /// Points that are drawn; each is combined with every point of the grid and every seed.
    search: Option<SearchTable>,
    /// Tables of keys and values: points of the grid that match all keys of one are dropped.
    exclude: Option<OneOrMany<BTreeMap<String, Value>>>,
    /// Trains all configs a little and only the better ones on.
    halving: Option<HalvingConfig>,
}

/// A table, or a list of tables.
#[derive(JsonSchema)]
#[serde(untagged)]
#[expect(dead_code, reason = "only its schema is wanted")]
enum OneOrMany<T> {
    One(T),
    Many(Vec<T>),
}

/// Keys such as `"network.dropout"`, or tables of them, with the list of values to try.
#[derive(JsonSchema)]
#[serde(transparent)]
#[expect(dead_code, reason = "only its schema is wanted")]
struct Axes(BTreeMap<String, AxisOrTable>);

#[derive(JsonSchema)]
#[serde(untagged)]
#[expect(dead_code, reason = "only its schema is wanted")]
enum AxisOrTable {
    /// The values to try.
    Axis(#[schemars(length(min = 1))] Vec<Value>),
    Table(Axes),
}

/// The JSON Schema of experiment files.
pub fn schema() -> Schema {
    let settings = SchemaSettings::draft2020_12().with_transform(RecursiveTransform(as_toml));
    let mut schema = settings.into_generator().into_root_schema_for::<ExperimentFile>();
    if let Some(Value::Object(definitions)) = schema.get_mut("$defs") {
        definitions.values_mut().for_each(close_tagged_table);
        no_default_for_lists(definitions);
    }
    schema
}

/// The schema as the text of `experiment.schema.json`.
pub fn schema_text() -> String {
    let mut text = serde_json::to_string_pretty(&schema()).expect("a schema is plain JSON");
    text.push('\n');
    text
}

/// TOML has no null, and knows nothing of Rust's number types.
fn as_toml(schema: &mut Schema) {
    schema.remove("format");
    if let Some(Value::Array(types)) = schema.get_mut("type") {
        types.retain(|name| name != "null");
        if let [one] = types.as_slice() {
            let one = one.clone();
            schema.insert("type".to_owned(), one);
        }
    }
    let choices = schema.get("anyOf").and_then(Value::as_array);
    if let Some([Value::Object(one), null]) = choices.map(Vec::as_slice)
        && *null == json!({ "type": "null" })
    {
        let one = one.clone();
        schema.remove("anyOf");
        one.into_iter().for_each(|(key, value)| drop(schema.insert(key, value)));
    }
}

/// Keys of a table with a `kind` come from two places, so only `unevaluatedProperties` can say
/// that there are no others.
fn close_tagged_table(definition: &mut Value) {
    if definition.pointer("/oneOf/0/properties/kind").is_some() {
        definition["unevaluatedProperties"] = false.into();
    }
}

/// The empty list that a config type starts from is no default of the file.
fn no_default_for_lists(definitions: &mut serde_json::Map<String, Value>) {
    for (config, list) in [("MlpConfig", "hidden_sizes"), ("LayersConfig", "layers")] {
        let config = definitions.get_mut(config);
        let list = config.and_then(|config| config.pointer_mut(&format!("/properties/{list}")));
        list.and_then(Value::as_object_mut).map(|keywords| keywords.remove("default"));
    }
}
