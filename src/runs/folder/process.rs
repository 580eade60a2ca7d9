//! Who this process is, and whether another one still lives.

use std::fs;
use std::process::Command;

use rustix::io::Errno;
use rustix::process::{Pid, test_kill_process};
use serde::{Deserialize, Serialize};

/// The process behind a run.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Owner {
    /// Host name.
    pub host: String,
    /// Process id on that host; 0 where unknown.
    pub pid: u32,
    /// Identifies the boot of the host; empty where unknown.
    pub boot_id: String,
    /// Start of the process in the kernel's clock ticks since boot, so that a reused pid is not
    /// mistaken for the owner; 0 if unknown.
    pub process_start: u64,
    /// The namespace of its pid: two containers on one host each have their own; empty if unknown.
    #[serde(default)]
    pub pid_namespace: String,
    /// The namespace of its start time: a container may have its own clock; empty if unknown.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub time_namespace: String,
}

/// A number that no process has: beyond the largest that a kernel gives.
#[cfg(test)]
pub(super) const NOBODY: u32 = 2_000_000_000;

/// What this process can tell about another one immediately.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Life {
    /// It exists. It may be stopped or hang.
    There,
    /// It is proven to be gone.
    Gone,
    /// It cannot be determined from here: its heartbeat decides.
    Unknown,
}

/// What the kernel says about the process with a number here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum ProcessSeen {
    /// There is none.
    Nobody,
    /// There is one that no longer runs.
    Zombie,
    /// There is one that started at this time.
    Began(u64),
    /// There is one, but this process may not learn more.
    Somebody,
}

impl Owner {
    /// This process.
    pub fn this_process() -> Owner {
        let process_start = match stat("self") {
            Some(ProcessSeen::Began(start)) => start,
            _ => 0,
        };
        Owner {
            host: host_name(),
            pid: std::process::id(),
            boot_id: boot_id(),
            process_start,
            pid_namespace: namespace("pid"),
            time_namespace: namespace("time"),
        }
    }

    /// Whether the process exists, as far as this one can prove it. No other code decides this;
    /// heartbeats settle the rest.
    pub fn life(&self) -> Life {
        self.life_seen_by(&Owner::this_process(), seen)
    }

    /// As seen by `me`; `seen` says which process has a number. A number identifies the owner only
    /// if both processes share the numbering, which namesake hosts, boots of one host, and
    /// containers do not.
    fn life_seen_by(&self, me: &Owner, seen: impl Fn(u32) -> ProcessSeen) -> Life {
        let has_namespaces = cfg!(target_os = "linux");
        let is_known = !self.boot_id.is_empty()
            && self.pid != 0
            && !(has_namespaces && self.pid_namespace.is_empty());
        let counts_alike = (&self.host, &self.boot_id, &self.pid_namespace)
            == (&me.host, &me.boot_id, &me.pid_namespace);
        if !is_known || !counts_alike {
            return Life::Unknown;
        }
        let clocks_agree =
            !self.time_namespace.is_empty() && self.time_namespace == me.time_namespace;
        match seen(self.pid) {
            ProcessSeen::Nobody | ProcessSeen::Zombie => Life::Gone,
            ProcessSeen::Began(start) if start == self.process_start => Life::There,
            ProcessSeen::Began(_) if self.process_start != 0 && clocks_agree => Life::Gone,
            ProcessSeen::Began(_) | ProcessSeen::Somebody => Life::Unknown,
        }
    }
}

impl std::fmt::Display for Owner {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.pid {
            0 => write!(f, "an unknown process"),
            pid => write!(f, "process {pid} on {}", self.host),
        }
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

/// Without /proc it may be unknown.
fn boot_id() -> String {
    if cfg!(target_os = "macos") {
        let id = Command::new("/usr/sbin/sysctl").args(["-n", "kern.bootsessionuuid"]).output();
        return id
            .map_or(String::new(), |id| String::from_utf8_lossy(&id.stdout).trim().to_owned());
    }
    let id = fs::read_to_string("/proc/sys/kernel/random/boot_id").unwrap_or_default();
    id.trim().to_owned()
}

/// The namespace of this process for a kind of thing, such as `pid:[4026531836]`.
fn namespace(kind: &str) -> String {
    let link = fs::read_link(format!("/proc/self/ns/{kind}")).unwrap_or_default();
    link.to_string_lossy().into_owned()
}

/// The process with number `pid` here. Only the kernel itself can say that there is none: /proc may
/// be another container's, may hide the processes of other users, or may be missing.
fn seen(pid: u32) -> ProcessSeen {
    let Some(number) = i32::try_from(pid).ok().and_then(Pid::from_raw) else {
        return ProcessSeen::Somebody;
    };
    if test_kill_process(number) == Err(Errno::SRCH) {
        return ProcessSeen::Nobody;
    }
    let shown = if proc_counts_as_we_do() { stat(&pid.to_string()) } else { None };
    shown.unwrap_or(ProcessSeen::Somebody)
}

/// Whether /proc uses the process numbers that this process sees. In the /proc of an outer
/// container, this process has several numbers.
fn proc_counts_as_we_do() -> bool {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let numbers = status.lines().find_map(|line| line.strip_prefix("NSpid:"));
    numbers.is_some_and(|numbers| numbers.trim() == std::process::id().to_string())
}

/// Fields 3 and 22 of /proc/PID/stat, see proc_pid_stat(5); none if it is not shown.
fn stat(process: &str) -> Option<ProcessSeen> {
    let stat = fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    // The second field, the program's name in parentheses, may itself hold spaces and parentheses.
    let fields: Vec<&str> = stat.rsplit_once(") ")?.1.split(' ').collect();
    let is_zombie = matches!(*fields.first()?, "Z" | "X");
    if is_zombie {
        Some(ProcessSeen::Zombie)
    } else {
        fields.get(19)?.parse().ok().map(ProcessSeen::Began)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn owner() -> Owner {
        Owner {
            host: "node".to_owned(),
            pid: 4711,
            boot_id: "a boot".to_owned(),
            process_start: 100,
            pid_namespace: "pid:[1]".to_owned(),
            time_namespace: "time:[1]".to_owned(),
        }
    }

    #[test]
    fn this_process_is_there() {
        let me = Owner::this_process();
        assert_eq!(me.life() == Life::There, cfg!(target_os = "linux"));
        let another_start = Owner { process_start: me.process_start + 1, ..me };
        assert_eq!(another_start.life() == Life::Gone, cfg!(target_os = "linux"));
    }

    #[test]
    fn an_ended_process_is_gone_even_before_its_parent_asks() {
        let mut child = Command::new("sleep").arg("60").spawn().unwrap();
        let me = Owner::this_process();
        let process_start = match stat(&child.id().to_string()) {
            Some(ProcessSeen::Began(start)) => start,
            _ => 0,
        };
        let owner = Owner { pid: child.id(), process_start, ..me };
        assert_ne!(owner.life(), Life::Gone);
        child.kill().unwrap();
        while cfg!(target_os = "linux") && owner.life() != Life::Gone {} // a zombie, at any moment now
        child.wait().unwrap();
        assert_eq!(owner.life(), Life::Gone);
    }

    #[test]
    fn gone_is_what_bears_the_number_no_more_or_began_at_another_time() {
        let (me, gone) = (Owner { pid: 1, ..owner() }, owner());
        let as_seen = |owner: &Owner, seen| owner.life_seen_by(&me, |_| seen);
        assert_eq!(as_seen(&gone, ProcessSeen::Nobody), Life::Gone);
        assert_eq!(as_seen(&gone, ProcessSeen::Zombie), Life::Gone);
        assert_eq!(as_seen(&gone, ProcessSeen::Began(101)), Life::Gone);
        assert_eq!(as_seen(&gone, ProcessSeen::Began(100)), Life::There);
        // Another user's, hidden by hidepid, or /proc is missing.
        assert_eq!(as_seen(&gone, ProcessSeen::Somebody), Life::Unknown);
        let without_start = Owner { process_start: 0, ..owner() };
        assert_eq!(as_seen(&without_start, ProcessSeen::Began(101)), Life::Unknown);
        assert_eq!(as_seen(&without_start, ProcessSeen::Nobody), Life::Gone);
        // Clocks of two containers give one process two start times, and claims of 0.1.0 do not
        // name the clock.
        for time_namespace in ["time:[2]", ""] {
            let other_clock = Owner { time_namespace: time_namespace.to_owned(), ..owner() };
            assert_eq!(as_seen(&other_clock, ProcessSeen::Began(101)), Life::Unknown);
            assert_eq!(as_seen(&other_clock, ProcessSeen::Nobody), Life::Gone);
        }
    }

    /// Two hosts with one name, a rebooted host, containers, and unknown values.
    #[test]
    fn numbers_that_are_counted_elsewhere_prove_nothing() {
        let here = Owner { pid: 1, ..owner() };
        let of_other = |change: fn(&mut Owner)| {
            let (mut other, mut me) = (owner(), here.clone());
            change(&mut other);
            let there = other.life_seen_by(&me, |_| ProcessSeen::Nobody);
            change(&mut me);
            (there, owner().life_seen_by(&me, |_| ProcessSeen::Nobody))
        };
        let changes: [fn(&mut Owner); 5] = [
            |owner| owner.host = "another".to_owned(),
            |owner| owner.boot_id = "another".to_owned(),
            |owner| owner.boot_id.clear(),
            |owner| owner.pid_namespace = "pid:[2]".to_owned(),
            |owner| owner.host.clear(),
        ];
        for change in changes {
            assert_eq!(of_other(change), (Life::Unknown, Life::Unknown));
        }
        // Both are unknown, which does not mean equal.
        let unknown = |owner: Owner| Owner { boot_id: String::new(), ..owner };
        let life = unknown(owner()).life_seen_by(&unknown(here.clone()), |_| ProcessSeen::Nobody);
        assert_eq!(life, Life::Unknown);
        let unknown = |owner: Owner| Owner { pid_namespace: String::new(), ..owner };
        let life = unknown(owner()).life_seen_by(&unknown(here.clone()), |_| ProcessSeen::Nobody);
        assert_eq!(life == Life::Unknown, cfg!(target_os = "linux"));
        assert_eq!(Owner::default().life(), Life::Unknown);
        let no_number = Owner { pid: u32::MAX, ..Owner::this_process() };
        assert_eq!(no_number.life(), Life::Unknown);
    }
}
