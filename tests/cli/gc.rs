//! `gc`: what can go goes, and results never do.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::time::{Duration, SystemTime};

use rustix::process::Signal;

use crate::experiments::{diverging_grid, dropout_grid, trial};
use crate::workspace::{Workspace, names};

/// Paths of all files below the runs folder, relative to it.
fn files(workspace: &Workspace) -> BTreeSet<String> {
    fn add(folder: &Path, prefix: &str, files: &mut BTreeSet<String>) {
        for name in names(folder) {
            let (path, name) = (folder.join(&name), format!("{prefix}{name}"));
            match path.symlink_metadata().expect("just listed").is_dir() {
                true => add(&path, &format!("{name}/"), files),
                false => _ = files.insert(name),
            }
        }
    }
    let mut all = BTreeSet::new();
    add(&workspace.path("runs"), "", &mut all);
    all
}

/// The rows that `gc` prints, as `what kind`.
fn rows(workspace: &Workspace, args: &[&str]) -> Vec<String> {
    let json = workspace.succeed(&[&["gc", "--format=json"], args].concat());
    let rows: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    let text = |row: &serde_json::Value, key: &str| row[key].as_str().expect("text").to_owned();
    let row = |row| format!("{} {}", text(row, "what"), text(row, "kind"));
    rows.as_array().expect("rows").iter().map(row).collect()
}

fn dead_owner(workspace: &Workspace, run: &str) -> String {
    let mut owner = workspace.record(run)["owner"].clone();
    owner["pid"] = 2_000_000_000.into(); // more than there are
    (owner["number"], owner["timeout_seconds"]) = (0.into(), 60.into()); // what a claim has more
    owner.to_string()
}

fn set_age(workspace: &Workspace, path: &str, age: Duration) {
    let file = fs::File::options().append(true).open(workspace.path(path)).expect("there");
    file.set_modified(SystemTime::now() - age).expect("settable");
}

/// A workspace with a finished run, waste of every kind, and what looks like waste.
fn littered() -> (Workspace, String) {
    let workspace = Workspace::with(&trial(2));
    workspace.succeed(&["run", "experiment.toml", "--checkpoint-seconds=0"]);
    workspace.succeed(&["run", "experiment.toml", "--retrain", "--checkpoint-seconds=0"]);
    let run = workspace.only_run();
    let owner = dead_owner(&workspace, &run);
    workspace.write(&format!("{run}/claim-1.json"), &owner);
    workspace.write(&format!("{run}/.metrics.csv.1-77.tmp"), "half");
    workspace.write("runs/.scratch/verify-77/owner.json", &owner);
    workspace.write("runs/.scratch/verify-77/0123456789ab/metrics.csv", "epoch");
    // Of living processes, and of the user.
    let living = &workspace.record(&run)["owner"];
    let mut living = living.clone();
    living["host"] = "another-host".into();
    workspace.write("runs/.scratch/verify-78/owner.json", living.to_string());
    workspace.write("runs/.scratch/verify-79/begun", "");
    workspace.write("runs/README.md", "text");
    workspace.write("runs/notes/checkpoint.safetensors", "the user's");
    workspace.write(&format!("{run}/notes.tmp"), "the user's");
    (workspace, run)
}

/// What [`littered`] has to go.
fn waste(run: &str) -> Vec<String> {
    let id = &run["runs/".len()..];
    let checkpoints = |folder: &str| {
        ["checkpoint.safetensors", "checkpoint.previous.safetensors"]
            .map(|name| format!("{folder}/{name} checkpoint"))
    };
    let mut waste = checkpoints(&format!(".replaced/{id}-1")).to_vec();
    waste.push(".scratch/verify-77 scratch".to_owned());
    waste.push(format!("{id}/.metrics.csv.1-77.tmp temporary"));
    waste.push(format!("{id}/claim-1.json temporary"));
    waste.extend(checkpoints(id));
    waste
}

#[test]
fn dry_run_says_what_goes_and_removes_nothing() {
    let (workspace, run) = littered();
    let before = files(&workspace);
    assert_eq!(rows(&workspace, &["--dry-run"]), waste(&run));
    let ran = workspace.run(&["gc", "--dry-run"]);
    let last = ran.out.lines().last().expect("a total");
    assert!(last.starts_with("7 items, ") && last.ends_with("without --dry-run to remove them"));
    assert_eq!(ran.err, "");
    assert_eq!(files(&workspace), before);
}

#[test]
fn results_stay_and_everything_works_afterwards() {
    let (workspace, run) = littered();
    let (before, results) = (files(&workspace), workspace.results());
    let table = workspace.succeed(&["compare", "experiment.toml"]);
    assert_eq!(rows(&workspace, &[]), waste(&run));
    let gone: BTreeSet<String> = before.difference(&files(&workspace)).cloned().collect();
    let expected = waste(&run).into_iter().map(|row| {
        let (path, _) = row.rsplit_once(' ').expect("what and kind");
        path.to_owned()
    });
    let mut expected: BTreeSet<String> = expected.collect();
    expected.remove(".scratch/verify-77");
    expected.insert(".scratch/verify-77/owner.json".to_owned());
    expected.insert(".scratch/verify-77/0123456789ab/metrics.csv".to_owned());
    assert_eq!(gone, expected);
    assert!(files(&workspace).is_subset(&before), "a claim leaves nothing behind");
    assert!(workspace.results() == results);
    assert_eq!(workspace.run(&["run", "experiment.toml"]).err, "1 trial: all cached\n");
    assert_eq!(workspace.succeed(&["compare", "experiment.toml"]), table);
    assert!(workspace.succeed(&["verify", "--all"]).contains("the same bytes"));
    let again = workspace.run(&["gc"]);
    assert_eq!((again.code, &again.out[..]), (Some(0), ""));
    assert_eq!(again.err, "nothing to remove under runs\n");
}

#[test]
fn kinds_ages_and_sizes_choose() {
    let (workspace, run) = littered();
    let id = &run["runs/".len()..];
    let dry = |args: &[&str]| rows(&workspace, &[args, &["--dry-run"]].concat());
    assert_eq!(dry(&["--kind", "scratch"]), [".scratch/verify-77 scratch"]);
    assert_eq!(dry(&["--kind=scratch", "--kind=temporary"]).len(), 3);
    assert_eq!(dry(&["--older-than", "1h"]), [""; 0]);
    assert_eq!(dry(&["--larger-than", "1GiB"]), [""; 0]);
    assert_eq!(dry(&["--larger-than", "1kB"]).len(), 4, "checkpoints");
    let day = Duration::from_secs(86_400);
    set_age(&workspace, &format!("{run}/checkpoint.safetensors"), 8 * day);
    set_age(&workspace, &format!("{run}/claim-1.json"), 2 * day);
    let old = format!("{id}/checkpoint.safetensors checkpoint");
    assert_eq!(dry(&["--older-than", "7d"]), [&old[..]]);
    assert_eq!(dry(&["--older-than=7d", "--kind=temporary"]), [""; 0]);
    assert_eq!(dry(&["--older-than", "30h"]).len(), 2);
    // The claim that is taken for it clears away what dead processes left in the folder.
    let before = files(&workspace);
    assert_eq!(rows(&workspace, &["--older-than", "7d", "--kind", "checkpoint"]), [&old[..]]);
    let gone: Vec<String> = before.difference(&files(&workspace)).cloned().collect();
    assert!(gone.contains(&format!("{id}/checkpoint.safetensors")), "{gone:?}");
    assert!(!gone.contains(&format!("{id}/checkpoint.previous.safetensors")), "{gone:?}");
}

#[test]
fn clock_that_is_behind_makes_nothing_old() {
    let (workspace, run) = littered();
    let path = workspace.path(&format!("{run}/claim-1.json"));
    let file = fs::File::options().append(true).open(path).expect("there");
    file.set_modified(SystemTime::now() + Duration::from_secs(86_400)).expect("settable");
    let all = ["--dry-run", "--kind=temporary"];
    assert_eq!(rows(&workspace, &all).len(), 2);
    assert_eq!(rows(&workspace, &[&all[..], &["--older-than=0s"]].concat()).len(), 1);
    file.set_modified(SystemTime::UNIX_EPOCH + Duration::from_secs(1 << 45)).expect("settable");
    assert_eq!(rows(&workspace, &all).len(), 2, "a time that few calendars have");
}

#[test]
fn only_done_runs_lose_their_checkpoints() {
    let workspace = Workspace::with(&diverging_grid());
    workspace.run(&["run", "experiment.toml", "--checkpoint-seconds=0"]);
    workspace.write("endless.toml", trial(10_000_000));
    let mut running = workspace.start(&["run", "endless.toml", "--checkpoint-seconds=0"]);
    workspace.wait_for_attempt(2, &mut running);
    let [endless] = &workspace.ids("endless.toml")[..] else { panic!("one trial") };
    let checkpoint = workspace.path(&format!("runs/{endless}/checkpoint.safetensors"));
    // The first one may be of the start: there is something to go on from when a second one is written.
    let previous = checkpoint.with_file_name("checkpoint.previous.safetensors");
    crate::workspace::wait_until("it has two checkpoints", || previous.exists());
    // Whatever is listed while it trains is not its own.
    for _ in 0..20 {
        assert!(!rows(&workspace, &[]).iter().any(|row| row.contains(endless)));
    }
    assert!(running.is_alive());
    running.signal(Signal::KILL);
    running.wait();
    let left = rows(&workspace, &["--dry-run"]);
    assert!(left.contains(&format!("{endless}/claim-1.json temporary")), "{left:?}");
    assert!(left.iter().all(|row| row.ends_with(" temporary")), "{left:?}");
    rows(&workspace, &[]);
    assert_eq!(workspace.leftovers(), [""; 0]);
    assert!(checkpoint.exists());
    // It goes on from there.
    let mut running = workspace.start(&["resume", endless]);
    workspace.wait_for_attempt(3, &mut running);
    crate::workspace::wait_until("it says so", || {
        workspace.read(&format!("runs/{endless}/log.txt")).contains("attempt 2 continues from step")
    });
    running.signal(Signal::INT);
    assert_eq!(running.wait().code, Some(130));
}

#[test]
fn sweeps_go_on_undisturbed_beside_it() {
    let grid = dropout_grid(6).replace("seeds = [1, 2]", "seeds = 6");
    let workspace = Workspace::with(&grid);
    let command = ["run", "experiment.toml", "--jobs=2", "--checkpoint-seconds=0"];
    let mut sweep = workspace.start(&command);
    let mut collected = 0;
    while sweep.is_alive() {
        let ran = workspace.run(&["gc", "--format=csv"]);
        assert_eq!(ran.code, Some(0), "{}", ran.err);
        collected += ran.out.lines().count() - 1;
    }
    let ran = sweep.wait();
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    assert!(!ran.err.contains(" is trained by "), "{}", ran.err);
    assert!(collected + rows(&workspace, &[]).len() >= 24, "two checkpoints of every run");
    let undisturbed = Workspace::with(&grid);
    undisturbed.succeed(&command);
    assert!(workspace.results() == undisturbed.results());
    assert_eq!(workspace.leftovers(), [""; 0]);
}

#[test]
fn links_are_left_alone() {
    use std::os::unix::fs::symlink;
    let (workspace, run) = littered();
    let elsewhere = tempfile::tempdir().expect("a folder");
    let copy = elsewhere.path().join("0123456789ab");
    fs::create_dir(&copy).expect("writable");
    for name in ["run.json", "checkpoint.safetensors"] {
        fs::copy(workspace.path(&format!("{run}/{name}")), copy.join(name)).expect("copied");
    }
    symlink(&copy, workspace.path("runs/0123456789ab")).expect("linked");
    symlink(elsewhere.path(), workspace.path("runs/.scratch/verify-80")).expect("linked");
    symlink(&copy, workspace.path("runs/.scratch/verify-77/link")).expect("linked");
    let link = workspace.path(&format!("{run}/checkpoint.previous.safetensors"));
    fs::remove_file(&link).expect("there");
    symlink(copy.join("checkpoint.safetensors"), &link).expect("linked");
    let all = waste(&run);
    assert_eq!(rows(&workspace, &[]), all[..all.len() - 1]);
    assert_eq!(names(&copy), ["checkpoint.safetensors", "run.json"]);
    assert!(link.symlink_metadata().is_ok());
}

#[test]
fn damaged_record_is_named_and_the_rest_goes_on() {
    let (workspace, run) = littered();
    let damaged = "runs/0123456789ab/run.json";
    workspace.write(damaged, "\u{1b}[2J");
    workspace.write("runs/0123456789ab/checkpoint.safetensors", "perhaps needed");
    let ran = workspace.run(&["gc", "--format=csv"]);
    assert_eq!(ran.code, Some(1), "{}", ran.err);
    assert!(ran.err.contains(damaged) && !ran.err.contains('\u{1b}'), "{}", ran.err);
    assert_eq!(ran.out.lines().count(), 1 + waste(&run).len());
    assert!(workspace.path("runs/0123456789ab/checkpoint.safetensors").exists());
    assert_eq!(workspace.run(&["gc", "--kind=temporary"]).code, Some(0), "it reads no record");
}

#[test]
fn bad_input_has_its_code() {
    let workspace = Workspace::new();
    for args in [
        &["--kind=models"][..],
        &["--older-than=7"],
        &["--older-than=-1d"],
        &["--larger-than=10 XB"],
        &["--format=yaml"],
        &["runs/0123456789ab"],
    ] {
        let ran = workspace.run(&[&["gc"], args].concat());
        assert_eq!(ran.code, Some(2), "{args:?}: {}", ran.err);
    }
    let ran = workspace.run(&["gc"]);
    assert_eq!((ran.code, &ran.err[..]), (Some(0), "nothing to remove under runs\n"));
    assert_eq!(rows(&workspace, &[]), [""; 0]);
    workspace.write("file", "");
    let ran = workspace.run(&["gc", "--runs-dir", "file"]);
    assert_eq!(ran.code, Some(1), "{}", ran.err);
    assert!(!workspace.path("runs").exists());
}
