//! A parsed condition: the meaning of names and operators.

use serde_json::Value;

use crate::analysis::filter::token::Symbol;
use crate::analysis::names::Name;

/// A condition that a run matches or not.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Condition {
    All(Vec<Condition>),
    Any(Vec<Condition>),
    Not(Box<Condition>),
    Compare(Operand, Relation, Operand),
    In(Operand, Vec<Value>),
    IsTrue(Operand),
}

/// One side of a comparison.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Operand {
    Named(Name),
    Literal(Value),
    Unknown, // reported
}

/// How two values are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Relation {
    Equal,
    NotEqual,
    Less,
    AtMost,
    Greater,
    AtLeast,
}

impl Relation {
    /// The comparison for an operator.
    pub(super) fn of(sign: Symbol) -> Option<Relation> {
        Some(match sign {
            Symbol::Equal => Relation::Equal,
            Symbol::NotEqual => Relation::NotEqual,
            Symbol::Less => Relation::Less,
            Symbol::AtMost => Relation::AtMost,
            Symbol::Greater => Relation::Greater,
            Symbol::AtLeast => Relation::AtLeast,
            _ => return None,
        })
    }

    /// Whether it needs an order, which only numbers have.
    pub(super) fn is_order(self) -> bool {
        !matches!(self, Relation::Equal | Relation::NotEqual)
    }
}
