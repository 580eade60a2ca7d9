//! What the HParams dashboard shows: the settings that vary as hyperparameters, the last figures of each
//! run, and runs of one config as one group, whose figures it averages.

use std::collections::{BTreeMap, BTreeSet};

use prost::Message;

use crate::escape::escape_controls;
use crate::output::export::clock::unix_seconds;
use crate::output::export::tensorboard::messages::{
    Dim, ExperimentMessage, HParamInfo, HParamsPluginData, ListValue, MetricInfo, MetricName,
    PluginData, SessionEndInfo, SessionStartInfo, SummaryMetadata, SummaryValue, TensorMessage,
    TensorShapeMessage, ValueMessage,
};
use crate::output::export::tensorboard::scalars::tag;
use crate::output::export::varied::Varied;
use crate::runs::figures::{Figure, Unit};
use crate::runs::metrics::FIGURE_COLUMNS;
use crate::runs::record::{RunRecord, RunState};
use crate::table::value::value_text;

/// Longest name of all experiments together, in characters.
const LONGEST_NAME: usize = 200;

/// Kinds of values, with the numbers of TensorBoard's `DataType`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Text = 1,
    Bool = 2,
    Number = 3,
}

/// What varies, and which figures there are.
pub(super) fn experiment(records: &[RunRecord], varied: &Varied) -> SummaryValue {
    let names: BTreeSet<&str> =
        records.iter().flat_map(|record| &record.experiments).map(String::as_str).collect();
    let name = names.into_iter().collect::<Vec<_>>().join(", ");
    let experiment = ExperimentMessage {
        name: escape_controls(&name).chars().take(LONGEST_NAME).collect(),
        hparam_infos: varied.keys.iter().map(|key| info(varied, key)).collect(),
        metric_infos: metric_infos(records),
    };
    let data = HParamsPluginData { experiment: Some(experiment), ..Default::default() };
    value("_hparams_/experiment", &data)
}

/// The beginning of a run: its settings, and the config that it is a replicate of.
pub(super) fn session_start(
    record: &RunRecord,
    config: &str,
    hparams: BTreeMap<String, ValueMessage>,
) -> SummaryValue {
    let start = SessionStartInfo {
        hparams,
        group_name: config.to_owned(),
        start_time_secs: unix_seconds(&record.started),
    };
    let data = HParamsPluginData { session_start_info: Some(start), ..Default::default() };
    value("_hparams_/session_start_info", &data)
}

/// The state of a run.
pub(super) fn session_end(record: &RunRecord) -> SummaryValue {
    let status = match record.state {
        RunState::Interrupted | RunState::Paused | RunState::Lost => 0,
        RunState::Finished => 1,
        RunState::Failed | RunState::Diverged => 2,
        RunState::Running => 3,
    };
    let end = SessionEndInfo { status, end_time_secs: unix_seconds(&record.updated) };
    let data = HParamsPluginData { session_end_info: Some(end), ..Default::default() };
    value("_hparams_/session_end_info", &data)
}

/// The kind of each varied setting.
pub(super) fn kinds(varied: &Varied) -> Vec<Kind> {
    varied.keys.iter().map(|key| kind(&varied.values_of(key))).collect()
}

/// The varied settings that run `index` has, of these `kinds`.
pub(super) fn values(
    varied: &Varied,
    kinds: &[Kind],
    index: usize,
) -> BTreeMap<String, ValueMessage> {
    let settings = varied.keys.iter().zip(kinds).zip(varied.values(index));
    settings
        .filter_map(|((key, kind), value)| Some((shown(key), to_value(value?, *kind))))
        .collect()
}

fn info(varied: &Varied, key: &str) -> HParamInfo {
    let values = varied.values_of(key);
    let kind = kind(&values);
    let values = values.into_iter().map(|value| to_value(value, kind)).collect();
    HParamInfo {
        name: shown(key),
        kind: kind as i32,
        domain_discrete: Some(ListValue { values }),
        differs: true,
    }
}

/// The kind of a column of values; if they are mixed, all are text.
fn kind(values: &[&serde_json::Value]) -> Kind {
    if values.iter().all(|value| value.is_number()) {
        Kind::Number
    } else if values.iter().all(|value| value.is_boolean()) {
        Kind::Bool
    } else {
        Kind::Text
    }
}

fn to_value(value: &serde_json::Value, kind: Kind) -> ValueMessage {
    match kind {
        Kind::Number => ValueMessage { number_value: value.as_f64(), ..ValueMessage::default() },
        Kind::Bool => ValueMessage { bool_value: value.as_bool(), ..ValueMessage::default() },
        Kind::Text => ValueMessage {
            string_value: Some(shown(&value_text(value))),
            ..ValueMessage::default()
        },
    }
}

fn shown(text: &str) -> String {
    escape_controls(text).into_owned()
}

/// The figures that any of the runs has.
fn metric_infos(records: &[RunRecord]) -> Vec<MetricInfo> {
    let rows: Vec<_> = records.iter().filter_map(|record| record.last.as_ref()).collect();
    let is_there = |figure: &Figure| rows.iter().any(|row| figure.in_row(row).is_some());
    // A gap is of both splits.
    let is_held_out =
        |figure: Figure| figure.kind().held_out.is_some() && figure.kind().unit != Unit::Points;
    let metric = |figure: Figure| MetricInfo {
        name: Some(MetricName { tag: tag(figure) }),
        display_name: figure.name().to_owned(),
        dataset_type: if is_held_out(figure) { 2 } else { 1 },
    };
    // Runs are compared by accuracies and the gap; the table is wide enough without the others.
    let shown = FIGURE_COLUMNS.into_iter();
    let shown = shown.filter(|f| !matches!(f, Figure::LearningRate | Figure::BatchLoss));
    shown.filter(is_there).map(metric).collect()
}

/// The plugin keeps its data in the metadata of a summary; the tensor itself is empty.
fn value(tag: &str, data: &HParamsPluginData) -> SummaryValue {
    let plugin_name = "hparams".to_owned();
    let plugin_data = Some(PluginData { plugin_name, content: data.encode_to_vec() });
    let tensor_shape = Some(TensorShapeMessage { dim: vec![Dim { size: 0 }] });
    SummaryValue {
        tag: tag.to_owned(),
        simple_value: None,
        tensor: Some(TensorMessage { dtype: 1, tensor_shape }),
        metadata: Some(SummaryMetadata { plugin_data }),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::runs::samples::seeds;

    #[test]
    fn columns_of_mixed_values_are_text() {
        let mut records =
            seeds(&[("network.weight_init", json!({"normal": {"std": 0.01}}))], 0.7, 0.5, 0.01);
        records.extend(seeds(&[("network.dropout", json!(0.2))], 0.9, 0.4, 0.01));
        records.extend(seeds(&[("network.batch_norm", json!(false))], 0.9, 0.4, 0.01));
        let varied = Varied::of(&records);
        let infos: Vec<_> = varied.keys.iter().map(|key| info(&varied, key)).collect();
        let found: Vec<(&str, i32)> = infos.iter().map(|info| (&*info.name, info.kind)).collect();
        let expected =
            [("network.batch_norm", 2), ("network.dropout", 3), ("network.weight_init", 1)];
        assert_eq!(found, expected);
        let run = values(&varied, &kinds(&varied), 0);
        let init = run["network.weight_init"].string_value.as_deref();
        assert_eq!(init, Some("normal(std=0.01)"));
        assert_eq!(run["network.dropout"].number_value, Some(0.0));
    }

    #[test]
    fn times_are_seconds_and_nonsense_is_none() {
        assert_eq!(unix_seconds("1970-01-01T00:01:00.250Z"), 60.25);
        assert_eq!(unix_seconds("yesterday"), 0.0);
    }
}
