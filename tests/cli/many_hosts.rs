//! Processes that see each other only through the files they share, as on several machines: each has a
//! host name and process numbers of its own. Only root may arrange that; the tests say when they are skipped.

use std::collections::BTreeSet;
use std::process::Command;

use rustix::process::Signal;

use crate::experiments::{dropout_grid, optimizer_grid, trial};
use crate::workspace::{Running, Workspace, wait_until};

/// Runs its arguments as the only process of host `$0`, which dies with the process that made it.
const ON_HOST: &str = "echo \"$0\" > /proc/sys/kernel/hostname && exec \"$@\"";
/// The same where another boot seems to have been: as on a machine with the same name.
const ON_A_TWIN: &str = "echo \"$0\" > /proc/sys/kernel/hostname &&
    echo 00000000-0000-4000-8000-000000000000 > twin.txt &&
    mount --bind twin.txt /proc/sys/kernel/random/boot_id && exec \"$@\"";
/// The same where processes are not shown.
const BLIND: &str =
    "echo \"$0\" > /proc/sys/kernel/hostname && mount -t tmpfs none /proc && exec \"$@\"";

fn on_host(script: &str, host: &str) -> Command {
    let mut command = Command::new("unshare");
    command.args(["--uts", "--pid", "--fork", "--mount-proc", "--kill-child", "sh", "-c", script]);
    command.arg(host);
    command
}

/// Whether hosts can be made here.
fn can_be_made() -> bool {
    let made =
        on_host(ON_HOST, "try").arg("true").output().is_ok_and(|output| output.status.success());
    if !made {
        eprintln!(
            "skipped: no namespaces can be made here; root can, with `unshare` of util-linux"
        );
    }
    made
}

/// Starts the binary on `host`.
fn start(workspace: &Workspace, host: &str, args: &[&str]) -> Running {
    start_by(ON_HOST, workspace, host, args)
}

fn start_by(script: &str, workspace: &Workspace, host: &str, args: &[&str]) -> Running {
    let command = workspace.command(args);
    let mut on_host = on_host(script, host);
    on_host.arg(command.get_program()).args(command.get_args());
    on_host.current_dir(workspace.path(""));
    for (name, value) in command.get_envs() {
        match value {
            Some(value) => on_host.env(name, value),
            None => on_host.env_remove(name),
        };
    }
    on_host.stdin(std::process::Stdio::null());
    Running::of(on_host.stdout(std::process::Stdio::piped()).stderr(std::process::Stdio::piped()))
}

fn hosts(workspace: &Workspace) -> BTreeSet<String> {
    let host = |run: &String| workspace.record(&format!("runs/{run}"))["owner"]["host"].to_string();
    workspace.runs().iter().map(host).collect()
}

#[test]
fn hosts_that_share_a_folder_divide_the_trials() {
    if !can_be_made() {
        return;
    }
    let grid = dropout_grid(40).replace("seeds = [1, 2]", "seeds = 5");
    let (workspace, alone) = (Workspace::with(&grid), Workspace::with(&grid));
    let args = ["run", "experiment.toml", "--jobs=1", "--claim-timeout=3"];
    let running = ["first", "second", "third"].map(|host| start(&workspace, host, &args));
    for ran in running.map(Running::wait) {
        assert_eq!(ran.code, Some(0), "{}", ran.err);
    }
    assert_eq!(workspace.attempts_logged(), 10, "no trial is trained twice");
    assert_eq!(workspace.leftovers(), [""; 0]);
    assert!(hosts(&workspace).len() > 1, "{:?}", hosts(&workspace));
    alone.succeed(&["run", "experiment.toml"]);
    assert!(workspace.results() == alone.results(), "a byte differs");
}

/// One host is gone in the middle of a trial, one is cut off and comes back: whoever waits completes the
/// sweep, and who comes back changes nothing.
#[test]
fn trials_of_hosts_that_are_gone_or_cut_off_are_completed_by_one_that_waits() {
    if !can_be_made() {
        return;
    }
    let experiment = optimizer_grid(250, "[1]", &["momentum", "adam", "sgd"]);
    let (workspace, alone) = (Workspace::with(&experiment), Workspace::with(&experiment));
    let args =
        ["run", "experiment.toml", "--jobs=1", "--claim-timeout=1", "--checkpoint-seconds=0.05"];
    let gone = start(&workspace, "gone", &args);
    let cut_off = start(&workspace, "cut-off", &args);
    wait_until("both have a trial", || workspace.attempts_logged() == 2);
    cut_off.signal_child(Signal::STOP);
    drop(gone); // kills it
    let waits = start(&workspace, "waits", &[&args[..], &["--wait"]].concat());
    wait_until("both are taken over", || workspace.attempts_logged() == 5);
    cut_off.signal_child(Signal::CONT);
    let (cut_off, waits) = (cut_off.wait(), waits.wait());
    assert_eq!((cut_off.code, waits.code), (Some(0), Some(0)), "{}{}", cut_off.err, waits.err);
    assert!(cut_off.err.contains("was taken over by another process"), "{}", cut_off.err);
    for run in workspace.runs() {
        let log = workspace.read(&format!("runs/{run}/log.txt"));
        assert_eq!(log.matches(" finished\n").count(), 1, "{log}");
        assert!(log.ends_with(" finished\n"), "{log}");
    }
    assert_eq!(workspace.leftovers(), [""; 0]);
    alone.succeed(&["run", "experiment.toml"]);
    assert!(workspace.results() == alone.results(), "a byte differs");
}

/// Neither sees the other's processes, and both have the same name and process numbers.
#[test]
fn hosts_of_one_name_leave_each_other_their_trials() {
    if !can_be_made() {
        return;
    }
    let workspace = Workspace::with(&trial(10_000_000));
    let args = ["run", "experiment.toml", "--jobs=1", "--claim-timeout=20"];
    for script in [ON_HOST, ON_A_TWIN, BLIND] {
        let before = workspace.attempts_logged();
        let mut first = start(&workspace, "one-name", &args);
        workspace.wait_for_attempt(before, &mut first);
        let run = workspace.only_run();
        let attempt = workspace.record(&run)["attempt"].clone();
        let ran = |args: &[&str]| {
            let ran = start_by(script, &workspace, "one-name", args).wait();
            assert_eq!(ran.code, Some(0), "{}", ran.err);
            ran
        };
        let second = ran(&args);
        assert!(second.err.contains(" is trained by process "), "{}", second.err);
        let third = ran(&["resume", "--all"]);
        assert!(third.err.contains(" is trained by process "), "{}", third.err);
        for _ in 0..5 {
            assert!(ran(&["list", "--format=csv"]).out.contains(",running,"));
        }
        assert_eq!(ran(&["gc"]).err, "nothing to remove under runs\n");
        assert!(first.is_alive());
        let record = workspace.record(&run);
        assert_eq!((&record["attempt"], &record["state"]), (&attempt, &"running".into()));
        first.signal_child(Signal::INT);
        assert_eq!(first.wait().code, Some(130));
    }
}
