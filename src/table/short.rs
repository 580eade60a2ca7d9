//! Names that are too long for their place: cut in the middle, because what tells them apart is often at the
//! end, and only as far as they stay different.

use std::collections::{HashMap, HashSet};

/// What stands for the part that is left out.
const CUT: char = '…';

/// The names with at most `most` characters each where that keeps different names different; names that would
/// become the same keep as many more as they need.
pub(crate) fn shortened(names: &[String], most: usize) -> Vec<String> {
    let longest = names.iter().map(|name| name.chars().count()).max().unwrap_or(0);
    let mut rooms: Vec<usize> = vec![most; names.len()];
    loop {
        let cut: Vec<String> =
            names.iter().zip(&rooms).map(|(name, room)| cut_in_the_middle(name, *room)).collect();
        let mut wholes: HashMap<&str, HashSet<&str>> = HashMap::new();
        for (short, name) in cut.iter().zip(names) {
            wholes.entry(short).or_default().insert(name);
        }
        let is_clear = |short: &String| wholes[short.as_str()].len() == 1;
        let unclear: Vec<usize> = (0..cut.len()).filter(|place| !is_clear(&cut[*place])).collect();
        if unclear.is_empty() || rooms.iter().all(|room| *room > longest) {
            return cut;
        }
        // Doubling: a few rounds even for names of thousands of characters.
        unclear.into_iter().for_each(|place| rooms[place] = (rooms[place] * 2).max(2));
    }
}

/// A text of at most `most` characters: its beginning and its end, with `…` between them.
pub(crate) fn cut_in_the_middle(text: &str, most: usize) -> String {
    let letters: Vec<char> = text.chars().collect();
    if letters.len() <= most {
        return text.to_owned();
    }
    let kept = most.saturating_sub(1);
    let tail = kept * 2 / 5;
    let part = |letters: &[char]| letters.iter().collect::<String>();
    let (head, tail) = (part(&letters[..kept - tail]), part(&letters[letters.len() - tail..]));
    format!("{}{CUT}{}", head.trim_end(), tail.trim_start())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_names_keep_their_ends_and_short_ones_stay() {
        assert_eq!(cut_in_the_middle("dropout 0.2", 20), "dropout 0.2");
        assert_eq!(
            cut_in_the_middle("horizontal flip 0.5, dropout 0.2", 20),
            "horizontal f…out 0.2"
        );
        assert_eq!(cut_in_the_middle("äöüäöü", 3), "äö…");
        assert_eq!(
            (cut_in_the_middle("abc", 1), cut_in_the_middle("abc", 0)),
            ("…".into(), "…".into())
        );
    }

    #[test]
    fn names_that_differ_in_the_middle_stay_different() {
        let name = |rate: &str| {
            format!("one hidden layer of 100, dropout {rate}, batch norm, adam, 30 epochs")
        };
        let names = [name("0.2"), name("0.3"), name("0.2"), "baseline".to_owned()];
        let short = shortened(&names, 24);
        assert_ne!(short[0], short[1]);
        assert_eq!((&short[0], &*short[3]), (&short[2], "baseline"));
        let short = shortened(&[name("0.2"), "x".repeat(60)], 24);
        assert!(short.iter().all(|name| name.chars().count() <= 24), "{short:?}");
        assert_eq!(shortened(&[], 5), [""; 0]);
    }
}
