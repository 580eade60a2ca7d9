//! Who this process is, and whether another one still lives.

use std::fs;

use rustix::process::{Pid, test_kill_process};
use serde::{Deserialize, Serialize};

/// The process behind a run.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Owner {
    /// Host name.
    pub host: String,
    /// Process id on that host.
    pub pid: u32,
    /// Identifies the boot of the host; empty where unknown.
    pub boot_id: String,
    /// Start of the process in the kernel's clock ticks since boot, so that a reused pid is not taken
    /// for the owner; 0 where unknown.
    pub process_start: u64,
    /// Where its pid counts: two containers on one host each have their own; empty where unknown.
    #[serde(default)]
    pub pid_namespace: String,
}

/// What this process can tell of another one at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Life {
    /// It is there. It may be stopped, or hang.
    There,
    /// It is gone.
    Gone,
    /// It runs on another host or in another container, if it does.
    Unknown,
}

impl Owner {
    /// This process.
    pub fn this_process() -> Owner {
        let pid = std::process::id();
        let process_start = process_start(pid).unwrap_or(0);
        let (host, boot_id, pid_namespace) = (host_name(), boot_id(), pid_namespace());
        Owner { host, pid, boot_id, process_start, pid_namespace }
    }

    /// Whether the process is there, as far as this one can see.
    pub fn life(&self) -> Life {
        if self.host != host_name() {
            return Life::Unknown;
        }
        if self.boot_id != boot_id() {
            return Life::Gone;
        }
        if self.pid_namespace != pid_namespace() {
            return Life::Unknown;
        }
        let is_there = match process_start(self.pid) {
            Some(start) => start == self.process_start,
            // Without /proc the pid alone must do.
            None => !cfg!(target_os = "linux") && pid_exists(self.pid),
        };
        if is_there { Life::There } else { Life::Gone }
    }
}

impl std::fmt::Display for Owner {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "process {} on {}", self.pid, self.host)
    }
}

/// Name of this host.
pub fn host_name() -> String {
    rustix::system::uname().nodename().to_string_lossy().into_owned()
}

/// The CPU's model as the operating system names it.
pub fn cpu_model() -> String {
    let info = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = info.lines().find_map(|line| line.strip_prefix("model name")?.split_once(": "));
    model.map_or_else(|| std::env::consts::ARCH.to_owned(), |(_, name)| name.to_owned())
}

fn boot_id() -> String {
    let id = fs::read_to_string("/proc/sys/kernel/random/boot_id").unwrap_or_default();
    id.trim().to_owned()
}

fn pid_namespace() -> String {
    let link = fs::read_link("/proc/self/ns/pid").unwrap_or_default();
    link.to_string_lossy().into_owned()
}

fn pid_exists(pid: u32) -> bool {
    let pid = i32::try_from(pid).ok().and_then(Pid::from_raw);
    pid.is_some_and(|pid| test_kill_process(pid) != Err(rustix::io::Errno::SRCH))
}

/// Field 22 of /proc/PID/stat, see proc_pid_stat(5); none for a zombie, which does nothing any more.
fn process_start(pid: u32) -> Option<u64> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    // The second field, the program's name in parentheses, may itself hold spaces and parentheses.
    let fields: Vec<&str> = stat.rsplit_once(") ")?.1.split(' ').collect();
    let is_zombie = matches!(*fields.first()?, "Z" | "X");
    if is_zombie { None } else { fields.get(19)?.parse().ok() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_process_is_there_and_others_are_told_apart() {
        let me = Owner::this_process();
        assert_eq!(me.life(), Life::There);
        let other_start = Owner { process_start: me.process_start + 1, ..me.clone() };
        let other_boot = Owner { boot_id: "another boot".to_owned(), ..me.clone() };
        let other_host = Owner { host: "another-host".to_owned(), ..me.clone() };
        let other_container = Owner { pid_namespace: "pid:[7]".to_owned(), ..me.clone() };
        assert_eq!(other_start.life() == Life::Gone, cfg!(target_os = "linux"));
        assert_eq!(other_boot.life(), Life::Gone);
        assert_eq!(other_host.life(), Life::Unknown);
        assert_eq!(other_container.life(), Life::Unknown);
    }

    #[test]
    fn an_ended_process_is_gone_even_before_its_parent_asks() {
        let mut child = std::process::Command::new("sleep").arg("60").spawn().unwrap();
        let process_start = process_start(child.id()).unwrap_or(0);
        let owner = Owner { pid: child.id(), process_start, ..Owner::this_process() };
        assert_eq!(owner.life(), Life::There);
        child.kill().unwrap();
        child.wait().unwrap();
        assert_eq!(owner.life(), Life::Gone);
    }
}
