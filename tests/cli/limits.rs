//! Limits of the operating system as a user may meet them: files that may not grow, too few open files,
//! a folder that is deleted while a trial writes into it.

use std::fs;

use crate::experiments::{dropout_grid, trial};
use crate::workspace::{Ran, Workspace};

/// Runs the sweep in a shell that has set a limit first.
pub(crate) fn run_with_limit(workspace: &Workspace, limit: &str) -> Ran {
    let mut command = workspace.command(&[]);
    let runner = command.get_program().to_owned();
    let mut shell = std::process::Command::new("sh");
    let script = format!("{limit}; exec \"$0\" run experiment.toml --jobs=2");
    shell.args(["-c", &script]).arg(runner).current_dir(workspace.path(""));
    shell.env("XDG_CACHE_HOME", workspace.path("cache"));
    command = shell;
    command.output().expect("sh is there").into()
}

/// The same command, without the limit, ends the sweep.
fn completes(workspace: &Workspace) {
    workspace.succeed(&["run", "experiment.toml"]);
    let finished = workspace.succeed(&["list", "--state", "finished", "--format", "csv"]);
    assert_eq!(finished.lines().count(), 1 + 4, "{finished}");
    assert_eq!(workspace.leftovers(), [""; 0]);
}

#[test]
fn files_that_may_not_grow_fail_the_trial_with_path_and_reason() {
    let workspace = Workspace::with(&dropout_grid(2));
    // Enough for run.json, too little for a model.
    let ran = run_with_limit(&workspace, "ulimit -f 64");
    assert_eq!(ran.code, Some(100), "{}", ran.err);
    let runs = workspace.runs();
    assert_eq!(runs.len(), 4);
    for run in runs {
        let record = workspace.record(&format!("runs/{run}"));
        assert_eq!(record["state"], "failed");
        let reason = record["reason"].as_str().expect("a reason");
        let is_told = reason.starts_with(&format!("cannot write runs/{run}/."))
            && reason.contains("File too large");
        assert!(is_told, "{reason}");
    }
    let list = workspace.succeed(&["list", "--state", "failed", "--format", "csv"]);
    assert_eq!(list.matches("File too large").count(), 4, "{list}");
    completes(&workspace);
}

/// Runs the binary as somebody who may have so many threads. The superuser may have any number, so it
/// becomes nobody, who has none beside.
#[cfg(target_os = "linux")]
fn run_with_threads(workspace: &Workspace, threads: u32, args: &[&str]) -> Ran {
    use std::os::unix::fs::PermissionsExt;
    use std::os::unix::process::CommandExt;
    let binary = workspace.path("runner");
    if !binary.exists() {
        fs::copy(workspace.command(&[]).get_program(), &binary).expect("a copy for everybody");
        let all = fs::Permissions::from_mode(0o777);
        fs::set_permissions(workspace.path(""), all).expect("a folder of this process");
    }
    let mut shell = std::process::Command::new("sh");
    shell
        .args([
            "-c",
            &format!("ulimit -u {threads} 2>/dev/null || ulimit -p {threads}; exec \"$0\" \"$@\""),
        ])
        .arg(binary)
        .args(args);
    shell.current_dir(workspace.path("")).env("XDG_CACHE_HOME", workspace.path("cache"));
    if rustix::process::geteuid().is_root() {
        shell.uid(65_534);
    }
    shell.output().expect("sh is there").into()
}

#[cfg(target_os = "linux")]
#[test]
fn too_few_threads_are_fewer_threads_or_an_error_and_no_panic() {
    let workspace = Workspace::with(&dropout_grid(1));
    let run = ["run", "experiment.toml", "--jobs=4"];
    let ran = run_with_threads(&workspace, 1, &run);
    assert_eq!(ran.code, Some(1), "{}", ran.err);
    assert!(ran.err.contains("cannot start a thread: Resource temporarily"), "{}", ran.err);
    assert!(ran.err.contains("ulimit -u"), "{}", ran.err);
    if rustix::process::geteuid().is_root() {
        // One for the claims and one to train with.
        let ran = run_with_threads(&workspace, 2, &run);
        assert_eq!(ran.code, Some(0), "{}", ran.err);
        assert!(ran.err.contains("the system allows only 1 of 4 training threads"), "{}", ran.err);
    } else {
        workspace.succeed(&run);
    }
    for command in [&["list"][..], &["compare", "runs"], &["report", "runs", "--output=out.html"]] {
        let ran = run_with_threads(&workspace, 1, command);
        assert_eq!(ran.code, Some(0), "{command:?}: {}", ran.err);
    }
}

#[test]
fn too_few_open_files_are_an_error_and_no_panic() {
    let workspace = Workspace::with(&dropout_grid(2));
    let mut succeeded = false;
    for files in 3..40 {
        let ran = run_with_limit(&workspace, &format!("ulimit -n {files}"));
        let code = ran.code.expect("no signal");
        assert!([0, 1, 3, 100, 127].contains(&code), "{files} files: {code}: {}", ran.err);
        assert!(!ran.err.contains("panicked"), "{files} files: {}", ran.err);
        if code == 0 {
            succeeded = true;
            break;
        }
        assert!(
            ran.err.contains("oo many open files") || code == 127,
            "{files} files: {}",
            ran.err
        );
    }
    assert!(succeeded, "40 files are enough");
    completes(&workspace);
}

/// Both limits of the CPU time are the same, so that nothing could be saved when it is over.
#[test]
fn cpu_time_that_is_nearly_over_saves_the_trials() {
    let workspace = Workspace::with(&dropout_grid(10_000_000));
    let ran = run_with_limit(&workspace, "ulimit -t 4");
    assert_eq!(ran.code, Some(152), "{}", ran.err);
    assert!(ran.err.contains("ulimit -t"), "{}", ran.err);
    let states = workspace.runs().into_iter();
    let states = states.map(|run| workspace.record(&format!("runs/{run}"))["state"].clone());
    assert!(states.into_iter().all(|state| state == "interrupted"));
    assert_eq!(workspace.leftovers(), [""; 0]);
}

#[test]
fn a_folder_that_is_deleted_meanwhile_fails_its_trial_only() {
    let workspace = Workspace::with(&trial(1_000_000));
    workspace.write("short.toml", dropout_grid(1));
    let mut running = workspace.start(&[
        "run",
        "experiment.toml",
        "short.toml",
        "--jobs=1",
        "--checkpoint-seconds=0.1",
    ]);
    workspace.wait_for_attempt(0, &mut running);
    let run = workspace.only_run();
    fs::remove_dir_all(workspace.path(&run)).unwrap_or_else(|_| {
        // It was written into meanwhile.
        fs::remove_dir_all(workspace.path(&run)).expect("removable");
    });
    let ran = running.wait();
    assert_eq!(ran.code, Some(100), "{}", ran.err);
    assert!(ran.err.contains(&format!(" {run}")), "{}", ran.err);
    assert!(ran.err.contains("No such file or directory"), "{}", ran.err);
    assert!(ran.err.contains("the failure could not be recorded"), "{}", ran.err);
    assert!(ran.err.contains("1 of 5 trials failed or diverged"), "{}", ran.err);
    let finished = workspace.succeed(&["list", "--state", "finished", "--format", "csv"]);
    assert_eq!(finished.lines().count(), 1 + 4, "{finished}");
}
