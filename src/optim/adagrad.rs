//! AdaGrad (Duchi et al., 2011, <https://jmlr.org/papers/v12/duchi11a.html>).

use schemars::JsonSchema;
use serde::Serialize;

/// `kind = "adagrad"`.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct AdagradConfig {
    /// Step size.
    pub learning_rate: f64,
    /// Added to the root of the summed squares.
    pub eps: f64,
    /// L2 penalty added to the gradient of weights.
    pub weight_decay: f64,
}
