//! What the system reports about memory: the machine's, that of this process's control groups, and
//! the limits of the process itself.

use std::fs;
use std::path::{Path, PathBuf};

use rustix::process::{Resource, getrlimit};

use super::{MemoryBound, Room};

/// Where the system reports it; a folder in tests.
#[derive(Debug, Clone)]
pub(crate) struct System {
    root: PathBuf,
    limits: [Option<u64>; 2], // of the address space and the data of this process
}

/// What is free in one bound.
type Free = Option<u64>;

impl System {
    /// This machine and process.
    pub(crate) fn here() -> System {
        let limit = |resource| getrlimit(resource).current;
        System { root: PathBuf::from("/"), limits: [limit(Resource::As), limit(Resource::Data)] }
    }

    /// The maximum memory, whatever else runs; none if the system does not report it.
    pub(crate) fn limit(&self) -> Option<Room> {
        let room_of = |bound| move |bytes| Room { bytes, bound };
        let groups = self.groups();
        let of_groups = groups.iter().filter_map(|group| group.limit(self.swap()));
        let of_process = self.limits.into_iter().flatten();
        let machine = self.machine().map(room_of(MemoryBound::Machine));
        let all = machine.into_iter();
        let all = all.chain(of_groups.map(room_of(MemoryBound::Group)));
        let all = all.chain(of_process.map(room_of(MemoryBound::Process)));
        all.min_by_key(|room| room.bytes)
    }

    /// What can be allocated now; none if the system does not report it.
    pub(crate) fn available(&self) -> Option<u64> {
        let machine = self.field("proc/meminfo", "MemAvailable:");
        let of_groups = self.groups();
        let of_groups = of_groups.iter().map(ControlGroup::free);
        let in_use = ["VmSize:", "VmData:"].map(|field| self.field("proc/self/status", field));
        let of_process = self.limits.iter().zip(in_use);
        let of_process =
            of_process.map(|(limit, taken)| Some((*limit)?.saturating_sub(taken.unwrap_or(0))));
        let all: Vec<Free> = [machine].into_iter().chain(of_groups).chain(of_process).collect();
        all.into_iter().flatten().min()
    }

    /// This process's resident memory; 0 if the system does not report it.
    pub(crate) fn resident(&self) -> u64 {
        self.field("proc/self/status", "VmRSS:").unwrap_or(0)
    }

    /// Memory and swap of the machine.
    fn machine(&self) -> Option<u64> {
        match self.field("proc/meminfo", "MemTotal:") {
            Some(memory) => Some(memory.saturating_add(self.swap())),
            None => memory_of_macos(),
        }
    }

    fn swap(&self) -> u64 {
        self.field("proc/meminfo", "SwapTotal:").unwrap_or(0)
    }

    /// A field that is in KiB, in bytes.
    fn field(&self, file: &str, name: &str) -> Option<u64> {
        let text = fs::read_to_string(self.root.join(file)).ok()?;
        let value = text.lines().find_map(|line| line.strip_prefix(name))?;
        value.trim().trim_end_matches("kB").trim_end().parse::<u64>().ok()?.checked_mul(1024)
    }

    /// The control groups of this process and those above them. In a container, names are those of
    /// the host, and the container's group is the topmost that exists.
    fn groups(&self) -> Vec<ControlGroup> {
        let list = fs::read_to_string(self.root.join("proc/self/cgroup")).unwrap_or_default();
        let mut groups = Vec::new();
        for line in list.lines() {
            let mut fields = line.splitn(3, ':').skip(1);
            let (Some(controllers), Some(path)) = (fields.next(), fields.next()) else { continue };
            let version = match controllers {
                "" => CgroupVersion::Two,
                _ if controllers.split(',').any(|name| name == "memory") => CgroupVersion::One,
                _ => continue,
            };
            for mount in version.mounts() {
                let mount = self.root.join(mount);
                let path = mount.join(path.trim_start_matches('/'));
                let above = path.ancestors().take_while(|folder| folder.starts_with(&mount));
                groups.extend(
                    above.map(|folder| ControlGroup { version, folder: folder.to_owned() }),
                );
            }
        }
        groups
    }
}

/// The version of the control groups' files.
#[derive(Debug, Clone, Copy)]
enum CgroupVersion {
    One,
    Two,
}

impl CgroupVersion {
    fn mounts(self) -> &'static [&'static str] {
        match self {
            CgroupVersion::One => &["sys/fs/cgroup/memory"],
            CgroupVersion::Two => &["sys/fs/cgroup", "sys/fs/cgroup/unified"],
        }
    }
}

/// A control group; its files may be missing.
#[derive(Debug)]
struct ControlGroup {
    version: CgroupVersion,
    folder: PathBuf,
}

impl ControlGroup {
    /// Its limit, including the part of the machine's `swap` that it may use.
    fn limit(&self, swap: u64) -> Option<u64> {
        let memory = self.memory()?;
        let swap = match self.version {
            CgroupVersion::One => 0,
            CgroupVersion::Two => match number(&self.folder.join("memory.swap.max")) {
                Some(most) => most.min(swap),
                None => swap,
            },
        };
        Some(memory.saturating_add(swap))
    }

    /// None if it has no limit.
    fn memory(&self) -> Option<u64> {
        number(&self.folder.join(match self.version {
            CgroupVersion::One => "memory.limit_in_bytes",
            CgroupVersion::Two => "memory.max",
        }))
    }

    /// What it may allocate now; cached files make room.
    fn free(&self) -> Free {
        let (used, files) = match self.version {
            CgroupVersion::One => {
                ("memory.usage_in_bytes", ["total_inactive_file ", "total_active_file "])
            }
            CgroupVersion::Two => ("memory.current", ["inactive_file ", "active_file "]),
        };
        let used = number(&self.folder.join(used)).unwrap_or(0);
        let list = fs::read_to_string(self.folder.join("memory.stat")).unwrap_or_default();
        let of = |name: &&str| {
            list.lines().find_map(|line| line.strip_prefix(*name)?.parse::<u64>().ok())
        };
        let files: u64 = files.iter().filter_map(of).sum();
        Some(self.memory()?.saturating_sub(used.saturating_sub(files)))
    }
}

/// A file with one number; none if it is missing or says `max`.
fn number(path: &Path) -> Option<u64> {
    fs::read_to_string(path).ok()?.trim().parse().ok()
}

/// The memory of a Mac, which has no /proc.
#[cfg(target_os = "macos")]
fn memory_of_macos() -> Option<u64> {
    static BYTES: std::sync::OnceLock<Option<u64>> = std::sync::OnceLock::new();
    let ask = || {
        let asked =
            std::process::Command::new("sysctl").args(["-n", "hw.memsize"]).output().ok()?;
        String::from_utf8(asked.stdout).ok()?.trim().parse().ok()
    };
    *BYTES.get_or_init(ask)
}

#[cfg(not(target_os = "macos"))]
fn memory_of_macos() -> Option<u64> {
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    const GIB: u64 = 1 << 30;

    /// A system of these files, without limits of the process.
    fn system(files: &[(&str, &str)]) -> (tempfile::TempDir, System) {
        let folder = tempfile::tempdir().expect("a temporary folder");
        for (name, text) in files {
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().expect("below")).expect("writable");
            fs::write(path, text).expect("writable");
        }
        let system = System { root: folder.path().to_owned(), limits: [None, None] };
        (folder, system)
    }

    const MACHINE: (&str, &str) = (
        "proc/meminfo",
        "MemTotal:       25165824 kB\nMemFree: 1 kB\nMemAvailable:   20971520 kB\nSwapTotal: 0 kB\n",
    );

    #[test]
    fn a_machine_has_its_memory() {
        let (_folder, system) = system(&[MACHINE]);
        assert_eq!(system.limit(), Some(Room { bytes: 24 * GIB, bound: MemoryBound::Machine }));
        assert_eq!(system.available(), Some(20 * GIB));
    }

    #[test]
    fn the_smallest_group_on_the_way_up_counts() {
        let (_folder, system) = system(&[
            MACHINE,
            ("proc/self/cgroup", "0::/user.slice/job/step\n"),
            ("sys/fs/cgroup/user.slice/memory.max", "8589934592\n"),
            ("sys/fs/cgroup/user.slice/job/memory.max", "4294967296\n"),
            ("sys/fs/cgroup/user.slice/job/memory.current", "3221225472\n"),
            ("sys/fs/cgroup/user.slice/job/memory.stat", "anon 5\ninactive_file 1073741824\n"),
            ("sys/fs/cgroup/user.slice/job/step/memory.max", "max\n"),
        ]);
        assert_eq!(system.limit(), Some(Room { bytes: 4 * GIB, bound: MemoryBound::Group }));
        assert_eq!(system.available(), Some(2 * GIB), "files make room");
    }

    #[test]
    fn a_container_whose_group_has_the_name_of_the_host_finds_it_at_the_top() {
        let (_folder, system) = system(&[
            MACHINE,
            ("proc/self/cgroup", "5:cpu:/docker/4f\n4:memory,hugetlb:/docker/4f\n"),
            ("sys/fs/cgroup/memory/memory.limit_in_bytes", "1073741824\n"),
            ("sys/fs/cgroup/memory/memory.usage_in_bytes", "268435456\n"),
        ]);
        assert_eq!(system.limit(), Some(Room { bytes: GIB, bound: MemoryBound::Group }));
        assert_eq!(system.available(), Some(GIB * 3 / 4));
    }

    #[test]
    fn limits_of_the_process_count_and_a_system_that_says_nothing_has_none() {
        let (_folder, mut system) = system(&[
            MACHINE,
            (
                "proc/self/status",
                "VmSize:\t 1048576 kB\nVmRSS:\t    1024 kB\nVmData:\t   2048 kB\n",
            ),
        ]);
        system.limits = [Some(3 * GIB), None];
        assert_eq!(system.limit(), Some(Room { bytes: 3 * GIB, bound: MemoryBound::Process }));
        assert_eq!((system.available(), system.resident()), (Some(2 * GIB), 1 << 20));
        let nowhere = System { root: "/no/such/folder".into(), limits: [None, None] };
        assert_eq!((nowhere.available(), nowhere.resident()), (None, 0));
    }

    #[test]
    fn this_machine_has_memory() {
        let room = System::here().limit().expect("it says how much");
        assert!(room.bytes > 100_000_000, "{room:?}");
    }
}
