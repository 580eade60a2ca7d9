//! The trial in a run's record: kept as text, because a table of ten thousand runs holds as many.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;
use serde_json::value::RawValue;

/// A trial as nested tables, in JSON without white space.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrialJson(Box<str>);

impl TrialJson {
    /// The nested tables. Parsed at every call.
    pub fn value(&self) -> Value {
        // Deserialisation has parsed it once: it is JSON.
        serde_json::from_str(&self.0).unwrap_or_default()
    }

    /// The value under a JSON pointer such as `/network/kind`.
    pub fn pointer(&self, pointer: &str) -> Option<Value> {
        self.value().pointer(pointer).cloned()
    }

    /// The trial's one seed.
    pub fn seed(&self) -> Option<u64> {
        self.pointer("/training/seeds/0")?.as_u64()
    }
}

impl From<Value> for TrialJson {
    fn from(value: Value) -> TrialJson {
        TrialJson(value.to_string().into())
    }
}

impl Serialize for TrialJson {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.value().serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for TrialJson {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<TrialJson, D::Error> {
        let raw = Box::<RawValue>::deserialize(deserializer)?;
        // Numbers out of range pass as raw text.
        let value: Value = serde_json::from_str(raw.get()).map_err(serde::de::Error::custom)?;
        Ok(TrialJson::from(value))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn text_comes_back_as_the_same_tables() {
        let tables = json!({"training": {"seeds": [7]}, "network": {"kind": "a \"b\" c"}});
        let trial = TrialJson::from(tables.clone());
        let pretty = serde_json::to_string_pretty(&trial).unwrap();
        assert!(pretty.contains("\n  "), "{pretty}");
        let read: TrialJson = serde_json::from_str(&pretty).unwrap();
        assert_eq!((read.value(), read.seed()), (tables, Some(7)));
        assert_eq!(read, trial);
        assert_eq!(read.pointer("/network/kind"), Some(json!("a \"b\" c")));
    }

    #[test]
    fn what_is_no_value_is_an_error_and_not_nothing() {
        assert!(serde_json::from_str::<TrialJson>("{\"x\": 1e999}").is_err());
        assert!(serde_json::from_str::<TrialJson>("{").is_err());
    }
}
