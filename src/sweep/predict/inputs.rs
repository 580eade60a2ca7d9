//! How files become inputs of a run's network, as its `run.json` says.

use serde_json::Value;

use crate::config::keys::Word;
use crate::data::ImagesConfig;
use crate::data::csv::{Decimal, Encoding, FeatureValues, TextFormat};
use crate::data::images::{Color, PictureFormat};
use crate::error::Flaw;
use crate::runs::record::RunRecord;

/// How files become inputs.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Inputs {
    /// Pictures of any size.
    Pictures(PictureFormat),
    /// Lines of CSV files.
    Rows(RowFormat),
}

/// The columns of a CSV file.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct RowFormat {
    pub(super) features: Vec<String>,
    pub(super) text: TextFormat,
    pub(super) values: FeatureValues,
}

impl Inputs {
    /// As the record's trial says; pictures of the published datasets are not cropped.
    ///
    /// # Errors
    /// Says what about the record makes no sense.
    pub(super) fn of(record: &RunRecord) -> Result<Inputs, Flaw> {
        let [channels, height, width] = record.input.shape;
        if [record.input.scale.mean.len(), record.input.scale.std.len()] != [channels; 2] {
            return Err(Flaw::from(format!("scales other than its {channels} channels")));
        }
        let key = |name: &str| record.trial.get("dataset").and_then(|dataset| dataset.get(name));
        if key("kind").is_some_and(|kind| kind == "csv") {
            return RowFormat::of(key, record).map(Inputs::Rows);
        }
        let color = match channels {
            1 => Color::Gray,
            3 => Color::Rgb,
            other => return Err(Flaw::from(format!("has pictures of {other} channels"))),
        };
        if height == 0 || width == 0 {
            return Err(Flaw::from("has pictures without pixels"));
        }
        let ImagesConfig { aspect, resize_filter, .. } = ImagesConfig::default();
        let aspect = word(key("aspect"), aspect)?;
        let resize_filter = word(key("resize_filter"), resize_filter)?;
        Ok(Inputs::Pictures(PictureFormat { height, width, color, aspect, resize_filter }))
    }
}

impl RowFormat {
    fn of<'a>(
        key: impl Fn(&str) -> Option<&'a Value>,
        record: &RunRecord,
    ) -> Result<RowFormat, Flaw> {
        let features = key("features").and_then(Value::as_array).into_iter().flatten();
        let features: Option<Vec<String>> =
            features.map(|name| name.as_str().map(str::to_owned)).collect();
        let delimiter = key("delimiter").and_then(Value::as_str).map(str::as_bytes);
        let decimal = word(key("decimal"), Decimal::Point)?;
        let encoding = word(key("encoding"), Encoding::Utf8)?;
        let values = match record.has_pixels() {
            true => FeatureValues::Pixels,
            false => FeatureValues::WordsIn(record.input.words.clone()),
        };
        let inputs: usize = record.input.shape.iter().product();
        match (features, delimiter) {
            (Some(features), Some([delimiter])) if inputs == features.len() => {
                let text = TextFormat { delimiter: *delimiter, decimal, encoding };
                Ok(RowFormat { features, text, values })
            }
            _ => Err(Flaw::from("has a table with other columns than the network")),
        }
    }
}

/// The choice that a setting names, the default if it is absent.
fn word<T: Word>(value: Option<&Value>, default: T) -> Result<T, Flaw> {
    let Some(value) = value else { return Ok(default) };
    let choice = T::WORDS.iter().find(|(word, _, _)| value == word);
    choice
        .map(|(_, choice, _)| *choice)
        .ok_or_else(|| Flaw::from(format!("has an unknown setting {value}")))
}
