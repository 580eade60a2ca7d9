//! The few messages of TensorBoard that an export needs, with the tags of its `.proto` files. A
//! field of a `oneof` is an optional field here: the bytes are the same if only one is set.
//!
//! `tensorboard/compat/proto/{event,summary,tensor,tensor_shape}.proto`,
//! `tensorboard/plugins/hparams/{api,plugin_data}.proto` in
//! <https://github.com/tensorflow/tensorboard>, and protobuf's own `struct.proto`.

use std::collections::BTreeMap;

/// `tensorboard.EventMessage`
#[derive(Clone, PartialEq, prost::Message)]
pub(super) struct EventMessage {
    /// Seconds since 1970.
    #[prost(double, tag = "1")]
    pub(super) wall_time: f64,
    #[prost(int64, tag = "2")]
    pub(super) step: i64,
    #[prost(string, optional, tag = "3")]
    pub(super) file_version: Option<String>,
    #[prost(message, optional, tag = "5")]
    pub(super) summary: Option<SummaryMessage>,
}

/// `tensorboard.SummaryMessage`
#[derive(Clone, PartialEq, prost::Message)]
pub(super) struct SummaryMessage {
    #[prost(message, repeated, tag = "1")]
    pub(super) value: Vec<SummaryValue>,
}

/// `tensorboard.SummaryMessage.ValueMessage`
#[derive(Clone, PartialEq, prost::Message)]
pub(super) struct SummaryValue {
    #[prost(string, tag = "1")]
    pub(super) tag: String,
    /// A scalar: TensorBoard turns it into a tensor of the scalars plugin.
    #[prost(float, optional, tag = "2")]
    pub(super) simple_value: Option<f32>,
    #[prost(message, optional, tag = "8")]
    pub(super) tensor: Option<TensorMessage>,
    #[prost(message, optional, tag = "9")]
    pub(super) metadata: Option<SummaryMetadata>,
}

/// `tensorboard.SummaryMetadata`
#[derive(Clone, PartialEq, prost::Message)]
pub(super) struct SummaryMetadata {
    #[prost(message, optional, tag = "1")]
    pub(super) plugin_data: Option<PluginData>,
}

/// `tensorboard.SummaryMetadata.PluginData`
#[derive(Clone, PartialEq, prost::Message)]
pub(super) struct PluginData {
    #[prost(string, tag = "1")]
    pub(super) plugin_name: String,
    /// A message of the plugin's own.
    #[prost(bytes = "vec", tag = "2")]
    pub(super) content: Vec<u8>,
}

/// `tensorboard.TensorProto`
#[derive(Clone, PartialEq, prost::Message)]
pub(super) struct TensorMessage {
    /// 1: `DT_FLOAT`.
    #[prost(int32, tag = "1")]
    pub(super) dtype: i32,
    #[prost(message, optional, tag = "2")]
    pub(super) tensor_shape: Option<TensorShapeMessage>,
}

/// `tensorboard.TensorShapeProto`
#[derive(Clone, PartialEq, prost::Message)]
pub(super) struct TensorShapeMessage {
    #[prost(message, repeated, tag = "2")]
    pub(super) dim: Vec<Dim>,
}

/// `tensorboard.TensorShapeProto.Dim`
#[derive(Clone, PartialEq, prost::Message)]
pub(super) struct Dim {
    #[prost(int64, tag = "1")]
    pub(super) size: i64,
}

/// `tensorboard.hparams.HParamsPluginData`; its version is 0. One of the three is set.
#[derive(Clone, PartialEq, prost::Message)]
pub(super) struct HParamsPluginData {
    #[prost(message, optional, tag = "2")]
    pub(super) experiment: Option<ExperimentMessage>,
    #[prost(message, optional, tag = "3")]
    pub(super) session_start_info: Option<SessionStartInfo>,
    #[prost(message, optional, tag = "4")]
    pub(super) session_end_info: Option<SessionEndInfo>,
}

/// `tensorboard.hparams.ExperimentMessage`
#[derive(Clone, PartialEq, prost::Message)]
pub(super) struct ExperimentMessage {
    #[prost(message, repeated, tag = "4")]
    pub(super) hparam_infos: Vec<HParamInfo>,
    #[prost(message, repeated, tag = "5")]
    pub(super) metric_infos: Vec<MetricInfo>,
    #[prost(string, tag = "6")]
    pub(super) name: String,
}

/// `tensorboard.hparams.HParamInfo`
#[derive(Clone, PartialEq, prost::Message)]
pub(super) struct HParamInfo {
    #[prost(string, tag = "1")]
    pub(super) name: String,
    /// 1: text, 2: true or false, 3: a number.
    #[prost(int32, tag = "4")]
    pub(super) kind: i32,
    #[prost(message, optional, tag = "5")]
    pub(super) domain_discrete: Option<ListValue>,
    #[prost(bool, tag = "7")]
    pub(super) differs: bool,
}

/// `tensorboard.hparams.MetricInfo`
#[derive(Clone, PartialEq, prost::Message)]
pub(super) struct MetricInfo {
    #[prost(message, optional, tag = "1")]
    pub(super) name: Option<MetricName>,
    #[prost(string, tag = "3")]
    pub(super) display_name: String,
    /// 1: training, 2: validation.
    #[prost(int32, tag = "5")]
    pub(super) dataset_type: i32,
}

/// `tensorboard.hparams.MetricName`
#[derive(Clone, PartialEq, prost::Message)]
pub(super) struct MetricName {
    #[prost(string, tag = "2")]
    pub(super) tag: String,
}

/// `tensorboard.hparams.SessionStartInfo`
#[derive(Clone, PartialEq, prost::Message)]
pub(super) struct SessionStartInfo {
    #[prost(btree_map = "string, message", tag = "1")]
    pub(super) hparams: BTreeMap<String, ValueMessage>,
    #[prost(string, tag = "4")]
    pub(super) group_name: String,
    #[prost(double, tag = "5")]
    pub(super) start_time_secs: f64,
}

/// `tensorboard.hparams.SessionEndInfo`
#[derive(Clone, PartialEq, prost::Message)]
pub(super) struct SessionEndInfo {
    /// 0: unknown, 1: success, 2: failure, 3: running.
    #[prost(int32, tag = "1")]
    pub(super) status: i32,
    #[prost(double, tag = "2")]
    pub(super) end_time_secs: f64,
}

/// `google.protobuf.ValueMessage`; one of the three is set.
#[derive(Clone, PartialEq, prost::Message)]
pub(super) struct ValueMessage {
    #[prost(double, optional, tag = "2")]
    pub(super) number_value: Option<f64>,
    #[prost(string, optional, tag = "3")]
    pub(super) string_value: Option<String>,
    #[prost(bool, optional, tag = "4")]
    pub(super) bool_value: Option<bool>,
}

/// `google.protobuf.ListValue`
#[derive(Clone, PartialEq, prost::Message)]
pub(super) struct ListValue {
    #[prost(message, repeated, tag = "1")]
    pub(super) values: Vec<ValueMessage>,
}

#[cfg(test)]
mod tests {
    use prost::Message;

    use super::*;

    /// The bytes that TensorBoard's own classes make of the same (tensorboard 2.21, Python):
    /// `Event(wall_time=1.5, step=3, summary=Summary(value=[Summary.Value(tag="gap",
    /// simple_value=0.25)])).SerializeToString().hex()`
    #[test]
    fn scalars_are_pinned() {
        let value = SummaryValue {
            tag: "gap".to_owned(),
            simple_value: Some(0.25),
            ..SummaryValue::default()
        };
        let summary = Some(SummaryMessage { value: vec![value] });
        let event = EventMessage { wall_time: 1.5, step: 3, summary, ..EventMessage::default() };
        assert_eq!(
            crate::runs::folder::hex(&event.encode_to_vec()),
            "09000000000000f83f10032a0c0a0a0a03676170150000803e"
        );
    }

    /// `HParamsPluginData(session_start_info=SessionStartInfo(group_name="g", start_time_secs=2,
    /// hparams={"a": Value(number_value=0), "b": Value(string_value="x"), "c":
    /// Value(bool_value=False)})).SerializeToString(deterministic=True).hex()`
    #[test]
    fn settings_are_pinned_even_where_they_are_zero() {
        let hparams = [
            ("a", ValueMessage { number_value: Some(0.0), ..ValueMessage::default() }),
            ("b", ValueMessage { string_value: Some("x".to_owned()), ..ValueMessage::default() }),
            ("c", ValueMessage { bool_value: Some(false), ..ValueMessage::default() }),
        ];
        let start = SessionStartInfo {
            hparams: hparams.map(|(name, value)| (name.to_owned(), value)).into(),
            group_name: "g".to_owned(),
            start_time_secs: 2.0,
        };
        let data = HParamsPluginData { session_start_info: Some(start), ..Default::default() };
        assert_eq!(
            crate::runs::folder::hex(&data.encode_to_vec()),
            "1a2f0a0e0a016112091100000000000000000a080a016212031a01780a070a016312022000220167290000000000000040"
        );
    }
}
