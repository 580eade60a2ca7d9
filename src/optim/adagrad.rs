//! AdaGrad (Duchi et al., 2011, <https://jmlr.org/papers/v12/duchi11a.html>).

use schemars::JsonSchema;
use serde::Serialize;

use crate::config::{Range, TableReader};

/// `kind = "adagrad"`.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[schemars(default)]
pub struct AdagradConfig {
    /// Step size, above 0.
    #[schemars(extend("exclusiveMinimum" = 0))]
    pub learning_rate: f64,
    /// Added to the root of the summed squares.
    #[schemars(range(min = 0))]
    pub eps: f64,
    /// L2 penalty added to the gradient of weights.
    #[schemars(range(min = 0))]
    pub weight_decay: f64,
}

impl Default for AdagradConfig {
    fn default() -> AdagradConfig {
        AdagradConfig {
            learning_rate: 0.01,
            eps: 1e-10,
            weight_decay: 0.0,
        }
    }
}

impl AdagradConfig {
    /// Reads the table's keys.
    pub fn read(table: &mut TableReader<'_>) -> AdagradConfig {
        let default = AdagradConfig::default();
        AdagradConfig {
            learning_rate: table.float("learning_rate", default.learning_rate, Range::POSITIVE),
            eps: table.float("eps", default.eps, Range::NOT_NEGATIVE),
            weight_decay: table.float("weight_decay", default.weight_decay, Range::NOT_NEGATIVE),
        }
    }
}
