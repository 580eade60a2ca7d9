//! Which parameters a group selects.

use super::*;
use crate::config::keys::ConfigTable;

fn place(path: &str, kind: &'static str, tensor: &'static str) -> ParamPlace {
    ParamPlace {
        path: path.to_owned(),
        kind,
        tensor,
        is_fixed: false,
        is_of_product: kind == "conv2d" || kind == "linear",
        is_of_norm: kind == "batch_norm",
        is_of_first: path == "0",
        is_of_head: path == "9",
    }
}

#[test]
fn a_group_selects_what_its_words_say() {
    let places = [
        place("0", "conv2d", "weight"),
        place("0", "conv2d", "bias"),
        place("3.layers.1", "batch_norm", "weight"),
        place("3.layers.1", "batch_norm", "bias"),
        place("9", "linear", "weight"),
        place("9", "linear", "bias"),
    ];
    let cases = [
        ("all", vec![0, 1, 2, 3, 4, 5]),
        ("all.bias", vec![1, 3, 5]),
        ("weights", vec![0, 4]),
        ("biases", vec![1, 5]),
        ("norms", vec![2, 3]),
        ("norms.bias", vec![3]),
        ("first", vec![0, 1]),
        ("first.weight", vec![0]),
        ("head", vec![4, 5]),
        ("batch_norm.weight", vec![2]),
        ("linear", vec![4, 5]),
        ("layers.3.layers.1", vec![2, 3]),
        ("layers.3", vec![2, 3]),
        ("layers.3.weight", vec![2]),
        ("layers.", vec![]),
        ("heads", vec![]),
    ];
    for (parameters, expected) in cases {
        let parameters = parameters.to_owned();
        let group = GroupConfig { parameters, ..GroupConfig::unset() };
        let found = (0..6).filter(|i| group.selects(&places[*i]));
        assert_eq!(found.collect::<Vec<_>>(), expected, "{}", group.parameters);
    }
}

fn group(parameters: &str) -> GroupConfig {
    GroupConfig { parameters: parameters.to_owned(), ..GroupConfig::unset() }
}

fn names(list: &[(&str, &str)]) -> Vec<(String, String)> {
    list.iter().map(|(name, path)| ((*name).to_owned(), (*path).to_owned())).collect()
}

#[test]
fn a_name_becomes_the_path_of_its_layer() {
    let names = names(&[("stem", "3.layers.0"), ("layers.3", "1")]);
    let path_of = |parameters: &str| {
        let found = group(parameters).by_path(&names).into_iter();
        found.map(|group| group.parameters).collect::<Vec<_>>()
    };
    assert_eq!(path_of("stem.bias"), ["layers.3.layers.0.bias"]);
    assert_eq!(path_of("stem"), ["layers.3.layers.0"]);
    assert_eq!(path_of("layers.3"), ["layers.1"], "and no further");
    assert!(path_of("stems").is_empty());
}

#[test]
fn what_a_name_and_a_word_select_differently_is_ambiguous() {
    let places = [
        place("0", "conv2d", "weight"),
        place("3.layers.1", "batch_norm", "weight"),
        place("7", "linear", "weight"),
        place("9", "linear", "weight"),
    ];
    let is_ambiguous = |parameters: &str, list: &[(&str, &str)]| {
        group(parameters).is_ambiguous(&names(list), &places)
    };
    assert!(is_ambiguous("head", &[("head", "7")]));
    assert!(is_ambiguous("head.weight", &[("head", "8")]), "a layer without parameters");
    assert!(is_ambiguous("linear", &[("linear", "9")]));
    assert!(is_ambiguous("layers.0", &[("layers.0", "9")]));
    assert!(is_ambiguous("twice", &[("twice", "7"), ("twice", "9")]));
    assert!(!is_ambiguous("head", &[("head", "9")]), "both are the same layer");
    assert!(!is_ambiguous("conv2d", &[("conv2d", "0")]));
    assert!(!is_ambiguous("relu", &[("relu", "0")]), "no other layer of the kind has parameters");
    assert!(!is_ambiguous("head", &[("heads", "7")]));
}
