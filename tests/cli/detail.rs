//! What a run records beyond `metrics.csv`: layers, evaluation, confusion matrix and pictures agree with
//! each other and with the metrics, and a sealed test split is not touched.

use std::fs;

use serde_json::Value;

use crate::experiments::{optimizer_grid, trial};
use crate::workspace::{Workspace, names};

fn finished(experiment: &str) -> (Workspace, String) {
    let workspace = Workspace::with(experiment);
    workspace.succeed(&["run", "experiment.toml"]);
    let run = workspace.only_run();
    (workspace, run)
}

fn evaluation(workspace: &Workspace, run: &str) -> Value {
    serde_json::from_str(&workspace.read(&format!("{run}/evaluation.json"))).expect("JSON")
}

/// The counts of `confusion.csv`, a row for each true class.
fn confusion(workspace: &Workspace, run: &str) -> Vec<Vec<u64>> {
    let text = workspace.read(&format!("{run}/confusion.csv"));
    let rows = text.lines().skip(1).map(|line| line.split(',').skip(1));
    rows.map(|fields| fields.map(|field| field.parse().expect("a count")).collect()).collect()
}

/// Width and height of a picture.
fn size(workspace: &Workspace, path: &str) -> (u32, u32) {
    let file = fs::File::open(workspace.path(path)).expect("there");
    let info = png::Decoder::new(std::io::BufReader::new(file)).read_info().expect("a picture");
    (info.info().width, info.info().height)
}

#[test]
fn files_agree_with_the_metrics_and_the_predictions() {
    let (workspace, run) = finished(&trial(3));
    let (evaluation, confusion) = (evaluation(&workspace, &run), confusion(&workspace, &run));
    let last = &workspace.record(&run)["last"];
    assert_eq!(evaluation["split"], "test");
    assert_eq!(evaluation["examples"], 100);
    assert_eq!(evaluation["loss"], last["test_loss"]);
    assert_eq!(evaluation["accuracy"], last["test_accuracy"]);
    let hits: u64 = (0..10).map(|class| confusion[class][class]).sum();
    assert_eq!(Some(hits as f64), last["test_accuracy"].as_f64().map(|a| (100.0 * a).round()));
    let predictions = fs::read(workspace.path(&format!("{run}/test_predictions.npy")));
    let predictions = predictions.expect("there")[128..].as_chunks::<2>().0.to_vec();
    let mut predicted = [0; 10];
    predictions.iter().for_each(|class| predicted[usize::from(u16::from_le_bytes(*class))] += 1);
    for (class, score) in evaluation["classes"].as_array().expect("classes").iter().enumerate() {
        assert_eq!(confusion.iter().map(|row| row[class]).sum::<u64>(), predicted[class]);
        assert_eq!(score["examples"], confusion[class].iter().sum::<u64>());
        assert_eq!(score["precision"].is_null(), predicted[class] == 0);
    }
    for mistake in evaluation["mistakes"].as_array().expect("mistakes") {
        let example = mistake["example"].as_u64().expect("a position") as usize;
        let class = usize::from(u16::from_le_bytes(predictions[example]));
        assert_eq!(evaluation["classes"][class]["name"], mistake["predicted"]);
        assert_ne!(mistake["class"], mistake["predicted"]);
    }
    let of_bins = evaluation["bins"].as_array().expect("bins").iter();
    assert_eq!(of_bins.filter_map(|bin| bin["examples"].as_u64()).sum::<u64>(), 100);
    assert_eq!(size(&workspace, &format!("{run}/mistakes.png")), (6 * 68 + 4, 4 * 68 + 4));
    assert_eq!(size(&workspace, &format!("{run}/first_layer.png")), (4 * 36 + 4, 4 * 36 + 4));
}

#[test]
fn layers_have_a_row_for_each_epoch_and_linear_layer() {
    let (workspace, run) = finished(&trial(2));
    let text = workspace.read(&format!("{run}/layers.csv"));
    let header = "epoch,step,layer,units,weight_norm,gradient_norm,dead_share,saturated_share";
    assert_eq!(text.lines().next(), Some(header));
    let keys: Vec<String> = text
        .lines()
        .skip(1)
        .map(|line| line.splitn(5, ',').take(4).collect::<Vec<_>>().join(" "))
        .collect();
    let expected = [
        "0 0 0 16",
        "0 0 4 8",
        "0 0 8 10",
        "1 6 0 16",
        "1 6 4 8",
        "1 6 8 10",
        "2 12 0 16",
        "2 12 4 8",
        "2 12 8 10",
    ];
    assert_eq!(keys, expected);
    assert!(text.lines().skip(1).all(|line| line.ends_with(','))); // ReLU: nothing is saturated
}

#[test]
fn sealed_test_split_is_not_touched() {
    let sealed = optimizer_grid(2, "[1]", &["adam"]) + "[evaluation]\ntest = \"sealed\"\n";
    let (workspace, run) = finished(&sealed);
    let evaluation = evaluation(&workspace, &run);
    let last = &workspace.record(&run)["last"];
    assert_eq!((&evaluation["split"], &evaluation["examples"]), (&"validation".into(), &50.into()));
    assert_eq!(evaluation["loss"], last["val_loss"]);
    assert_eq!(evaluation["accuracy"], last["val_accuracy"]);
    assert!(!names(&workspace.path(&run)).contains(&"test_predictions.npy".to_owned()));
    let shown = workspace.succeed(&["show", "latest"]);
    assert!(shown.contains("\nvalidation examples, with the last weights\n"), "{shown}");
    assert!(workspace.succeed(&["verify", "latest"]).contains("confusion.csv ("));
}

#[test]
fn verify_locates_a_difference_and_passes_over_what_a_run_of_before_has_not() {
    let (workspace, run) = finished(&trial(1));
    let changes = [
        ("layers.csv", "\n1,6,0,16,", "\n1,7,0,16,", "epoch 1, layer 0, step: 7 in the run, 6 "),
        (
            "evaluation.json",
            "\"examples\": 100,",
            "\"examples\": 99,",
            "line 4: \"examples\": 99, in ",
        ),
        ("confusion.csv", "class,", "klass,", "line 1: klass,"),
    ];
    for (name, from, to, says) in changes {
        let path = format!("{run}/{name}");
        let whole = workspace.read(&path);
        assert!(whole.contains(from), "{whole}");
        workspace.write(&path, whole.replacen(from, to, 1));
        let ran = workspace.run(&["verify", "latest"]);
        assert_eq!(ran.code, Some(102));
        assert!(ran.out.contains(&format!("  {name}: {says}")), "{}", ran.out);
        fs::remove_file(workspace.path(&path)).expect("there");
    }
    let ran = workspace.run(&["verify", "latest"]);
    assert_eq!(ran.code, Some(102), "{}", ran.err);
    assert!(ran.err.contains("layers.csv is missing, although run.json lists it"), "{}", ran.err);
    let mut record = workspace.record(&run);
    let fields = record.as_object_mut().expect("fields");
    fields.remove("files").and(fields.remove("record_sha256")).expect("of a run of now");
    workspace.write(&format!("{run}/run.json"), record.to_string());
    let same = workspace.succeed(&["verify", "latest"]);
    assert!(same.contains("metrics.csv, model.safetensors, test_predictions.npy ("), "{same}");
}

#[test]
fn damaged_evaluation_is_named_and_shown_to_nobody() {
    let (workspace, run) = finished(&trial(1));
    for name in ["evaluation.json", "confusion.csv"] {
        let path = format!("{run}/{name}");
        let whole = workspace.read(&path);
        for damage in ["", "{}", "class,\u{1b}[2J\n\u{1b}[2J,x\n"] {
            workspace.write(&path, damage);
            let ran = workspace.run(&["show", "latest"]);
            assert_eq!(ran.code, Some(0), "{name} {damage:?}: {}", ran.err);
            assert!(!ran.out.contains("examples, with the last weights"), "{}", ran.out);
            assert!(ran.err.contains(&path) && !ran.err.contains('\u{1b}'), "{:?}", ran.err);
        }
        workspace.write(&path, whole);
    }
    workspace.succeed(&["show", "latest"]);
}
