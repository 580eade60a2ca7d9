//! "Did you mean".

/// Longer words are rarely mistyped, and the time grows with the square of the length.
const LONGEST: usize = 256;

/// The most likely intended candidate, if one is similar.
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    if word.len() > LONGEST {
        return None;
    }
    let word = word.to_lowercase();
    let may_be_near = |candidate: &&str| candidate.len() <= LONGEST;
    candidates
        .into_iter()
        .filter(may_be_near)
        .map(|candidate| (strsim::damerau_levenshtein(&word, candidate), candidate))
        .filter(|(distance, candidate)| *distance <= candidate.len().max(3) / 3)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn only_near_misses_are_suggested() {
        let keys = ["dropout", "batch_norm", "hidden_sizes"];
        assert_eq!(nearest("droput", keys), Some("dropout"));
        assert_eq!(nearest("hiden_size", keys), Some("hidden_sizes"));
        assert_eq!(nearest("colour", keys), None);
    }

    #[test]
    fn endless_words_are_near_to_nothing() {
        let endless = "x".repeat(1 << 20);
        assert_eq!(nearest(&endless, ["x", &endless]), None);
    }
}
