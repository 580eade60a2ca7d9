//! Sweeps that are killed or interrupted and gone on with end in the bytes of undisturbed ones.

use std::collections::BTreeMap;
use std::hash::{BuildHasher, RandomState};
use std::thread;
use std::time::Duration;

use rustix::process::Signal;

use crate::experiments::{layers_grid, optimizer_grid, trial, watched_grid};
use crate::workspace::Workspace;

const KILLS: usize = 4;
const RUN: [&str; 3] = ["run", "experiment.toml", "--jobs=2"];
const RESUME: [&str; 3] = ["resume", "--all", "--jobs=2"];

/// The results of `experiment`, trained without a disturbance.
fn undisturbed(experiment: &str) -> BTreeMap<String, Vec<u8>> {
    let workspace = Workspace::with(experiment);
    workspace.succeed(&RUN);
    workspace.results()
}

/// Up to `most`, another one each time.
fn random(most: Duration) -> Duration {
    most.mul_f64(RandomState::new().hash_one(()) as f64 / u64::MAX as f64)
}

/// Kills the sweep at random moments, goes on with it to the end, and compares.
fn killed_sweep_ends_in_the_same_bytes(experiment: &str, checkpoint_seconds: &str) {
    let workspace = Workspace::with(experiment);
    let more = ["--checkpoint-seconds", checkpoint_seconds];
    let mut hits = 0;
    for kill in 0..KILLS {
        let command = if kill % 2 == 0 { RUN } else { RESUME };
        let before = workspace.attempts_logged();
        let mut running = workspace.start(&[&command[..], &more].concat());
        workspace.wait_for_attempt(before, &mut running);
        thread::sleep(random(Duration::from_millis(100)));
        hits += usize::from(running.is_alive());
        running.signal(Signal::KILL);
        running.wait();
    }
    assert!(hits >= KILLS / 2, "only {hits} kills hit a running process");
    workspace.succeed(&[&RESUME[..], &more].concat());
    // Trials that no kill let begin are not `resume`'s.
    workspace.succeed(&[&RUN[..], &more].concat());
    assert_eq!(workspace.leftovers(), [""; 0]);
    let (results, expected) = (workspace.results(), undisturbed(experiment));
    assert!(results.keys().eq(expected.keys()), "{:?}", results.keys());
    let differs = |(name, bytes): &(&String, &Vec<u8>)| expected[*name] != **bytes;
    let different: Vec<_> = results.iter().filter(differs).map(|(name, _)| name).collect();
    assert!(different.is_empty(), "{different:?}");
}

fn grid() -> String {
    optimizer_grid(80, "[1]", &["adagrad", "momentum", "adam"])
}

#[test]
fn kills_between_checkpoints_after_every_epoch_change_no_byte() {
    killed_sweep_ends_in_the_same_bytes(&grid(), "0");
}

#[test]
fn kills_between_checkpoints_in_the_middle_of_epochs_change_no_byte() {
    killed_sweep_ends_in_the_same_bytes(&grid(), "0.02");
}

#[test]
fn kills_before_the_first_checkpoint_change_no_byte() {
    killed_sweep_ends_in_the_same_bytes(&grid(), "1000");
}

#[test]
fn kills_change_no_byte_of_networks_of_all_layers() {
    killed_sweep_ends_in_the_same_bytes(&layers_grid(8), "0.02");
}

#[test]
fn kills_change_no_byte_of_what_evaluations_and_averages_decide() {
    for checkpoint_seconds in ["0", "0.02"] {
        killed_sweep_ends_in_the_same_bytes(&watched_grid(80), checkpoint_seconds);
    }
}

#[test]
fn interruptions_change_no_byte() {
    let experiment = trial(150);
    let workspace = Workspace::with(&experiment);
    let mut interruptions = 0;
    for command in [RUN, RESUME, RUN] {
        let before = workspace.attempts_logged();
        let mut running = workspace.start(&command);
        workspace.wait_for_attempt(before, &mut running);
        thread::sleep(random(Duration::from_millis(50)));
        running.signal(Signal::INT);
        interruptions += usize::from(running.wait().code == Some(130));
    }
    assert!(interruptions >= 1);
    workspace.succeed(&RESUME);
    let log = workspace.read(&format!("{}/log.txt", workspace.only_run()));
    assert!(log.contains(" continues from step "), "{log}");
    assert!(workspace.results() == undisturbed(&experiment));
}

#[test]
fn claim_of_a_process_that_died_after_its_last_word_is_cleared_away() {
    let workspace = Workspace::with(&trial(1));
    workspace.succeed(&RUN);
    let run = workspace.only_run();
    let owner = &workspace.record(&run)["owner"];
    workspace.write(&format!("{run}/claim-1.json"), owner.to_string());
    workspace.write(&format!("{run}/.claim.9-1.tmp"), "");
    assert_eq!(workspace.leftovers().len(), 2);
    workspace.succeed(&RUN);
    assert_eq!(workspace.leftovers(), [""; 0]);
}
