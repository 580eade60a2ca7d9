//! `verify`: the same bytes are said to be the same, and of others the first difference is named.

use std::fs;

use rustix::process::Signal;

use crate::experiments::{diverging_grid, dropout_grid, optimizer_grid, trial};
use crate::workspace::{Ran, Workspace, names, wait_until};

/// A workspace with its only run finished, and the folder of the run.
fn finished(experiment: &str) -> (Workspace, String) {
    let workspace = Workspace::with(experiment);
    workspace.succeed(&["run", "experiment.toml"]);
    let run = workspace.only_run();
    (workspace, run)
}

#[track_caller]
fn assert_says(ran: &Ran, code: i32, out: &[&str], err: &[&str]) {
    let Ran { out: printed, err: told, .. } = ran;
    assert_eq!(ran.code, Some(code), "{printed}{told}");
    out.iter().for_each(|text| assert!(printed.contains(text), "{text:?} is not in: {printed}"));
    err.iter().for_each(|text| assert!(told.contains(text), "{text:?} is not in: {told}"));
}

/// Changes one value of the run's record.
fn edit_record(workspace: &Workspace, run: &str, pointer: &str, value: serde_json::Value) {
    let mut record = workspace.record(run);
    *record.pointer_mut(pointer).expect("there") = value;
    workspace.write_record(run, &record);
}

#[test]
fn same_bytes_are_0_and_nothing_is_left_or_touched() {
    let (workspace, run) = finished(&optimizer_grid(2, "[1]", &["adam"]));
    let (files, results) = (names(&workspace.path(&run)), workspace.results());
    let ran = workspace.run(&["verify", "latest"]);
    let same = "the same bytes: metrics.csv, model.safetensors, best.safetensors, \
                test_predictions.npy, layers.csv, evaluation.json, confusion.csv (";
    assert_says(&ran, 0, &[&run["runs/".len()..], same, " s)\n"], &["1 trial, 1 at a time"]);
    assert_eq!(ran.out.lines().count(), 1);
    assert_eq!(names(&workspace.path("runs")), workspace.runs());
    assert_eq!(names(&workspace.path(&run)), files);
    assert!(workspace.results() == results);
    assert_says(&workspace.run(&["verify", "latest", "--quiet", "--jobs=1"]), 0, &[same], &[]);
}

#[test]
fn runs_are_named_as_for_compare_and_verified_in_their_order() {
    let workspace = Workspace::with(&dropout_grid(1));
    workspace.succeed(&["run", "experiment.toml", "--save-initial"]);
    let ids = workspace.ids("experiment.toml");
    let ran = workspace.run(&["verify", "experiment.toml", "--jobs=2"]);
    let initial = ["model.safetensors, initial.safetensors, test_predictions.npy"];
    assert_says(&ran, 0, &initial, &[]);
    let order: Vec<&str> = ran.out.lines().filter_map(|line| line.split(':').next()).collect();
    assert_eq!(order, ids);
    let folder = format!("runs/{}", ids[1]);
    let ran = workspace.run(&["verify", &folder, &ids[0]]);
    assert_says(&ran, 0, &[&ids[0], &ids[1]], &["2 trials"]);
    // A run folder that lies elsewhere needs no runs folder, and leaves none.
    let elsewhere = Workspace::new();
    let folder = workspace.path(&folder);
    let folder = folder.to_str().expect("text");
    assert_says(&elsewhere.run(&["verify", folder]), 0, &[&ids[1]], &[]);
    assert!(!elsewhere.path("runs").exists());
}

#[test]
fn changed_metrics_are_102_with_epoch_and_column() {
    let (workspace, run) = finished(&trial(2));
    let path = format!("{run}/metrics.csv");
    let metrics = workspace.read(&path);
    let loss = metrics.lines().nth(2).and_then(|row| row.split(',').nth(4)).expect("train_loss");
    let mut flipped = loss.to_owned().into_bytes();
    *flipped.last_mut().expect("a digit") ^= 1;
    let flipped = String::from_utf8(flipped).expect("a digit");
    workspace.write(&path, metrics.replace(loss, &flipped));
    let ran = workspace.run(&["verify", "latest"]);
    let difference =
        format!("  metrics.csv: epoch 1, train_loss: {flipped} in the run, {loss} trained again\n");
    let changed = "metrics.csv was changed after its run wrote it: run.json lists another SHA-256";
    let again = format!("  {changed}; trained again, the result has the SHA-256 of run.json\n");
    assert_says(&ran, 102, &[": different\n", &difference, &again], &[changed]);
    assert_eq!(ran.out.lines().count(), 3, "{}", ran.out);
}

#[test]
fn flipped_bits_of_models_and_predictions_are_102_and_located() {
    for (name, says) in [
        ("model.safetensors", "  model.safetensors: "),
        ("best.safetensors", "  best.safetensors: "),
        ("test_predictions.npy", "  test_predictions.npy: example 49 (from 0): class "),
    ] {
        let experiment = optimizer_grid(1, "[1]", &["adam"]);
        let experiment = experiment.replace("test_examples = 100", "test_examples = 50");
        let (workspace, run) = finished(&experiment);
        let path = workspace.path(&format!("{run}/{name}"));
        let mut bytes = fs::read(&path).expect("there");
        let at = bytes.len() - 2; // the lower byte of the last class
        bytes[at] ^= 1;
        fs::write(&path, bytes).expect("writable");
        let ran = workspace.run(&["verify", "latest"]);
        assert_says(&ran, 102, &[says, " in the run, ", " trained again\n"], &[]);
        let changed = format!("{name} was changed after its run wrote it");
        assert!(ran.err.contains(&changed) && ran.out.contains(&changed), "{}", ran.out);
        fs::remove_file(&path).expect("there");
        let missing = format!("  {name}: missing in the run\n");
        assert_says(&workspace.run(&["verify", "latest"]), 102, &[&missing], &[]);
    }
}

#[test]
fn damaged_results_are_102_and_panic_nowhere() {
    let (workspace, run) = finished(&trial(1));
    for name in [
        "metrics.csv",
        "model.safetensors",
        "test_predictions.npy",
        "layers.csv",
        "evaluation.json",
        "confusion.csv",
    ] {
        let path = format!("{run}/{name}");
        let whole = fs::read(workspace.path(&path)).expect("there");
        for damage in ["", "\n", "{", "\u{1b}[2J,\n", "epoch,step\n0,\n"] {
            workspace.write(&path, damage);
            let ran = workspace.run(&["verify", "latest"]);
            assert_says(&ran, 102, &[&format!("  {name}: ")], &[]);
            assert!(!ran.out.contains('\u{1b}'));
        }
        workspace.write(&path, whole);
    }
    assert_eq!(workspace.run(&["verify", "latest"]).code, Some(0));
}

#[test]
fn other_numerics_are_the_reason_of_a_difference() {
    let (workspace, run) = finished(&trial(1));
    let numerics = workspace.record(&run)["provenance"]["numerics"].clone();
    edit_record(&workspace, &run, "/provenance/numerics", 1.into());
    let reason = format!("trained with numerics 1, but this program has numerics {numerics}");
    let same = format!("; {reason} (");
    assert_says(&workspace.run(&["verify", "latest"]), 0, &["the same bytes: ", &same], &[]);
    let path = format!("{run}/metrics.csv");
    let metrics = workspace.read(&path);
    workspace.write(&path, metrics.replacen("\n1,6,", "\n1,7,", 1));
    let ran = workspace.run(&["verify", "latest"]);
    let lines = [&format!("  {reason}\n"), "epoch 1, step: 7 in the run, 6 trained again"];
    assert_says(&ran, 102, &lines, &[]);
}

#[test]
fn other_data_is_refused_with_both_named() {
    let (workspace, run) = finished(&trial(1));
    let now =
        workspace.record(&run)["provenance"]["data_sha256"].as_str().expect("text").to_owned();
    let then = "ab".repeat(32);
    edit_record(&workspace, &run, "/provenance/data_sha256", then.clone().into());
    let ran = workspace.run(&["verify", "latest"]);
    assert_says(&ran, 1, &[], &[&then, &now]);
    assert_eq!(ran.out, "");
    assert_eq!(names(&workspace.path("runs")), workspace.runs());
    // It is no reason to leave others unverified.
    workspace.write("other.toml", trial(2));
    assert_eq!(workspace.run(&["run", "other.toml"]).code, Some(0));
    let ran = workspace.run(&["verify", "--all"]);
    assert_says(&ran, 1, &["the same bytes: "], &["not verified: ", &then, &now]);
    assert_eq!(ran.out.matches("the same bytes").count(), 1);
}

#[test]
fn changed_trial_and_record_are_102() {
    let (workspace, run) = finished(&trial(1));
    let path = format!("{run}/trial.toml");
    let toml = workspace.read(&path);
    workspace.write(&path, toml.replace("dropout = 0.2", "dropout = 0.3"));
    let changed = "trial.toml was changed after the run";
    assert_says(&workspace.run(&["verify", "latest"]), 102, &[changed], &[changed]);
    workspace.write(&path, "dropout = 0.3");
    assert_says(&workspace.run(&["verify", "latest"]), 1, &[], &["not verified: "]);
    workspace.write(&path, toml);
    edit_record(&workspace, &run, "/result_sha256", "ab".into());
    let ran = workspace.run(&["verify", "latest"]);
    assert_says(&ran, 102, &["do not have the SHA-256 in run.json\n"], &[]);
}

#[test]
fn all_means_finished_and_diverged_ones_and_others_are_named() {
    let workspace = Workspace::with(&diverging_grid());
    workspace.run(&["run", "experiment.toml"]);
    workspace.write("endless.toml", trial(10_000_000));
    let mut running = workspace.start(&["run", "endless.toml"]);
    workspace.wait_for_attempt(2, &mut running);
    running.signal(Signal::INT);
    assert_eq!(running.wait().code, Some(130));
    let [unfinished] = &workspace.ids("endless.toml")[..] else { panic!("one trial") };
    let named = format!("{unfinished}: not verified: it is interrupted and has no result yet");
    let ran = workspace.run(&["verify", "--all"]);
    let diverged =
        ": the same bytes: metrics.csv, layers.csv; the same reason: the loss became NaN";
    assert_says(&ran, 0, &[diverged, "confusion.csv ("], &[&named, "2 trials"]);
    let ran = workspace.run(&["verify", unfinished]);
    assert_says(&ran, 4, &[], &[&named, "no finished or diverged run to verify"]);
    // A record that cannot be read proves nothing.
    workspace.write("runs/0123456789ab/run.json", "{");
    assert_says(&workspace.run(&["verify", "--all"]), 1, &[diverged], &["0123456789ab"]);
    let diverged = workspace.ids("experiment.toml").remove(0);
    let run = format!("runs/{diverged}");
    edit_record(&workspace, &run, "/reason", "something else".into());
    let reasons = "diverged (something else) in the run, diverged (the loss became NaN or infinite";
    assert_says(&workspace.run(&["verify", &diverged]), 102, &[reasons], &[]);
}

#[test]
fn interrupted_verification_leaves_nothing() {
    let (workspace, run) = finished(&trial(1));
    // The same record with a trial that takes for ever.
    let endless = trial(10_000_000);
    workspace.write("endless.toml", &endless);
    let [id] = &workspace.ids("endless.toml")[..] else { panic!("one trial") };
    let toml = workspace.read(&format!("{run}/trial.toml"));
    let toml = toml.replace("\nepochs = 1\n", "\nepochs = 10000000\n");
    workspace.write(&format!("{run}/trial.toml"), toml);
    edit_record(&workspace, &run, "/id", id.as_str().into());
    edit_record(&workspace, &run, "/files", serde_json::json!({}));
    fs::rename(workspace.path(&run), workspace.path(&format!("runs/{id}"))).expect("renamed");
    for (signal, code) in [(Signal::INT, 130), (Signal::TERM, 143)] {
        let mut running = workspace.start(&["verify", "latest"]);
        let scratch = workspace.path("runs/.scratch");
        wait_until("it trains", || {
            let folders = names(&scratch);
            let begun = |name: &String| scratch.join(name).join(id).join("log.txt").exists();
            folders.iter().any(begun) || !running.is_alive()
        });
        running.signal(signal);
        let ran = running.wait();
        assert_says(&ran, code, &["not verified: interrupted"], &[]);
        assert!(!scratch.exists());
    }
}

#[test]
fn bad_input_has_its_code() {
    let workspace = Workspace::with(&trial(1));
    assert_says(&workspace.run(&["verify"]), 2, &[], &["<ID>"]);
    assert_says(&workspace.run(&["verify", "--all", "latest"]), 2, &[], &["--all"]);
    assert_says(&workspace.run(&["verify", "latest"]), 4, &[], &["latest"]);
    assert_says(&workspace.run(&["verify", "--all"]), 4, &[], &["no finished or diverged run"]);
    assert_says(&workspace.run(&["verify", "abc123"]), 4, &[], &["`abc123`"]);
    assert_says(
        &workspace.run(&["verify", "experiment.toml"]),
        4,
        &[],
        &["the trial of experiment.toml has no run"],
    );
    assert!(!workspace.path("runs").exists());
}
