//! Numbers, words and lists of a table.

use super::reader::quoted_list;
use super::{Node, Origin, Range, TableReader, Value, nearest};

impl TableReader<'_> {
    /// A number; integers are accepted, `nan` and `inf` are not.
    pub fn float(&mut self, key: &'static str, default: f64, range: Range) -> f64 {
        let Some(entry) = self.entry(key) else {
            return default;
        };
        self.number(&entry.node, &self.name(key), range).unwrap_or(default)
    }

    /// As [`TableReader::float`] for a key that has no default.
    pub fn required_float(&mut self, key: &'static str, range: Range, example: &str) -> f64 {
        self.require(key, &format!("for example `{key} = {example}`"));
        self.float(key, 0.5, range)
    }

    /// As [`TableReader::float`], or nothing.
    pub fn optional_float(&mut self, key: &'static str, range: Range) -> Option<f64> {
        let entry = self.entry(key)?;
        self.number(&entry.node, &self.name(key), range)
    }

    fn number(&self, node: &Node, name: &str, range: Range) -> Option<f64> {
        let number = match node.value {
            Value::Float(number) => number,
            Value::Integer(number) => number as f64,
            ref other => {
                self.wrong_type(node.origin, name, "a number", other);
                return None;
            }
        };
        if let Some(problem) = range.problem(number) {
            self.out_of_range(node.origin, name, &problem);
            return None;
        }
        Some(number + 0.0) // -0.0 becomes 0.0: the same trial must have the same id
    }

    fn out_of_range(&self, origin: Origin, name: &str, label: &str) {
        let title = format!("`{name}` is out of range");
        self.problems.push(super::Diagnostic::new(origin, title, label));
    }

    /// A whole number of at least `min`.
    pub fn integer<T: TryFrom<i64>>(&mut self, key: &'static str, default: T, min: i64) -> T {
        self.optional_integer(key, min).unwrap_or(default)
    }

    /// A whole number of at least `min`, or nothing.
    pub fn optional_integer<T: TryFrom<i64>>(&mut self, key: &'static str, min: i64) -> Option<T> {
        let entry = self.entry(key)?;
        self.whole(&entry.node, &self.name(key), min, i64::MAX)
    }

    /// A whole number from `min` to `max`.
    pub fn integer_within<T: TryFrom<i64>>(
        &mut self,
        key: &'static str,
        default: T,
        min: i64,
        max: i64,
    ) -> T {
        self.optional_integer_within(key, min, max).unwrap_or(default)
    }

    /// A whole number from `min` to `max`, or nothing.
    pub fn optional_integer_within<T: TryFrom<i64>>(
        &mut self,
        key: &'static str,
        min: i64,
        max: i64,
    ) -> Option<T> {
        let entry = self.entry(key)?;
        self.whole(&entry.node, &self.name(key), min, max)
    }

    /// A whole number from `min` to `max` for a key that has no default; `min` stands for one that is
    /// missing or wrong.
    pub fn required_integer<T: TryFrom<i64> + Default>(
        &mut self,
        key: &'static str,
        min: i64,
        max: i64,
        example: &str,
    ) -> T {
        self.require(key, &format!("for example `{key} = {example}`"));
        let fallback = T::try_from(min).unwrap_or_default();
        self.integer_within(key, fallback, min, max)
    }

    fn whole<T: TryFrom<i64>>(&self, node: &Node, name: &str, min: i64, max: i64) -> Option<T> {
        let Value::Integer(number) = node.value else {
            self.wrong_type(node.origin, name, "a whole number", &node.value);
            return None;
        };
        if number < min {
            self.out_of_range(node.origin, name, &format!("must be {min} or more"));
            return None;
        }
        let converted = T::try_from(number).ok().filter(|_| number <= max);
        if converted.is_none() {
            self.out_of_range(node.origin, name, &format!("must be {max} or less"));
        }
        converted
    }

    /// A list of whole numbers from `min` to `max`, without a default.
    pub fn required_integers<T: TryFrom<i64>>(
        &mut self,
        key: &'static str,
        min: i64,
        max: i64,
        example: &str,
    ) -> Vec<T> {
        self.require(key, &format!("for example `{key} = {example}`"));
        let name = self.name(key);
        self.problems.record_list(&name);
        match self.entry(key).map(|entry| &entry.node) {
            None => Vec::new(),
            Some(Node { value: Value::Array(items), .. }) => {
                items.iter().filter_map(|item| self.whole(item, &name, min, max)).collect()
            }
            Some(other) => {
                self.wrong_type(other.origin, &name, "a list of whole numbers", &other.value);
                Vec::new()
            }
        }
    }

    /// Seeds: a list without duplicates, or a number n that stands for 0 to n - 1.
    pub fn seeds(&mut self, key: &'static str, default: Vec<u64>, most: i64) -> Vec<u64> {
        let name = self.name(key);
        self.problems.record_list(&name);
        let Some(entry) = self.entry(key) else {
            return default;
        };
        match &entry.node.value {
            Value::Array(items) if items.is_empty() => {
                let help = Some("one seed is one trial: `seeds = [0]`".to_owned());
                let title = format!("`{name}` is empty");
                self.error(key, title, "no trials".to_owned(), help);
                default
            }
            Value::Array(items) => {
                let seeds = self.distinct(items, &name);
                if seeds.is_empty() { default } else { seeds } // all of them wrong
            }
            Value::Integer(_) => {
                let count = self.whole(&entry.node, &name, 1, most);
                count.map_or(default, |count: u64| (0..count).collect())
            }
            other => {
                let wanted = "a list of whole numbers, or how many";
                self.wrong_type(entry.node.origin, &name, wanted, other);
                default
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
                let again = super::Diagnostic::new(item.origin, title, "again");
                self.problems.push(again.related(first, "first here"));
            } else {
                numbers.push(number);
            }
        }
        numbers
    }

    /// `true` or `false`.
    pub fn boolean(&mut self, key: &'static str, default: bool) -> bool {
        let Some(entry) = self.entry(key) else {
            return default;
        };
        match &entry.node.value {
            Value::Boolean(flag) => *flag,
            other => {
                self.wrong_type(entry.node.origin, &self.name(key), "true or false", other);
                default
            }
        }
    }

    /// Text, or nothing.
    pub fn optional_string(&mut self, key: &'static str) -> Option<String> {
        let entry = self.entry(key)?;
        match &entry.node.value {
            Value::String(text) => Some(text.clone()),
            other => {
                self.wrong_type(entry.node.origin, &self.name(key), "a string", other);
                None
            }
        }
    }

    /// One of a few words.
    pub fn choice<T: Copy>(
        &mut self,
        key: &'static str,
        default: T,
        words: &[(&'static str, T)],
    ) -> T {
        let Some(word) = self.optional_string(key) else {
            return default;
        };
        if let Some((_, value)) = words.iter().find(|(name, _)| *name == word) {
            return *value;
        }
        let names: Vec<&str> = words.iter().map(|(name, _)| *name).collect();
        let help = match nearest(&word, names.iter().copied()) {
            Some(near) => format!("did you mean \"{near}\"?"),
            None => format!("the choices are {}", quoted_list(&names)),
        };
        let title = format!("unknown `{}`", self.name(key));
        self.error(key, title, "no such choice".to_owned(), Some(help));
        default
    }

    /// Whether the value of a key is a table.
    pub fn is_table(&self, key: &str) -> bool {
        let entry = self.table.get(key);
        entry.is_some_and(|entry| matches!(entry.node.value, Value::Table(_)))
    }

    /// Whether only the names of keys are wanted, so that every alternative should be asked for.
    pub fn is_recording(&self) -> bool {
        self.problems.is_recording()
    }
}
