//! Tests of axes, overrides and exclusions that reach into a list of tables, on trees and keys that
//! no real network has.

use std::cell::LazyCell;

use serde_json::Value as Json;

use super::{PlanPoint, TrialPlan};
use crate::config::{Node, Problems, Source, parse_document, parse_override, render};
use crate::experiment::axis::read_grids;
use crate::experiment::exclude::read_exclusions;
use crate::experiment::keys::Keys;
use crate::experiment::overrides::{self, Override};
use crate::experiment::search::DrawnPoint;

const LAYERS: &str = r#"
[[network.layers]]
kind = "conv2d"
name = "conv1"
filters = 30

[[network.layers]]
kind = "dropout"
rate = 0.5

[[network.layers]]
kind = "residual"
name = "block"
layers = [{ kind = "conv2d", filters = 5 }, { kind = "dropout", name = "drop", rate = 0.1 }]
"#;

const FILTERS: &str = "network.layers.0.filters";
const RATE: &str = "network.layers.1.rate";
const INNER: &str = "network.layers.2.layers.1.rate";

/// The values of some keys in each point that is not excluded, and all problems.
fn expanded(text: &str, sets: &[&str], keys: &[&str]) -> (Vec<String>, String) {
    let problems = Problems::new();
    let source = |name: &str, text: &str| Source { name: name.to_owned(), text: text.to_owned() };
    let file = [source("test.toml", text)];
    let sources: Vec<_> =
        file.into_iter().chain(sets.iter().map(|set| source("--set", set))).collect();
    let mut base = parse_document(text, 0, &problems);
    let known = Keys::with_a_list();
    let grid = base.remove("grid");
    let mut grids = read_grids(grid.as_ref(), &base, &known, &problems);
    let exclusions = read_exclusions(base.remove("exclude").as_ref(), &known, &problems);
    let parsed = sources.iter().enumerate().skip(1);
    let parsed = parsed.filter_map(|(index, set)| parse_override(set, index, &problems));
    let parsed = parsed.map(|(path, entry)| Override { path, entry }).collect();
    let late_overrides =
        overrides::apply(parsed, &mut base, &mut grids, &mut None, &known, &problems);
    let plan = TrialPlan {
        base,
        variants: Vec::new(),
        baseline_seeds: Vec::new(),
        grids,
        search: None,
        late_overrides,
        exclusions,
        max_trials: 100,
        is_of_run: false,
        runs_dir: None,
    };
    let mut points = Vec::new();
    let drawn = DrawnPoint::default();
    for grid in &plan.grids {
        for index in 0..grid.points() {
            let tree =
                plan.tree(PlanPoint { variant: None, grid, index, drawn: &drawn }, &problems);
            let defaults = LazyCell::new(|| Json::Null);
            if !plan.exclusions.matching(&tree, &defaults).drops(0) {
                let path = |key: &str| key.split('.').map(str::to_owned).collect::<Vec<_>>();
                let value = |key: &&str| tree.at(&path(key)).map_or("-".to_owned(), Node::meaning);
                points.push(keys.iter().map(value).collect::<Vec<_>>().join(" "));
            }
        }
    }
    if problems.is_empty() && sets.is_empty() {
        plan.exclusions.report_unmatched(&problems);
    }
    (points, render(&sources, &problems.into_sorted(), false))
}

#[track_caller]
fn points(grid: &str, sets: &[&str], keys: &[&str]) -> Vec<String> {
    let (points, errors) = expanded(&format!("{LAYERS}{grid}"), sets, keys);
    assert_eq!(errors, "");
    points
}

#[test]
fn axes_reach_elements_by_number_and_by_name() {
    let expected = ["10 0", "10 0.2", "20 0", "20 0.2"];
    for grid in [
        "[grid]\nnetwork.layers.0.filters = [10, 20]\nnetwork.layers.1.rate = [0, 0.2]",
        "[grid]\n\"network.layers.conv1.filters\" = [10, 20]\nnetwork.layers.\"1\".rate = [0, 0.2]",
        "[grid.network.layers]\nconv1.filters = [10, 20]\n1 = { rate = [0, 0.2] }",
    ] {
        assert_eq!(points(grid, &[], &[FILTERS, RATE]), expected);
    }
    let inner = "[grid]\nnetwork.layers.block.layers.drop.rate = [0, 0.2]";
    assert_eq!(points(inner, &[], &[INNER]), ["0", "0.2"]);
}

#[test]
fn whole_lists_and_elements_are_replaced_before_their_keys() {
    let grid = r#"[grid]
        "network.layers.1.rate" = [0.1, 0.2]
        "network.layers.1" = [{ kind = "dropout" }, { kind = "spatial_dropout" }]"#;
    let keys = ["network.layers.1.kind", RATE];
    let kinds = [r#""dropout""#, r#""spatial_dropout""#];
    let expected = ["0.1", "0.2"].map(|rate| kinds.map(|kind| format!("{kind} {rate}")));
    assert_eq!(points(grid, &[], &keys), expected.concat());
    let grid = r#"[grid]
        network.layers = [[{ filters = 1 }, { name = "x" }], [{ name = "x" }]]
        "network.layers.x.rate" = [0.3]"#;
    let keys = ["network.layers.0.rate", RATE];
    assert_eq!(points(grid, &[], &keys), ["- 0.3", "0.3 -"]);
}

#[test]
fn overrides_fix_or_relist_an_axis_whatever_it_calls_the_element() {
    let grid = "[grid]\nnetwork.layers.conv1.filters = [10, 20]\nnetwork.layers.1.rate = [0, 0.2]";
    let keys = [FILTERS, RATE];
    let fixed = points(grid, &["network.layers.0.filters=7"], &keys);
    assert_eq!(fixed, ["7 0", "7 0.2"]);
    let sets = ["network.layers.0.filters=[7, 8]", "network.layers.1.rate=0.9"];
    assert_eq!(points(grid, &sets, &keys), ["7 0.9", "8 0.9"]);
    let sets = ["network.layers=[{ name = \"conv1\" }, { rate = 1 }]"];
    assert_eq!(points(grid, &sets, &keys), ["10 0", "10 0.2", "20 0", "20 0.2"]);
}

#[test]
fn an_override_wins_over_an_axis_of_lists_that_call_the_element_otherwise() {
    let grid = r#"[grid]
        network.layers = [[{ name = "a", rate = 1 }], [{ rate = 1 }, { name = "a", rate = 1 }]]
        "network.layers.0.rate" = [2, 3]"#;
    let keys = ["network.layers.0.rate", RATE];
    let sets = ["network.layers.a.rate=9"];
    assert_eq!(points(grid, &sets, &keys), ["9 -", "9 -", "2 9", "3 9"]);
}

#[test]
fn exclusions_match_elements_by_number_and_by_name() {
    let grid = "[grid]\nnetwork.layers.0.filters = [10, 20]\nnetwork.layers.1.rate = [0, 0.2]\n\
        [[exclude]]\nnetwork.layers.conv1.filters = 10\nnetwork.layers.1.rate = 0.2";
    assert_eq!(points(grid, &[], &[FILTERS, RATE]), ["10 0", "20 0", "20 0.2"]);
}

#[test]
fn elements_that_are_not_there_are_errors_at_the_key() {
    let grid = r#"
[grid]
network.layers.3.rate = [0.1, 0.2]
"network.layers.conv2.filters" = [10, 20]
network.layers.block.layers.2.rate = [0.1]
network.layers.1.rat = [0.1]
network.layers.0.filters = [1]
network.layers.conv1.filters = [2]

[[exclude]]
network.layers.1.colour = 1
"#;
    let sets =
        ["network.layers.7.rate=0.5", "network.layers.blok.name=b", "network.layer.0.rate=1"];
    insta::assert_snapshot!(expanded(&format!("{LAYERS}{grid}"), &sets, &[]).1);
}

#[test]
fn exclusions_of_elements_that_no_point_has_say_so() {
    let exclude = "\n[[exclude]]\nnetwork.layers.9.rate = 0.1\n";
    insta::assert_snapshot!(expanded(&format!("{LAYERS}{exclude}"), &[], &[]).1);
}
