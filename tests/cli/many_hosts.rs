//! Processes that see each other only through the files they share, as on several machines: each has a
//! host name and process numbers of its own. Only root may arrange that; the tests say when they are skipped.

use std::collections::BTreeSet;
use std::process::Command;

use rustix::process::Signal;

use crate::experiments::{dropout_grid, optimizer_grid};
use crate::workspace::{Running, Workspace, wait_until};

/// Runs its arguments as the only process of host `$0`, which dies with the process that made it.
const ON_HOST: &str = "echo \"$0\" > /proc/sys/kernel/hostname && exec \"$@\"";

fn on_host(host: &str) -> Command {
    let mut command = Command::new("unshare");
    command.args(["--uts", "--pid", "--fork", "--mount-proc", "--kill-child", "sh", "-c", ON_HOST]);
    command.arg(host);
    command
}

/// Whether hosts can be made here.
fn can_be_made() -> bool {
    let made = on_host("try").arg("true").output().is_ok_and(|output| output.status.success());
    if !made {
        eprintln!(
            "skipped: no namespaces can be made here; root can, with `unshare` of util-linux"
        );
    }
    made
}

/// Starts the binary on `host`.
fn start(workspace: &Workspace, host: &str, args: &[&str]) -> Running {
    let command = workspace.command(args);
    let mut on_host = on_host(host);
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
