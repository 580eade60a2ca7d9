//! `runner report` as its reader meets it: real runs, the real binary, and a real browser that is
//! driven by `drive.py`. Without Python or Chromium the test says that it was skipped; in CI it fails.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::{Value, json};
use tempfile::TempDir;

/// Six configs of two seeds on a name that would be a script.
const EXPERIMENT: &str = r#"
name = "<script>alert(1)</script> & <b>"
[dataset]
kind = "synthetic"
train_examples = 60
test_examples = 40
[network]
kind = "mlp"
hidden_sizes = [6]
[optimizer]
kind = "adagrad"
learning_rate = 0.05
[training]
epochs = 4
batch_size = 20
seeds = 2
[grid]
network.dropout = [0.0, 0.2, 0.5]
optimizer.weight_decay = [0.0, 0.01]
"#;

fn runner(folder: &Path, args: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_runner"));
    command.args(args).args(["--runs-dir", "runs", "--quiet"]).current_dir(folder);
    let output = command.output().expect("the binary starts");
    assert!(output.status.success(), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
    output
}

/// A folder with the runs of the experiment and its `report.html`.
fn reported() -> TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    fs::write(folder.path().join("experiment.toml"), EXPERIMENT).expect("writable");
    runner(folder.path(), &["run", "experiment.toml"]);
    runner(folder.path(), &["report", "experiment.toml", "-o", "report.html"]);
    folder
}

/// Copies one run `count` times as configs of their own, and reports on them.
fn many(folder: &Path, count: u64) -> PathBuf {
    let run = fs::read_dir(folder.join("runs")).expect("it has runs");
    let run = run.map(|entry| entry.expect("readable").path());
    let run = run.filter(|path| path.join("run.json").exists()).min().expect("one run");
    let record = fs::read(run.join("run.json")).expect("readable");
    let record: Value = serde_json::from_slice(&record).expect("a record");
    for index in 0..count {
        let mut copy = record.clone();
        let id = format!("{index:012x}");
        copy["id"] = json!(id);
        copy["trial"]["optimizer"]["learning_rate"] = json!(0.001 * (index + 1) as f64);
        let to = folder.join("many").join(id);
        fs::create_dir_all(&to).expect("writable");
        for key in ["record_sha256", "files"] {
            copy.as_object_mut().expect("a record").remove(key); // as 0.1.0 wrote it
        }
        fs::write(to.join("run.json"), copy.to_string()).expect("writable");
        fs::copy(run.join("metrics.csv"), to.join("metrics.csv")).expect("writable");
    }
    runner(folder, &["report", "many", "-o", "many.html"]);
    folder.join("many.html")
}

/// Twelve configs of two seeds, each with a long name and a setting of its own: what a table must hold side by side.
fn wide(folder: &Path) -> PathBuf {
    let run = fs::read_dir(folder.join("runs")).expect("it has runs");
    let run = run.map(|entry| entry.expect("readable").path());
    let run = run.filter(|path| path.join("run.json").exists()).min().expect("one run");
    let record = fs::read(run.join("run.json")).expect("readable");
    let record: Value = serde_json::from_slice(&record).expect("a record");
    let settings = [
        ("network", "dropout", json!(0.35)),
        ("network", "batch_norm", json!(true)),
        ("network", "hidden_sizes", json!([400, 300, 200, 100, 50])),
        ("network", "activation", json!("sigmoid")),
        ("network", "weight_init", json!("lecun")),
        ("optimizer", "learning_rate", json!(0.005)),
        ("optimizer", "weight_decay", json!(0.0125)),
        ("optimizer", "eps", json!(1e-7)),
        ("training", "batch_size", json!(33)),
        ("training", "label_smoothing", json!(0.1)),
        ("training", "clip_norm", json!(1.5)),
        ("dataset", "scaling", json!("standardize")),
    ];
    for config in 0..=settings.len() {
        for seed in 0..2_u64 {
            let mut copy = record.clone();
            let id = format!("{:012x}", 0xabc0 + 16 * config as u64 + seed);
            copy["id"] = json!(id);
            copy["trial"]["training"]["seeds"] = json!([seed]);
            copy["role"] = json!({ "baseline": true });
            if let Some((table, key, value)) = config.checked_sub(1).map(|at| &settings[at]) {
                copy["trial"][*table][*key] = value.clone();
                let name = format!(
                    "change number {config}, with a rather long name that says what it does and why"
                );
                copy["role"] = json!({ "variant": name });
            }
            let luck = 0.011 * ((7 * config as u64 + 5 * seed) % 3) as f64;
            let (train, test) =
                (0.9 - 0.04 * config as f64, 0.4 + 0.02 * (config % 5) as f64 + luck);
            for row in ["last", "best"] {
                copy[row]["train_accuracy"] = json!(train);
                copy[row]["test_accuracy"] = json!(test);
                copy[row]["gap"] = json!(train - test);
            }
            let to = folder.join("wide").join(id);
            fs::create_dir_all(&to).expect("writable");
            for key in ["record_sha256", "files"] {
                copy.as_object_mut().expect("a record").remove(key); // as 0.1.0 wrote it
            }
            fs::write(to.join("run.json"), copy.to_string()).expect("writable");
            fs::copy(run.join("metrics.csv"), to.join("metrics.csv")).expect("writable");
        }
    }
    runner(folder, &["report", "wide", "-o", "wide.html"]);
    folder.join("wide.html")
}

#[test]
fn a_reader_can_use_the_report_in_a_browser() {
    let folder = reported();
    let many = many(folder.path(), 1_000);
    let wide = wide(folder.path());
    let shots = Path::new(env!("CARGO_TARGET_TMPDIR")).join("report");
    fs::create_dir_all(&shots).unwrap();
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/report/drive.py");
    let driven = Command::new("python3")
        .env("PYTHONDONTWRITEBYTECODE", "1") // the sources stay as they are
        .arg(&script)
        .args([&folder.path().join("report.html"), &many, &wide, &shots])
        .output();
    let Ok(output) = driven else {
        assert!(env::var_os("CI").is_none(), "there is no python3 to drive the browser with");
        println!("skipped: there is no python3");
        return;
    };
    let said = String::from_utf8_lossy(&output.stdout);
    println!("{said}screenshots in {}", shots.display());
    let err = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}{err}");
}

#[test]
fn the_file_names_no_address_to_load_from() {
    let folder = reported();
    let html = fs::read_to_string(folder.path().join("report.html")).unwrap();
    let (ours, _) = html.split_once("<script type=\"application/json\"").unwrap();
    assert!(
        !ours.contains("http:") && !ours.contains("https:") && !ours.contains(" src="),
        "{ours}"
    );
    assert!(ours.contains("default-src 'none'"));
}
