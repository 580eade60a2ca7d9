//! How the system treats a process that reaches a limit, and which signals the process inherited as
//! ignored.

use std::fs;
use std::process::Command;
use std::sync::Arc;

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use signal_hook::consts::SIGXFSZ;
use signal_hook::flag;

use super::cannot_handle;
use crate::error::Result;

/// From now on, a file that may not grow (`ulimit -f`) is a write error and does not end the
/// process.
///
/// # Errors
/// If the handler cannot be installed.
pub fn expect_full_files() -> Result<()> {
    // A handler that does nothing; unlike an ignored signal, child programs do not inherit it.
    flag::register(SIGXFSZ, Arc::default()).map_err(cannot_handle)?;
    Ok(())
}

/// Makes SIGXCPU arrive before the CPU time is used up: `ulimit -t` sets both limits to the same
/// value, and the process would be killed with nothing saved.
pub(super) fn warn_before_end_of_cpu_time() {
    let Rlimit { current, maximum } = getrlimit(Resource::Cpu);
    let Some(maximum) = maximum else { return };
    let warning = warned_at(current, maximum);
    // At worst the process ends as it would without a warning.
    let _ = setrlimit(Resource::Cpu, Rlimit { current: Some(warning), maximum: Some(maximum) });
}

/// Seconds of CPU time after which the signal comes: a tenth before the end, at most 30 seconds of all
/// threads together.
fn warned_at(current: Option<u64>, maximum: u64) -> u64 {
    let time_to_save = (maximum / 10).clamp(1, 30);
    let latest = maximum.saturating_sub(time_to_save).max(1);
    current.map_or(latest, |current| current.min(latest))
}

/// Whether this process ignores a signal that it has no handler for.
pub(super) fn is_ignored(signal: i32) -> bool {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    is_ignored_in(&status, signal).unwrap_or_else(|| is_ignored_by_child(signal))
}

/// As Linux lists it; none on other systems.
fn is_ignored_in(status: &str, signal: i32) -> Option<bool> {
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"))?;
    let mask = u64::from_str_radix(mask.trim(), 16).ok()?;
    Some(mask & (1 << (signal - 1)) != 0)
}

/// A child inherits what this process ignores. If no child can be started, the signal is left alone.
fn is_ignored_by_child(signal: i32) -> bool {
    let script = format!("kill -{signal} $$; exit 0");
    Command::new("sh").args(["-c", &script]).status().map_or(true, |status| status.success())
}

#[cfg(test)]
mod tests {
    use signal_hook::consts::{SIGHUP, SIGINT};

    use super::*;

    #[test]
    fn ignored_signals_are_those_of_the_mask_and_of_a_child() {
        let status = "Name:\tx\nSigIgn:\t0000000000001001\nSigCgt:\t0000000000000002\n";
        assert_eq!(is_ignored_in(status, SIGHUP), Some(true));
        assert_eq!(is_ignored_in(status, SIGINT), Some(false));
        assert_eq!(is_ignored_in("", SIGHUP), None);
        assert_eq!(is_ignored_by_child(SIGHUP), is_ignored(SIGHUP));
    }

    #[test]
    fn cpu_time_is_warned_of_before_it_is_over() {
        assert_eq!(warned_at(Some(60), 60), 54);
        assert_eq!(warned_at(Some(5), 60), 5, "the user's own soft limit stays");
        assert_eq!(warned_at(None, 36_000), 35_970);
        assert_eq!(warned_at(Some(1), 1), 1);
    }
}
