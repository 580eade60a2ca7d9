//! Makes text safe to show: characters that a terminal would interpret or could not show are escaped.

use std::borrow::Cow;
use std::fmt::Write;

/// Replaces control characters (terminal escapes, line breaks) and invisible or direction-changing
/// ones by `\u{...}`.
pub(crate) fn escape_controls(text: &str) -> Cow<'_, str> {
    escape(text, is_unsafe)
}

/// Like [`escape_controls`], but keeps line breaks.
pub(crate) fn escape_lines(text: &str) -> Cow<'_, str> {
    escape(text, |c| c != '\n' && is_unsafe(c))
}

/// Replaces characters that a terminal would interpret or hide by a replacement character, except
/// the 32 ASCII control characters, which coloured text needs.
pub(crate) fn replace_unseen(styled: &str) -> String {
    let is_colour = |c| c < ' ';
    styled.replace(|c| is_unsafe(c) && !is_colour(c), "\u{fffd}")
}

fn escape(text: &str, is_unsafe: impl Fn(char) -> bool) -> Cow<'_, str> {
    if !text.contains(&is_unsafe) {
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
        '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{2069}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}');
    let not_in_xml = matches!(c, '\u{fffe}' | '\u{ffff}'); // an SVG file with one is invalid
    c.is_control() || hidden_or_turning || not_in_xml
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn terminal_escapes_are_spelled_out() {
        assert_eq!(escape_controls("a\x1b[31mb\r\n"), r"a\u{1b}[31mb\u{d}\u{a}");
        assert_eq!(escape_controls("\u{9b}2J\u{202e}"), r"\u{9b}2J\u{202e}");
        assert_eq!(escape_controls("Größe ± 1"), "Größe ± 1");
        assert_eq!(escape_controls("\u{61c}\u{e0041}\u{ffff}"), r"\u{61c}\u{e0041}\u{ffff}");
        assert_eq!(replace_unseen("\x1b[1m\u{9b}2J\u{61c}\n"), "\x1b[1m\u{fffd}2J\u{fffd}\n");
        assert_eq!(escape_lines("a\x1b\r\nb\n"), "a\\u{1b}\\u{d}\nb\n");
    }
}
