//! Whether a run fulfils a condition.
//!
//! A run without the key or figure equals nothing: every comparison with it is false, except `!=`,
//! which is always the opposite of `==`. NaN is the same.

use std::cmp::Ordering;

use serde_json::{Number, Value};

use crate::analysis::filter::condition::{Comparison, Condition, Operand};
use crate::analysis::left_out::default_left_out;
use crate::analysis::names::{Name, seed_of, setting};
use crate::runs::record::RunRecord;

/// A value as comparisons see it.
#[derive(Debug, Clone, Copy)]
enum Seen<'a> {
    Number(Exact),
    Text(&'a str),
    Flag(bool),
    List(&'a [Value]),
    AnyOf(&'a [String]), // a run may be part of several experiments
}

/// A number; a whole one with all of its digits, which 64 bits of floating point need not hold.
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
    /// Whether this run fulfils it.
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
                items.iter().any(|item| are_equal(value, Seen::of(item)))
            }
            Condition::IsTrue(operand) => are_equal(operand.of(record), Some(Seen::Flag(true))),
        }
    }
}

impl Operand {
    fn of<'a>(&'a self, record: &'a RunRecord) -> Option<Seen<'a>> {
        match self {
            Operand::Literal(value) => Seen::of(value),
            Operand::Named(Name::Setting(key)) => match setting(&record.trial, key) {
                Some(value) => Seen::of(value),
                None => default_left_out(key).and_then(Seen::of),
            },
            Operand::Named(Name::Figure(figure)) => {
                figure.of(record).map(|value| Seen::Number(value.into()))
            }
            Operand::Named(Name::Id) => Some(Seen::Text(&record.id)),
            Operand::Named(Name::State) => Some(Seen::Text(record.state.name())),
            Operand::Named(Name::Seed) => seed_of(record)
                .map(|seed| Seen::Number(Exact { whole: Some(seed.into()), value: seed as f64 })),
            Operand::Named(Name::Experiment) => Some(Seen::AnyOf(&record.experiments)),
            Operand::Unknown => None,
        }
    }
}

impl Seen<'_> {
    /// None for a table, which no expression can write.
    fn of(value: &Value) -> Option<Seen<'_>> {
        match value {
            Value::Number(number) => Exact::of(number).map(Seen::Number),
            Value::String(text) => Some(Seen::Text(text)),
            Value::Bool(flag) => Some(Seen::Flag(*flag)),
            Value::Array(items) => Some(Seen::List(items)),
            Value::Object(_) | Value::Null => None,
        }
    }
}

fn compared(left: Option<Seen>, comparison: Comparison, right: Option<Seen>) -> bool {
    let order = match (left, right) {
        (Some(Seen::Number(a)), Some(Seen::Number(b))) => a.order(b),
        _ => None,
    };
    match comparison {
        Comparison::Equal => are_equal(left, right),
        Comparison::NotEqual => !are_equal(left, right),
        Comparison::Less => order.is_some_and(Ordering::is_lt),
        Comparison::AtMost => order.is_some_and(Ordering::is_le),
        Comparison::Greater => order.is_some_and(Ordering::is_gt),
        Comparison::AtLeast => order.is_some_and(Ordering::is_ge),
    }
}

fn are_equal(left: Option<Seen>, right: Option<Seen>) -> bool {
    match (left, right) {
        (Some(Seen::Number(a)), Some(Seen::Number(b))) => a.order(b) == Some(Ordering::Equal),
        (Some(Seen::Text(a)), Some(Seen::Text(b))) => a == b,
        (Some(Seen::Flag(a)), Some(Seen::Flag(b))) => a == b,
        (Some(Seen::List(a)), Some(Seen::List(b))) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| are_equal(Seen::of(a), Seen::of(b)))
        }
        (Some(Seen::AnyOf(names)), Some(Seen::Text(text)))
        | (Some(Seen::Text(text)), Some(Seen::AnyOf(names))) => names.iter().any(|n| n == text),
        _ => false,
    }
}
