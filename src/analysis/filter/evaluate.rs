//! Whether a run matches a condition.
//!
//! A run without the key or figure equals nothing: every comparison with it is false, except `!=`,
//! which is always the opposite of `==`. NaN is the same.

use std::cmp::Ordering;

use serde_json::{Number, Value};

use crate::analysis::filter::condition::{Condition, Operand, Relation};
use crate::analysis::left_out::value_or_default;
use crate::analysis::names::{Name, seed_of};
use crate::runs::record::RunRecord;

/// A value as comparisons see it.
#[derive(Debug, Clone, Copy)]
enum SeenValue<'a> {
    Number(Exact),
    Text(&'a str),
    Flag(bool),
    List(&'a [Value]),
    AnyOf(&'a [String]), // a run may be part of several experiments, or have several tags
}

/// A number; a whole one with all of its digits, which a 64-bit float may not hold.
#[derive(Debug, Clone, Copy)]
struct Exact {
    whole: Option<i128>,
    value: f64,
}

impl Exact {
    fn of(number: &Number) -> Option<Exact> {
        let whole = number.as_i64().map(i128::from).or_else(|| number.as_u64().map(i128::from));
        Some(Exact { whole, value: number.as_f64()? })
    }

    /// None beside NaN.
    fn order(self, other: Exact) -> Option<Ordering> {
        match (self.whole, other.whole) {
            (Some(a), Some(b)) => Some(a.cmp(&b)),
            _ => self.value.partial_cmp(&other.value),
        }
    }
}

impl From<f64> for Exact {
    fn from(value: f64) -> Exact {
        Exact { whole: None, value }
    }
}

impl Condition {
    /// Whether this run matches it.
    pub(super) fn holds(&self, record: &RunRecord) -> bool {
        match self {
            Condition::All(conditions) => conditions.iter().all(|c| c.holds(record)),
            Condition::Any(conditions) => conditions.iter().any(|c| c.holds(record)),
            Condition::Not(condition) => !condition.holds(record),
            Condition::Compare(left, comparison, right) => {
                compared(left.of(record), *comparison, right.of(record))
            }
            Condition::In(operand, items) => {
                let value = operand.of(record);
                items.iter().any(|item| are_equal(value, SeenValue::of(item)))
            }
            Condition::IsTrue(operand) => {
                are_equal(operand.of(record), Some(SeenValue::Flag(true)))
            }
        }
    }
}

impl Operand {
    fn of<'a>(&'a self, record: &'a RunRecord) -> Option<SeenValue<'a>> {
        match self {
            Operand::Literal(value) => SeenValue::of(value),
            Operand::Named(Name::Setting(key)) => {
                value_or_default(&record.trial, key).and_then(SeenValue::of)
            }
            Operand::Named(Name::Figure(figure)) => {
                figure.of(record).map(|value| SeenValue::Number(value.into()))
            }
            Operand::Named(Name::Id) => Some(SeenValue::Text(&record.id)),
            Operand::Named(Name::State) => Some(SeenValue::Text(record.state.name())),
            Operand::Named(Name::Seed) => seed_of(record).map(|seed| {
                SeenValue::Number(Exact { whole: Some(seed.into()), value: seed as f64 })
            }),
            Operand::Named(Name::Experiment) => Some(SeenValue::AnyOf(&record.experiments)),
            Operand::Named(Name::Tag) => Some(SeenValue::AnyOf(&record.notes.tags)),
            Operand::Unknown => None,
        }
    }
}

impl SeenValue<'_> {
    /// None for a table, which an expression cannot contain.
    fn of(value: &Value) -> Option<SeenValue<'_>> {
        match value {
            Value::Number(number) => Exact::of(number).map(SeenValue::Number),
            Value::String(text) => Some(SeenValue::Text(text)),
            Value::Bool(flag) => Some(SeenValue::Flag(*flag)),
            Value::Array(items) => Some(SeenValue::List(items)),
            Value::Object(_) | Value::Null => None,
        }
    }
}

fn compared(left: Option<SeenValue>, comparison: Relation, right: Option<SeenValue>) -> bool {
    let order = match (left, right) {
        (Some(SeenValue::Number(a)), Some(SeenValue::Number(b))) => a.order(b),
        _ => None,
    };
    match comparison {
        Relation::Equal => are_equal(left, right),
        Relation::NotEqual => !are_equal(left, right),
        Relation::Less => order.is_some_and(Ordering::is_lt),
        Relation::AtMost => order.is_some_and(Ordering::is_le),
        Relation::Greater => order.is_some_and(Ordering::is_gt),
        Relation::AtLeast => order.is_some_and(Ordering::is_ge),
    }
}

fn are_equal(left: Option<SeenValue>, right: Option<SeenValue>) -> bool {
    match (left, right) {
        (Some(SeenValue::Number(a)), Some(SeenValue::Number(b))) => {
            a.order(b) == Some(Ordering::Equal)
        }
        (Some(SeenValue::Text(a)), Some(SeenValue::Text(b))) => a == b,
        (Some(SeenValue::Flag(a)), Some(SeenValue::Flag(b))) => a == b,
        (Some(SeenValue::List(a)), Some(SeenValue::List(b))) => {
            a.len() == b.len()
                && a.iter().zip(b).all(|(a, b)| are_equal(SeenValue::of(a), SeenValue::of(b)))
        }
        (Some(SeenValue::AnyOf(names)), Some(SeenValue::Text(text)))
        | (Some(SeenValue::Text(text)), Some(SeenValue::AnyOf(names))) => {
            names.iter().any(|n| n == text)
        }
        _ => false,
    }
}
