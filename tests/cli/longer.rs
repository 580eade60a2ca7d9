//! Trials that differ from a finished one in nothing but their length go on from where it ended, and end
//! in the bytes of training from scratch; where they cannot, they train from scratch.

use std::collections::BTreeMap;
use std::fs;
use std::thread;
use std::time::Duration;

use rustix::process::Signal;

use crate::experiments::trial;
use crate::workspace::{Ran, Workspace};

/// Files with promised bytes beside those of [`Workspace::results`].
const MORE_RESULTS: [&str; 2] = ["augmented.png", "initial.safetensors"];
const WITH_VALIDATION: (&str, &str) =
    ("train_examples = 300", "train_examples = 330\nvalidation_examples = 50");
/// Nothing is such progress: the first evaluation stays the best one.
const STOPPING: &str = "early_stopping = { patience = 2, min_delta = 10.0, restore_best = true }";
const PLATEAU: &str =
    "[schedule]\nkind = \"reduce_on_plateau\"\npatience = 0\nfactor = 0.5\nthreshold = 0.9\n";

/// A trial of 6 steps an epoch, of any length.
#[derive(Clone)]
struct Settings(String);

impl Settings {
    fn plain() -> Settings {
        Settings(trial(1).replace("epochs = 1", "LENGTH"))
    }

    fn with_validation() -> Settings {
        Settings::plain().but(WITH_VALIDATION.0, WITH_VALIDATION.1)
    }

    fn but(&self, old: &str, new: &str) -> Settings {
        assert!(self.0.contains(old), "{old}");
        Settings(self.0.replace(old, new))
    }

    /// Keys of `[training]`, or tables after it.
    fn and(&self, more: &str) -> Settings {
        Settings(format!("{}{more}\n", self.0))
    }

    fn every(&self, epochs: u32) -> Settings {
        self.and(&format!("[evaluation]\nevery_epochs = {epochs}"))
    }

    fn of(&self, length: &str) -> String {
        self.0.replace("LENGTH", length)
    }
}

/// A shorter and a longer trial in one folder.
struct Pair {
    workspace: Workspace,
    settings: Settings,
    lengths: [String; 2],
    ids: [String; 2],
}

impl Pair {
    /// Trains the shorter one.
    fn new(settings: &Settings, short: &str, long: &str, more: &[&str]) -> Pair {
        let workspace = Workspace::with(&settings.of(short));
        workspace.write("long.toml", settings.of(long));
        workspace.succeed(&[&["run", "experiment.toml"], more].concat());
        let id = |file| workspace.ids(file).remove(0);
        let ids = [id("experiment.toml"), id("long.toml")];
        Pair { workspace, settings: settings.clone(), lengths: [short, long].map(str::to_owned), ids }
    }

    fn path(&self, which: usize, name: &str) -> String {
        format!("runs/{}/{name}", self.ids[which])
    }

    /// Trains the longer one; its bytes have to be those of training from scratch.
    #[track_caller]
    fn lengthen(&self, more: &[&str]) -> Lengthened {
        let ran = self.workspace.run(&[&["run", "long.toml"], more].concat());
        assert_eq!(ran.code, Some(0), "{}", ran.err);
        let scratch = Workspace::with(&self.settings.of(&self.lengths[1]));
        scratch.succeed(&[&["run", "experiment.toml"], more].concat());
        let (found, expected) = (results(&self.workspace, &self.ids[1]), results(&scratch, &self.ids[1]));
        assert!(found.keys().eq(expected.keys()), "{:?}", found.keys());
        let differs = |name: &&String| found[*name] != expected[*name];
        let different: Vec<_> = found.keys().filter(differs).collect();
        assert!(different.is_empty(), "{:?}: {different:?}", self.lengths);
        let log = self.workspace.read(&self.path(1, "log.txt"));
        Lengthened { ran, log, short: self.ids[0].clone() }
    }

    /// Proves the bytes of the longer one in the program's own way.
    #[track_caller]
    fn verify(&self) {
        let ran = self.workspace.run(&["verify", &self.ids[1]]);
        assert_eq!(ran.code, Some(0), "{}{}", ran.out, ran.err);
        assert!(!ran.err.contains(" goes on from step "), "{}", ran.err);
    }
}

/// What the longer one said.
struct Lengthened {
    ran: Ran,
    log: String,
    short: String,
}

impl Lengthened {
    #[track_caller]
    fn goes_on_from(&self, step: u64) {
        let text = format!("attempt 1 goes on from step {step} of run {}", self.short);
        assert!(self.log.contains(&text), "{text}: {}", self.log);
        assert!(self.ran.err.contains(&text), "{text}: {}", self.ran.err);
    }

    #[track_caller]
    fn starts_anew(&self, because: &str) {
        assert!(self.log.contains("attempt 1 starts from the first step"), "{}", self.log);
        let note = format!("run {} is not continued: ", self.short);
        let note = self.log.lines().find_map(|line| Some(line.split_once(&note)?.1));
        match because {
            "" => assert_eq!(note, None),
            _ => assert!(note.is_some_and(|note| note.contains(because)), "{}", self.log),
        }
    }
}

fn results(workspace: &Workspace, id: &str) -> BTreeMap<String, Vec<u8>> {
    let mut results = workspace.results();
    results.retain(|name, _| name.starts_with(id));
    for name in MORE_RESULTS {
        if let Ok(bytes) = fs::read(workspace.path(&format!("runs/{id}/{name}"))) {
            results.insert(format!("{id}/{name}"), bytes);
        }
    }
    results
}

const EVERY_EPOCH: [&str; 2] = ["--checkpoint-seconds", "0"];

#[test]
fn longer_trials_go_on_to_the_bytes_of_training_from_scratch() {
    let plain = Settings::plain();
    let validated = Settings::with_validation();
    let averages = "ema_decay = 0.9\nclip_norm = 1.0\nlabel_smoothing = 0.1";
    let patient = STOPPING.replace("patience = 2", "patience = 9");
    let augmented = "[augmentation]\nhorizontal_flip = 0.5\nrandom_crop = { padding = 2 }\n\
        mixup = { alpha = 0.5 }\n";
    let stepped = "[schedule]\nkind = \"step\"\nstep_epochs = 2\nwarmup_epochs = 1\n";
    for settings in [
        plain.clone(),
        plain.but("adagrad", "adam").and(averages),
        plain.and("batches = \"with_replacement\"").and(stepped),
        plain.and(augmented),
        validated.clone(),
        validated.and(averages).and(&patient),
        validated.and(PLATEAU),
        validated.and(&patient).and(PLATEAU).and(augmented),
        validated.and("[evaluation]\ntest = \"sealed\"\ntrain_examples = 100"),
    ] {
        let pair = Pair::new(&settings, "epochs = 3", "epochs = 7", &[]);
        pair.lengthen(&["--save-initial"]).goes_on_from(18);
    }
}

#[test]
fn verify_trains_from_scratch_and_finds_the_same_bytes() {
    let pair = Pair::new(&Settings::with_validation(), "epochs = 2", "epochs = 5", &[]);
    pair.lengthen(&[]).goes_on_from(12);
    pair.verify();
    let ran = pair.workspace.run(&["verify", "--all", "--jobs=1"]);
    assert_eq!(ran.code, Some(0), "{}{}", ran.out, ran.err);
    assert!(!ran.err.contains(" goes on from step "), "not from each other: {}", ran.err);
}

#[test]
fn lengths_that_evaluations_do_not_divide_go_on_from_a_state_that_both_have() {
    let every_two = Settings::plain().every(2);
    let pair = |settings: &Settings, short| Pair::new(settings, short, "epochs = 8", &EVERY_EPOCH);
    pair(&every_two, "epochs = 4").lengthen(&[]).goes_on_from(24);
    // The row of the last epoch goes: nothing has seen it.
    pair(&every_two, "epochs = 3").lengthen(&[]).goes_on_from(18);
    pair(&Settings::plain().every(3), "epochs = 5").lengthen(&[]).goes_on_from(30);
    // Something has: the checkpoint before it.
    for settings in [
        Settings::with_validation().and(PLATEAU).every(2),
        Settings::with_validation().and(&STOPPING.replace("10.0", "0.0")).every(2),
        Settings::with_validation().and(PLATEAU).every(3),
    ] {
        let lengthened = pair(&settings, "epochs = 5").lengthen(&[]);
        assert!(lengthened.log.contains("attempt 1 goes on from step 24 of run"), "{}", lengthened.log);
    }
    // In whichever epoch the best one is.
    for short in ["epochs = 3", "epochs = 5"] {
        pair(&Settings::with_validation().every(2), short).lengthen(&[]);
    }
}

#[test]
fn an_epoch_cut_short_is_made_whole() {
    for (settings, step) in
        [(Settings::plain(), 18), (Settings::plain().every(2), 18), (Settings::plain().every(4), 18)]
    {
        let pair = Pair::new(&settings, "steps = 20", "epochs = 5", &EVERY_EPOCH);
        pair.lengthen(&[]).goes_on_from(step);
        let pair = Pair::new(&settings, "steps = 20", "steps = 40", &[]);
        pair.lengthen(&[]).starts_anew("is of its end at step 20, which is no evaluation");
    }
    // The same number of steps, said in another way.
    for (short, long) in [("steps = 20", "steps = 21"), ("steps = 18", "epochs = 3")] {
        Pair::new(&Settings::with_validation(), short, long, &EVERY_EPOCH).lengthen(&[]);
    }
    let pair = Pair::new(&Settings::with_validation().every(2), "epochs = 3", "steps = 18", &[]);
    pair.lengthen(&[]).goes_on_from(18);
}

#[test]
fn what_depends_on_the_length_starts_anew() {
    for kind in ["cosine", "linear", "one_cycle"] {
        let settings = Settings::plain().and(&format!("[schedule]\nkind = \"{kind}\""));
        let pair = Pair::new(&settings, "epochs = 2", "epochs = 4", &[]);
        pair.lengthen(&[]).starts_anew("");
    }
    // And what is not the same trial, or not longer.
    let workspace = Workspace::with(&trial(4));
    workspace.succeed(&["run", "experiment.toml"]);
    for change in ["training.seeds=[8]", "network.dropout=0.3", "training.epochs=3"] {
        let ran = workspace.run(&["run", "experiment.toml", "--set", change]);
        assert_eq!((ran.code, ran.err.contains(" goes on ")), (Some(0), false), "{change}: {}", ran.err);
    }
}

#[test]
fn a_run_that_stopped_early_stops_at_the_same_place_however_long() {
    let settings = Settings::with_validation().and(STOPPING);
    let pair = Pair::new(&settings, "epochs = 9", "epochs = 20", &[]);
    pair.lengthen(&[]).goes_on_from(18);
    let record = pair.workspace.record(&format!("runs/{}", pair.ids[1]));
    assert_eq!(record["stopped_early"], serde_json::json!({ "epoch": 3, "step": 18 }));
    assert_eq!([&record["total_epochs"], &record["model_epoch"]], [20, 1]);
    pair.verify();
}

#[test]
fn the_record_and_show_say_whose_steps_they_are() {
    let pair = Pair::new(&Settings::plain(), "epochs = 3", "epochs = 6", &[]);
    pair.lengthen(&[]).goes_on_from(18);
    let [short, long] = pair.ids.each_ref().map(|id| pair.workspace.record(&format!("runs/{id}")));
    let from = &long["continued_from"];
    assert_eq!((from["id"].as_str(), from["step"].as_u64()), (Some(&pair.ids[0][..]), Some(18)));
    assert_eq!(from["seconds"], short["train_seconds"], "all of them");
    assert!(long["train_seconds"].as_f64() > from["seconds"].as_f64());
    let show = pair.workspace.succeed(&["show", &pair.ids[1]]);
    let line = format!("continued    from step 18 of run {}, which took ", pair.ids[0]);
    assert!(show.contains(&line), "{show}");
    let timing = pair.workspace.read(&pair.path(1, "timing.csv"));
    assert_eq!(timing.lines().count(), 8, "{timing}");
}

#[test]
fn kills_in_the_middle_change_no_byte() {
    let settings = Settings::with_validation().and("ema_decay = 0.9");
    let pair = Pair::new(&settings, "epochs = 3", "epochs = 90", &[]);
    let more = ["--checkpoint-seconds", "0.02"];
    let mut hits = 0;
    for millis in [0, 5, 20, 40] {
        let before = pair.workspace.attempts_logged();
        let mut running = pair.workspace.start(&[&["run", "long.toml"], &more[..]].concat());
        pair.workspace.wait_for_attempt(before, &mut running);
        thread::sleep(Duration::from_millis(millis));
        hits += usize::from(running.is_alive());
        running.signal(Signal::KILL);
        running.wait();
    }
    assert!(hits >= 2, "only {hits} kills hit a running process");
    // Its own state is all that it needs now.
    fs::remove_dir_all(pair.workspace.path(&pair.path(0, ""))).expect("deletable");
    let log = pair.lengthen(&more).log;
    let first = format!("attempt 1 goes on from step 18 of run {}\n", pair.ids[0]);
    assert!(log.contains(&first), "{log}");
    assert!(log.contains("attempt 2 goes on from step ") && !log.contains("first step"), "{log}");
    assert_eq!(pair.workspace.record(&format!("runs/{}", pair.ids[1]))["continued_from"]["step"], 18);
}

#[test]
fn a_kill_before_the_state_is_saved_leaves_nothing_half_done() {
    let pair = Pair::new(&Settings::with_validation(), "epochs = 3", "epochs = 5", &[]);
    let [_, long] = &pair.ids;
    pair.lengthen(&[]).goes_on_from(18);
    // As if it had been killed after the rows and before the checkpoint.
    let mut record = pair.workspace.record(&format!("runs/{long}"));
    record["state"] = "running".into();
    record["train_seconds"] = 10_001.0.into();
    record["continued_from"]["seconds"] = 10_000.0.into();
    pair.workspace.write(&pair.path(1, "run.json"), record.to_string());
    for name in ["checkpoint.safetensors", "checkpoint.previous.safetensors"] {
        let _ = fs::remove_file(pair.workspace.path(&pair.path(1, name)));
    }
    let log = pair.lengthen(&[]).log;
    assert!(log.contains("attempt 2 goes on from step 18 of run"), "{log}");
    let record = pair.workspace.record(&format!("runs/{long}"));
    let seconds = record["train_seconds"].as_f64().expect("a number");
    assert!(seconds < 5000.0, "the share of the shorter run counts once: {seconds}");
}

#[test]
fn what_is_gone_or_damaged_is_said_and_trained_from_scratch() {
    let checkpoint = "checkpoint.safetensors";
    type Damage = fn(&mut Vec<u8>);
    let cut: Damage = |bytes| bytes.truncate(bytes.len() / 2);
    let flip: Damage = |bytes| *bytes.last_mut().expect("not empty") ^= 1;
    for (name, damage, because) in [
        (checkpoint, None, "it has no checkpoint any more"),
        (checkpoint, Some((|bytes| bytes.clear()) as Damage), "checkpoint.safetensors"),
        (checkpoint, Some(cut), "checkpoint.safetensors"),
        (checkpoint, Some(flip), "checkpoint.safetensors its checksum does not fit its content"),
        ("best.safetensors", None, "best.safetensors is not there"),
        ("best.safetensors", Some(cut), "best.safetensors"),
        ("best.safetensors", Some(flip), "best.safetensors has not the weights of its best epoch"),
        ("metrics.csv", Some(cut), "its result has not the SHA-256 of its run.json"),
        ("layers.csv", None, "layers.csv is not there"),
        ("layers.csv", Some(cut), "layers.csv"),
    ] {
        let pair = Pair::new(&Settings::with_validation(), "epochs = 2", "epochs = 4", &[]);
        let path = pair.workspace.path(&pair.path(0, name));
        match damage {
            None => fs::remove_file(&path).expect("there"),
            Some(damage) => {
                let mut bytes = fs::read(&path).expect("there");
                damage(&mut bytes);
                fs::write(&path, bytes).expect("writable");
            }
        }
        let lengthened = pair.lengthen(&[]);
        lengthened.starts_anew(because);
        assert!(!lengthened.ran.err.contains("warning"), "{}", lengthened.ran.err);
    }
}

#[test]
fn runs_of_other_data_or_numerics_or_unfinished_ones_are_not_continued() {
    for (pointer, value) in [
        ("/provenance/data_sha256", "ab".repeat(32).into()),
        ("/provenance/numerics", 1.into()),
        ("/state", "interrupted".into()),
        ("/trial/training/epochs", 3.into()),
    ] {
        let pair = Pair::new(&Settings::plain(), "epochs = 2", "epochs = 4", &[]);
        let mut record = pair.workspace.record(&format!("runs/{}", pair.ids[0]));
        *record.pointer_mut(pointer).expect("there") = value;
        pair.workspace.write(&pair.path(0, "run.json"), record.to_string());
        pair.lengthen(&[]).starts_anew("");
    }
    let pair = Pair::new(&Settings::plain(), "epochs = 2", "epochs = 4", &[]);
    pair.workspace.write(&pair.path(0, "run.json"), "{");
    pair.lengthen(&[]).starts_anew("");
}

#[test]
fn the_longest_state_is_taken_and_retrain_takes_none() {
    let settings = Settings::with_validation().and(PLATEAU).every(2);
    let workspace = Workspace::with(&settings.of("epochs = 9"));
    for epochs in [2, 4, 5] {
        let set = format!("training.epochs={epochs}");
        workspace.succeed(&["run", "experiment.toml", "--set", &set]);
    }
    // That of 5 epochs has an evaluation at its end that the schedule has seen.
    let ran = workspace.run(&["run", "experiment.toml"]);
    assert!(ran.err.contains("attempt 1 goes on from step 24 of run"), "{}", ran.err);
    let before = workspace.results();
    let ran = workspace.run(&["run", "experiment.toml", "--retrain"]);
    assert!(ran.code == Some(0) && !ran.err.contains(" goes on "), "{}", ran.err);
    assert!(workspace.results() == before);
}

#[test]
fn within_one_sweep_the_longer_ones_come_after_the_shorter_ones() {
    let grid = Settings::plain().of("epochs = 1").replace("seeds = [7]", "seeds = [7, 8]");
    let workspace = Workspace::with(&format!("{grid}[grid]\ntraining.epochs = [8, 2, 4]\n"));
    let ran = workspace.run(&["run", "experiment.toml", "--jobs=1"]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    for (step, times) in [(12, 2), (24, 2)] {
        let text = format!("attempt 1 goes on from step {step} of run");
        assert_eq!(ran.err.matches(&text).count(), times, "{}", ran.err);
    }
    for run in workspace.runs() {
        let alone = Workspace::new();
        alone.write("trial.toml", workspace.read(&format!("runs/{run}/trial.toml")));
        alone.succeed(&["run", "trial.toml"]);
        assert!(results(&workspace, &run) == results(&alone, &run), "{run}");
    }
    let ran = workspace.run(&["verify", "--all", "--jobs=1"]);
    assert_eq!((ran.code, ran.err.contains(" goes on ")), (Some(0), false), "{}", ran.err);
}

#[test]
fn plan_says_from_where_and_what_it_saves() {
    let experiment = trial(2).replace("seeds = [7]", "seeds = [7, 8]");
    let workspace = Workspace::with(&experiment);
    workspace.succeed(&["run", "experiment.toml"]);
    let longer = ["plan", "experiment.toml", "--set=training.epochs=4", "--set=training.seeds=[7, 8, 9]"];
    insta::assert_snapshot!(workspace.succeed(&longer));
    let rows = workspace.succeed(&[&longer[..], &["--format=json"]].concat());
    assert_eq!(rows.matches("\"status\": \"continues\"").count(), 2, "{rows}");
    // Only as long as their checkpoints are there.
    let gc = workspace.succeed(&["gc", "--kind=checkpoint", "--dry-run"]);
    assert!(gc.contains("without these checkpoints, a longer trial of the same settings starts"), "{gc}");
    workspace.succeed(&["gc"]);
    let plan = workspace.succeed(&longer);
    assert!(!plan.contains("continues") && !plan.contains("shorter"), "{plan}");
}
