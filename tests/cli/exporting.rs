//! `export`: what other tools read of it. The scripts in `tests/export/` ask those tools themselves;
//! where they are not installed, that check is skipped, and says so.

mod models;

use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

use crate::experiments::{dropout_grid, optimizer_grid, trial};
use crate::own_data::flowers;
use crate::workspace::{Workspace, names};

/// What CI installs: there, a test that needs it fails without it.
const IN_CI: &str = "onnx, onnxruntime, numpy";

/// How a script of `tests/export/` ended, and what it printed; none where its packages are not here.
fn asked(script: &str, packages: &str, args: &[&Path]) -> Option<(bool, String)> {
    let python = |args: &[&std::ffi::OsStr]| Command::new("python3").args(args).output();
    let import = format!("import {packages}");
    let is_here = python(&["-c".as_ref(), import.as_ref()]);
    if !is_here.is_ok_and(|output| output.status.success()) {
        assert!(packages != IN_CI || std::env::var_os("CI").is_none(), "CI has no {IN_CI}");
        eprintln!("skipped: {script} needs python3 with {packages}");
        return None;
    }
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/export").join(script);
    let mut all = vec![script.as_os_str()];
    all.extend(args.iter().map(|arg| arg.as_os_str()));
    let output = python(&all).expect("python3 is here");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    Some((output.status.success(), text(&output.stdout) + &text(&output.stderr)))
}

/// What it printed, which has to find nothing wrong.
#[track_caller]
fn checked(script: &str, packages: &str, args: &[&Path]) -> Option<String> {
    let (is_right, said) = asked(script, packages, args)?;
    assert!(is_right, "{said}");
    Some(said)
}

fn finished(experiment: &str) -> Workspace {
    let workspace = Workspace::with(experiment);
    workspace.succeed(&["run", "experiment.toml"]);
    workspace
}

#[test]
fn tensorboard_shows_curves_and_averages_replicates() {
    let workspace = finished(&dropout_grid(2));
    workspace.succeed(&["export", "experiment.toml", "--to", "tensorboard", "-o", "board"]);
    let board = workspace.path("board");
    let mut folders = names(&board);
    folders.retain(|name| board.join(name).is_dir());
    let expected =
        ["baseline, seed 1", "baseline, seed 2", "dropout 0.3, seed 1", "dropout 0.3, seed 2"];
    assert_eq!(folders, expected);
    let Some(text) = checked("check_tensorboard.py", "tensorboard", &[&board]) else { return };
    let shown: Value = serde_json::from_str(&text).expect("JSON");
    let ids = workspace.ids("experiment.toml"); // in the order of the grid, as `expected`
    let last = |name: &str| {
        let index = expected.iter().position(|expected| *expected == name).expect("a run");
        workspace.record(&format!("runs/{}", ids[index]))["last"].clone()
    };
    for name in expected {
        let scalars = &shown["scalars"][name];
        assert_eq!(scalars.as_object().expect("tags").len(), 7, "{scalars}");
        for (tag, points, column) in [
            ("accuracy/train_accuracy", 3, "train_accuracy"),
            ("loss/batch_loss", 2, "batch_loss"), // there is none at epoch 0
            ("gap", 3, "gap"),
        ] {
            let curve = scalars[tag].as_array().expect("a curve");
            assert_eq!((curve.len(), &curve[points - 1][0]), (points, &2.into()));
            let value = |value: &Value| value.as_f64().expect("a number") as f32;
            assert_eq!(value(&curve[points - 1][1]), value(&last(name)[column]), "{tag}");
        }
    }
    assert_eq!(shown["experiment"]["hparam_infos"][0]["name"], "network.dropout");
    let groups = shown["groups"].as_array().expect("groups");
    assert_eq!(groups.len(), 2, "{groups:?}");
    for group in groups {
        let sessions = group["sessions"].as_array().expect("sessions");
        assert_eq!(sessions.len(), 2);
        assert!(sessions.iter().all(|session| session["status"] == "STATUS_SUCCESS"));
        let metrics = group["metric_values"].as_array().expect("metrics");
        let test = metrics.iter().find(|m| m["name"]["tag"] == "accuracy/test_accuracy");
        let mean = test.expect("there")["value"].as_f64().expect("a number");
        let of = |s: &Value| last(s["name"].as_str().expect("a run"))["test_accuracy"].as_f64();
        let expected = sessions.iter().filter_map(of).sum::<f64>() / 2.0;
        assert!((mean - expected).abs() < 1e-6, "{mean} {expected}");
    }
}

#[test]
fn tensorboard_runs_are_called_as_in_tables_with_names_that_every_system_takes() {
    let mut text = trial(1);
    for (name, dropout) in [("a/b: \"c\"", 0.3), ("a/b? \"c\"", 0.4), ("../con", 0.5)] {
        let name = toml::Value::from(name);
        text.push_str(&format!("[[variant]]\nname = {name}\nnetwork.dropout = {dropout}\n"));
    }
    let workspace = finished(&text);
    workspace.succeed(&["export", "experiment.toml", "--to", "tensorboard", "-o", "board"]);
    let ids = workspace.ids("experiment.toml");
    let mut expected = vec![
        "-con, seed 7".to_owned(),
        format!("a-b- -c-, seed 7 ({})", ids[1]),
        format!("a-b- -c-, seed 7 ({})", ids[2]),
        "baseline, seed 7".to_owned(),
        "events.out.tfevents.runner".to_owned(),
    ];
    expected.sort();
    assert_eq!(names(&workspace.path("board")), expected);
    assert_eq!(names(&workspace.path("")), ["board", "experiment.toml", "runs"]);
}

#[test]
fn csv_holds_every_line_of_every_run() {
    let workspace = finished(&dropout_grid(2));
    let text = workspace.succeed(&["export", "experiment.toml", "--to", "csv"]);
    let mut lines = text.lines();
    let header = lines.next().expect("a header");
    assert!(header.starts_with("id,config,seed,experiment,state,network.dropout,epoch,step,"));
    let mut expected = Vec::new();
    for id in workspace.ids("experiment.toml") {
        let metrics = workspace.read(&format!("runs/{id}/metrics.csv"));
        expected.extend(metrics.lines().skip(1).map(|row| (id.clone(), row.to_owned())));
    }
    let lines: Vec<&str> = lines.collect();
    assert_eq!(lines.len(), expected.len());
    for (line, (id, row)) in lines.iter().zip(&expected) {
        assert!(line.starts_with(id.as_str()) && line.ends_with(row.as_str()), "{line}");
    }
    let ran = workspace.run(&["export", "runs", "--to", "csv", "-o", "all.csv"]);
    assert_eq!(ran.err, "wrote all.csv: 4 runs, 12 lines\n");
    assert_eq!(workspace.read("all.csv").lines().count(), 13);
}

#[test]
fn numpy_reads_weights_in_the_orientation_of_the_book() {
    let workspace = finished(&trial(1));
    workspace.succeed(&["export", "latest", "--to", "npz", "-o", "weights.npz"]);
    let model = workspace.path(&format!("{}/model.safetensors", workspace.only_run()));
    let arrays = checked("check_npz.py", "numpy", &[&workspace.path("weights.npz"), &model]);
    assert!(arrays.is_none_or(|arrays| arrays.contains("'gamma1'")));
}

#[test]
fn a_server_of_mlflow_takes_runs_once() {
    let workspace = finished(&dropout_grid(2));
    let binary = Path::new(env!("CARGO_BIN_EXE_runner"));
    let target = Path::new("experiment.toml");
    let args = [binary, &workspace.path(""), target];
    let Some(said) = checked("check_mlflow.py", "mlflow", &args) else { return };
    let lines: Vec<&str> = said.lines().filter(|line| line.starts_with("wrote ")).collect();
    assert_eq!(
        lines,
        [
            "wrote ADDRESS: 4 runs; ADDRESS shows them",
            "wrote ADDRESS: 0 runs; 4 runs there already: --force replaces them; ADDRESS shows them",
            "wrote ADDRESS: 1 run; 3 runs there already: --force replaces them; ADDRESS shows them",
            "wrote ADDRESS: 4 runs; ADDRESS shows them",
        ]
    );
    let json = said.lines().find(|line| line.starts_with("[{")).expect("the runs");
    let shown: Vec<Value> = serde_json::from_str(json).expect("JSON");
    assert_eq!(shown.len(), 4);
    for run in &shown {
        let record = workspace.record(&format!("runs/{}", run["id"].as_str().expect("an id")));
        assert_eq!(
            (&run["experiment"], &run["status"]),
            (&"experiment".into(), &"FINISHED".into())
        );
        let dropout = record["trial"]["network"]["dropout"].as_f64().expect("a number");
        let param = run["params"]["network.dropout"].as_str().expect("a setting");
        assert_eq!(param.parse::<f64>().expect("a number"), dropout);
        let seed = &record["trial"]["training"]["seeds"][0];
        assert_eq!(run["params"]["training.seeds"], format!("[{seed}]"));
        assert!(run["name"].as_str().expect("a name").ends_with(&format!(", seed {seed}")));
        let curve = run["metrics"]["test_accuracy"].as_array().expect("a curve");
        assert_eq!(curve.len(), 3);
        assert_eq!(curve[2], serde_json::json!([2, record["last"]["test_accuracy"]]));
        let macro_f1 = run["metrics"]["macro_f1"][0][1].as_f64().expect("a figure");
        assert!(
            (macro_f1 - record["evaluated"]["macro_f1"].as_f64().expect("it is there")).abs()
                < 1e-12
        );
    }
    let ran = workspace.run(&["export", "experiment.toml", "--to", "mlflow", "-o", "board"]);
    assert_eq!(ran.code, Some(2), "{}", ran.err);
    let nobody = "http://me:secret@127.0.0.1:9";
    let ran = workspace.run(&["export", "experiment.toml", "--to", "mlflow", "-o", nobody]);
    assert_eq!(ran.code, Some(1), "{}", ran.err);
    assert!(ran.err.contains("http://127.0.0.1:9 did not take") && !ran.err.contains("secret"));
}

/// The runs in each experiment of a server after each export.
fn recorded(workspace: &Workspace, exports: &[&str]) -> Vec<Value> {
    let binary = Path::new(env!("CARGO_BIN_EXE_runner"));
    let folder = workspace.path("");
    let mut args = vec![binary, &folder];
    args.extend(exports.iter().map(Path::new));
    let said = checked("record_mlflow.py", "http.server", &args).expect("Python has a server");
    said.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect()
}

#[test]
fn an_experiment_of_mlflow_has_the_runs_of_its_file_also_those_of_another() {
    let workspace = Workspace::new();
    workspace.write("flowers.csv", flowers(30));
    for (name, dropout) in [("a", 0.3), ("b", 0.5)] {
        let dataset = "kind = \"csv\"\npath = \"flowers.csv\"\nlabel = \"species\"\n";
        let text = format!(
            "[dataset]\n{dataset}[network]\nkind = \"mlp\"\nhidden_sizes = [4]\n[optimizer]\nkind = \"adam\"\n\
             [training]\nepochs = 1\nbatch_size = 8\n[grid]\nnetwork.dropout = [0.0, {dropout}]\n"
        );
        workspace.write(&format!("{name}.toml"), text);
    }
    workspace.succeed(&["run", "a.toml", "b.toml"]);
    let a = serde_json::json!(["baseline, seed 0", "dropout 0.3, seed 0"]);
    let b = serde_json::json!(["baseline, seed 0", "dropout 0.5, seed 0"]);
    let (only_a, both) = (serde_json::json!({ "a": a }), serde_json::json!({ "a": a, "b": b }));
    assert_eq!(recorded(&workspace, &["a.toml", "b.toml"]), [only_a, both.clone()]);
    assert_eq!(recorded(&workspace, &["a.toml b.toml", "runs"]), [both.clone(), both.clone()]);
    assert_eq!(recorded(&workspace, &["runs"]), [both]);
}

#[test]
fn weights_are_those_asked_for() {
    let workspace = finished(&optimizer_grid(2, "[1]", &["adam"]));
    let run = workspace.only_run();
    for (which, original) in [("last", "model"), ("best", "best")] {
        let copy = format!("{which}.safetensors");
        let args = ["export", "latest", "--to", "safetensors", "--weights", which, "-o", &copy];
        workspace.succeed(&args);
        let bytes = |name: &str| fs::read(workspace.path(name)).expect("there");
        assert!(bytes(&copy) == bytes(&format!("{run}/{original}.safetensors")), "{which}");
    }
    workspace.succeed(&["export", &run, "--to", "torch", "--weights", "best", "-o", "torch"]);
    assert_eq!(
        names(&workspace.path("torch")),
        ["best.safetensors", "check.safetensors", "model.py"]
    );
}

#[test]
fn what_cannot_be_exported_says_why() {
    let workspace = finished(&dropout_grid(1));
    workspace.write("there", "mine");
    let run = format!("runs/{}", workspace.runs()[0]);
    let inside = format!("{run}/metrics.csv");
    let cases: [(&[&str], i32, &str); 8] = [
        (
            &["experiment.toml", "--to", "npz", "-o", "x"],
            2,
            "takes one run, but the targets name 4",
        ),
        (&["latest", "--to", "npz"], 2, "--to npz needs -o FILE"),
        (
            &["latest", "--to", "mlflow"],
            2,
            "--to mlflow needs -o http://127.0.0.1:5000, the address of a server",
        ),
        (&["latest", "--to", "npz", "-o", "there"], 2, "there already exists; --force replaces"),
        (&["latest", "--to", "npz", "-o", "x", "--weights=best"], 4, "has no best.safetensors"),
        (&["latest", "--to", "csv", "--weights=best"], 2, "--weights is only for npz"),
        (&["latest", "--to", "csv", "-o", &inside, "--force"], 2, "is a run folder"),
        (&["latest", "--to", "tensorboard", "-o", "there", "--force"], 2, "there is a file"),
    ];
    for (args, code, said) in cases {
        let ran = workspace.run(&[&["export"], args].concat());
        assert_eq!(ran.code, Some(code), "{args:?}: {}", ran.err);
        assert!(ran.err.contains(said), "{args:?}: {}", ran.err);
    }
    assert_eq!(workspace.read("there"), "mine");
    assert_eq!(names(&workspace.path("")), ["experiment.toml", "runs", "there"]);
    workspace.succeed(&["export", "latest", "--to", "npz", "-o", "there", "--force"]);
    assert!(fs::read(workspace.path("there")).expect("there").starts_with(b"PK"));
}
