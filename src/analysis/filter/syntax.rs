//! Tokens -> a condition. The grammar, from the weakest binding:
//!
//! ```text
//! any     = all ("||" all)*
//! all     = single ("&&" single)*
//! single  = "!"* ("(" any ")" | operand | operand compare operand | operand ["not"] "in" list)
//! operand = name | literal
//! literal = number | text | true | false | list
//! list    = "[" [literal ("," literal)*] "]"
//! ```

use std::ops::Range;

use serde_json::Value;

use crate::analysis::filter::condition::{Condition, Operand, Relation};
use crate::analysis::filter::token::{Symbol, Token, TokenKind};
use crate::analysis::filter::types::{TypedOperand, check_comparison, check_list, check_truth};
use crate::analysis::filter::{error_at, shown};
use crate::analysis::names::{Names, Unclear, ValueTypes};
use crate::config::{Diagnostic, Problems};

/// The deepest nesting of parentheses and lists: far more than anyone types, far less than would
/// overflow the stack.
const DEEPEST: usize = 64;

/// Reads a condition; names and types are checked on the way, and errors go to `problems`.
///
/// # Errors
/// At the first token that does not fit.
pub(super) fn parse(
    text: &str,
    tokens: &[Token],
    names: &Names,
    problems: &Problems,
) -> Result<Condition, Diagnostic> {
    let mut parser = Parser { text, tokens, at: 0, depth: 0, names, problems };
    let condition = parser.any()?;
    match parser.peek() {
        None => Ok(condition),
        Some(_) => Err(parser.unexpected("expected && or || here")),
    }
}

struct Parser<'a> {
    text: &'a str,
    tokens: &'a [Token],
    at: usize,
    depth: usize,
    names: &'a Names,
    problems: &'a Problems,
}

impl Parser<'_> {
    fn any(&mut self) -> Result<Condition, Diagnostic> {
        let mut conditions = vec![self.all()?];
        while self.takes(Symbol::Or) {
            conditions.push(self.all()?);
        }
        Ok(single_or(conditions, Condition::Any))
    }

    fn all(&mut self) -> Result<Condition, Diagnostic> {
        let mut conditions = vec![self.single()?];
        while self.takes(Symbol::And) {
            conditions.push(self.single()?);
        }
        Ok(single_or(conditions, Condition::All))
    }

    fn single(&mut self) -> Result<Condition, Diagnostic> {
        let mut is_negated = false;
        while self.takes(Symbol::Not) {
            is_negated = !is_negated;
        }
        let condition = match self.peek_sign() {
            Some(Symbol::Open) => self.parentheses()?,
            _ => self.comparison()?,
        };
        Ok(if is_negated { Condition::Not(Box::new(condition)) } else { condition })
    }

    fn parentheses(&mut self) -> Result<Condition, Diagnostic> {
        let open = self.span();
        self.deeper()?;
        let condition = self.any()?;
        self.depth -= 1;
        match self.takes(Symbol::Close) {
            true => Ok(condition),
            false => {
                let wrong = self.unexpected("expected && or || or ) here");
                Err(wrong
                    .related(crate::analysis::filter::origin(open), "this parenthesis is open"))
            }
        }
    }

    fn comparison(&mut self) -> Result<Condition, Diagnostic> {
        let left = self.operand()?;
        let sign_span = self.span();
        let is_negated = self.peek_sign() == Some(Symbol::Not);
        self.at += usize::from(is_negated);
        if is_negated && self.peek_sign() != Some(Symbol::In) {
            return Err(self.unexpected("expected `in` here, as in x not in [1, 2]"));
        }
        if self.takes(Symbol::In) {
            let condition = self.in_list(left)?;
            return Ok(if is_negated { Condition::Not(Box::new(condition)) } else { condition });
        }
        let Some(comparison) = self.peek_sign().and_then(Relation::of) else {
            left.report_unknown(self.problems);
            check_truth(&left, self.problems);
            return Ok(Condition::IsTrue(left.operand));
        };
        self.at += 1;
        let right = self.operand()?;
        if self.peek_sign().and_then(Relation::of).is_some() {
            let help = "join two comparisons: 0.1 < x && x < 0.5";
            return Err(self.unexpected("a comparison has two sides").help(help));
        }
        let sign = sign_span.clone();
        if !self.reports_unquoted([&left, &right], sign) {
            left.report_unknown(self.problems);
            right.report_unknown(self.problems);
        }
        check_comparison(&left, comparison, sign_span, &right, self.problems);
        Ok(Condition::Compare(left.operand, comparison, right.operand))
    }

    fn in_list(&mut self, left: TypedOperand) -> Result<Condition, Diagnostic> {
        if self.peek_sign() != Some(Symbol::OpenList) {
            return Err(self.unexpected("expected a list here, such as [\"sgd\", \"adam\"]"));
        }
        let start = self.span().start;
        let items = self.list()?;
        let end = self.tokens[self.at - 1].span.end;
        left.report_unknown(self.problems);
        check_list(&left, &items, start..end, self.problems);
        Ok(Condition::In(left.operand, items))
    }

    fn operand(&mut self) -> Result<TypedOperand, Diagnostic> {
        let span = self.span();
        if let Some(TokenKind::Name(name)) = self.peek() {
            let name = name.clone();
            self.at += 1;
            return Ok(self.named(&name, span));
        }
        let value = self.literal("expected a name or a value here")?;
        let span = span.start..self.tokens[self.at - 1].span.end;
        Ok(TypedOperand {
            kinds: ValueTypes::of(&value),
            operand: Operand::Literal(value),
            span,
            name: None,
            unknown: None,
            kind: None,
        })
    }

    /// Whether one side is text without quotes; then it is reported as that.
    fn reports_unquoted(&self, sides: [&TypedOperand; 2], sign: Range<usize>) -> bool {
        let [left, right] = sides;
        let is_word = |side: &TypedOperand| {
            side.unknown.as_ref().is_some_and(|unknown| unknown.how != Unclear::Ambiguous)
        };
        let (named, word) = match (is_word(left), is_word(right)) {
            (false, true) => (left, right),
            (true, false) => (right, left),
            _ => return false,
        };
        let (Some(name), Some(text)) = (named.beside_text(), &word.name) else { return false };
        let sign = self.text.get(sign).unwrap_or("==");
        let diagnostic = error_at(word.span.clone(), "text without quotes", "read as a name");
        self.problems.push(diagnostic.help(format!("write '{name} {sign} \"{text}\"'")));
        true
    }

    fn named(&self, name: &str, span: Range<usize>) -> TypedOperand {
        let shown = Some(name.to_owned());
        match self.names.resolve(name) {
            Ok(found) => {
                let (kinds, kind) = (self.names.kinds(&found), self.names.kind_of(&found));
                let operand = Operand::Named(found);
                TypedOperand { operand, kinds, span, name: shown, unknown: None, kind }
            }
            Err(unknown) => TypedOperand {
                operand: Operand::Unknown,
                kinds: ValueTypes::ANY,
                span,
                name: shown,
                unknown: Some(unknown),
                kind: None,
            },
        }
    }

    fn literal(&mut self, expected: &str) -> Result<Value, Diagnostic> {
        let value = match self.peek() {
            Some(TokenKind::Number(number)) => Value::Number(number.clone()),
            Some(TokenKind::Text(text)) => Value::from(text.as_str()),
            Some(TokenKind::Flag(flag)) => Value::from(*flag),
            Some(TokenKind::Sign(Symbol::OpenList)) => return self.list().map(Value::from),
            Some(TokenKind::Name(name)) => {
                let help = format!("text is written with quotes: \"{}\"", shown(name));
                return Err(self.unexpected(expected).help(help));
            }
            _ => return Err(self.unexpected(expected)),
        };
        self.at += 1;
        Ok(value)
    }

    fn list(&mut self) -> Result<Vec<Value>, Diagnostic> {
        self.deeper()?;
        let mut items = Vec::new();
        while !self.takes(Symbol::CloseList) {
            items.push(self.literal("expected a value or ] here")?);
            if !self.takes(Symbol::Comma) && self.peek_sign() != Some(Symbol::CloseList) {
                return Err(self.unexpected("expected , or ] here"));
            }
        }
        self.depth -= 1;
        Ok(items)
    }

    /// Skips an opening sign.
    fn deeper(&mut self) -> Result<(), Diagnostic> {
        if self.depth == DEEPEST {
            return Err(self.unexpected("nested too deep"));
        }
        self.depth += 1;
        self.at += 1;
        Ok(())
    }

    fn peek(&self) -> Option<&TokenKind> {
        self.tokens.get(self.at).map(|token| &token.kind)
    }

    fn peek_sign(&self) -> Option<Symbol> {
        match self.peek() {
            Some(TokenKind::Sign(sign)) => Some(*sign),
            _ => None,
        }
    }

    /// Skips `sign` if it is next.
    fn takes(&mut self, sign: Symbol) -> bool {
        let is_next = self.peek_sign() == Some(sign);
        self.at += usize::from(is_next);
        is_next
    }

    /// The position of the next token; at the end, just after the last.
    fn span(&self) -> Range<usize> {
        let end = self.text.trim_end().len();
        self.tokens.get(self.at).map_or(end..end, |token| token.span.clone())
    }

    fn unexpected(&self, label: &str) -> Diagnostic {
        let span = self.span();
        let title = match self.text.get(span.clone()) {
            Some(found) if !found.is_empty() => {
                format!("unexpected `{}`", shown(found))
            }
            _ => "unexpected end".to_owned(),
        };
        error_at(span, title, label)
    }
}

fn single_or(
    mut conditions: Vec<Condition>,
    joined: impl FnOnce(Vec<Condition>) -> Condition,
) -> Condition {
    match conditions.len() {
        1 => conditions.remove(0),
        _ => joined(conditions),
    }
}
