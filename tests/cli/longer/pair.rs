//! A shorter and a longer trial that have everything else in common.

use std::collections::BTreeMap;
use std::fs;

use crate::experiments::trial;
use crate::workspace::{Ran, Workspace};

/// Files with promised bytes beside those of [`Workspace::results`].
const MORE_RESULTS: [&str; 2] = ["augmented.png", "initial.safetensors"];
const WITH_VALIDATION: (&str, &str) =
    ("train_examples = 300", "train_examples = 330\nvalidation_examples = 50");
/// Nothing improves that much, so the first evaluation stays the best one.
pub(super) const STOPPING: &str =
    "early_stopping = { patience = 2, min_delta = 10.0, restore_best = true }";
pub(super) const PLATEAU: &str =
    "[schedule]\nkind = \"reduce_on_plateau\"\npatience = 0\nfactor = 0.5\nthreshold = 0.9\n";

/// A trial of 6 steps an epoch, of any length.
#[derive(Clone)]
pub(super) struct Settings(String);

impl Settings {
    pub(super) fn plain() -> Settings {
        Settings(trial(1).replace("epochs = 1", "LENGTH"))
    }

    pub(super) fn with_validation() -> Settings {
        Settings::plain().but(WITH_VALIDATION.0, WITH_VALIDATION.1)
    }

    pub(super) fn but(&self, old: &str, new: &str) -> Settings {
        assert!(self.0.contains(old), "{old}");
        Settings(self.0.replace(old, new))
    }

    /// Keys of `[training]`, or tables after it.
    pub(super) fn and(&self, more: &str) -> Settings {
        Settings(format!("{}{more}\n", self.0))
    }

    pub(super) fn every(&self, epochs: u32) -> Settings {
        self.and(&format!("[evaluation]\nevery_epochs = {epochs}"))
    }

    pub(super) fn of(&self, length: &str) -> String {
        self.0.replace("LENGTH", length)
    }
}

/// A shorter and a longer trial in one folder.
pub(super) struct Pair {
    pub(super) workspace: Workspace,
    settings: Settings,
    lengths: [String; 2],
    pub(super) ids: [String; 2],
}

impl Pair {
    /// Trains the shorter one.
    pub(super) fn new(settings: &Settings, short: &str, long: &str, more: &[&str]) -> Pair {
        let workspace = Workspace::with(&settings.of(short));
        workspace.write("long.toml", settings.of(long));
        workspace.succeed(&[&["run", "experiment.toml"], more].concat());
        let id = |file| workspace.ids(file).remove(0);
        let ids = [id("experiment.toml"), id("long.toml")];
        Pair {
            workspace,
            settings: settings.clone(),
            lengths: [short, long].map(str::to_owned),
            ids,
        }
    }

    pub(super) fn path(&self, which: usize, name: &str) -> String {
        format!("runs/{}/{name}", self.ids[which])
    }

    /// Trains the longer one; its bytes have to be those of training from scratch.
    #[track_caller]
    pub(super) fn lengthen(&self, more: &[&str]) -> Lengthened {
        let ran = self.workspace.run(&[&["run", "long.toml"], more].concat());
        assert_eq!(ran.code, Some(0), "{}", ran.err);
        let scratch = Workspace::with(&self.settings.of(&self.lengths[1]));
        scratch.succeed(&[&["run", "experiment.toml"], more].concat());
        let (found, expected) =
            (results(&self.workspace, &self.ids[1]), results(&scratch, &self.ids[1]));
        assert!(found.keys().eq(expected.keys()), "{:?}", found.keys());
        let differs = |name: &&String| found[*name] != expected[*name];
        let different: Vec<_> = found.keys().filter(differs).collect();
        assert!(different.is_empty(), "{:?}: {different:?}", self.lengths);
        let log = self.workspace.read(&self.path(1, "log.txt"));
        Lengthened { ran, log, short: self.ids[0].clone() }
    }

    /// Proves the bytes of the longer one in the program's own way.
    #[track_caller]
    pub(super) fn verify(&self) {
        let ran = self.workspace.run(&["verify", &self.ids[1]]);
        assert_eq!(ran.code, Some(0), "{}{}", ran.out, ran.err);
        assert!(!ran.err.contains(" continues from step "), "{}", ran.err);
    }
}

/// What the longer one said.
pub(super) struct Lengthened {
    pub(super) ran: Ran,
    pub(super) log: String,
    short: String,
}

impl Lengthened {
    #[track_caller]
    pub(super) fn goes_on_from(&self, step: u64) {
        let text = format!("attempt 1 continues from step {step} of run {}", self.short);
        assert!(self.log.contains(&text), "{text}: {}", self.log);
        assert!(self.ran.err.contains(&text), "{text}: {}", self.ran.err);
    }

    #[track_caller]
    pub(super) fn starts_anew(&self, because: &str) {
        assert!(self.log.contains("attempt 1 starts from the first step"), "{}", self.log);
        let note = format!("run {} is not continued: ", self.short);
        let note = self.log.lines().find_map(|line| Some(line.split_once(&note)?.1));
        match because {
            "" => assert_eq!(note, None),
            _ => assert!(note.is_some_and(|note| note.contains(because)), "{}", self.log),
        }
    }
}

pub(super) fn results(workspace: &Workspace, id: &str) -> BTreeMap<String, Vec<u8>> {
    let mut results = workspace.results();
    results.retain(|name, _| name.starts_with(id));
    for name in MORE_RESULTS {
        if let Ok(bytes) = fs::read(workspace.path(&format!("runs/{id}/{name}"))) {
            results.insert(format!("{id}/{name}"), bytes);
        }
    }
    results
}
