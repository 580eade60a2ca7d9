//! Advice followed: `diagnose --write`, the runs, and what came; and another baseline than the file's.

use serde_json::Value;

use crate::experiments::trial;
use crate::workspace::Workspace;

/// A network that memorises its few images within its epochs.
fn memorising() -> Workspace {
    let text = trial(20)
        .replace("hidden_sizes = [16, 8]", "hidden_sizes = [64]")
        .replace("dropout = 0.2\n", "")
        .replace("seeds = [7]", "seeds = 2");
    Workspace::with(&text)
}

#[test]
fn advice_is_written_followed_and_judged() {
    let workspace = memorising();
    workspace.succeed(&["run", "experiment.toml"]);
    let diagnosed = workspace.succeed(&["diagnose", "experiment.toml", "--write", "next.toml"]);
    assert!(diagnosed.contains("  try      1. "), "{diagnosed}");
    assert!(diagnosed.contains(": expected to add "), "{diagnosed}");
    let written = workspace.read("next.toml");
    assert!(written.contains("\nexpected = ["), "{written}");
    // It says how many seeds each config has, and why.
    let seeds = written.lines().find(|line| line.starts_with("seeds = [")).expect("seeds");
    let count = seeds.split(',').count();
    let why = format!("\n# {count} seeds: those that ran differ by ");
    assert!((2..=10).contains(&count) && written.contains(&why), "{written}");
    assert!(written.contains("\n# The least that is hoped for"), "{written}");
    // The networks that are advised would take long here, and the shortest training does.
    let short = written.replace("epochs = 20", "epochs = 1").replace(seeds, "seeds = [0, 1]");
    workspace.write("next.toml", &short);
    workspace.succeed(&["run", "next.toml"]);
    let text = workspace.succeed(&["diagnose", "next.toml"]);
    assert!(text.contains("Expected, and what came, in points against the baseline:"), "{text}");
    assert!(text.contains(" as said\n"), "{text}");
    let json = workspace.succeed(&["diagnose", "next.toml", "--format", "json"]);
    let json: Value = serde_json::from_str(&json).expect("JSON");
    let outcomes = json["outcomes"].as_array().expect("outcomes");
    assert_eq!(outcomes.len(), written.matches("[[variant]]").count(), "{json}");
    let verdicts = ["as_said", "less", "no_help"];
    let known = |outcome: &Value| verdicts.contains(&outcome["verdict"].as_str().unwrap_or(""));
    assert!(outcomes.iter().all(known), "{json}");
}

#[test]
fn somebody_elses_file_is_not_overwritten_and_no_advice_writes_none() {
    let workspace = memorising();
    workspace.succeed(&["run", "experiment.toml"]);
    workspace.write("mine.toml", "# mine\n");
    let ran = workspace.run(&["diagnose", "experiment.toml", "--write", "mine.toml"]);
    assert_eq!(ran.code, Some(2), "{}", ran.err);
    assert!(
        ran.err.contains("mine.toml exists and was not written by this command: "),
        "{}",
        ran.err
    );
    assert_eq!(workspace.read("mine.toml"), "# mine\n");
    workspace.write("mine.toml", b"\xff\xfe# not UTF-8\n");
    let ran = workspace.run(&["diagnose", "experiment.toml", "--write", "mine.toml"]);
    assert_eq!(ran.code, Some(2), "{}", ran.err);
    for _ in 0..2 {
        workspace.succeed(&["diagnose", "experiment.toml", "--write", "next.toml"]);
    }
    let written = workspace.read("next.toml");
    let note = "# Each call writes it anew: to change it, copy it under another name.";
    assert_eq!(written.lines().nth(1), Some(note));
    let short = Workspace::with(&trial(1));
    short.succeed(&["run", "experiment.toml"]);
    let ran = short.run(&["diagnose", "experiment.toml", "--write", "next.toml"]);
    assert_eq!(ran.code, Some(4), "{}", ran.err);
    let nothing = "--write has nothing to write: no advice is left to try";
    assert!(ran.err.contains(nothing), "{}", ran.err);
    let reason = "no advice: experiment was evaluated too few times";
    assert!(ran.err.contains(reason), "{}", ran.err);
    assert!(ran.out.contains("1 evaluated epoch: too few to judge curves"), "{}", ran.out);
}

#[test]
fn another_baseline_is_named_by_config_run_or_condition() {
    let grid = "[grid]\nnetwork.dropout = [0.0, 0.3, 0.6]\n";
    let text = trial(2).replace("seeds = [7]", "seeds = 2") + grid;
    let workspace = Workspace::with(&text);
    workspace.succeed(&["run", "experiment.toml"]);
    let compared =
        |baseline: &str| workspace.succeed(&["compare", "experiment.toml", "--baseline", baseline]);
    let by_name = compared("dropout 0.6");
    let heading = by_name.lines().next().expect("a line");
    assert!(
        heading.starts_with("Baseline: dropout 0.6 (chosen when its figures were"),
        "{heading}"
    );
    assert!(heading.contains("all pairs"), "{heading}");
    assert!(by_name.lines().any(|line| line.starts_with("dropout 0.3 ")), "{by_name}");
    assert_eq!(compared("dropout == 0.6"), by_name);
    let csv = workspace.succeed(&[
        "compare",
        "experiment.toml",
        "--where",
        "dropout == 0.6",
        "--columns",
        "ids",
        "--format",
        "csv",
    ]);
    let id: String = csv.lines().nth(1).expect("a row").trim_matches('"').chars().take(8).collect();
    assert_eq!(compared(&id), by_name);
    let several = workspace.run(&["compare", "experiment.toml", "--baseline", "dropout > 0.1"]);
    assert_eq!(several.code, Some(2), "{}", several.err);
    assert!(several.err.contains("means 2 configs, and it takes one: "), "{}", several.err);
    let none = workspace.run(&["compare", "experiment.toml", "--baseline", "dropout == 0.9"]);
    assert_eq!(none.code, Some(4), "{}", none.err);
    let wrong = workspace.run(&["compare", "experiment.toml", "--baseline", "dropuot == 0.9"]);
    assert!(
        wrong.err.contains("--baseline") && wrong.err.contains("did you mean"),
        "{}",
        wrong.err
    );
}

#[test]
fn advice_names_the_accuracy_that_is_read() {
    let sealed = memorising()
        .read("experiment.toml")
        .replace("train_examples = 300", "train_examples = 400\nvalidation_examples = 100")
        + "\n[evaluation]\ntest = \"sealed\"\n";
    let workspace = Workspace::with(&sealed);
    workspace.succeed(&["run", "experiment.toml"]);
    let text = workspace.succeed(&["diagnose", "experiment.toml"]);
    assert!(text.contains(" points of validation accuracy\n"), "{text}");
    assert!(!text.contains("test accuracy"), "{text}");
    let json = workspace.succeed(&["diagnose", "experiment.toml", "--format", "json"]);
    let json: Value = serde_json::from_str(&json).expect("JSON");
    assert_eq!(json["advised"]["score"], "val_accuracy");
}
