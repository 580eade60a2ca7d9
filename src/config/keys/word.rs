//! Words to choose from.

use super::facts::{ValueKind, described};
use super::{Scalar, Written};
use crate::config::{TableReader, quoted_list};

/// A choice of words; `words!` implements it.
pub trait Word: Copy + PartialEq + 'static {
    /// Each word of the file with its value and meaning.
    const WORDS: &'static [(&'static str, Self, &'static [&'static str])];
}

/// One of the words of a choice.
pub fn word<T: Word>() -> WordOf<T> {
    WordOf(T::WORDS.iter().map(|(_, choice, _)| *choice).collect())
}

/// One of these.
pub fn word_of<T: Word>(choices: &[T]) -> WordOf<T> {
    WordOf(choices.to_vec())
}

/// See [`word`].
pub struct WordOf<T>(Vec<T>);

impl<T: Word> WordOf<T> {
    fn words(&self) -> Vec<(&'static str, T, &'static [&'static str])> {
        let is_possible = |choice: &T| self.0.contains(choice);
        T::WORDS.iter().filter(|(_, choice, _)| is_possible(choice)).copied().collect()
    }
}

impl<T: Word> Scalar<T> for WordOf<T> {
    fn take(&self, table: &mut TableReader<'_>, key: &'static str) -> Option<T> {
        let words = self.words();
        let choices: Vec<(&str, T)> =
            words.iter().map(|(name, choice, _)| (*name, *choice)).collect();
        table.optional_choice(key, &choices)
    }

    fn put(&self, value: &T) -> Written {
        let word = T::WORDS.iter().find(|(_, choice, _)| choice == value);
        Written::Text(word.map_or(String::new(), |(name, _, _)| (*name).to_owned()))
    }

    fn kind(&self) -> ValueKind {
        ValueKind::Words(described(&self.words()))
    }

    fn stand_in(&self) -> T {
        self.0[0]
    }

    fn help(&self, _: &str, _: &str) -> String {
        let words = self.words();
        let names: Vec<&str> = words.iter().map(|(name, _, _)| *name).collect();
        format!("the choices are {}", quoted_list(&names))
    }
}
