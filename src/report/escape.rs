//! Makes text safe to show: what a terminal would obey or could not show is spelled out.

use std::borrow::Cow;
use std::fmt::Write;

/// Replaces control characters (terminal escapes, line breaks) and invisible or direction-changing
/// ones by `\u{...}`.
pub fn escape_controls(text: &str) -> Cow<'_, str> {
    if !text.contains(is_unsafe) {
        return Cow::Borrowed(text);
    }
    let mut escaped = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        if is_unsafe(c) {
            write!(escaped, "{}", c.escape_unicode()).expect("a String takes any text");
        } else {
            escaped.push(c);
        }
    }
    Cow::Owned(escaped)
}

fn is_unsafe(c: char) -> bool {
    let hidden_or_turning = matches!(c,
        '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}');
    c.is_control() || hidden_or_turning
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn terminal_escapes_are_spelled_out() {
        assert_eq!(escape_controls("a\x1b[31mb\r\n"), r"a\u{1b}[31mb\u{d}\u{a}");
        assert_eq!(escape_controls("\u{9b}2J\u{202e}"), r"\u{9b}2J\u{202e}");
        assert_eq!(escape_controls("Größe ± 1"), "Größe ± 1");
    }
}
