//! Signals that end a sweep: the state is saved, the message says how to go on, a second Ctrl-C or SIGTERM
//! is final.

use std::process::{Command, Stdio};
use std::time::Duration;
use std::{fs, thread};

use rustix::process::Signal;

use crate::experiments::{dropout_grid, trial};
use crate::workspace::{Running, Workspace};

const ENDLESS: u32 = 10_000_000;

/// Starts `run` and waits until it trains.
fn training(workspace: &Workspace) -> Running {
    let mut running = workspace.start(&["run", "experiment.toml", "--jobs=1"]);
    workspace.wait_for_attempt(0, &mut running);
    running
}

/// Whether these tests run under `nohup`, which every process below it inherits: there SIGHUP does nothing, as it
/// should.
fn is_under_nohup() -> bool {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let ignored = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let ignored = ignored.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok());
    ignored.is_some_and(|mask| mask & 1 == 1) // the first bit is that of signal 1, SIGHUP
}

#[test]
fn signals_save_the_state_and_say_how_to_go_on() {
    let cpu_time = "the CPU time of this process (ulimit -t) is nearly used up";
    for (signal, code, what) in [
        (Signal::INT, 130, "interrupted"),
        (Signal::TERM, 143, "interrupted"),
        (Signal::HUP, 129, "the terminal is gone"),
        (Signal::XCPU, 152, cpu_time),
    ] {
        if signal == Signal::HUP && is_under_nohup() {
            continue;
        }
        let workspace = Workspace::with(&dropout_grid(ENDLESS));
        let running = training(&workspace);
        running.signal(signal);
        let ran = running.wait();
        assert_eq!(ran.code, Some(code), "{}", ran.err);
        assert_eq!(ran.out, "");
        let told = format!(
            "{what}: 1 of 4 trials saved partway, 3 not started.\n\
             `runner run` with the same files continues all of them, `runner resume --all` \
             only those that were started.\n"
        );
        assert!(ran.err.ends_with(&told), "{}", ran.err);
        let run = workspace.only_run();
        assert_eq!(workspace.record(&run)["state"], "interrupted");
        assert!(workspace.path(&run).join("checkpoint.safetensors").exists());
        assert_eq!(workspace.leftovers(), [""; 0]);
    }
}

#[test]
fn second_signal_ends_at_once_and_the_run_counts_as_lost() {
    // Before the first row stands an evaluation of billions of multiplications.
    let slow = trial(1).replace("[16, 8]", "[8000]").replace("train_examples = 300", "");
    let workspace = Workspace::with(&slow);
    let running = training(&workspace);
    running.signal(Signal::TERM);
    thread::sleep(Duration::from_millis(900));
    running.signal(Signal::INT);
    let ran = running.wait();
    assert_eq!(ran.code, Some(130), "{}", ran.err);
    assert!(!ran.err.contains("interrupted"), "{}", ran.err);
    assert_eq!(workspace.record(&workspace.only_run())["state"], "running");
    let list = workspace.succeed(&["list", "--format", "csv"]);
    assert!(list.contains(",lost,"), "{list}");
}

/// A shutdown sends both, one after the other.
#[test]
fn a_term_after_a_hangup_saves_too() {
    if is_under_nohup() {
        return;
    }
    let slow = trial(1).replace("[16, 8]", "[5000]").replace("train_examples = 300", "");
    let workspace = Workspace::with(&slow);
    let running = training(&workspace);
    running.signal(Signal::HUP);
    thread::sleep(Duration::from_millis(900));
    running.signal(Signal::TERM);
    running.wait();
    assert_eq!(workspace.record(&workspace.only_run())["state"], "interrupted");
}

/// A terminal that closes sends SIGHUP, its shell sends one more, and both mean the same. `timeout` sends SIGTERM
/// to the process and then to its group.
#[test]
fn signals_that_come_twice_for_one_reason_save_the_state_too() {
    for signal in [Signal::HUP, Signal::XCPU, Signal::TERM, Signal::INT] {
        if signal == Signal::HUP && is_under_nohup() {
            continue;
        }
        let workspace = Workspace::with(&dropout_grid(ENDLESS));
        let running = training(&workspace);
        (0..3).for_each(|_| running.signal(signal));
        running.wait();
        assert_eq!(workspace.record(&workspace.only_run())["state"], "interrupted");
        assert_eq!(workspace.leftovers(), [""; 0]);
    }
}

#[test]
fn nohup_keeps_a_sweep_going() {
    let workspace = Workspace::with(&trial(5));
    let runner = workspace.command(&[]);
    let mut shell = Command::new("sh");
    let script = "trap '' HUP; exec \"$0\" run experiment.toml --jobs=1";
    shell.args(["-c", script]).arg(runner.get_program()).current_dir(workspace.path(""));
    shell.stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut running = Running::of(&mut shell);
    workspace.wait_for_attempt(0, &mut running);
    running.signal(Signal::HUP);
    let ran = running.wait();
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    assert_eq!(workspace.record(&workspace.only_run())["state"], "finished");
}
