//! The first difference between two text files, by lines.

use super::{AGAIN, RUN, shown};

/// The most characters shown of a line.
const MOST_CHARACTERS: usize = 60;

/// Names the line with both contents. The files differ.
pub(super) fn first_difference(run: &[u8], again: &[u8]) -> Option<String> {
    let lines_of = |text| <[u8]>::split(text, |byte: &u8| *byte == b'\n').collect::<Vec<_>>();
    let (lines, lines_again) = (lines_of(run), lines_of(again));
    let longer = lines.len().max(lines_again.len());
    let at = (0..longer).find(|&i| lines.get(i) != lines_again.get(i))?;
    let text = |of_one: &[&[u8]]| of_one.get(at).map_or("no line".to_owned(), |line| cut(line));
    Some(format!("line {}: {} {RUN}, {} {AGAIN}", at + 1, text(&lines), text(&lines_again)))
}

fn cut(line: &[u8]) -> String {
    let text = shown(line.trim_ascii());
    match text.char_indices().nth(MOST_CHARACTERS) {
        Some((end, _)) => format!("{}...", &text[..end]),
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn line_is_named_with_both_contents() {
        let difference =
            |run: &str, again: &str| first_difference(run.as_bytes(), again.as_bytes()).unwrap();
        let expected = "line 2: \"x\": 1 in the run, \"x\": 2 trained again";
        assert_eq!(difference("{\n  \"x\": 1\n}\n", "{\n  \"x\": 2\n}\n"), expected);
        assert_eq!(difference("a", "a\nb"), "line 2: no line in the run, b trained again");
        assert_eq!(difference("", "a\n"), "line 1: nothing in the run, a trained again");
        assert_eq!(difference("\u{1b}\n", "a\n"), r"line 1: \u{1b} in the run, a trained again");
        let long = difference(&"é".repeat(100), "a");
        assert_eq!(long, format!("line 1: {}... in the run, a trained again", "é".repeat(60)));
        assert_eq!(first_difference(b"a\n", b"a\n"), None);
    }
}
