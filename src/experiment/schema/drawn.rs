//! The ranges of `[search.space]`: what every range may say, with ends that are numbers of the drawn key.

use serde_json::{Map, Value, json};

use super::varied::reference;
use super::{Definitions, short};
use crate::config::keys::ValueKind;
use crate::config::{Bound, Range};

/// The table of a range, as its keys declare it.
const RANGE: &str = "DrawnRange";

impl Definitions {
    /// The range that a key with these values is drawn from; none if they are not numbers.
    pub(super) fn drawn_range(&mut self, kind: &ValueKind) -> Option<Value> {
        let (ends, is_whole) = match kind {
            ValueKind::Number(range) | ValueKind::NumberOrWords(range, _) => (ends(*range), false),
            ValueKind::Whole(least, most) => (whole_ends(*least, *most), true),
            ValueKind::Seeds(_) => (whole_ends(0, None), true),
            ValueKind::Other(..) => return Some(reference(RANGE)),
            _ => return None,
        };
        if ends.is_empty() {
            return Some(reference(RANGE));
        }
        let mut range = self.schemas.get(RANGE)?.clone();
        for end in ["min", "max"] {
            let keywords = range["properties"][end].as_object_mut()?;
            keywords.extend(ends.clone());
        }
        if is_whole {
            range["properties"]["integer"] = json!({ "const": true });
            range["required"].as_array_mut()?.push("integer".into());
        }
        Some(self.once(range))
    }
}

/// Limits that a number must not reach may be ends: they are then not drawn.
fn ends(range: Range) -> Map<String, Value> {
    let limit = |end| match end {
        Some(Bound::With(limit) | Bound::Without(limit)) => Some(short(limit)),
        None => None,
    };
    keywords([limit(range.least), limit(range.most)])
}

fn whole_ends(least: i64, most: Option<i64>) -> Map<String, Value> {
    keywords([Some(least.into()), most.map(Value::from)])
}

fn keywords(limits: [Option<Value>; 2]) -> Map<String, Value> {
    let named = ["minimum", "maximum"].into_iter().zip(limits);
    named.filter_map(|(name, limit)| Some((name.to_owned(), limit?))).collect()
}
