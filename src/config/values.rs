//! Numbers, words and lists of a table.

use super::reader::quoted_list;
use super::{Diagnostic, Node, Range, TableReader, Value, WantedType, choice_help};

impl TableReader<'_> {
    /// A number, whole numbers included.
    pub fn optional_float(&mut self, key: &'static str, range: Range) -> Option<f64> {
        let entry = self.entry(key)?;
        self.number(&entry.node, &self.name(key), range)
    }

    fn number(&self, node: &Node, name: &str, range: Range) -> Option<f64> {
        let number = match node.value {
            Value::Float(number) => number,
            Value::Integer(number) => number as f64,
            ref other => {
                self.wrong_type(node.origin, name, WantedType::Number, other);
                return None;
            }
        };
        if let Some(problem) = range.problem(number) {
            self.out_of_range(node, name, &problem);
            return None;
        }
        Some(number + 0.0) // -0.0 becomes 0.0: the same trial must have the same id
    }

    fn out_of_range(&self, node: &Node, name: &str, label: &str) {
        let title = format!("`{name}` is out of range");
        self.problems.push(Diagnostic::new(node.origin, title, label));
    }

    /// A whole number from `min` to `max`.
    pub fn optional_integer_within<T: TryFrom<i64>>(
        &mut self,
        key: &'static str,
        min: i64,
        max: i64,
    ) -> Option<T> {
        let entry = self.entry(key)?;
        self.whole(&entry.node, &self.name(key), min, max)
    }

    fn whole<T: TryFrom<i64>>(&self, node: &Node, name: &str, min: i64, max: i64) -> Option<T> {
        let Value::Integer(number) = node.value else {
            self.wrong_type(node.origin, name, WantedType::WholeNumber, &node.value);
            return None;
        };
        if number < min {
            self.out_of_range(node, name, &format!("must be {min} or more"));
            return None;
        }
        let converted = T::try_from(number).ok().filter(|_| number <= max);
        if converted.is_none() {
            self.out_of_range(node, name, &format!("must be {max} or less"));
        }
        converted
    }

    /// A list of whole numbers from `min` to `max`; without those that are wrong.
    pub fn optional_integers<T: TryFrom<i64>>(
        &mut self,
        key: &'static str,
        min: i64,
        max: i64,
    ) -> Option<Vec<T>> {
        let name = self.name(key);
        match &self.entry(key)?.node {
            Node { value: Value::Array(items), .. } => {
                Some(items.iter().filter_map(|item| self.whole(item, &name, min, max)).collect())
            }
            other => {
                self.wrong_type(other.origin, &name, WantedType::WholeNumbers, &other.value);
                None
            }
        }
    }

    /// A list of numbers of `range`, without those that are wrong, or one of a few words, each with its
    /// meaning.
    pub fn optional_numbers_or_choice<T: Copy>(
        &mut self,
        key: &'static str,
        range: Range,
        words: &[(&'static str, T)],
    ) -> Option<Result<T, Vec<f64>>> {
        let name = self.name(key);
        let entry = self.entry(key)?;
        match &entry.node.value {
            Value::Array(items) => {
                let numbers = items.iter().filter_map(|item| self.number(item, &name, range));
                Some(Err(numbers.collect()))
            }
            Value::String(word) => {
                let names: Vec<&str> = words.iter().map(|(name, _)| *name).collect();
                let choices = format!("it is a list of numbers, or {}", quoted_list(&names));
                self.choice(key, word, words, choices).map(Ok)
            }
            _ => {
                let names: Vec<&str> = words.iter().map(|(name, _)| *name).collect();
                let choices = format!("it is a list of numbers, or {}", quoted_list(&names));
                self.wrong_choice(&entry.node, &name, WantedType::NumbersOrWord, choices);
                None
            }
        }
    }

    /// A list of different seeds, or a number n of them, which stands for 0 to n - 1.
    pub fn optional_seeds(&mut self, key: &'static str, most: i64) -> Option<Vec<u64>> {
        let name = self.name(key);
        let entry = self.entry(key)?;
        match &entry.node.value {
            Value::Array(items) if items.is_empty() => {
                let help = Some("one seed is one trial: `seeds = [0]`".to_owned());
                let title = format!("`{name}` is empty");
                self.error(key, title, "no trials".to_owned(), help);
                None
            }
            Value::Array(items) => {
                let seeds = self.distinct(items, &name);
                (!seeds.is_empty()).then_some(seeds) // all of them wrong
            }
            Value::Integer(_) => {
                let count = self.whole(&entry.node, &name, 1, most);
                count.map(|count: u64| (0..count).collect())
            }
            other => {
                self.wrong_type(entry.node.origin, &name, WantedType::Seeds, other);
                None
            }
        }
    }

    fn distinct(&self, items: &[Node], name: &str) -> Vec<u64> {
        let mut seen = std::collections::HashMap::new();
        let mut numbers = Vec::new();
        for item in items {
            let Some(number) = self.whole(item, name, 0, i64::MAX) else {
                continue;
            };
            if let Some(first) = seen.insert(number, item.origin) {
                let title = format!("`{name}` has {number} twice");
                let again = Diagnostic::new(item.origin, title, "again");
                self.problems.push(again.related(first, "first here"));
            } else {
                numbers.push(number);
            }
        }
        numbers
    }

    /// `true` or `false`.
    pub fn optional_boolean(&mut self, key: &'static str) -> Option<bool> {
        let entry = self.entry(key)?;
        match &entry.node.value {
            Value::Boolean(flag) => Some(*flag),
            other => {
                self.wrong_type(entry.node.origin, &self.name(key), WantedType::Boolean, other);
                None
            }
        }
    }

    /// A string.
    pub fn optional_string(&mut self, key: &'static str) -> Option<String> {
        let entry = self.entry(key)?;
        match &entry.node.value {
            Value::String(text) => Some(text.clone()),
            other => {
                self.wrong_type(entry.node.origin, &self.name(key), WantedType::Text, other);
                None
            }
        }
    }

    /// One of a few words, each with its meaning.
    pub fn optional_choice<T: Copy>(
        &mut self,
        key: &'static str,
        words: &[(&'static str, T)],
    ) -> Option<T> {
        let word = self.optional_string(key)?;
        let names: Vec<&str> = words.iter().map(|(name, _)| *name).collect();
        self.choice(key, &word, words, format!("the choices are {}", quoted_list(&names)))
    }

    /// Reports a value of another type, with what it may be.
    fn wrong_choice(&self, node: &Node, name: &str, wanted: WantedType, choices: String) {
        let help = wanted.help(&node.value).or(Some(choices));
        self.wrong_type_with(node.origin, name, wanted, &node.value, help);
    }

    fn choice<T: Copy>(
        &self,
        key: &'static str,
        word: &str,
        words: &[(&'static str, T)],
        choices: String,
    ) -> Option<T> {
        if let Some((_, value)) = words.iter().find(|(name, _)| *name == word) {
            return Some(*value);
        }
        let names: Vec<&str> = words.iter().map(|(name, _)| *name).collect();
        let help = choice_help(&self.name(key), word, &names, &choices);
        let title = format!("unknown `{}`", self.name(key));
        self.error(key, title, "no such choice".to_owned(), Some(help));
        None
    }

    /// A number of `range`, or one of a few words, each with its meaning.
    pub fn optional_number_or_choice<T: Copy>(
        &mut self,
        key: &'static str,
        range: Range,
        of_number: fn(f64) -> T,
        words: &[(&'static str, T)],
    ) -> Option<T> {
        let entry = self.entry(key)?;
        match &entry.node.value {
            Value::Integer(_) | Value::Float(_) => {
                self.number(&entry.node, &self.name(key), range).map(of_number)
            }
            Value::String(word) if word.parse::<f64>().is_err() => {
                let names: Vec<&str> = words.iter().map(|(name, _)| *name).collect();
                let choices = format!("it is a number, or {}", quoted_list(&names));
                self.choice(key, word, words, choices)
            }
            _ => {
                let names: Vec<&str> = words.iter().map(|(name, _)| *name).collect();
                let choices = format!("it is a number, or {}", quoted_list(&names));
                self.wrong_choice(&entry.node, &self.name(key), WantedType::NumberOrWord, choices);
                None
            }
        }
    }

    /// The key's value, if it is a word.
    pub fn word_there(&self, key: &str) -> Option<&str> {
        match &self.there(key)?.node.value {
            Value::String(word) => Some(word.as_str()),
            _ => None,
        }
    }

    /// The type of the key's value, if it is neither a word nor a table.
    pub fn wrong_word(&self, key: &str) -> Option<&'static str> {
        let value = &self.there(key)?.node.value;
        let is_right = matches!(value, Value::String(_) | Value::Table(_) | Value::Invalid);
        (!is_right).then(|| value.type_name())
    }

    /// Whether the value of the key is a table.
    pub fn is_table(&self, key: &str) -> bool {
        let entry = self.there(key);
        entry.is_some_and(|entry| matches!(entry.node.value, Value::Table(_)))
    }
}
