//! `dataset.kind = "csv"`: columns that 32 bits cannot hold, from the file to the prediction.

use serde_json::{Value, json};

use crate::own_data::{experiment, flowers};
use crate::workspace::{Ran, Workspace};

const OFFSET: &str = "kind = \"csv\"\npath = \"t.csv\"\nlabel = \"label\"\n";
/// The content of [`milliseconds`] as version 0.1.0 hashed it, rounded to 32 bits.
const ROUNDED: &str = "9aab57e3ed43f567596465ce888d97a19603d76c7d9667297e91e853ed9612ab";

/// A column of two values, one for each class.
fn table(low: &str, high: &str) -> String {
    let line = |i: usize| format!("{},{}\n", [low, high][i % 2], ["a", "b"][i % 2]);
    (0..60).map(line).fold("t,label\n".to_owned(), |text, line| text + &line)
}

fn milliseconds() -> String {
    table("1700000000000", "1700000050000")
}

fn workspace(keys: &str, table: &str) -> Workspace {
    let workspace = Workspace::with(&experiment(&format!("{OFFSET}{keys}")));
    workspace.write("t.csv", table);
    workspace
}

fn hash(workspace: &Workspace) -> String {
    let checked = workspace.succeed(&["data", "check", "experiment.toml"]);
    let line = checked.lines().find(|line| line.contains("SHA-256")).expect("it has one");
    line.split_whitespace().last().expect("the hash").to_owned()
}

fn refused(workspace: &Workspace, words: &[&str]) {
    let Ran { code, err, .. } = workspace.run(&["run", "experiment.toml"]);
    assert_eq!(code, Some(3), "{err}");
    words.iter().for_each(|word| assert!(err.contains(word), "{word}: {err}"));
}

#[test]
fn columns_with_a_large_offset_are_learnt_and_predicted() {
    for (low, high, mean, std) in [
        ("1700000000000", "1700000050000", 1_700_000_025_000.0, 25_000.0),
        ("1700000000", "1700000060", 1_700_000_030.0, 30.0),
        ("5400000", "5400000.2", 5_400_000.1, 0.1),
    ] {
        let workspace = workspace("", &table(low, high));
        workspace.succeed(&["run", "experiment.toml"]);
        let record = workspace.record(&workspace.only_run());
        assert_eq!(record["last"]["test_accuracy"], 1.0, "{low} {high}");
        let input = &record["input"];
        assert_eq!(input["columns_in_64_bits"], json!([0]));
        let near = |value: &Value, expected: f64| {
            (value.as_f64().expect("a number") - expected).abs() < 1e-6 * std
        };
        assert!(near(&input["mean"][0], mean) && near(&input["std"][0], std), "{input}");
        workspace.write("new.csv", format!("t\n{high}\n{low}\n"));
        let args = ["predict", "latest", "new.csv", "--top", "1", "--format", "csv"];
        let predicted = workspace.succeed(&args);
        let classes: Vec<&str> =
            predicted.lines().skip(1).filter_map(|line| line.split(',').nth(2)).collect();
        assert_eq!(classes, ["b", "a"], "{low} {high}");
        assert!(workspace.succeed(&["verify", "latest"]).contains("same"));
        workspace.succeed(&["export", "latest", "--to", "torch", "-o", "exported"]);
        let script = workspace.read("exported/model.py");
        assert!(
            script.contains(&format!("MEAN = [{:?}]", input["mean"][0].as_f64().unwrap_or(0.0)))
        );
    }
}

#[test]
fn files_that_differ_beyond_32_bits_are_other_data() {
    let hashes = ["1700000050000", "1700000060000"]
        .map(|high| hash(&workspace("", &table("1700000000000", high))));
    assert_ne!(hashes[0], hashes[1]);
    assert_ne!(hashes[0], ROUNDED);
}

#[test]
fn files_that_32_bits_hold_keep_hash_id_and_bytes() {
    let workspace = Workspace::with(&experiment(
        "kind = \"csv\"\npath = \"flowers.csv\"\nlabel = \"species\"\n",
    ));
    workspace.write("flowers.csv", flowers(60));
    workspace.succeed(&["run", "experiment.toml"]);
    // By version 0.1.0.
    assert_eq!(workspace.only_run(), "runs/d56ea311946c");
    let record = workspace.record("runs/d56ea311946c");
    let content = "5080fbbf99e9b4ee05d6349fa5bbb81654c43e4070b18737f55a72270bbd5411";
    assert_eq!(record["provenance"]["data_sha256"], content);
    let result = "37ddf48b4f8be9d2cbf9cab4cb50f36e5ceacddc9af3805cd30cc6d6e23c36f6";
    assert_eq!(record["result_sha256"], result);
    let input = workspace.read("runs/d56ea311946c/run.json");
    for text in ["1.7083334", "4916.6665", "1.4937136", "3040.2395"] {
        assert!(input.contains(text), "{text}");
    }
    assert!(!input.contains("columns_in_64_bits"));
}

#[test]
fn content_that_0_1_0_hashed_is_read_as_0_1_0_read_it() {
    let workspace = workspace(&format!("sha256 = \"{ROUNDED}\"\n"), &milliseconds());
    let ran = workspace.run(&["run", "experiment.toml"]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    assert!(
        ran.err.contains("note: `sha256` matches the file as version 0.1.0 read it"),
        "{}",
        ran.err
    );
    let run = workspace.only_run();
    let record = workspace.record(&run);
    assert_eq!(record["provenance"]["data_sha256"], ROUNDED);
    let result = "a23a1a9bae48d428a0a9fc4b84c3dbf27bbf4d7b0d18f84c0317fd64e41aeaea";
    assert_eq!(record["result_sha256"], result);
    assert_eq!(record["input"]["columns_in_64_bits"], Value::Null);
    assert!(workspace.succeed(&["verify", "latest"]).contains("same"));
}

#[test]
fn numbers_as_they_are_need_32_bits() {
    let unit = "scaling = \"unit\"\n";
    refused(
        &workspace(unit, &milliseconds()),
        &["scaling", "32 bits cannot hold `t`", "standardize"],
    );
    let close = workspace(unit, &table("0.1", "0.7").replacen("0.1", "0.10000000001", 1));
    let ran = close.run(&["plan", "experiment.toml"]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    let note = "note: with dataset.scaling = \"unit\", different values of `t` become equal";
    assert!(ran.err.contains(note), "{}", ran.err);
}

#[test]
fn values_that_64_bits_cannot_tell_apart_are_refused() {
    let nanoseconds = workspace("", &table("1700000000000000001", "1700000000000000002"));
    refused(&nanoseconds, &["the values of column `t` cannot be told apart", "features"]);
    refused(
        &workspace("", &table("1e300", "2e300")),
        &["line 2 has `1e300`", "not a finite 32-bit"],
    );
}

/// 200 values: a few zeros, and `base` with a number added; the class goes with `i % 2`.
fn far_from_zero(base: u64, added: impl Fn(usize) -> usize) -> String {
    let value = |i: usize| if i.is_multiple_of(17) { 0 } else { base + added(i) as u64 };
    let line = |i: usize| format!("{},{}\n", value(i), ["a", "b"][i % 2]);
    (0..200).map(line).fold("t,label\n".to_owned(), |text, line| text + &line)
}

#[test]
fn digits_beyond_64_bits_tell_files_apart_and_are_said() {
    let first = workspace("", &far_from_zero(1_700_000_000_000_000_000, |i| i % 2));
    let second = workspace("", &far_from_zero(1_700_000_000_000_000_000, |i| i % 2 * 20 + i % 10));
    assert_ne!(hash(&first), hash(&second));
    let Ran { err, .. } = first.run(&["run", "-q", "experiment.toml"]);
    assert!(err.contains("some different values of `t` become equal"), "{err}");
    let seconds = workspace("", &far_from_zero(1_700_000_000, |i| i % 2));
    let Ran { err, .. } = seconds.run(&["run", "-q", "experiment.toml"]);
    assert!(err.contains("`t`: a few values are so far off"), "{err}");
}
