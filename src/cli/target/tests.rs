//! What a target names, what is passed over, and what the errors say.

use std::fs;

use tempfile::TempDir;

use super::*;
use crate::runs::samples::{row, run, trial, write_run};

/// A runs folder with a README and runs of the given ids, the last of them the newest.
fn runs_with(ids: &[&str]) -> TempDir {
    let runs = tempfile::tempdir().unwrap();
    for (index, id) in ids.iter().enumerate() {
        let mut record = run(trial(&[], 1), row(3, 0.5, None, 0.4), row(2, 0.5, None, 0.4));
        record.id = (*id).to_owned();
        record.updated = format!("2025-01-02T04:04:{index:02}Z");
        write_run(runs.path(), &record);
    }
    fs::write(runs.path().join("README.md"), "text").unwrap();
    runs
}

fn resolve(runs: &TempDir, targets: &[&str]) -> Result<Resolved> {
    let known = ["aaaa00000001", "ffff00000009"];
    let lookup = Lookup {
        runs_dir: runs.path(),
        trials_of: Box::new(move |file| {
            let asked = |id: &&str| AskedRun { id: (*id).to_owned(), role: ConfigRole::default() };
            let runs = known.iter().map(asked).collect();
            Ok(AskedRuns { name: file.display().to_string(), runs, halving: None })
        }),
    };
    let targets: Vec<String> = targets.iter().map(|t| (*t).to_owned()).collect();
    lookup.resolve(&targets)
}

fn ids(resolved: Result<Resolved>) -> Vec<String> {
    let records = resolved.unwrap().found.records.into_iter();
    records.map(|record| record.id).collect()
}

const IDS: [&str; 3] = ["aaaa00000001", "aaab00000002", "bbbb00000003"];

#[test]
fn unique_prefix_latest_folder_and_experiment_name_runs() {
    let runs = runs_with(&IDS);
    let folder = runs.path().to_str().unwrap();
    assert_eq!(ids(resolve(&runs, &["aaaa"])), ["aaaa00000001"]);
    assert_eq!(ids(resolve(&runs, &["bbbb00000003"])), ["bbbb00000003"]);
    assert_eq!(ids(resolve(&runs, &["latest"])), ["bbbb00000003"]);
    assert_eq!(ids(resolve(&runs, &[folder])), IDS);
    assert_eq!(ids(resolve(&runs, &["b", "b", folder])).len(), 3);
    let experiment = resolve(&runs, &["dropout.toml"]).unwrap();
    assert_eq!(experiment.messages(), ["1 of 2 trials of dropout.toml have no run yet"]);
    assert_eq!(ids(Ok(experiment)), ["aaaa00000001"]);
    let both = resolve(&runs, &["a.toml", "b.toml", "a.toml", folder]).unwrap().found.asked_by;
    assert_eq!(both["aaaa00000001"], ["a.toml", "b.toml"]);
    assert!(!both.contains_key("aaab00000002"), "no file asks for it");
}

#[test]
fn what_the_shell_adds_is_passed_over_and_counted() {
    let runs = runs_with(&IDS);
    let globbed = ["README.md", IDS[0], IDS[1]].map(|name| runs.path().join(name));
    let globbed: Vec<&str> = globbed.iter().map(|path| path.to_str().unwrap()).collect();
    let resolved = resolve(&runs, &globbed).unwrap();
    assert_eq!(resolved.messages(), ["skipped 1 path that is not a run folder"]);
    assert_eq!(ids(Ok(resolved)).len(), 2);
}

#[test]
fn copies_of_a_run_are_passed_over_and_named() {
    let runs = runs_with(&IDS);
    let copy = runs.path().join("aaaa00000001.old");
    fs::create_dir(&copy).unwrap();
    fs::copy(runs.path().join("aaaa00000001/run.json"), copy.join("run.json")).unwrap();
    let resolved = resolve(&runs, &[runs.path().to_str().unwrap()]).unwrap();
    let [line] = &resolved.messages()[..] else { panic!("one line") };
    assert!(line.contains("aaaa00000001.old: it is a copy of run aaaa00000001"), "{line}");
    assert_eq!(ids(Ok(resolved)), IDS);
    assert_eq!(ids(resolve(&runs, &["aaaa"])).len(), 1);
    // A copy of the whole folder, also named, repeats runs that were already read.
    let elsewhere = runs.path().join("backup/aaaa00000001");
    fs::create_dir_all(&elsewhere).unwrap();
    fs::copy(copy.join("run.json"), elsewhere.join("run.json")).unwrap();
    let resolved = resolve(&runs, &["aaaa", elsewhere.to_str().unwrap(), "aaaa"]).unwrap();
    let [line] = &resolved.messages()[..] else { panic!("one line") };
    let passed_over = "backup/aaaa00000001: another folder of the same run was read before";
    assert!(line.ends_with(passed_over), "{line}");
    assert_eq!(ids(Ok(resolved)), ["aaaa00000001"]);
}

#[test]
fn a_renamed_run_is_named_with_what_to_do() {
    let runs = runs_with(&IDS);
    let renamed = runs.path().join("my-best");
    fs::rename(runs.path().join(IDS[0]), &renamed).unwrap();
    let resolved = resolve(&runs, &[runs.path().to_str().unwrap()]).unwrap();
    let [line] = &resolved.messages()[..] else { panic!("one line") };
    assert!(line.contains("my-best: it holds run aaaa00000001") && line.contains("rename it to"));
    assert_eq!(ids(Ok(resolved)), IDS[1..]);
    let error = resolve(&runs, &[renamed.to_str().unwrap()]).unwrap_err();
    assert!(error.to_string().contains("rename it to"), "{error}");
}

#[test]
fn ambiguous_prefix_lists_the_candidates() {
    let error = resolve(&runs_with(&IDS), &["aaa"]).unwrap_err();
    assert_eq!(error.exit_code(), 2);
    assert!(error.to_string().ends_with("aaaa00000001, aaab00000002"), "{error}");
}

#[test]
fn what_names_nothing_is_an_error() {
    let runs = runs_with(&IDS);
    for target in ["cccc", "../elsewhere", "runs/x\u{1b}[2J", "AAAA"] {
        let error = resolve(&runs, &[target]).unwrap_err();
        assert_eq!(error.exit_code(), 4, "{target}");
        assert!(!error.to_string().contains('\u{1b}'));
    }
    let readme = runs.path().join("README.md");
    let error = resolve(&runs, &[readme.to_str().unwrap()]).unwrap_err();
    assert_eq!(error.exit_code(), 4);
    let damaged = runs.path().join(IDS[0]);
    fs::write(damaged.join("run.json"), "{").unwrap();
    assert!(matches!(resolve(&runs, &["aaaa"]), Err(Error::Damaged { .. })));
}
