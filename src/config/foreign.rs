//! What other programs call things, and what these are called here. The list is `foreign.txt`, a line for each
//! meaning.

use super::tables::ANY_ELEMENT;

/// A line for each meaning: `words -> meaning ; remark`.
const LIST: &str = include_str!("foreign.txt");

/// What a word of another program means here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Meaning {
    /// A dotted key, a table, `key = "value"` or a figure; empty: the remark says it all.
    pub ours: &'static str,
    /// What else to know; may be empty.
    pub remark: &'static str,
}

impl Meaning {
    /// The key and the value, if it is a value of a key.
    pub fn value(self) -> Option<(&'static str, &'static str)> {
        let (key, value) = self.ours.split_once(" = ")?;
        Some((key, value.trim_matches('"')))
    }

    /// The remark, to be appended to a sentence.
    pub fn rest(self) -> String {
        if self.remark.is_empty() { String::new() } else { format!(" ({})", self.remark) }
    }
}

/// The meanings of a word, in the order of the list.
pub fn meanings(word: &str) -> impl Iterator<Item = Meaning> {
    let wanted = squashed(bare(word));
    let has_word =
        move |words: &str| words.split_whitespace().any(|known| squashed(known) == wanted);
    all_meanings().filter(move |(words, _)| has_word(words)).map(|(_, meaning)| meaning)
}

/// The word `ReLU` of `torch.nn.ReLU()`.
pub(super) fn bare(word: &str) -> &str {
    let word = word.trim().trim_end_matches("()");
    word.rsplit(['.', ':']).next().unwrap_or_default()
}

/// Every line: its words and their meaning.
pub(crate) fn all_meanings() -> impl Iterator<Item = (&'static str, Meaning)> {
    LIST.lines().filter(|line| !line.starts_with('#')).filter_map(|line| {
        let (words, meaning) = line.split_once("->")?;
        let (ours, remark) = meaning.split_once(';').unwrap_or((meaning, ""));
        Some((words.trim(), Meaning { ours: ours.trim(), remark: remark.trim() }))
    })
}

/// A word without what programs spell differently: `BatchNorm_1d` and `batch-norm1d` are the same.
pub(crate) fn squashed(word: &str) -> String {
    let letters = word.chars().filter(|c| !matches!(c, '_' | '-' | ' '));
    letters.flat_map(char::to_lowercase).collect()
}

/// A path with `[]` in place of the numbers of elements; a list within an element of the same list counts as
/// that list: `network.layers[].kind` for `network.layers.3.layers.0.kind`.
pub(super) fn general(path: &str) -> String {
    let mut general: Vec<String> = Vec::new();
    for part in path.split('.') {
        let is_number = !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
        match general.last_mut() {
            Some(list) if is_number => list.push_str(ANY_ELEMENT),
            _ => general.push(part.to_owned()),
        }
        let is_same_list = |pair: &[String]| pair[0] == pair[1] && pair[0].ends_with(ANY_ELEMENT);
        if general.windows(2).last().is_some_and(is_same_list) {
            general.pop();
        }
    }
    general.join(".")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_known_however_they_are_spelled() {
        let ours = |word: &str| meanings(word).map(|meaning| meaning.ours).collect::<Vec<_>>();
        for word in ["MaxPool2d", "max_pool_2d", "nn.MaxPool2d()", "MAX-POOL2D"] {
            assert_eq!(ours(word), ["network.layers[].kind = \"max_pool\""], "{word}");
        }
        assert_eq!(ours("lr"), ["optimizer.learning_rate"]);
        assert!(ours("flavour").is_empty() && ours("").is_empty());
    }

    #[test]
    fn elements_of_lists_have_no_number() {
        assert_eq!(general("network.layers.3.layers.0.kind"), "network.layers[].kind");
        assert_eq!(general("network.dropout"), "network.dropout");
        assert_eq!(general(""), "");
    }

    #[test]
    fn no_line_has_a_word_twice_or_none() {
        for (words, meaning) in all_meanings() {
            let mut squeezed: Vec<String> = words.split_whitespace().map(squashed).collect();
            assert!(!squeezed.is_empty(), "{meaning:?}");
            assert!(!meaning.ours.is_empty() || !meaning.remark.is_empty(), "{words}");
            let count = squeezed.len();
            squeezed.sort_unstable();
            squeezed.dedup();
            assert_eq!(squeezed.len(), count, "{words}");
        }
    }
}
