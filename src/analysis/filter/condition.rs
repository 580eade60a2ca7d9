//! A condition as it is understood: what names and signs stand for.

use serde_json::Value;

use crate::analysis::filter::token::Sign;
use crate::analysis::names::Name;

/// What a run fulfils or not.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Condition {
    All(Vec<Condition>),
    Any(Vec<Condition>),
    Not(Box<Condition>),
    Compare(Operand, Comparison, Operand),
    In(Operand, Vec<Value>),
    IsTrue(Operand),
}

/// What stands on a side of a comparison.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Operand {
    Named(Name),
    Literal(Value),
    Unknown, // reported
}

/// How two values are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Comparison {
    Equal,
    NotEqual,
    Less,
    AtMost,
    Greater,
    AtLeast,
}

impl Comparison {
    /// The comparison that a sign stands for.
    pub(super) fn of(sign: Sign) -> Option<Comparison> {
        Some(match sign {
            Sign::Equal => Comparison::Equal,
            Sign::NotEqual => Comparison::NotEqual,
            Sign::Less => Comparison::Less,
            Sign::AtMost => Comparison::AtMost,
            Sign::Greater => Comparison::Greater,
            Sign::AtLeast => Comparison::AtLeast,
            _ => return None,
        })
    }

    /// Whether it asks for an order, which numbers have.
    pub(super) fn is_order(self) -> bool {
        !matches!(self, Comparison::Equal | Comparison::NotEqual)
    }
}
