//! Labels that stand for a missing one.

use std::collections::BTreeMap;

/// What pandas treats as missing by default, except the empty field
/// (<https://pandas.pydata.org/docs/reference/api/pandas.read_csv.html>, `na_values`), in any case.
const IN_ANY_CASE: [&str; 12] = [
    "#N/A", "#N/A N/A", "#NA", "-1.#IND", "-1.#QNAN", "-NaN", "1.#IND", "1.#QNAN", "<NA>", "N/A",
    "NULL", "NaN",
];
/// Likewise, but case-sensitive, because another case may be a word (`none`, `Na`); and the `?` of
/// the UCI repository.
const EXACTLY: [&str; 3] = ["NA", "None", "?"];

/// How often each spelling occurred.
#[derive(Debug, Default)]
pub(super) struct MissingLabels {
    counts: BTreeMap<String, usize>,
}

impl MissingLabels {
    /// Returns whether a label stands for a missing one, and counts it.
    pub(super) fn take(&mut self, label: &str) -> bool {
        let is_missing = is_missing(label);
        if is_missing {
            *self.counts.entry(label.to_owned()).or_default() += 1;
        }
        is_missing
    }

    /// A note about them, if there are any.
    pub(super) fn note(&self) -> Option<String> {
        let total: usize = self.counts.values().sum();
        let each = self.counts.iter().map(|(spelling, count)| format!("{spelling} {count}"));
        let each: Vec<String> = each.collect();
        (total > 0).then(|| {
            format!(
                "{total} labels that stand for a missing value are not classes ({}); rename a \
                 class with such a name",
                each.join(", ")
            )
        })
    }
}

/// Whether a label stands for a missing one.
pub(super) fn is_missing(label: &str) -> bool {
    EXACTLY.contains(&label)
        || IN_ANY_CASE.iter().any(|spelling| spelling.eq_ignore_ascii_case(label))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_are_counted_and_named() {
        let mut missing = MissingLabels::default();
        assert_eq!(missing.note(), None);
        let taken = ["NaN", "NA", "nan", "NA", "nano", "none", "0", "Na"].map(|l| missing.take(l));
        assert_eq!(taken, [true, true, true, true, false, false, false, false]);
        let note = missing.note().unwrap();
        assert!(note.starts_with("4 labels") && note.contains("(NA 2, NaN 1, nan 1)"), "{note}");
    }
}
