//! Long lists in messages: the first few, and how many more there are.

/// The most lines of one kind that are shown; the rest are only counted.
pub(crate) const FEW_LINES: usize = 5;

/// The separator between the items of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Between {
    /// For names: `a, b and 3 more`.
    Commas,
    /// For items that may have commas of their own: `a; b; and 3 more`.
    Semicolons,
}

/// The first `most` items, and how many more there are; `None` if there are none.
pub(crate) fn first_few<S: AsRef<str>>(
    items: &[S],
    most: usize,
    between: Between,
) -> Option<String> {
    let (separator, last) = match between {
        Between::Commas => (", ", " and"),
        Between::Semicolons => ("; ", "; and"),
    };
    let shown: Vec<&str> = items.iter().take(most).map(AsRef::as_ref).collect();
    let shown = shown.join(separator);
    match items.len().saturating_sub(most) {
        _ if items.is_empty() => None,
        0 => Some(shown),
        more => Some(format!("{shown}{last} {more} more")),
    }
}

/// The first [`FEW_LINES`] lines, and a line by `rest` with the number of the others. A single
/// remaining line is shown instead, because it takes no more room.
pub(crate) fn few_lines(mut lines: Vec<String>, rest: impl FnOnce(usize) -> String) -> Vec<String> {
    let more = lines.len().saturating_sub(FEW_LINES);
    if more > 1 {
        lines.truncate(FEW_LINES);
        lines.push(rest(more));
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rest_is_counted() {
        let few = |items: &[&str], between| first_few(items, 2, between);
        assert_eq!(few(&[], Between::Commas), None);
        assert_eq!(few(&["a", "b"], Between::Commas).unwrap(), "a, b");
        assert_eq!(few(&["a", "b", "c"], Between::Commas).unwrap(), "a, b and 1 more");
        assert_eq!(few(&["a", "b", "c", "d"], Between::Semicolons).unwrap(), "a; b; and 2 more");
    }

    #[test]
    fn a_single_line_more_is_said() {
        let lines = |count: usize| {
            let lines = (1..=count).map(|line| line.to_string()).collect();
            few_lines(lines, |more| format!("and {more} more")).join(" ")
        };
        assert_eq!(lines(6), "1 2 3 4 5 6");
        assert_eq!(lines(7), "1 2 3 4 5 and 2 more");
    }
}
