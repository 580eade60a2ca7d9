//! Text of an expression -> tokens, each with its byte range.

use std::ops::Range;

use serde_json::Number;

use crate::analysis::filter::{error_at, shown};
use crate::config::Diagnostic;

/// One token.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Token {
    pub(super) kind: TokenKind,
    pub(super) span: Range<usize>, // bytes of the expression
}

/// What a token is.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum TokenKind {
    Name(String),
    Number(Number), // finite
    Text(String),
    Flag(bool),
    Sign(Symbol),
}

/// Operators and punctuation; the words `and`, `or`, `not` and `in` are operators too.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Symbol {
    Equal,
    NotEqual,
    Less,
    AtMost,
    Greater,
    AtLeast,
    And,
    Or,
    Not,
    In,
    Open,
    Close,
    OpenList,
    CloseList,
    Comma,
}

/// Longer ones before their prefixes.
const SIGNS: [(&str, Symbol); 14] = [
    ("==", Symbol::Equal),
    ("!=", Symbol::NotEqual),
    ("<=", Symbol::AtMost),
    (">=", Symbol::AtLeast),
    ("<", Symbol::Less),
    (">", Symbol::Greater),
    ("&&", Symbol::And),
    ("||", Symbol::Or),
    ("!", Symbol::Not),
    ("(", Symbol::Open),
    (")", Symbol::Close),
    ("[", Symbol::OpenList),
    ("]", Symbol::CloseList),
    (",", Symbol::Comma),
];

/// All tokens of an expression.
///
/// # Errors
/// At the first character that begins none, or a token that is broken off.
pub(super) fn tokens(text: &str) -> Result<Vec<Token>, Diagnostic> {
    let mut tokens = Vec::new();
    let mut at = 0;
    loop {
        at = text.len() - text[at..].trim_start().len();
        let Some(first) = text[at..].chars().next() else {
            return Ok(tokens);
        };
        let (kind, length) = token(text, at, first)?;
        tokens.push(Token { kind, span: at..at + length });
        at += length;
    }
}

/// The token that begins at byte `at`, and how many bytes it has.
fn token(text: &str, at: usize, first: char) -> Result<(TokenKind, usize), Diagnostic> {
    let rest = &text[at..];
    let begins_number = |start: &str| {
        let digits = start.strip_prefix('.').unwrap_or(start);
        digits.starts_with(|c: char| c.is_ascii_digit())
    };
    if begins_number(rest) || begins_number(rest.strip_prefix(['-', '+']).unwrap_or("")) {
        return number(text, at);
    }
    match first {
        '"' | '\'' => string(text, at, first),
        'a'..='z' | 'A'..='Z' | '_' => Ok(word(rest)),
        _ => {
            let found = SIGNS.iter().find(|(spelling, _)| rest.starts_with(spelling));
            let (spelling, sign) = found.ok_or_else(|| unexpected(at, first))?;
            Ok((TokenKind::Sign(*sign), spelling.len()))
        }
    }
}

fn unexpected(at: usize, found: char) -> Diagnostic {
    let title = format!("unexpected `{}`", shown(&found.to_string()));
    let diagnostic =
        error_at(at..at + found.len_utf8(), title, "no name, value or sign begins like this");
    match found {
        '=' => diagnostic.help("equality is written =="),
        '&' => diagnostic.help("and is written &&"),
        '|' => diagnostic.help("or is written ||"),
        '“' | '”' | '„' | '‘' | '’' => {
            diagnostic.help("text is written \"adam\" or 'adam'")
        }
        _ => diagnostic,
    }
}

fn word(rest: &str) -> (TokenKind, usize) {
    let part_of_name = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '.';
    let length = rest.find(|c| !part_of_name(c)).unwrap_or(rest.len());
    let kind = match &rest[..length] {
        "true" => TokenKind::Flag(true),
        "false" => TokenKind::Flag(false),
        "and" => TokenKind::Sign(Symbol::And),
        "or" => TokenKind::Sign(Symbol::Or),
        "not" => TokenKind::Sign(Symbol::Not),
        "in" => TokenKind::Sign(Symbol::In),
        name => TokenKind::Name(name.to_owned()),
    };
    (kind, length)
}

/// A number as in TOML; a `%` after it means a hundredth of it.
fn number(text: &str, at: usize) -> Result<(TokenKind, usize), Diagnostic> {
    let rest = &text[at..];
    let mut before = 'e'; // a sign may come first
    let length = rest.find(|c: char| {
        let is_sign = matches!(c, '+' | '-') && matches!(before, 'e' | 'E');
        before = c;
        !(c.is_ascii_alphanumeric() || matches!(c, '.' | '_') || is_sign)
    });
    let length = length.unwrap_or(rest.len());
    let span = at..at + length;
    let digits = rest[..length].replace('_', "");
    match digits.parse::<f64>() {
        Ok(number) if number.is_finite() => {
            let is_percent = rest[length..].starts_with('%');
            // A whole number has all of its digits.
            let small = digits.parse::<i64>().map(Number::from);
            let whole = small.or_else(|_| digits.parse::<u64>().map(Number::from)).ok();
            let json = match (is_percent, whole) {
                (false, Some(whole)) => Some(whole),
                (false, None) => Number::from_f64(number),
                (true, _) => Number::from_f64(number / 100.0),
            };
            let json = json.expect("it is finite");
            Ok((TokenKind::Number(json), length + usize::from(is_percent)))
        }
        Ok(_) => Err(error_at(span, "number out of range", "does not fit into 64 bits")),
        Err(_) => {
            let title = format!("`{}` is not a number", shown(&rest[..length]));
            Err(error_at(span, title, "numbers are written 0.5, 100 or 1e-3"))
        }
    }
}

/// Text in quotes of either kind; in double quotes, `\"` and `\\` mean the character after the `\`.
fn string(text: &str, at: usize, quote: char) -> Result<(TokenKind, usize), Diagnostic> {
    let mut content = String::new();
    let mut characters = text[at + 1..].char_indices();
    while let Some((index, c)) = characters.next() {
        match c {
            _ if c == quote => return Ok((TokenKind::Text(content), index + 2)),
            '\\' if quote == '"' => match characters.next() {
                Some((_, escaped @ ('"' | '\\'))) => content.push(escaped),
                Some((_, other)) => content.extend(['\\', other]),
                None => break,
            },
            _ => content.push(c),
        }
    }
    let label = format!("has no closing {quote}");
    Err(error_at(at..text.len(), "text without an end", label))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(text: &str) -> Vec<TokenKind> {
        tokens(text).unwrap().into_iter().map(|token| token.kind).collect()
    }

    #[test]
    fn numbers_are_those_of_toml_and_percent() {
        let numbers = kinds("0.5 1e-3 1_000 -2 +.5 50% 2E+2");
        let of = |number: f64| TokenKind::Number(Number::from_f64(number).unwrap());
        let whole = |number: i64| TokenKind::Number(number.into());
        let expected = [of(0.5), of(1e-3), whole(1000), whole(-2), of(0.5), of(0.5), of(200.0)];
        assert_eq!(numbers, expected);
    }

    #[test]
    fn text_has_either_quote() {
        let texts = ["a'b", r#"a"b\"#, r"c\d", "", r"x\n"];
        let expected = texts.map(|text| TokenKind::Text(text.to_owned()));
        assert_eq!(kinds(r#""a'b" "a\"b\\" 'c\d' '' "x\n""#), expected);
    }

    #[test]
    fn operators_need_no_spaces() {
        let token = |text: &str| tokens(text).unwrap().len();
        assert_eq!(token("a.b==1&&!(c<=2||d!=.5)"), 14);
        assert_eq!(tokens("a <= 1").unwrap()[1].span, 2..4);
        assert_eq!(kinds("and or not in"), kinds("&& || !in"));
    }

    #[test]
    fn what_begins_no_token_is_pointed_at() {
        for (text, at) in
            [("a = 1", 2..3), ("ä", 0..2), ("a == 1x", 5..7), ("a == \"b", 5..7), ("1e999", 0..5)]
        {
            let origin = tokens(text).unwrap_err().origin;
            assert_eq!(origin.start..origin.end, at, "{text}");
        }
    }
}
