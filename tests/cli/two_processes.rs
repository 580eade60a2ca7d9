//! Several processes on one runs folder share the work.

use std::fs::File;

use rustix::process::Signal;

use crate::experiments::{dropout_grid, optimizer_grid, trial};
use crate::workspace::{Running, Workspace, wait_until};

#[test]
fn no_trial_is_trained_twice() {
    let grid = dropout_grid(4).replace("seeds = [1, 2]", "seeds = 5");
    let workspace = Workspace::with(&grid);
    let command = ["run", "experiment.toml", "--jobs=2"];
    let processes = [(); 3].map(|()| workspace.start(&command));
    for ran in processes.map(|process| process.wait()) {
        assert_eq!(ran.code, Some(0), "{}", ran.err);
    }
    assert_eq!(workspace.runs().len(), 10);
    for run in workspace.runs() {
        let record = workspace.record(&format!("runs/{run}"));
        assert_eq!((&record["state"], &record["attempt"]), (&"finished".into(), &1.into()));
        let log = workspace.read(&format!("runs/{run}/log.txt"));
        assert_eq!(log.matches(" attempt ").count(), 1, "{log}");
    }
    assert_eq!(workspace.leftovers(), [""; 0]);
    let table = workspace.succeed(&["compare", "experiment.toml", "--format", "csv"]);
    assert_eq!(table.matches(",5,").count(), 2, "{table}");
}

#[test]
fn a_run_in_training_is_left_to_its_process() {
    let workspace = Workspace::with(&trial(10_000_000));
    let mut first = workspace.start(&["run", "experiment.toml"]);
    workspace.wait_for_attempt(0, &mut first);
    let run = workspace.only_run();
    let owner = workspace.record(&run)["owner"]["pid"].to_string();
    for command in [&["run", "experiment.toml"][..], &["resume", "--all"]] {
        let second = workspace.run(command);
        assert_eq!(second.code, Some(0), "{}", second.err);
        let told = format!("is trained by process {owner} on ");
        assert!(second.err.contains(&told), "{}", second.err);
    }
    let retrain = workspace.run(&["run", "experiment.toml", "--retrain"]);
    assert_eq!(retrain.code, Some(1), "{}", retrain.err);
    assert!(retrain.err.contains(&owner), "{}", retrain.err);
    assert!(first.is_alive());
    assert_eq!(workspace.record(&run)["attempt"], 1);
}

/// Four processes with a trial each. Two are stopped until the others have taken their trials over, and
/// woken up while those are in training.
#[test]
fn stopped_processes_are_taken_over_and_change_nothing_when_they_wake() {
    let experiment = optimizer_grid(250, "[1, 2]", &["momentum", "adam"]);
    let (workspace, undisturbed) = (Workspace::with(&experiment), Workspace::with(&experiment));
    undisturbed.succeed(&["run", "experiment.toml"]);
    let command =
        ["run", "experiment.toml", "--jobs=1", "--claim-timeout=1", "--checkpoint-seconds=0.05"];
    let processes = [(); 4].map(|()| workspace.start(&command));
    wait_until("every process has a trial", || workspace.attempts_logged() == 4);
    let [a, b, ..] = &processes;
    [a, b].into_iter().for_each(|process| process.signal(Signal::STOP));
    wait_until("both are taken over", || workspace.attempts_logged() == 6);
    [a, b].into_iter().for_each(|process| process.signal(Signal::CONT));
    let mut taken_over = 0;
    for ran in processes.map(|process| process.wait()) {
        assert_eq!(ran.code, Some(0), "{}", ran.err);
        taken_over += ran.err.matches("was taken over by another process").count();
    }
    assert_eq!(taken_over, 2);
    for run in workspace.runs() {
        let log = workspace.read(&format!("runs/{run}/log.txt"));
        assert!(log.ends_with(" finished\n"), "{log}");
        assert_eq!(log.matches(" finished\n").count(), 1, "{log}");
    }
    assert_eq!(workspace.leftovers(), [""; 0]);
    assert_eq!(workspace.attempts_logged(), 6, "nothing is trained twice");
    assert!(workspace.results() == undisturbed.results(), "a byte differs");
}

#[test]
fn whoever_waits_completes_what_a_killed_process_leaves() {
    let experiment = trial(1000);
    let (workspace, undisturbed) = (Workspace::with(&experiment), Workspace::with(&experiment));
    let command = ["run", "experiment.toml", "--jobs=1", "--checkpoint-seconds=0.05"];
    let mut first = workspace.start(&command);
    workspace.wait_for_attempt(0, &mut first);
    let mut second = workspace.command(&[&command[..], &["--wait"]].concat());
    let messages = File::create(workspace.path("messages.txt")).expect("writable");
    let second = Running::of(second.stderr(messages));
    let says = |what: &str| workspace.read("messages.txt").contains(what);
    wait_until("the second waits", || says(": waits for process "));
    first.signal(Signal::KILL);
    assert_eq!(first.wait().code, None, "it was in training");
    assert_eq!(second.wait().code, Some(0));
    assert!(says("attempt 2 continues from step "), "{}", workspace.read("messages.txt"));
    undisturbed.succeed(&["run", "experiment.toml"]);
    assert!(workspace.results() == undisturbed.results(), "a byte differs");
}

/// Two processes, the first of which trains and is stopped, so that nothing changes but what the test writes;
/// the second waits.
fn waiting() -> (Workspace, Running, Running) {
    let workspace = Workspace::with(&trial(1000));
    let command = ["run", "experiment.toml", "--jobs=1", "--claim-timeout=600"];
    let mut first = workspace.start(&[&command[..], &["--checkpoint-seconds=0.05"]].concat());
    workspace.wait_for_attempt(0, &mut first);
    let mut second = workspace.command(&[&command[..], &["--wait"]].concat());
    let messages = File::create(workspace.path("messages.txt")).expect("writable");
    let second = Running::of(second.stderr(messages));
    wait_until("the second waits", || {
        workspace.read("messages.txt").contains(": waits for process ")
    });
    first.signal(Signal::STOP);
    (workspace, first, second)
}

#[test]
fn a_record_that_is_not_all_there_for_a_moment_does_not_end_a_wait() {
    let (workspace, first, second) = waiting();
    let record = format!("{}/run.json", workspace.only_run());
    let whole = workspace.read(&record);
    workspace.write(&record, &whole[..whole.len() / 2]);
    let tried = || workspace.read("messages.txt").matches("; trying again").count();
    wait_until("it is tried again", || tried() > 0);
    workspace.write(&record, whole);
    first.signal(Signal::KILL);
    first.wait();
    assert_eq!(second.wait().code, Some(0), "{}", workspace.read("messages.txt"));
    assert_eq!(tried(), 1, "it is said once");
    assert_eq!(workspace.record(&workspace.only_run())["state"], "finished");
}

#[test]
fn a_record_that_stays_damaged_ends_a_wait_with_its_path() {
    let (workspace, first, second) = waiting();
    let record = format!("{}/run.json", workspace.only_run());
    workspace.write(&record, "{");
    assert_ne!(second.wait().code, Some(0));
    let messages = workspace.read("messages.txt");
    assert!(messages.contains(&format!("failed: {record}: ")), "{messages}");
    drop(first);
}
