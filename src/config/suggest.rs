//! "Did you mean".

/// The candidate that was most likely meant, if one is near.
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let word = word.to_lowercase();
    candidates
        .into_iter()
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
}
