//! A folder to work in as a user does: experiment files, run folders, and the binary under test.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::{Duration, Instant};
use std::{fs, thread};

use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;
use sha2::{Digest, Sha256};
use tempfile::TempDir;

/// The files that are the same bytes whatever happened while they were made.
pub(crate) const RESULTS: [&str; 10] = [
    "metrics.csv",
    "model.safetensors",
    "best.safetensors",
    "test_predictions.npy",
    "trial.toml",
    "layers.csv",
    "evaluation.json",
    "confusion.csv",
    "mistakes.png",
    "first_layer.png",
];
/// Longer than anything takes on a busy machine.
const PATIENCE: Duration = Duration::from_secs(120);

/// A temporary folder.
pub(crate) struct Workspace {
    folder: TempDir,
}

/// How a process ended.
pub(crate) struct Ran {
    pub(crate) code: Option<i32>, // none if a signal ended it
    pub(crate) out: String,
    pub(crate) err: String,
}

/// A process that runs; killed when dropped.
pub(crate) struct Running(Option<Child>);

impl Workspace {
    pub(crate) fn new() -> Workspace {
        Workspace { folder: tempfile::tempdir().expect("a temporary folder") }
    }

    /// A folder with one file `experiment.toml`.
    pub(crate) fn with(experiment: &str) -> Workspace {
        let workspace = Workspace::new();
        workspace.write("experiment.toml", experiment);
        workspace
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn write(&self, name: &str, content: impl AsRef<[u8]>) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().expect("inside the folder")).expect("writable");
        fs::write(path, content).expect("writable");
    }

    pub(crate) fn read(&self, name: &str) -> String {
        let path = self.path(name);
        fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
    }

    /// The binary, started in this folder, untouched by the settings of whoever runs the tests.
    pub(crate) fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_runner"));
        let is_setting = |name: &OsStr| {
            let name = name.to_string_lossy();
            name.starts_with("RUNNER_") || name.starts_with("CLICOLOR") || name == "NO_COLOR"
        };
        for (name, _) in std::env::vars_os().filter(|(name, _)| is_setting(name)) {
            command.env_remove(name);
        }
        command.args(args).current_dir(self.folder.path());
        command.env("XDG_CACHE_HOME", self.path("cache")).env("COLUMNS", "100");
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    /// Runs the binary to its end.
    pub(crate) fn run(&self, args: &[&str]) -> Ran {
        self.start(args).wait()
    }

    /// Runs the binary, which has to exit with 0; returns what it printed.
    #[track_caller]
    pub(crate) fn succeed(&self, args: &[&str]) -> String {
        let ran = self.run(args);
        assert_eq!(ran.code, Some(0), "{args:?}: {}", ran.err);
        ran.out
    }

    /// Starts the binary.
    pub(crate) fn start(&self, args: &[&str]) -> Running {
        Running::of(&mut self.command(args))
    }

    /// The ids that `plan` gives the trials of `file`, in its order.
    pub(crate) fn ids(&self, file: &str) -> Vec<String> {
        self.ids_with(file, &[])
    }

    /// The same with further arguments, such as `--set`.
    pub(crate) fn ids_with(&self, file: &str, args: &[&str]) -> Vec<String> {
        let plan = self.succeed(&[&["plan", file, "--format", "json"], args].concat());
        let plan: Value = serde_json::from_str(&plan).expect("JSON");
        let id = |row: &Value| row["id"].as_str().expect("an id").to_owned();
        plan.as_array().expect("rows").iter().map(id).collect()
    }

    /// Names of the run folders, sorted.
    pub(crate) fn runs(&self) -> Vec<String> {
        let is_id = |name: &String| name.len() == 12;
        names(&self.path("runs")).into_iter().filter(is_id).collect()
    }

    /// The only run folder, relative to this folder.
    #[track_caller]
    pub(crate) fn only_run(&self) -> String {
        let runs = self.runs();
        assert_eq!(runs.len(), 1, "{runs:?}");
        format!("runs/{}", runs[0])
    }

    /// The `run.json` of a run folder.
    pub(crate) fn record(&self, run: &str) -> Value {
        serde_json::from_str(&self.read(&format!("{run}/run.json"))).expect("JSON")
    }

    /// Writes a record as a run does, with the hash that fits: see docs/run-folder.md.
    pub(crate) fn write_record(&self, run: &str, record: &Value) {
        let mut record = record.clone();
        record.as_object_mut().expect("an object").remove("record_sha256");
        let json = serde_json::to_string_pretty(&record).expect("JSON");
        let content = format!("{},\n", json.strip_suffix("\n}").expect("not empty"));
        let hash: Vec<String> =
            Sha256::digest(&content).iter().map(|byte| format!("{byte:02x}")).collect();
        let hash = hash.concat();
        let whole = format!("{content}  \"record_sha256\": \"{hash}\"\n}}\n");
        self.write(&format!("{run}/run.json"), whole);
    }

    /// The result files of all runs, by `id/name`.
    pub(crate) fn results(&self) -> BTreeMap<String, Vec<u8>> {
        let mut results = BTreeMap::new();
        for run in self.runs() {
            for name in RESULTS {
                if let Ok(bytes) = fs::read(self.path("runs").join(&run).join(name)) {
                    results.insert(format!("{run}/{name}"), bytes);
                }
            }
        }
        results
    }

    /// Temporary and claim files that lie in run folders.
    pub(crate) fn leftovers(&self) -> Vec<String> {
        let is_leftover = |name: &String| name.starts_with('.') || name.starts_with("claim");
        let files = |run: String| names(&self.path("runs").join(run));
        self.runs().into_iter().flat_map(files).filter(is_leftover).collect()
    }

    /// How often trials were taken up so far, over all runs.
    pub(crate) fn attempts_logged(&self) -> usize {
        let logs = self.runs().into_iter();
        let logs = logs.map(|run| fs::read_to_string(self.path("runs").join(run).join("log.txt")));
        logs.map(|log| log.map_or(0, |log| log.matches(" attempt ").count())).sum()
    }

    /// Waits until a process has begun to train since `attempts_logged` said `before`.
    pub(crate) fn wait_for_attempt(&self, before: usize, running: &mut Running) {
        wait_until("a trial begins", || self.attempts_logged() > before || !running.is_alive());
    }
}

impl From<Output> for Ran {
    fn from(output: Output) -> Ran {
        Ran {
            code: output.status.code(),
            out: String::from_utf8(output.stdout).expect("text"),
            err: String::from_utf8(output.stderr).expect("text"),
        }
    }
}

impl Running {
    /// Starts a command.
    pub(crate) fn of(command: &mut Command) -> Running {
        Running(Some(command.spawn().expect("the command starts")))
    }

    pub(crate) fn is_alive(&mut self) -> bool {
        let child = self.0.as_mut().expect("not yet waited for");
        child.try_wait().expect("a child of this process").is_none()
    }

    pub(crate) fn signal(&self, signal: Signal) {
        // It may have ended by itself meanwhile, which the caller sees from its exit code.
        let _ = kill_process(id(self.0.as_ref().expect("not yet waited for")), signal);
    }

    /// Signals the only child of the process.
    #[cfg(target_os = "linux")]
    pub(crate) fn signal_child(&self, signal: Signal) {
        let parent = self.0.as_ref().expect("not yet waited for").id();
        let children = format!("/proc/{parent}/task/{parent}/children");
        let children = fs::read_to_string(children).expect("the process is there");
        let child = children.trim().parse().ok().and_then(Pid::from_raw).expect("one child");
        kill_process(child, signal).expect("it is there");
    }

    /// Waits for its end.
    pub(crate) fn wait(mut self) -> Ran {
        let child = self.0.take().expect("not yet waited for");
        let (ended, watch) = mpsc::channel::<()>();
        let process = id(&child);
        // A process that hangs fails its test instead of all.
        let watchdog = thread::spawn(move || {
            if watch.recv_timeout(PATIENCE) == Err(RecvTimeoutError::Timeout) {
                let _ = kill_process(process, Signal::KILL);
            }
        });
        let output = child.wait_with_output().expect("a child of this process");
        drop(ended);
        watchdog.join().expect("it does not panic");
        output.into()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if let Some(child) = &mut self.0 {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

fn id(child: &Child) -> Pid {
    i32::try_from(child.id()).ok().and_then(Pid::from_raw).expect("a process id")
}

/// Waits for a condition, which has to come true.
#[track_caller]
pub(crate) fn wait_until(what: &str, mut is_true: impl FnMut() -> bool) {
    let started = Instant::now();
    while !is_true() {
        assert!(started.elapsed() < PATIENCE, "waited in vain until {what}");
        thread::sleep(Duration::from_millis(2));
    }
}

/// Names in a folder, sorted; none if it is not there.
pub(crate) fn names(folder: &Path) -> Vec<String> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let name = |entry: std::io::Result<fs::DirEntry>| {
        entry.expect("readable").file_name().into_string().expect("text")
    };
    let mut names: Vec<String> = entries.map(name).collect();
    names.sort();
    names
}
