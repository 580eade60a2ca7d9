//! Damaged files: checkpoints are passed over for older ones, records are named.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::Command;
use std::sync::LazyLock;

use rustix::process::Signal;

use crate::experiments::trial;
use crate::workspace::{Workspace, wait_until};

const EPOCHS: u32 = 60;

/// A run with two checkpoints, stopped in the middle.
fn stopped() -> (Workspace, String) {
    stopped_of(&trial(EPOCHS))
}

fn stopped_of(experiment: &str) -> (Workspace, String) {
    let workspace = Workspace::with(experiment);
    let mut running = workspace.start(&["run", "experiment.toml", "--checkpoint-seconds=0"]);
    wait_until("there are two checkpoints", || {
        let previous = |run| format!("runs/{run}/checkpoint.previous.safetensors");
        workspace.runs().into_iter().any(|run| workspace.path(&previous(run)).exists())
            || !running.is_alive()
    });
    running.signal(Signal::INT);
    assert_eq!(running.wait().code, Some(130));
    let run = workspace.only_run();
    (workspace, run)
}

/// Results of the run without a disturbance.
static UNDISTURBED: LazyLock<BTreeMap<String, Vec<u8>>> = LazyLock::new(|| {
    let undisturbed = Workspace::with(&trial(EPOCHS));
    undisturbed.succeed(&["run", "experiment.toml"]);
    undisturbed.results()
});

/// Goes on with the run, which has to end like an undisturbed one; returns its log.
fn ended_as_ever(workspace: &Workspace, run: &str) -> String {
    workspace.succeed(&["resume", "latest"]);
    assert!(workspace.results() == *UNDISTURBED);
    workspace.read(&format!("{run}/log.txt"))
}

#[test]
fn damaged_checkpoint_is_passed_over_for_the_one_before() {
    let damages: [fn(&mut Vec<u8>); 4] = [
        |bytes| bytes.truncate(bytes.len() / 2),
        |bytes| bytes.clear(),
        |bytes| {
            let last = bytes.len() - 1;
            bytes[last] ^= 1;
        },
        |bytes| bytes[20] ^= 0x20,
    ];
    for damage in damages {
        let (workspace, run) = stopped();
        let newest = workspace.path(&format!("{run}/checkpoint.safetensors"));
        let mut bytes = fs::read(&newest).expect("written when stopped");
        damage(&mut bytes);
        fs::write(&newest, bytes).expect("writable");
        let log = ended_as_ever(&workspace, &run);
        assert!(log.contains(" checkpoint.safetensors is not used: it "), "{log}");
        assert!(log.contains("attempt 2 continues from step "), "{log}");
    }
}

#[test]
fn without_a_whole_checkpoint_training_starts_again() {
    let (workspace, run) = stopped();
    for name in ["checkpoint.safetensors", "checkpoint.previous.safetensors"] {
        workspace.write(&format!("{run}/{name}"), "damaged");
    }
    let log = ended_as_ever(&workspace, &run);
    assert!(log.contains(" checkpoint.previous.safetensors is not used: it "), "{log}");
    assert!(log.contains("attempt 2 starts from the first step"), "{log}");
}

#[test]
fn checkpoint_without_its_rows_is_of_no_use() {
    for metrics in ["", "epoch,step\n1,2\n"] {
        let (workspace, run) = stopped();
        workspace.write(&format!("{run}/metrics.csv"), metrics);
        let log = ended_as_ever(&workspace, &run);
        assert!(log.contains("metrics.csv"), "{log}");
    }
}

#[test]
fn run_without_its_layers_goes_on_without_them() {
    for damage in [None, Some("damaged")] {
        let (workspace, run) = stopped();
        let path = format!("{run}/layers.csv");
        match damage {
            None => fs::remove_file(workspace.path(&path)).expect("there"),
            Some(damage) => workspace.write(&path, damage),
        }
        workspace.succeed(&["resume", "latest"]);
        let mut expected = UNDISTURBED.clone();
        expected.retain(|name, _| !name.ends_with("layers.csv"));
        assert!(workspace.results() == expected, "{damage:?}");
        let log = workspace.read(&format!("{run}/log.txt"));
        assert!(log.contains(" layers.csv is not written: "), "{log}");
        assert!(log.contains("attempt 2 continues from step "), "{log}");
    }
}

#[test]
fn damaged_record_is_named_and_panics_nowhere() {
    for content in ["", "{", "[]", "{\"version\": 99}", "\u{1b}[2J"] {
        let workspace = Workspace::with(&trial(1));
        workspace.succeed(&["run", "experiment.toml"]);
        let path = format!("{}/run.json", workspace.only_run());
        workspace.write(&path, content);
        for (command, code) in [("run", 100), ("plan", 0), ("compare", 1)] {
            let ran = workspace.run(&[command, "experiment.toml"]);
            assert_eq!(ran.code, Some(code), "{command} on {content:?}: {}", ran.err);
            assert!(ran.err.contains(&path), "{}", ran.err);
        }
        let list = workspace.run(&["list"]);
        assert_eq!(list.code, Some(0));
        assert!(list.err.contains(&path), "{}", list.err);
        let resume = workspace.run(&["resume", "--all"]);
        assert!(resume.err.contains(&path), "{}", resume.err);
    }
}

/// Three finished runs, of which the first has this in the place of its record.
fn with_damaged_record(damage: impl Fn(&Path)) -> (Workspace, String) {
    let grid = trial(1) + "[grid]\nnetwork.dropout = [0.0, 0.2, 0.4]\n";
    let workspace = Workspace::with(&grid);
    workspace.succeed(&["run", "experiment.toml"]);
    let id = workspace.ids("experiment.toml").remove(0);
    let path = workspace.path(&format!("runs/{id}/run.json"));
    fs::remove_file(&path).expect("there");
    damage(&path);
    (workspace, id)
}

fn pipe(path: &Path) {
    assert!(Command::new("mkfifo").arg(path).status().expect("installed").success());
}

#[test]
fn one_damaged_record_fails_its_trial_and_the_rest_trains() {
    type Damage = fn(&Path);
    let damages: [(Damage, &str); 6] = [
        (|path| symlink(path, path).expect("made"), "Too many levels of symbolic links"),
        (|path| fs::write(path, "").expect("writable"), "it is not a run record: it is empty"),
        (
            |path| fs::write(path, "{\"version\": 1,").expect("writable"),
            "it is not a run record: EOF",
        ),
        (
            |path| fs::write(path, "{\"version\": 2}").expect("writable"),
            "it has layout version 2, but this program reads version 1",
        ),
        (pipe, "it is a named pipe, not a file"),
        (|path| fs::create_dir(path).expect("writable"), "it is a folder, not a file"),
    ];
    let wider = ["experiment.toml", "--set", "network.dropout=[0.0,0.2,0.4,0.5]"];
    for (damage, says) in damages {
        let (workspace, id) = with_damaged_record(damage);
        let plan = workspace.run(&[&["plan"], &wider[..]].concat());
        assert_eq!(plan.code, Some(0), "{}", plan.err);
        assert!(
            plan.err.contains(says) && plan.out.contains(" damaged "),
            "{}{}",
            plan.out,
            plan.err
        );
        let list = workspace.run(&["list", "--format", "csv"]);
        assert!(list.code == Some(0) && list.err.contains(says), "{}", list.err);
        let ran = workspace.run(&[&["run"], &wider[..]].concat());
        assert_eq!(ran.code, Some(100), "{}", ran.err);
        let failed = format!(
            "failed: {}runs/{id}/run.json: {says}",
            match says.contains("not a file") || says.starts_with("Too many") {
                true => "cannot read ",
                false => "",
            }
        );
        assert!(ran.err.contains(&failed), "{failed}: {}", ran.err);
        assert!(ran.err.contains("1 of 4 trials failed or diverged"), "{}", ran.err);
        assert!(ran.out.contains("0.5"), "the others are compared: {}", ran.out);
        let finished = workspace.run(&["list", "--state", "finished", "--format", "csv"]).out;
        assert_eq!(finished.lines().count(), 1 + 3, "{finished}");
        workspace.succeed(&[&["run", "--retrain"], &wider[..]].concat());
        let finished = workspace.succeed(&["list", "--state", "finished", "--format", "csv"]);
        assert_eq!(finished.lines().count(), 1 + 4, "{finished}");
    }
}

#[test]
fn a_pipe_in_the_place_of_a_file_is_waited_for_by_nobody() {
    for name in ["metrics.csv", "layers.csv", "timing.csv", "checkpoint.safetensors"] {
        let (workspace, run) = stopped();
        let path = workspace.path(&format!("{run}/{name}"));
        fs::remove_file(&path).expect("there");
        pipe(&path);
        for args in [&["show", "latest"][..], &["diagnose", "runs"], &["plan", "experiment.toml"]] {
            assert!(workspace.run(args).code.is_some(), "{name}: {args:?} was killed");
        }
        let ran = workspace.run(&["resume", "latest"]);
        let log = workspace.read(&format!("{run}/log.txt"));
        match name {
            "metrics.csv" => {
                assert_eq!(ran.code, Some(100), "{}", ran.err);
                assert!(
                    ran.err.contains("metrics.csv: it is a named pipe, not a file"),
                    "{}",
                    ran.err
                );
            }
            "checkpoint.safetensors" => {
                assert!(workspace.results() == *UNDISTURBED, "{}", ran.err);
                assert!(log.contains("checkpoint.safetensors is not used: cannot read"), "{log}");
                assert!(log.contains("attempt 2 continues from step "), "{log}");
            }
            _ => {
                assert_eq!(ran.code, Some(0), "{}", ran.err);
                let mut expected = UNDISTURBED.clone();
                expected.retain(|of, _| name == "timing.csv" || !of.ends_with(name));
                assert!(workspace.results() == expected, "{name}");
            }
        }
    }
}

/// What is read from beside a checkpoint has to be what it was when the checkpoint was saved.
#[test]
fn changed_rows_and_weights_of_an_unfinished_run_never_end_in_a_finished_one() {
    let validated = trial(EPOCHS)
        .replace("train_examples = 300", "train_examples = 300\nvalidation_examples = 60");
    let undisturbed = Workspace::with(&validated);
    undisturbed.succeed(&["run", "experiment.toml"]);
    type Damage = fn(&mut Vec<u8>);
    let flip: Damage = |bytes| *bytes.last_mut().expect("not empty") ^= 1;
    let cut: Damage = |bytes| bytes.truncate(bytes.len() / 2);
    // Another digit in the first row, which every checkpoint has behind it.
    let digit: Damage = |bytes| {
        let line = bytes.iter().position(|byte| *byte == b'\n').expect("a header") + 1;
        let end = bytes[line..].iter().position(|byte| *byte == b'\n').expect("a row") + line;
        bytes[end - 1] = if bytes[end - 1] == b'1' { b'2' } else { b'1' };
    };
    for (name, damage) in [
        ("best.safetensors", flip),
        ("best.safetensors", cut),
        ("metrics.csv", digit),
        ("layers.csv", digit),
    ] {
        let (workspace, run) = stopped_of(&validated);
        let path = workspace.path(&format!("{run}/{name}"));
        let mut bytes = fs::read(&path).expect("there");
        damage(&mut bytes);
        fs::write(&path, bytes).expect("writable");
        workspace.succeed(&["resume", "latest"]);
        let mut expected = undisturbed.results();
        expected.retain(|of, _| name != "layers.csv" || !of.ends_with(name));
        assert!(workspace.results() == expected, "{name}");
        let log = workspace.read(&format!("{run}/log.txt"));
        let said = if name == "layers.csv" { "layers.csv is not written" } else { name };
        assert!(log.contains(said), "{log}");
    }
}

#[test]
fn a_checkpoint_that_cannot_be_looked_at_stops_no_other_trial() {
    let (workspace, run) = stopped();
    for name in ["checkpoint.safetensors", "checkpoint.previous.safetensors"] {
        let path = workspace.path(&format!("{run}/{name}"));
        fs::remove_file(&path).expect("it is there");
        symlink(&path, &path).expect("made");
    }
    workspace.write("wider.toml", trial(EPOCHS) + "[grid]\nnetwork.dropout = [0.2, 0.5]\n");
    let ran = workspace.run(&["run", "wider.toml"]);
    let failed = format!("failed: cannot read {run}/checkpoint.safetensors: ");
    assert!(ran.code == Some(100) && ran.err.contains(&failed), "{}", ran.err);
    let finished = workspace.succeed(&["list", "--state", "finished", "--format", "csv"]);
    assert_eq!(finished.lines().count(), 1 + 1, "{finished}");
}

#[test]
fn a_log_that_cannot_be_written_is_said_and_decides_nothing() {
    let (workspace, run) = stopped();
    let log = workspace.path(&format!("{run}/log.txt"));
    fs::remove_file(&log).expect("it is there");
    fs::create_dir(&log).expect("made");
    let ran = workspace.run(&["resume", "latest"]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    assert!(ran.err.contains("log.txt lacks a line: "), "{}", ran.err);
    assert!(workspace.results() == *UNDISTURBED);
}

#[test]
fn after_resume_the_table_says_which_runs_it_lacks() {
    let (workspace, run) = stopped();
    workspace.succeed(&["run", "experiment.toml", "--set", "training.epochs=1"]);
    let ran = workspace.run(&["resume", "--all"]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    assert_eq!(workspace.record(&run)["state"], "finished");
    let told = "the table has the runs that were resumed; with those that were finished before: \
                `runner compare runs --where 'experiment in [\"experiment\"]'`\n";
    assert!(ran.err.ends_with(told), "{}", ran.err);
    let condition = "experiment in [\"experiment\"]";
    let compared = workspace.succeed(&["compare", "runs", "--where", condition]);
    assert!(compared.contains("epochs 60") && compared.contains("epochs 1 "), "{compared}");
}
