//! Damaged files: checkpoints are passed over for older ones, records are named.

use std::collections::BTreeMap;
use std::fs;
use std::sync::LazyLock;

use rustix::process::Signal;

use crate::experiments::trial;
use crate::workspace::{Workspace, wait_until};

const EPOCHS: u32 = 60;

/// A run with two checkpoints, stopped in the middle.
fn stopped() -> (Workspace, String) {
    let workspace = Workspace::with(&trial(EPOCHS));
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
        assert!(log.contains("attempt 2 goes on from step "), "{log}");
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
        assert!(log.contains("attempt 2 goes on from step "), "{log}");
    }
}

#[test]
fn damaged_record_is_named_and_panics_nowhere() {
    for content in ["", "{", "[]", "{\"version\": 99}", "\u{1b}[2J"] {
        let workspace = Workspace::with(&trial(1));
        workspace.succeed(&["run", "experiment.toml"]);
        let path = format!("{}/run.json", workspace.only_run());
        workspace.write(&path, content);
        for command in ["run", "plan", "compare"] {
            let ran = workspace.run(&[command, "experiment.toml"]);
            assert_eq!(ran.code, Some(1), "{command} on {content:?}: {}", ran.err);
            assert!(ran.err.contains(&path), "{}", ran.err);
        }
        let list = workspace.run(&["list"]);
        assert_eq!(list.code, Some(0));
        assert!(list.err.contains(&path), "{}", list.err);
        let resume = workspace.run(&["resume", "--all"]);
        assert!(resume.err.contains(&path), "{}", resume.err);
    }
}
