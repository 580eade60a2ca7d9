//! Every kind of ending has its code, and its message says what to do.

use std::fs;
use std::process::Stdio;

use crate::experiments::{diverging_grid, trial};
use crate::workspace::{Ran, Workspace};

#[track_caller]
fn assert_ends(ran: &Ran, code: i32, says: &str) {
    assert_eq!(ran.code, Some(code), "{}", ran.err);
    assert!(ran.err.contains(says), "{says:?} is not in: {}", ran.err);
    assert_eq!(ran.out, "", "errors go to standard error");
}

#[test]
fn usage_is_2() {
    let workspace = Workspace::with(&trial(1));
    assert_ends(&workspace.run(&["run"]), 2, "FILE.toml");
    assert_ends(&workspace.run(&["trian"]), 2, "unrecognized");
    assert_ends(&workspace.run(&["resume"]), 2, "<ID>");
    assert_ends(&workspace.run(&["run", "experiment.toml", "--jobs=0"]), 2, "--jobs");
    assert_ends(&workspace.run(&["run", "experiment.toml", "--checkpoint-seconds=-1"]), 2, "-1");
    workspace.succeed(&["run", "experiment.toml"]);
    assert_ends(&workspace.run(&["compare", "latest", "--sort=tset"]), 2, "tset");
}

/// Every command that takes an experiment file.
const COMMANDS_OF_FILES: [&[&str]; 11] = [
    &["run"],
    &["plan"],
    &["submit", "--print"],
    &["compare"],
    &["confirm"],
    &["diagnose"],
    &["report", "--output=out.html"],
    &["plot", "--output=plots"],
    &["export", "--to=csv", "--output=out.csv"],
    &["verify"],
    &["data", "check"],
];

#[test]
fn an_experiment_file_that_cannot_be_read_is_3_and_named_in_every_command() {
    let workspace = Workspace::with(&trial(0));
    fs::create_dir(workspace.path("folder.toml")).expect("a folder");
    workspace.write("binary.toml", [0xff_u8; 100]);
    workspace.write("large.toml", vec![b'#'; (4 << 20) + 1]);
    let cannot_read = [
        ("no.toml", "error: cannot read no.toml: No such file"),
        ("no/such.toml", "error: cannot read no/such.toml: No such file"),
        ("folder.toml", "error: cannot read folder.toml: "),
        ("large.toml", "error: cannot read large.toml: it is larger than 4 MiB"),
        ("binary.toml", "the file is not UTF-8"),
    ];
    for command in COMMANDS_OF_FILES {
        for (file, says) in cannot_read {
            assert_ends(&workspace.run(&[command, &[file]].concat()), 3, says);
        }
    }
    assert!(!workspace.path("runs").exists());
}

#[test]
fn files_that_cannot_be_read_are_named_beside_the_faults_of_others() {
    let workspace = Workspace::with(&trial(0));
    let ran = workspace.run(&["run", "no.toml", "experiment.toml"]);
    assert_ends(&ran, 3, "cannot read no.toml: ");
    assert_ends(&ran, 3, "experiment.toml:");
}

#[test]
fn invalid_experiment_is_3_and_nothing_is_written() {
    let invalid = trial(0).replace("dropout = 0.2", "dropout = 1.5\ndroput = 0.1");
    let workspace = Workspace::with(&invalid);
    for command in ["run", "plan"] {
        let ran = workspace.run(&[command, "experiment.toml"]);
        for line in ["experiment.toml:11:", "experiment.toml:12:", "experiment.toml:19:"] {
            assert_ends(&ran, 3, line);
        }
        assert_ends(&ran, 3, "did you mean");
    }
    assert!(!workspace.path("runs").exists());
}

#[test]
fn nothing_matched_is_4() {
    let workspace = Workspace::with(&trial(1));
    for command in ["compare", "resume", "show"] {
        assert_ends(&workspace.run(&[command, "nosuchid"]), 4, "`nosuchid`");
        assert_ends(&workspace.run(&[command, "abc123"]), 4, "`abc123`");
        assert_ends(&workspace.run(&[command, "latest"]), 4, "latest");
    }
    let ran = workspace.run(&["compare", "experiment.toml"]);
    assert_ends(&ran, 4, "the trial of experiment.toml has no run");
}

#[test]
fn missing_data_is_6_and_says_which_files_go_where() {
    let workspace = Workspace::with(&trial(1).replace("synthetic", "mnist"));
    let ran = workspace.run(&["run", "experiment.toml", "--offline", "--data-dir", "datasets"]);
    assert_ends(&ran, 6, "--offline");
    assert_ends(&ran, 6, "datasets/mnist");
    assert_ends(&ran, 6, "train-images-idx3-ubyte");
    assert!(!workspace.path("runs").exists(), "nothing is begun");
}

#[test]
fn nothing_to_resume_is_0() {
    let workspace = Workspace::with(&trial(1));
    assert_ends(&workspace.run(&["resume", "--all"]), 0, "nothing to resume");
    workspace.succeed(&["run", "experiment.toml"]);
    assert_ends(&workspace.run(&["resume", "--all"]), 0, "nothing to resume");
}

#[test]
fn readers_that_have_seen_enough_are_no_error() {
    let workspace = Workspace::with(&trial(1));
    workspace.succeed(&["run", "experiment.toml"]);
    let commands: [&[&str]; 7] = [
        &["compare", "latest"],
        &["list"],
        &["show", "latest"],
        &["plan", "experiment.toml"],
        &["schema"],
        &["completions", "bash"],
        &["run", "experiment.toml"],
    ];
    for command in commands {
        let mut child = workspace.command(command).spawn().expect("the binary starts");
        drop(child.stdout.take());
        let ran = Ran::from(child.wait_with_output().expect("a child"));
        assert_eq!(ran.code, Some(0), "{command:?}: {}", ran.err);
        assert!(!ran.err.contains("error") && !ran.err.contains("panicked"), "{}", ran.err);
    }
}

#[test]
fn sweeps_go_on_without_anybody_to_read_them() {
    let workspace = Workspace::with(&diverging_grid());
    let mut child = workspace.command(&["run", "experiment.toml"]).spawn().expect("starts");
    drop(child.stdout.take());
    drop(child.stderr.take());
    let ran = Ran::from(child.wait_with_output().expect("a child"));
    assert_eq!(ran.code, Some(100));
    assert_eq!(workspace.runs().len(), 2);
    let mut command = workspace.command(&["run", "experiment.toml", "--retrain"]);
    let status = command.stdout(Stdio::null()).stderr(Stdio::null()).status().expect("starts");
    assert_eq!(status.code(), Some(100));
}
