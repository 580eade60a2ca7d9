//! What a run's record and the files that it lists were when the run wrote them is checked before anything
//! is made of them: an altered number is named, not shown.

use std::fs;

use sha2::{Digest, Sha256};

use crate::experiments::{dropout_grid, trial};
use crate::workspace::{Ran, Workspace, names};

/// Promised by docs/run-folder.md.
const PROMISED: [&str; 12] = [
    "trial.toml",
    "metrics.csv",
    "layers.csv",
    "model.safetensors",
    "best.safetensors",
    "initial.safetensors",
    "test_predictions.npy",
    "evaluation.json",
    "confusion.csv",
    "mistakes.png",
    "first_layer.png",
    "augmented.png",
];

fn hex(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A run with a validation split.
fn validated(epochs: u32) -> String {
    trial(epochs).replace("train_examples = 300", "train_examples = 300\nvalidation_examples = 50")
}

/// A CSV file of twelve lines, and a trial on it.
fn on_a_table(workspace: &Workspace) {
    let line = |i: usize| {
        format!("{}.5,{},{}\n", i % 4, i % 3, if i.is_multiple_of(2) { "even" } else { "odd" })
    };
    let lines: String = (0..40).map(line).collect();
    workspace.write("table.csv", format!("a,b,label\n{lines}"));
    workspace.write(
        "table.toml",
        "[dataset]\nkind = \"csv\"\npath = \"table.csv\"\nlabel = \"label\"\ntest_fraction = 0.2\n\
         [network]\nkind = \"mlp\"\nhidden_sizes = [3]\n\
         [optimizer]\nkind = \"sgd\"\nlearning_rate = 0.1\n[training]\nepochs = 2\nbatch_size = 8\n",
    );
}

/// The names that a record lists, with whether size and hash are those of the files.
fn listed(workspace: &Workspace, run: &str) -> Vec<String> {
    let record = workspace.record(run);
    let files = record["files"].as_object().expect("a table");
    for (name, file) in files {
        let bytes = fs::read(workspace.path(&format!("{run}/{name}"))).expect("there");
        assert_eq!(file["bytes"], bytes.len(), "{name}");
        assert_eq!(file["sha256"], hex(&bytes), "{name}");
    }
    files.keys().cloned().collect()
}

#[test]
fn a_record_ends_with_its_hash_and_lists_the_promised_files() {
    let workspace = Workspace::with(&validated(2));
    workspace.succeed(&["run", "experiment.toml", "--save-initial"]);
    let run = workspace.only_run();
    let text = workspace.read(&format!("{run}/run.json"));
    // As docs/run-folder.md says it.
    let (content, hash) = text.rsplit_once("  \"record_sha256\": \"").expect("its last line");
    assert_eq!(hash, format!("{}\"\n}}\n", hex(content.as_bytes())));
    let mut there = names(&workspace.path(&run));
    there.retain(|name| PROMISED.contains(&&**name));
    assert_eq!(listed(&workspace, &run), there);
    assert!(there.len() >= 9, "{there:?}");
    assert_eq!(workspace.succeed(&["show", "latest"]).matches("checked").count(), 0);
    workspace.succeed(&["verify", "latest"]);
}

#[test]
fn a_diverged_run_lists_its_files_too() {
    let diverging = trial(2).replace("learning_rate = 0.01", "learning_rate = 1e30");
    let workspace = Workspace::with(&diverging);
    assert_eq!(workspace.run(&["run", "experiment.toml"]).code, Some(100));
    let listed = listed(&workspace, &workspace.only_run());
    assert_eq!(listed, ["layers.csv", "metrics.csv", "trial.toml"]);
}

/// Two runs; of the first, its folder and `run.json`.
fn two_runs() -> (Workspace, String, String) {
    let workspace = Workspace::with(&dropout_grid(2).replace("seeds = [1, 2]", "seeds = [1]"));
    workspace.succeed(&["run", "experiment.toml"]);
    let id = workspace.ids("experiment.toml").remove(0);
    let text = workspace.read(&format!("runs/{id}/run.json"));
    (workspace, id, text)
}

#[track_caller]
fn assert_named(ran: &Ran, code: i32, path: &str, args: &[&str]) {
    assert_eq!(ran.code, Some(code), "{args:?}: {}{}", ran.out, ran.err);
    assert!(ran.err.contains(path), "{args:?} says nothing of {path}: {}", ran.err);
}

/// `text` with another last digit in the value of the `n`-th line of this key.
fn altered(text: &str, key: &str, n: usize) -> String {
    let needle = format!("\"{key}\": ");
    let at = text.match_indices(&needle).nth(n).expect("the key is there").0;
    let end = at + text[at..].find('\n').expect("a line");
    let digit = text[at..end].rfind(|c: char| c.is_ascii_digit()).expect("a number") + at;
    let other = if &text[digit..=digit] == "7" { "8" } else { "7" };
    format!("{}{other}{}", &text[..digit], &text[digit + 1..])
}

#[test]
fn no_command_shows_an_altered_number_without_a_word() {
    let (workspace, id, text) = two_runs();
    let other = workspace.ids("experiment.toml").remove(1);
    let path = format!("runs/{id}/run.json");
    let keys = [
        ("test_accuracy", 0),
        ("train_loss", 0),
        ("gap", 1),
        ("learning_rate", 0),
        ("epoch", 1),
        ("train_seconds", 0),
        ("numerics", 0),
        ("bytes", 0),
    ];
    for (key, n) in keys {
        workspace.write(&path, altered(&text, key, n));
        for (code, args) in [
            (0, &["list"][..]),
            (1, &["show", &id]),
            (0, &["compare", "experiment.toml"]),
            (0, &["compare", "runs", "--format", "json"]),
            (1, &["compare", &id]),
            (0, &["plan", "experiment.toml"]),
            (1, &["diff", &id, &other]),
            (1, &["verify", &id]),
        ] {
            assert_named(&workspace.run(args), code, &path, args);
        }
    }
    let run = format!("runs/{id}");
    for (code, args) in [
        (0, &["compare", "runs", "--epoch", "1"][..]),
        (0, &["report", "runs", "-o", "report.html"]),
        (0, &["plot", "runs"]),
        (0, &["diagnose", "runs"]),
        (0, &["export", "runs", "--to", "csv"]),
        (0, &["export", "runs", "--to", "tensorboard", "-o", "events"]),
        (1, &["export", &id, "--to", "npz", "-o", "weights.npz"]),
        (1, &["predict", &id, "experiment.toml"]),
        (1, &["verify", "--all"]),
        (1, &["resume", &id]),
        (0, &["resume", "--all"]),
        (1, &["gc", "--dry-run"]),
        (100, &["run", "experiment.toml"]),
        (0, &["confirm", "runs", "--fresh-seeds", "1"]),
    ] {
        let ran = workspace.run(args);
        assert_named(&ran, code, &path, args);
        assert!(!ran.out.contains(&run), "{args:?}: {}", ran.out);
    }
    assert!(!workspace.read("report.html").contains(&format!("\"id\":\"{id}\"")));
    workspace.write(&path, &text);
    workspace.succeed(&["compare", "experiment.toml"]);
}

#[test]
fn rows_that_were_changed_are_named_by_what_draws_and_exports_them() {
    let (workspace, id, _) = two_runs();
    let path = format!("runs/{id}/metrics.csv");
    let text = workspace.read(&path);
    let last = text.rfind(|c: char| c.is_ascii_digit()).expect("a figure");
    workspace
        .write(&path, format!("{}{}\n", &text[..last], if text.ends_with("1\n") { 2 } else { 1 }));
    for (code, args) in [
        (1, &["show", &id][..]),
        (0, &["compare", "runs", "--epoch", "1"]),
        (0, &["plot", "runs"]),
        (0, &["diagnose", "runs"]),
        (0, &["export", "runs", "--to", "csv"]),
        (0, &["export", "runs", "--to", "tensorboard", "-o", "events"]),
        (1, &["diff", "experiment.toml", "latest"]),
        (102, &["verify", &id]),
    ] {
        let args: Vec<&str> =
            args.iter().map(|arg| if *arg == "experiment.toml" { &*id } else { arg }).collect();
        let path = if args[0] == "verify" { "metrics.csv was changed" } else { &path };
        assert_named(&workspace.run(&args), code, path, &args);
    }
    let csv = workspace.succeed(&["export", "runs", "--to", "csv"]);
    assert!(csv.lines().count() > 1 && !csv.contains(&id), "{csv}");
    workspace.succeed(&["report", "runs", "-o", "report.html"]);
    assert!(workspace.read("report.html").contains("metrics.csv: it was changed after"));
}

#[test]
fn what_no_figure_depends_on_is_left_out_and_said() {
    let (workspace, id, _) = two_runs();
    for name in ["layers.csv", "evaluation.json", "confusion.csv"] {
        let path = format!("runs/{id}/{name}");
        let bytes = workspace.read(&path);
        workspace.write(&path, "changed");
        let args = ["show", &id];
        let ran = workspace.run(&args);
        assert_named(&ran, 0, &path, &args);
        assert!(ran.err.contains("left out"), "{}", ran.err);
        workspace.write(&path, bytes);
    }
    assert_eq!(workspace.run(&["show", &id]).err, "");
}

#[test]
fn weights_are_used_only_if_they_are_those_of_the_run() {
    let workspace = Workspace::new();
    on_a_table(&workspace);
    workspace.succeed(&["run", "table.toml"]);
    let run = workspace.only_run();
    let path = workspace.path(&format!("{run}/model.safetensors"));
    let whole = fs::read(&path).expect("there");
    let mut changed = whole.clone();
    let end = changed.len() - 4;
    changed[end..].copy_from_slice(&f32::NAN.to_le_bytes());
    fs::write(&path, &changed).expect("writable");
    let shown = format!("{run}/model.safetensors");
    for args in [
        &["predict", "latest", "table.csv"][..],
        &["export", "latest", "--to", "npz", "-o", "w.npz"],
        &["export", "latest", "--to", "torch", "-o", "torch"],
        &["export", "latest", "--to", "safetensors", "-o", "copy.safetensors"],
    ] {
        let ran = workspace.run(args);
        assert_named(&ran, 1, &shown, args);
        assert!(ran.err.contains("was changed after its run wrote it"), "{}", ran.err);
        assert_eq!(ran.out, "");
    }
    // A record of 0.1.0 lists no files: such weights are refused all the same.
    let mut record = workspace.record(&run);
    record.as_object_mut().expect("a record").remove("files");
    workspace.write_record(&run, &record);
    let args = ["predict", "latest", "table.csv"];
    let ran = workspace.run(&args);
    assert_named(&ran, 1, &shown, &args);
    assert!(ran.err.contains("NaN or infinite"), "{}", ran.err);
    // Outputs that overflow are no prediction either.
    changed[end..].copy_from_slice(&f32::MAX.to_le_bytes());
    for at in (end - 8..end).step_by(4) {
        changed[at..at + 4].copy_from_slice(&f32::MAX.to_le_bytes());
    }
    workspace.write("huge.csv", "a,b\n1e38,-1e38\n");
    let scaled = whole.to_vec();
    let header = 8 + u64::from_le_bytes(scaled[..8].try_into().expect("eight")) as usize;
    let mut huge = scaled[..header].to_vec();
    huge.extend(scaled[header..].as_chunks::<4>().0.iter().flat_map(|_| 3e38_f32.to_le_bytes()));
    fs::write(&path, huge).expect("writable");
    let ran = workspace.run(&["predict", "latest", "huge.csv"]);
    assert_eq!((ran.code, &*ran.out), (Some(6), ""), "{}", ran.err);
    assert!(ran.err.contains("huge.csv line 2 makes the network compute numbers"), "{}", ran.err);
}

#[test]
fn the_seal_is_broken_with_the_weights_of_the_run_or_not_at_all() {
    let sealed = validated(3) + "[evaluation]\ntest = \"sealed\"\n";
    let workspace = Workspace::with(&sealed);
    workspace.succeed(&["run", "experiment.toml"]);
    let run = workspace.only_run();
    let record = workspace.read(&format!("{run}/run.json"));
    let path = workspace.path(&format!("{run}/best.safetensors"));
    let whole = fs::read(&path).expect("there");
    let mut changed = whole.clone();
    *changed.last_mut().expect("not empty") ^= 1;
    fs::write(&path, changed).expect("writable");
    let args = ["compare", "experiment.toml", "--unseal"];
    assert_named(&workspace.run(&args), 1, &format!("{run}/best.safetensors"), &args);
    assert_eq!(workspace.read(&format!("{run}/run.json")), record, "nothing was recorded");
    fs::write(&path, whole).expect("writable");
    workspace.succeed(&args);
    assert_eq!(workspace.record(&run)["test_reads"].as_array().map(Vec::len), Some(1));
    assert_eq!(workspace.run(&["list"]).err, "", "the record has a hash that fits");
    listed(&workspace, &run);
}

#[test]
fn a_run_of_before_is_shown_and_said_to_be_unchecked() {
    let workspace = Workspace::with(&trial(1));
    workspace.succeed(&["run", "experiment.toml"]);
    let run = workspace.only_run();
    let mut record = workspace.record(&run);
    // What lists hashes of its files ended with its own.
    record.as_object_mut().expect("a record").remove("record_sha256");
    workspace.write(&format!("{run}/run.json"), record.to_string());
    let ran = workspace.run(&["compare", "experiment.toml"]);
    assert!(ran.err.contains("it was changed after its run wrote it"), "{}", ran.err);
    record.as_object_mut().expect("a record").remove("files");
    let text = serde_json::to_string_pretty(&record).expect("JSON");
    workspace.write(&format!("{run}/run.json"), format!("{text}\n"));
    let ran = workspace.run(&["compare", "experiment.toml"]);
    assert_eq!((ran.code, &*ran.err), (Some(0), ""));
    let shown = workspace.succeed(&["show", "latest"]);
    assert!(shown.contains("no: version 0.1.0 wrote no SHA-256 into run.json"), "{shown}");
    let ran = workspace.run(&["verify", "--all"]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    assert_eq!(ran.err.matches("unchecked").count(), 1, "{}", ran.err);
}
