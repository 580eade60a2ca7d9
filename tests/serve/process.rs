//! A folder with runs, and a server of it.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

use tempfile::TempDir;

use crate::client::Client;

/// The token of every server here.
pub(crate) const TOKEN: &str = "0123456789abcdef";

/// Two configs of two seeds, under a name that would be a script.
pub(crate) const EXPERIMENT: &str = r#"
name = "<script>alert(1)</script>"
[dataset]
kind = "synthetic"
train_examples = 40
test_examples = 20
[network]
kind = "mlp"
hidden_sizes = [4]
[optimizer]
kind = "adagrad"
learning_rate = 0.05
[training]
epochs = 3
batch_size = 20
seeds = 2
[grid]
network.dropout = [0.0, 0.3]
"#;

/// A folder in which the program is called.
pub(crate) struct Place(TempDir);

impl Place {
    /// A folder with an experiment file that has not run.
    pub(crate) fn new(experiment: &str) -> Place {
        let place = Place(tempfile::tempdir().expect("a temporary folder"));
        fs::write(place.path().join("experiment.toml"), experiment).expect("writable");
        place
    }

    /// A folder with the runs of the experiment.
    pub(crate) fn trained() -> Place {
        let place = Place::new(EXPERIMENT);
        place.succeed(&["run", "experiment.toml"]);
        place
    }

    pub(crate) fn path(&self) -> &Path {
        self.0.path()
    }

    pub(crate) fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_runner"));
        command.args(args).current_dir(self.path());
        command.env("RUNNER_SERVE_TOKEN", TOKEN).env("RUNNER_JOBS", "1").env("RUNNER_OFFLINE", "1");
        command
    }

    pub(crate) fn run(&self, args: &[&str]) -> Output {
        self.command(args).output().expect("the binary starts")
    }

    pub(crate) fn succeed(&self, args: &[&str]) -> String {
        let Output { status, stdout, stderr } = self.run(args);
        assert!(status.success(), "{args:?}: {}", String::from_utf8_lossy(&stderr));
        String::from_utf8(stdout).expect("text")
    }

    /// The ids of the runs, sorted.
    pub(crate) fn ids(&self) -> Vec<String> {
        let entries = fs::read_dir(self.path().join("runs")).expect("there are runs");
        let names = entries.map(|entry| entry.expect("readable").file_name());
        let mut ids: Vec<String> = names.map(|name| name.into_string().expect("text")).collect();
        ids.retain(|id| !id.starts_with('.'));
        ids.sort();
        ids
    }

    pub(crate) fn run_folder(&self, id: &str) -> PathBuf {
        self.path().join("runs").join(id)
    }

    /// A server of what the arguments name, on a port of its own.
    pub(crate) fn serve(&self, args: &[&str]) -> Serving {
        let mut command = self.command(&["serve", "--port", "0"]);
        let mut child = command
            .args(args)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("the binary starts");
        let mut line = String::new();
        let out = child.stdout.take().expect("piped");
        BufReader::new(out).read_line(&mut line).expect("readable");
        Serving { child, url: line.trim().to_owned() }
    }
}

/// A server, which ends with this.
pub(crate) struct Serving {
    pub(crate) child: Child,
    pub(crate) url: String,
}

impl Serving {
    pub(crate) fn port(&self) -> u16 {
        let rest = self.url.rsplit_once(':').expect("a port").1;
        rest.split_once('/').expect("a path").0.parse().expect("a number")
    }

    /// A client that has the cookie.
    pub(crate) fn client(&self) -> Client {
        Client::let_in(self.port())
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
