//! A terminal without a window: its far side is the program's input and output, the near side has the
//! keyboard and collects what is drawn.

use std::fs::{self, File, OpenOptions};
use std::io::{Read, Write};
use std::os::fd::AsFd;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, WaitOptions, kill_process, waitpid};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{LocalModes, Winsize, tcgetattr, tcsetwinsize};
use tempfile::TempDir;

/// Longest wait for anything: the machine may be busy.
const PATIENCE: Duration = Duration::from_secs(60);

/// The program in its terminal, in a folder of its own.
pub(crate) struct Watched {
    folder: TempDir,
    child: Child,
    keyboard: File,
    drawn: Arc<Mutex<Vec<u8>>>,
    pub(crate) modes_before: LocalModes,
    collector: Option<JoinHandle<()>>, // ends with the program
}

impl Watched {
    /// Starts the program beside a file `experiment.toml`.
    pub(crate) fn start(experiment: &str, args: &[&str]) -> Watched {
        let folder = tempfile::tempdir().expect("a folder");
        fs::write(folder.path().join("experiment.toml"), experiment).expect("writable");
        let near = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).expect("a terminal");
        grantpt(&near).and_then(|()| unlockpt(&near)).expect("a terminal of this process");
        resize(&near, 100, 24);
        let modes_before = tcgetattr(&near).expect("a terminal has modes").local_modes;
        let name = ptsname(&near, Vec::new()).expect("a name");
        let name = name.to_str().expect("text").to_owned();
        let far = || OpenOptions::new().read(true).write(true).open(&name).expect("its far side");
        let mut command = program(&folder, args);
        command.stdin(Stdio::from(far())).stdout(Stdio::from(far())).stderr(Stdio::from(far()));
        let child = command.spawn().expect("the binary starts");
        drop(command); // or the far side would stay open
        let keyboard = File::from(near);
        let mut screen = keyboard.try_clone().expect("a second handle");
        let drawn = Arc::new(Mutex::new(Vec::new()));
        let collected = Arc::clone(&drawn);
        let collector = thread::spawn(move || {
            let mut bytes = [0; 4096];
            // A terminal whose far side is closed is an error to read from.
            while let Ok(count @ 1..) = screen.read(&mut bytes) {
                collected.lock().expect("no panic holds it").extend(&bytes[..count]);
            }
        });
        Watched { folder, child, keyboard, drawn, modes_before, collector: Some(collector) }
    }

    /// Everything that was drawn so far.
    fn text(&self) -> String {
        String::from_utf8_lossy(&self.drawn.lock().expect("no panic holds it")).into_owned()
    }

    /// Waits until `text` was drawn.
    #[track_caller]
    pub(crate) fn wait_for(&mut self, text: &str) {
        let started = Instant::now();
        while !self.text().contains(text) {
            let ended = self.child.try_wait().is_ok_and(|status| status.is_some());
            let is_over = ended || started.elapsed() > PATIENCE;
            assert!(!is_over, "{text:?} is not in {:?}", self.text());
            thread::sleep(Duration::from_millis(10));
        }
    }

    pub(crate) fn press(&mut self, keys: &str) {
        self.keyboard.write_all(keys.as_bytes()).expect("the program is there");
    }

    /// How the terminal treats what is typed.
    pub(crate) fn modes(&self) -> LocalModes {
        tcgetattr(&self.keyboard).expect("a terminal has modes").local_modes
    }

    pub(crate) fn resize(&self, columns: u16, rows: u16) {
        resize(&self.keyboard, columns, rows);
    }

    /// Waits until a signal has stopped it.
    #[track_caller]
    pub(crate) fn wait_until_stopped(&self) {
        let stopped = waitpid(Some(self.id()), WaitOptions::UNTRACED).expect("a child");
        assert!(stopped.is_some_and(|(_, status)| status.stopped()), "{stopped:?}");
    }

    fn id(&self) -> Pid {
        i32::try_from(self.child.id()).ok().and_then(Pid::from_raw).expect("a process id")
    }

    pub(crate) fn signal(&self, signal: Signal) {
        kill_process(self.id(), signal).expect("the program is there");
    }

    /// Runs the program to its end in the same folder, without a terminal.
    pub(crate) fn run(&self, args: &[&str]) {
        let output = program(&self.folder, args).output().expect("the binary starts");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }

    /// Waits for its end; returns the exit code and everything that was drawn.
    #[track_caller]
    pub(crate) fn end(mut self) -> (Option<i32>, String) {
        let started = Instant::now();
        let code = loop {
            if let Some(status) = self.child.try_wait().expect("a child of this process") {
                break status.code();
            }
            assert!(started.elapsed() < PATIENCE, "it does not end: {:?}", self.text());
            thread::sleep(Duration::from_millis(10));
        };
        let collector = self.collector.take().expect("it is joined once");
        collector.join().expect("it does not panic"); // what was written last is collected
        (code, self.text())
    }
}

impl Drop for Watched {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn resize(terminal: &impl AsFd, columns: u16, rows: u16) {
    let size = Winsize { ws_row: rows, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0 };
    tcsetwinsize(terminal, size).expect("a terminal has a size");
}

fn program(folder: &TempDir, args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_runner"));
    command.args(args).current_dir(folder.path()).env("TERM", "xterm-256color");
    for name in ["RUNNER_RUNS_DIR", "RUNNER_DATA_DIR", "RUNNER_COLOR", "NO_COLOR"] {
        command.env_remove(name);
    }
    command
}
