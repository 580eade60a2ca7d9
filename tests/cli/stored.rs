//! Run folders that earlier versions wrote (`tests/stored`, made by `make.sh` there): every later version reads, compares,
//! resumes and verifies them.

use std::fs;
use std::path::Path;
use std::time::{Duration, SystemTime};

use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::workspace::{Workspace, names};

/// Where the runs were made: the paths of data in their records begin with it.
const MADE_AT: &str = "/srv/example/0.1.0";
/// Families whose runs are all finished and can be trained again by this version's numerics.
const FINISHED: [&str; 7] =
    ["mlp", "winograd", "residual", "early_stopping", "csv", "images", "sealed"];

fn copy_folder(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("writable");
    for name in names(from) {
        let (from, to) = (from.join(&name), to.join(&name));
        if from.is_dir() {
            copy_folder(&from, &to);
        } else {
            fs::copy(&from, &to).expect("a stored file");
        }
    }
}

/// A workspace with the experiment file, data and runs of a family of 0.1.0, as if its project had been moved here.
fn stored(family: &str) -> Workspace {
    let workspace = Workspace::new();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/stored/0.1.0").join(family);
    copy_folder(&folder, &workspace.path("."));
    let here = workspace.path(".").to_str().expect("text").trim_end_matches("/.").to_owned();
    for run in workspace.runs() {
        for name in ["run.json", "trial.toml"] {
            let text = workspace.read(&format!("runs/{run}/{name}"));
            let text = text.replace(&format!("{MADE_AT}/{family}"), &here);
            workspace.write(&format!("runs/{run}/{name}"), text);
        }
    }
    workspace
}

fn json(text: &str) -> Value {
    serde_json::from_str(text).expect("JSON")
}

/// Lines of `sha256sum`, made from what lies in the run folders now.
fn hashes(workspace: &Workspace) -> String {
    let mut lines = String::new();
    for name in ["metrics.csv", "model.safetensors"] {
        for run in workspace.runs() {
            let bytes = fs::read(workspace.path(&format!("runs/{run}/{name}"))).expect("finished");
            let hash: String =
                Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect();
            lines += &format!("{hash}  {run}/{name}\n");
        }
    }
    lines
}

#[test]
fn ids_of_the_experiment_files_are_those_of_the_stored_runs() {
    for family in FINISHED.into_iter().chain(["halving", "interrupted", "claimed"]) {
        let workspace = stored(family);
        let mut ids = workspace.ids("experiment.toml");
        ids.sort();
        assert_eq!(ids, workspace.runs(), "{family}");
    }
}

#[test]
fn figures_of_finished_runs_are_those_of_their_records() {
    for family in FINISHED {
        let workspace = stored(family);
        let list = json(&workspace.succeed(&["list", "--format", "json"]));
        let list = list.as_array().expect("rows");
        assert_eq!(list.len(), workspace.runs().len(), "{family}");
        for run in list {
            let id = run["id"].as_str().expect("an id");
            let record = workspace.record(&format!("runs/{id}"));
            assert_eq!(run["state"], "finished", "{family}");
            for figure in ["train_accuracy", "test_accuracy", "gap"] {
                let (listed, recorded) = (run[figure].as_f64(), record["last"][figure].as_f64());
                let differ = |(a, b): (f64, f64)| (a - b).abs() > 1e-6; // tables round
                assert_eq!(listed.is_some(), recorded.is_some(), "{family}: {figure}");
                assert!(!listed.zip(recorded).is_some_and(differ), "{family}: {run}");
            }
            let shown = workspace.succeed(&["show", id]);
            assert!(shown.contains(id), "{family}: {shown}");
        }
    }
}

#[test]
fn replicates_are_compared_with_the_means_of_their_records() {
    let workspace = stored("mlp");
    let rows = json(&workspace.succeed(&["compare", "experiment.toml", "--format", "json"]));
    let rows = rows.as_array().expect("rows");
    assert_eq!(rows.len(), 2);
    for row in rows {
        let accuracies: Vec<f64> = workspace
            .runs()
            .iter()
            .map(|run| workspace.record(&format!("runs/{run}")))
            .filter(|record| record["trial"]["network"]["dropout"] == row["network.dropout"])
            .map(|record| record["last"]["train_accuracy"].as_f64().expect("a number"))
            .collect();
        assert_eq!(accuracies.len(), 2);
        let mean = row["train_accuracy_mean"].as_f64().expect("a number");
        assert!((mean - (accuracies[0] + accuracies[1]) / 2.0).abs() < 1e-6, "{row}");
    }
}

#[test]
fn stored_runs_are_told_apart() {
    let workspace = stored("mlp");
    let ids = workspace.ids("experiment.toml");
    let diff = json(&workspace.succeed(&["diff", &ids[0], &ids[2], "--format", "json"]));
    let settings = diff["settings"].as_array().expect("a list");
    assert_eq!(settings.len(), 1, "{diff}");
    assert_eq!(settings[0]["key"], "network.dropout", "{diff}");
}

#[test]
fn finished_runs_are_not_trained_again_and_verify() {
    for family in FINISHED {
        let workspace = stored(family);
        let before = workspace.attempts_logged();
        workspace.succeed(&["run", "experiment.toml"]);
        assert_eq!(workspace.attempts_logged(), before, "{family} was trained again");
        let verified = workspace.run(&["verify", "--all"]);
        assert_eq!(verified.code, Some(0), "{family}: {}{}", verified.out, verified.err);
        let same = verified.out.matches("the same bytes: metrics.csv, model.safetensors").count();
        assert_eq!(same, workspace.runs().len(), "{family}: {}", verified.out);
    }
}

#[test]
fn interrupted_run_goes_on_to_the_bytes_of_an_undisturbed_one() {
    let workspace = stored("interrupted");
    let ran = workspace.run(&["resume", "--all"]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    assert!(ran.err.contains("continues from step"), "{}", ran.err);
    assert_eq!(hashes(&workspace), workspace.read("results.sha256"));
}

#[test]
fn damaged_checkpoint_of_a_stored_run_is_replaced_by_the_one_before() {
    let workspace = stored("interrupted");
    let run = workspace.only_run();
    workspace.write(&format!("{run}/checkpoint.safetensors"), "damaged");
    let ran = workspace.run(&["resume", "--all"]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    let log = workspace.read(&format!("{run}/log.txt"));
    assert!(log.contains("attempt 2 continues from step"), "{log}");
    assert_eq!(hashes(&workspace), workspace.read("results.sha256"));
}

#[test]
fn run_claimed_by_a_dead_process_is_taken_over_to_the_same_bytes() {
    let workspace = stored("claimed");
    let run = workspace.only_run();
    assert_eq!(workspace.record(&run)["state"], "running");
    let claim = fs::File::options()
        .write(true)
        .open(workspace.path(&format!("{run}/claim-1.json")))
        .expect("the stored claim");
    claim.set_modified(SystemTime::now() - Duration::from_secs(3600)).expect("set");
    let list = json(&workspace.succeed(&["list", "--format", "json"]));
    assert_eq!(list[0]["state"], "lost", "{list}");
    let ran = workspace.run(&["run", "experiment.toml"]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    assert_eq!(hashes(&workspace), workspace.read("results.sha256"));
    assert_eq!(workspace.leftovers(), [""; 0]);
}

#[test]
fn paused_runs_stay_paused_until_they_are_asked_for() {
    let workspace = stored("halving");
    let before = workspace.attempts_logged();
    workspace.succeed(&["run", "experiment.toml"]);
    assert_eq!(workspace.attempts_logged(), before, "the search is complete");
    let paused: Vec<String> = workspace
        .runs()
        .into_iter()
        .filter(|run| workspace.record(&format!("runs/{run}"))["state"] == "paused")
        .collect();
    assert_eq!(paused.len(), 3);
    for run in &paused {
        workspace.succeed(&["resume", run]);
    }
    assert_eq!(hashes(&workspace), workspace.read("results.sha256"));
}

#[test]
fn test_set_of_a_stored_sealed_run_is_read_once() {
    let workspace = stored("sealed");
    let run = workspace.only_run();
    workspace.succeed(&["compare", "experiment.toml", "--unseal"]);
    let reads = &workspace.record(&run)["test_reads"];
    assert_eq!(reads.as_array().map(Vec::len), Some(1), "{reads}");
    let again = workspace.succeed(&["compare", "experiment.toml", "--unseal"]);
    assert_eq!(workspace.record(&run)["test_reads"], *reads, "{again}");
}

#[test]
fn stored_networks_predict_export_and_are_reported() {
    let workspace = stored("images");
    let predicted = workspace.succeed(&["predict", "latest", "pictures/dark/0.png"]);
    assert!(predicted.contains("dark"), "{predicted}");
    for family in FINISHED {
        let workspace = stored(family);
        workspace.succeed(&["export", "latest", "--to", "npz", "-o", "weights.npz"]);
        workspace.succeed(&["report", "runs", "-o", "report.html"]);
        assert!(workspace.read("report.html").contains(&workspace.runs()[0]), "{family}");
    }
}

/// Its validation examples would be others today: it is read as it is, and nothing goes on with it.
#[test]
fn run_of_other_numerics_is_read_and_refused_with_both_versions() {
    let workspace = stored("csv_validation");
    let run = workspace.runs().remove(0);
    assert_ne!(workspace.ids("experiment.toml")[0], run);
    for command in ["show", "compare", "diagnose"] {
        workspace.succeed(&[command, &run]);
    }
    let versions = "trained with numerics 2, but this program has numerics 4";
    let resumed = workspace.run(&["resume", &run]);
    assert_eq!(resumed.code, Some(1), "{}", resumed.err);
    assert!(resumed.err.contains(versions), "{}", resumed.err);
    let verified = workspace.run(&["verify", &run]);
    assert!(verified.out.contains(versions), "{}{}", verified.out, verified.err);
    workspace.succeed(&["run", "experiment.toml"]);
    assert_eq!(workspace.runs().len(), 2);
    let both = workspace.succeed(&["compare", "runs", "--format", "csv"]);
    assert!(both.starts_with("numerics,"), "{both}");
}
