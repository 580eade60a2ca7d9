//! The folder that bears the id is the run, in every command; others are named and passed over.

use std::fs;
use std::path::Path;

use crate::experiments::trial;
use crate::workspace::{Workspace, names};

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("writable");
    for name in names(from) {
        fs::copy(from.join(&name), to.join(&name)).expect("copied");
    }
}

/// A finished run, and its id.
fn finished() -> (Workspace, String) {
    let workspace = Workspace::with(&trial(1));
    workspace.succeed(&["run", "experiment.toml"]);
    let id = workspace.runs().remove(0);
    (workspace, id)
}

#[test]
fn a_copy_shadows_its_run_nowhere_and_is_named() {
    let (workspace, id) = finished();
    // First in byte order, and in another state.
    copy(&workspace.path(&format!("runs/{id}")), &workspace.path("runs/0-backup"));
    let mut record = workspace.record("runs/0-backup");
    record["state"] = "failed".into();
    workspace.write_record("runs/0-backup", &record);
    let named = format!("runs/0-backup: it is a copy of run {id}");
    for args in [
        &["list"][..],
        &["compare", "runs"],
        &["report", "runs", "-o", "report.html"],
        &["plot", "runs"],
        &["diagnose", "runs"],
        &["export", "runs", "--to", "csv"],
        &["resume", "--all"],
    ] {
        let ran = workspace.run(args);
        assert_eq!(ran.code, Some(0), "{args:?}: {}", ran.err);
        assert!(ran.err.contains(&named), "{args:?}: {}", ran.err);
        assert!(!ran.out.contains("failed"), "{args:?}: {}", ran.out);
    }
    let list = workspace.succeed(&["list", "--format", "csv"]);
    assert!(list.lines().count() == 2 && list.contains(",finished,"), "{list}");
    for args in [
        &["show", "runs/0-backup"][..],
        &["diff", &id, "runs/0-backup"],
        &["verify", "runs/0-backup"],
        &["predict", "runs/0-backup", "experiment.toml"],
    ] {
        let ran = workspace.run(args);
        assert!(ran.code == Some(1) && ran.err.contains(&named), "{args:?}: {}", ran.err);
    }
    for args in [
        &["show", &id][..],
        &["show", "latest"],
        &["plan", "experiment.toml"],
        &["run", "experiment.toml"],
        &["gc", "--dry-run"],
        &["compare", "experiment.toml"],
    ] {
        let ran = workspace.run(args);
        assert!(ran.code == Some(0) && !ran.out.contains("failed"), "{args:?}: {}", ran.err);
    }
    // A suffix is a copy too.
    fs::rename(workspace.path("runs/0-backup"), workspace.path(&format!("runs/{id}.bak")))
        .expect("renamed");
    let ran = workspace.run(&["list"]);
    assert!(ran.err.contains(&format!("runs/{id}.bak: it is a copy of run {id}")), "{}", ran.err);
}

#[test]
fn a_renamed_run_is_not_listed_and_says_what_to_do() {
    let (workspace, id) = finished();
    let other = "0123456789ab";
    for name in ["my-best", other] {
        let renamed = workspace.path(&format!("runs/{name}"));
        fs::rename(workspace.path(&format!("runs/{id}")), &renamed).expect("renamed");
        let todo = format!(
            "runs/{name}: it holds run {id}, and a run folder must be named by its id: rename it to runs/{id}"
        );
        let ran = workspace.run(&["list"]);
        assert!(ran.code == Some(0) && ran.err.contains(&todo), "{}", ran.err);
        assert!(!ran.out.contains(&id), "{}", ran.out);
        let ran = workspace.run(&["show", &format!("runs/{name}")]);
        assert!(ran.code == Some(1) && ran.err.contains(&todo), "{}", ran.err);
        assert_eq!(workspace.run(&["show", &id]).code, Some(4));
        fs::rename(&renamed, workspace.path(&format!("runs/{id}"))).expect("renamed");
    }
    assert!(workspace.succeed(&["list"]).contains(&id));
}

#[test]
fn on_two_levels_the_folder_of_the_first_digits_counts() {
    let workspace = Workspace::with(&trial(1));
    workspace.write("runs/.two-levels", "");
    workspace.succeed(&["run", "experiment.toml"]);
    let id = workspace.ids("experiment.toml").remove(0);
    let digits = &id[..2];
    let wrong = if digits == "00" { "01" } else { "00" };
    let place = |above: &str| workspace.path(&format!("runs/{above}/{id}"));
    copy(&place(digits), &place(wrong));
    let ran = workspace.run(&["list", "--format", "csv"]);
    assert_eq!(ran.out.lines().count(), 2, "{}", ran.out);
    assert!(ran.err.contains(&format!("runs/{wrong}/{id}: ")), "{}", ran.err);
    // One that lies beside the folders of digits goes before, for every command.
    copy(&place(digits), &workspace.path(&format!("runs/{id}")));
    let ran = workspace.run(&["list", "--format", "csv"]);
    assert_eq!(ran.out.lines().count(), 2, "{}", ran.out);
    let passed_over = format!("skipped runs/{digits}/{id}: another folder of the same run");
    assert!(ran.err.contains(&passed_over), "{}", ran.err);
}

#[test]
fn a_link_is_the_run_that_it_names_and_what_was_moved_aside_stays_readable() {
    let (workspace, id) = finished();
    std::os::unix::fs::symlink(&id, workspace.path("runs/best-so-far")).expect("linked");
    let ran = workspace.run(&["list", "--format", "csv"]);
    assert_eq!((ran.out.lines().count(), &*ran.err), (2, ""));
    assert!(workspace.succeed(&["show", "runs/best-so-far"]).contains(&id));
    workspace.succeed(&["run", "experiment.toml", "--retrain"]);
    workspace.succeed(&["diff", &id, &format!("runs/.replaced/{id}-1")]);
}

#[test]
fn a_copy_of_a_run_that_was_damaged_is_not_to_be_deleted() {
    let (workspace, id) = finished();
    copy(&workspace.path(&format!("runs/{id}")), &workspace.path("runs/good"));
    workspace.write(&format!("runs/{id}/run.json"), "");
    let ran = workspace.run(&["list"]);
    let todo = format!("rename this one to runs/{id}");
    assert!(ran.err.contains(&todo) && !ran.err.contains("delete the copy"), "{}", ran.err);
}
