//! Files that the user names: links are replaced, devices and pipes written to, and nothing half-made is left.

use std::fs::{self, File};
use std::io::Read;
use std::os::unix::fs::{FileTypeExt, symlink};
use std::process::{Command, Stdio};
use std::thread;

use crate::experiments::trial;
use crate::workspace::{Ran, Running, Workspace, names};

fn with_run() -> Workspace {
    let workspace = Workspace::with(&trial(1));
    workspace.succeed(&["run", "experiment.toml"]);
    workspace
}

/// What a pipe is given by the command, which is told its name.
fn through_pipe(workspace: &Workspace, args: &[&str]) -> String {
    let pipe = workspace.path("pipe");
    assert!(Command::new("mkfifo").arg(&pipe).status().expect("mkfifo is there").success());
    let reader = thread::spawn({
        let pipe = pipe.clone();
        move || {
            let mut text = String::new();
            File::open(pipe).expect("it is there").read_to_string(&mut text).expect("text");
            text
        }
    });
    workspace.succeed(args);
    assert!(pipe.symlink_metadata().expect("it is there").file_type().is_fifo());
    fs::remove_file(&pipe).expect("it is there");
    reader.join().expect("it does not panic")
}

#[test]
fn pipes_are_written_to_and_stay() {
    let workspace = with_run();
    let html = through_pipe(&workspace, &["report", "runs", "-o", "pipe"]);
    assert!(html.starts_with("<!DOCTYPE html>") && html.trim_end().ends_with("</html>"));
    let csv = through_pipe(&workspace, &["export", "runs", "--to", "csv", "-o", "pipe"]);
    assert_eq!(csv, workspace.succeed(&["export", "runs", "--to", "csv"]));
}

#[test]
fn a_name_for_standard_output_is_standard_output() {
    let workspace = with_run();
    let html = workspace.succeed(&["report", "runs", "-o", "/dev/stdout"]);
    assert!(html.starts_with("<!DOCTYPE html>") && html.trim_end().ends_with("</html>"));
    let file = File::create(workspace.path("all.html")).expect("writable");
    let mut command = workspace.command(&["report", "runs", "-o", "/dev/stdout"]);
    let ran: Ran = Running::of(command.stdout(Stdio::from(file))).wait();
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    assert_eq!(workspace.read("all.html").len(), html.len());
}

#[test]
fn a_planted_link_is_replaced_and_what_it_names_stays() {
    let workspace = with_run();
    workspace.write("mine", "mine");
    let files = [
        ("report.html", &["report", "runs", "-o", "report.html"][..]),
        ("runs.csv", &["export", "runs", "--to", "csv", "-o", "runs.csv", "--force"]),
        ("experiment2.toml", &["init", "experiment2.toml", "--force"]),
    ];
    for (name, command) in files {
        symlink(workspace.path("mine"), workspace.path(name)).expect("linked");
        workspace.succeed(command);
        assert!(!workspace.path(name).is_symlink(), "{name}");
        assert_eq!(workspace.read("mine"), "mine", "{name}");
    }
    let all = [
        "cache",
        "experiment.schema.json",
        "experiment.toml",
        "experiment2.toml",
        "mine",
        "report.html",
        "runs",
        "runs.csv",
    ];
    let found = names(&workspace.path(""));
    assert!(found.iter().all(|name| all.contains(&name.as_str())), "{found:?}");
}

#[test]
fn what_a_killed_report_left_goes_with_the_next_one() {
    let workspace = with_run();
    let old = ".report.html.4711.tmp"; // as 0.1.0 called it
    workspace.write(old, "half");
    let hour_ago = std::time::SystemTime::now() - std::time::Duration::from_secs(3600);
    let file = File::options().write(true).open(workspace.path(old)).expect("it is there");
    file.set_modified(hour_ago).expect("settable");
    drop(file);
    workspace.succeed(&["report", "runs", "-o", "report.html"]);
    assert!(!workspace.path(old).exists());
}

#[test]
fn results_and_files_of_others_are_not_replaced_by_a_report() {
    let workspace = with_run();
    let run = workspace.only_run();
    let metrics = workspace.read(&format!("{run}/metrics.csv"));
    for args in [
        &["report", "runs", "-o", &format!("{run}/metrics.csv")][..],
        &["plot", "runs", "-o", &run],
        &["init", &format!("{run}/trial.toml"), "--force"],
    ] {
        let ran = workspace.run(args);
        let is_refused = ran.err.contains("is a run folder, and only its run may write into it");
        assert!(ran.code == Some(2) && is_refused, "{args:?}: {}", ran.err);
    }
    assert_eq!(workspace.read(&format!("{run}/metrics.csv")), metrics);
    let experiment = workspace.read("experiment.toml");
    let ran = workspace.run(&["report", "experiment.toml", "-o", "experiment.toml"]);
    assert!(ran.code == Some(2) && ran.err.contains("is not a report"), "{}", ran.err);
    assert_eq!(workspace.read("experiment.toml"), experiment);
    workspace.succeed(&["report", "runs", "-o", "report.html"]);
    workspace.succeed(&["report", "runs", "-o", "report.html"]);
}
