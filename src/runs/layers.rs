//! `layers.csv`: figures of each linear layer and convolution at each evaluated epoch, as bytes and back.

use crate::error::Flaw;
use std::fmt::Write;

use serde::{Deserialize, Serialize};

/// Columns of `layers.csv`, in order.
pub const LAYERS_HEADER: &str =
    "epoch,step,layer,units,weight_norm,gradient_norm,dead_share,saturated_share";

/// The figures of one linear layer at one evaluated epoch, on the probe batch: the first examples of
/// the training split, in training mode. Field order is column order.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LayerRow {
    /// Epochs completed; 0 is before any step.
    pub epoch: u64,
    /// Optimizer updates made so far.
    pub step: u64,
    /// The module, as in the names of `model.safetensors`: `4`, or `4.layers.0` within a residual
    /// block.
    pub layer: String,
    /// Units of the layer, or channels.
    pub units: usize,
    /// L2 norm of the weight, without the bias.
    pub weight_norm: f32,
    /// L2 norm of the gradient of the mean loss by the weight.
    pub gradient_norm: f32,
    /// Share of the units whose ReLU is zero for every example; absent for other activations and for
    /// the last layer, which has none.
    pub dead_share: Option<f32>,
    /// Share of the values of the units' sigmoid or tanh, over all examples, that lie within 1 % of
    /// its range from a limit; absent for ReLU and for the last layer.
    pub saturated_share: Option<f32>,
}

/// The content of `layers.csv`. Floats are the shortest decimals that read back the same.
pub fn layers_csv(rows: &[LayerRow]) -> String {
    let mut text = format!("{LAYERS_HEADER}\n");
    for row in rows {
        row.write_csv(&mut text);
    }
    text
}

/// Reads a `layers.csv`.
///
/// # Errors
/// Says what is wrong and in which line.
pub fn parse_layers(bytes: &[u8]) -> Result<Vec<LayerRow>, Flaw> {
    let mut reader = csv::Reader::from_reader(bytes);
    let header = reader.headers().map_err(|e| e.to_string())?;
    if !header.iter().eq(LAYERS_HEADER.split(',')) {
        return Err(Flaw::from(format!("its columns are not {LAYERS_HEADER}")));
    }
    reader.deserialize().map(|row| row.map_err(|e| Flaw::from(e.to_string()))).collect()
}

impl LayerRow {
    fn write_csv(&self, text: &mut String) {
        let LayerRow { epoch, step, layer, units, weight_norm, gradient_norm, .. } = self;
        let field = |value: Option<f32>| value.map_or_else(String::new, |x| x.to_string());
        let (dead, saturated) = (field(self.dead_share), field(self.saturated_share));
        let line = writeln!(
            text,
            "{epoch},{step},{layer},{units},{weight_norm},{gradient_norm},{dead},{saturated}"
        );
        line.expect("a string can be written to");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_read_back_the_same_and_absent_shares_are_empty() {
        let hidden = LayerRow {
            epoch: 3,
            step: 1500,
            layer: "4".to_owned(),
            units: 100,
            weight_norm: 12.5,
            gradient_norm: 1e-7,
            dead_share: Some(0.02),
            saturated_share: None,
        };
        let squashed = LayerRow { dead_share: None, saturated_share: Some(0.1), ..hidden.clone() };
        let last = LayerRow {
            dead_share: None,
            gradient_norm: f32::INFINITY,
            units: 10,
            ..hidden.clone()
        };
        let rows = [hidden, squashed, last];
        let text = layers_csv(&rows);
        insta::assert_snapshot!(text);
        assert_eq!(parse_layers(text.as_bytes()).unwrap(), rows);
        assert!(parse_layers(layers_csv(&[]).as_bytes()).unwrap().is_empty());
    }

    #[test]
    fn damaged_files_are_errors() {
        for other in ["", "epoch,step\n1,2\n"] {
            let error = parse_layers(other.as_bytes()).unwrap_err();
            assert!(error.starts_with("its columns are not epoch,step,"), "{error}");
        }
        let short = format!("{LAYERS_HEADER}\n1,2,0");
        assert!(parse_layers(short.as_bytes()).unwrap_err().contains("line: 2"));
    }
}
