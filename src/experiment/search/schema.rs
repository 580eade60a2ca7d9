//! The JSON Schema of `[search]`. Keys of trials inside of it are the reader's to check.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

/// Points that are drawn; each is combined with every point of the grid and every seed.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields, rename = "Search")]
#[expect(dead_code, reason = "only its schema is wanted")]
pub(crate) struct SearchTable {
    /// How points are drawn.
    kind: Kind,
    /// How many points are drawn. More of them leave those before as they are.
    #[schemars(range(min = 1))]
    trials: u64,
    /// Another seed draws other points.
    #[schemars(default)]
    seed: u64,
    /// Keys as in `[grid]`, each with a range of numbers or a list of values.
    space: Space,
}

#[derive(JsonSchema, Serialize)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "SearchKind")]
#[expect(dead_code, reason = "only its schema is wanted")]
enum Kind {
    /// Each point by itself
    Random,
    /// Owen-scrambled Sobol points, which fill the space evenly; at most 65536
    Sobol,
}

/// Keys such as `"optimizer.learning_rate"`, or tables of them.
#[derive(JsonSchema)]
#[serde(transparent)]
#[schemars(rename = "SearchSpace")]
#[expect(dead_code, reason = "only its schema is wanted")]
struct Space(BTreeMap<String, Drawn>);

#[derive(JsonSchema)]
#[serde(untagged)]
#[schemars(rename = "DrawnValue")]
#[expect(dead_code, reason = "only its schema is wanted")]
enum Drawn {
    /// One of these, each as likely as the others.
    Choices(#[schemars(length(min = 1))] Vec<Value>),
    Range(Range),
    Table(Space),
}

/// Numbers from `min` to `max`, rounded to four significant digits.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields, rename = "DrawnRange")]
#[expect(dead_code, reason = "only its schema is wanted")]
struct Range {
    /// The smallest.
    min: f64,
    /// The largest, above `min`.
    max: f64,
    /// What is uniform.
    #[schemars(default)]
    scale: Scale,
    /// Whole numbers only, each as likely as those beside it.
    #[schemars(default)]
    integer: bool,
}

#[derive(JsonSchema, Serialize, Default)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "DrawnScale")]
#[expect(dead_code, reason = "only its schema is wanted")]
enum Scale {
    /// The number itself
    #[default]
    Linear,
    /// Its logarithm: as many draws between 0.001 and 0.01 as between 0.01 and 0.1
    Log,
}
