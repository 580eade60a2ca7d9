//! Whether the sides of a comparison can be compared at all: `"a" < 3` can not.

use std::ops::Range;

use serde_json::Value;

use crate::analysis::filter::condition::{Operand, Relation};
use crate::analysis::filter::{error_at, shown};
use crate::analysis::names::{Name, Unclear, UnknownName, ValueTypes};
use crate::config::{Diagnostic, Problems, choice_help, quoted_list};
use crate::runs::record::RunState;
use crate::table::value::value_text;

/// An operand with its possible types and its position.
#[derive(Debug)]
pub(super) struct TypedOperand {
    pub(super) operand: Operand,
    pub(super) kinds: ValueTypes,
    pub(super) span: Range<usize>,
    pub(super) name: Option<String>, // as typed
    /// What is wrong with a name that means nothing.
    pub(super) unknown: Option<UnknownName>,
    /// The key of its kind, if it is a table that has one: `optimizer.kind`.
    pub(super) kind: Option<String>,
}

/// Records what is wrong with a comparison whose operator is at `sign_span`.
pub(super) fn check_comparison(
    left: &TypedOperand,
    comparison: Relation,
    sign_span: Range<usize>,
    right: &TypedOperand,
    problems: &Problems,
) {
    let is_ordered = |side: &TypedOperand| side.kinds.meets(ValueTypes::NUMBER);
    if let Some(side) = [left, right].into_iter().find(|side| !is_ordered(side))
        && comparison.is_order()
    {
        let label = format!("{} is {}", side.words(), side.kinds.words());
        let diagnostic = error_at(side.span.clone(), "only numbers have an order", label);
        problems.push(diagnostic.help("text, lists and true or false are compared by == and !="));
    } else if !left.kinds.meets(right.kinds) {
        let (a, b) = (left.kinds.words(), right.kinds.words());
        let label = format!("{} is {a}, {} is {b}", left.words(), right.words());
        let diagnostic = error_at(sign_span, "different types are never equal", label);
        let help = left.kind.as_ref().or(right.kind.as_ref());
        let help = help.map(|kind| format!("its kind is a word: `{kind}`"));
        problems.push(Diagnostic { help, ..diagnostic });
    }
    for (named, other) in [(left, right), (right, left)] {
        if let Operand::Literal(value) = &other.operand {
            check_value(named, value, other.span.clone(), problems);
        }
    }
}

/// Records what is wrong with `left in items`.
pub(super) fn check_list(
    left: &TypedOperand,
    items: &[Value],
    span: Range<usize>,
    problems: &Problems,
) {
    if let Some(item) = items.iter().find(|item| !left.kinds.meets(ValueTypes::of(item))) {
        let (a, b) = (left.kinds.words(), ValueTypes::of(item).words());
        let label = format!("{} is {a}, and an item of this list is {b}", left.words());
        problems.push(error_at(span.clone(), "different types are never equal", label));
    }
    for item in items {
        check_value(left, item, span.clone(), problems);
    }
}

/// Records if a lone operand is neither true nor false.
pub(super) fn check_truth(alone: &TypedOperand, problems: &Problems) {
    if alone.kinds.meets(ValueTypes::FLAG) {
        return;
    }
    let label = format!("{} is {}", alone.words(), alone.kinds.words());
    let diagnostic = error_at(alone.span.clone(), "neither true nor false", label);
    problems.push(diagnostic.help("compare it: with ==, !=, <, <=, >, >= or in [...]"));
}

/// Values that the named thing never has.
fn check_value(named: &TypedOperand, value: &Value, span: Range<usize>, problems: &Problems) {
    match (&named.operand, value) {
        (Operand::Named(Name::Figure(figure)), Value::Number(number)) => {
            let number = number.as_f64().unwrap_or(0.0);
            if figure.kind().unit.is_fraction() && number.abs() > 1.0 {
                let title = format!("`{}` is a fraction from 0 to 1", figure.name());
                let diagnostic = error_at(span, title, "never reached");
                let help = format!("write {} or {number}%", number / 100.0);
                problems.push(if number.abs() <= 100.0 {
                    diagnostic.help(help)
                } else {
                    diagnostic
                });
            }
        }
        (Operand::Named(Name::State), Value::String(text)) => {
            let states = RunState::ALL.map(RunState::name);
            if !states.contains(&text.as_str()) {
                let all = format!("the states are {}", quoted_list(&states));
                let help = choice_help("state", text, &states, &all);
                let title = format!("there is no state `{}`", shown(text));
                problems.push(error_at(span, title, "no such state").help(help));
            }
        }
        _ => (),
    }
}

impl TypedOperand {
    /// Records a name that means nothing.
    pub(super) fn report_unknown(&self, problems: &Problems) {
        let Some(unknown) = &self.unknown else { return };
        let label = match unknown.how {
            Unclear::Ambiguous => "could be several",
            _ => "no run has this",
        };
        let diagnostic = error_at(self.span.clone(), unknown.title.clone(), label);
        problems.push(diagnostic.help(unknown.help.clone()));
    }

    /// How it is written where it is compared with text, if it can be.
    pub(super) fn beside_text(&self) -> Option<&str> {
        let is_text = self.unknown.is_none() && self.kinds.meets(ValueTypes::TEXT);
        self.name.as_deref().filter(|_| is_text).or(self.kind.as_deref())
    }

    /// Its name in an error.
    fn words(&self) -> String {
        match (&self.name, &self.operand) {
            (Some(name), _) => format!("`{}`", shown(name)),
            (None, Operand::Literal(value @ Value::Number(_))) => value_text(value),
            (None, Operand::Literal(value)) => shown(&value.to_string()).into_owned(),
            (None, _) => "it".to_owned(),
        }
    }
}
