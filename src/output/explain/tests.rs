//! What terms mean, and what is said of words that are none.

use std::collections::BTreeSet;

use super::*;
use crate::analysis::diagnosis::FindingKind;

#[test]
fn every_term_has_a_line_a_text_and_words_of_its_own() {
    let mut seen = BTreeSet::new();
    for term in groups().flat_map(|(_, terms)| terms) {
        assert!(term.summary.ends_with(['.', ')']) && !term.text.is_empty(), "{}", term.name);
        for word in term.words() {
            assert!(seen.insert(plain(word)), "{word} has two explanations");
        }
        for other in term.text.lines().filter_map(|line| line.strip_prefix("See also: ")) {
            other.split(", ").for_each(|word| assert!(is_known(word), "{}: {word}", term.name));
        }
    }
}

#[test]
fn every_kind_of_finding_and_every_remedy_is_explained() {
    use FindingKind::*;
    // A new kind that is missing here makes this match incomplete.
    let all = [
        MissingClasses,
        Diverged,
        LearningRateTooHigh,
        LearningRateTooLow,
        ExplodingGradients,
        VanishingGradients,
        DeadUnits,
        SaturatedUnits,
        NotLearning,
        Underfitting,
        Memorising,
        Gap,
        AccuracyLost,
        EarlyStopping,
        Overconfident,
        StillImproving,
        TooShort,
        SeedNoise,
    ];
    for kind in all {
        match kind {
            MissingClasses | Diverged | LearningRateTooHigh | LearningRateTooLow
            | ExplodingGradients | VanishingGradients | DeadUnits | SaturatedUnits
            | NotLearning | Underfitting | Memorising | Gap | AccuracyLost | EarlyStopping
            | Overconfident | StillImproving | TooShort | SeedNoise => {}
        }
        let word = serde_json::to_value(kind).unwrap();
        assert!(is_known(word.as_str().unwrap()), "{word}");
    }
    assert!(REMEDIES.iter().all(|remedy| explanation(remedy.name).is_ok()));
}

#[test]
fn a_term_is_found_by_its_other_words_and_with_what_has_its_name() {
    for word in ["gap", "Generalisation Gap", "GAP"] {
        assert!(explanation(word).unwrap().starts_with("gap: Train accuracy minus"), "{word}");
    }
    assert!(explanation("±").unwrap().starts_with("±: "));
    let words = ["dropout", "learning rate", "cosine", "training.ema_decay", "dead_units"];
    insta::assert_snapshot!(words.map(|word| explanation(word).unwrap()).join("\n----\n\n"));
}

#[test]
fn an_unknown_term_gets_a_suggestion() {
    let error = |word: &str| explanation(word).unwrap_err().to_string();
    assert_eq!(error("memorizin"), "there is no term `memorizin`; did you mean `memorizing`?");
    assert_eq!(
        error("dropout_ratio"),
        "there is no term `dropout_ratio`; did you mean `network.dropout`?"
    );
    let none = "there is no term `flavour`; `runner explain` lists all terms";
    assert_eq!(error("flavour"), none);
    assert!(
        error("\u{1b}[2J").contains("there is no term") && error("").contains("there is no term")
    );
}

#[test]
fn the_list_has_a_line_for_each_term() {
    insta::assert_snapshot!(terms_text());
}
