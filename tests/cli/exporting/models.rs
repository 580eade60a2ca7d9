//! Whole models for PyTorch and ONNX Runtime, which predict as the runs did.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::{asked, checked, finished};
use crate::experiments::trial;
use crate::own_data::{experiment, flowers};
use crate::workspace::{Workspace, names};

/// Exports `run` for PyTorch; the model is to check itself on `examples`. Returns its folder.
#[track_caller]
fn to_torch(workspace: &Workspace, run: &str, examples: &str) -> PathBuf {
    let folder = format!("torch/{run} by {examples}");
    let ran = workspace.run(&["export", run, "--to", "torch", "-o", &folder]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    assert!(ran.err.contains(&format!("/model.py'` checks it on {examples}")), "{}", ran.err);
    let folder = workspace.path(&folder);
    assert_eq!(names(&folder), ["check.safetensors", "model.py", "model.safetensors"]);
    folder
}

/// What the exported models say of themselves; none where there is no PyTorch.
#[track_caller]
fn models_check_themselves(folders: &[PathBuf]) -> Option<Vec<String>> {
    let folders: Vec<&Path> = folders.iter().map(PathBuf::as_path).collect();
    let said = checked("check_torch.py", "torch", &folders)?;
    let lines: Vec<String> = said.lines().map(str::to_owned).collect();
    assert_eq!(lines.len(), folders.len(), "{said}");
    assert!(lines.iter().all(|line| line.contains("predicted as by runner")), "{said}");
    Some(lines)
}

#[test]
fn pytorch_predicts_as_the_run_did() {
    let standardized =
        trial(2).replace("train_examples", "scaling = \"standardize\"\ntrain_examples");
    let workspace = finished(&standardized);
    let folder = to_torch(&workspace, "latest", "test examples");
    let said = models_check_themselves(std::slice::from_ref(&folder));
    assert!(said.is_none_or(|said| said[0].contains("64 of 64 test examples")));
    // What is altered is noticed.
    let check = folder.join("check.safetensors");
    let mut bytes = fs::read(&check).expect("there");
    let length = bytes[..8].try_into().expect("8 bytes");
    let length = usize::try_from(u64::from_le_bytes(length)).expect("it is small");
    let header: Value = serde_json::from_slice(&bytes[8..8 + length]).expect("JSON");
    let of = |name: &str| (header[name]["dtype"].clone(), header[name]["shape"].clone());
    assert_eq!(of("inputs"), ("F32".into(), vec![64, 3, 32, 32].into()));
    assert_eq!(of("pixels"), ("U8".into(), vec![64, 3, 32, 32].into()));
    assert_eq!(of("logits"), ("F32".into(), vec![64, 10].into()));
    assert_eq!(of("predictions"), ("I64".into(), vec![64].into()));
    let begin = header["logits"]["data_offsets"][0].as_u64().expect("a place") as usize;
    bytes[8 + length + begin..][..4].copy_from_slice(&100.0_f32.to_le_bytes());
    fs::write(&check, bytes).expect("writable");
    if let Some((is_right, said)) = asked("check_torch.py", "torch", &[&folder]) {
        assert!(!is_right && said.contains("no output differs by more than 1.0e+02"), "{said}");
    }
}

/// Maps of one pixel, which are vectors, wherever they may stand.
const ONE_PIXEL: [&str; 4] = [
    r#"{ kind = "average_pool", kernel_size = 32 }, { kind = "batch_norm" }, { kind = "layer_norm" }"#,
    r#"{ kind = "average_pool", kernel_size = 32 }, { kind = "residual", shortcut = "pad", layers = [
        { kind = "linear", units = 5 }, { kind = "batch_norm" }] }, { kind = "spatial_dropout", rate = 0.1 }"#,
    r#"{ kind = "conv2d", filters = 4, kernel_size = 32 }, { kind = "residual", shortcut = "projection", layers = [
        { kind = "conv2d", filters = 6, kernel_size = 3, padding = 1 }, { kind = "layer_norm" }] }, { kind = "flatten" }"#,
    r#"{ kind = "flatten" }, { kind = "linear", units = 4 }, { kind = "conv2d", filters = 3, kernel_size = 1, padding = 1 },
        { kind = "batch_norm" }, { kind = "flatten" }"#,
];

/// The trial with each of these lists of layers, and a linear one at its end.
fn with_layers(trial: &str, lists: &[&str]) -> String {
    let (before, rest) = trial.split_once("[network]").expect("a network");
    let (_, after) = rest.split_once("[optimizer]").expect("an optimizer");
    let list = |layers: &&str| format!("[{layers}, {{ kind = \"linear\" }}]");
    let lists: Vec<String> = lists.iter().map(list).collect();
    let grid = format!("[grid]\n\"network.layers\" = [{}]\n", lists.join(", "));
    format!("{before}[network]\nkind = \"layers\"\n[optimizer]{after}{grid}")
}

#[test]
fn pytorch_takes_maps_of_one_pixel_for_vectors() {
    let trial = trial(1).replace("train_examples = 300", "train_examples = 50");
    let workspace = finished(&with_layers(&trial, &ONE_PIXEL));
    let ids = workspace.ids("experiment.toml");
    assert_eq!(ids.len(), ONE_PIXEL.len());
    let folders = ids.iter().map(|id| to_torch(&workspace, id, "test examples"));
    models_check_themselves(&folders.collect::<Vec<_>>());
}

#[test]
fn pytorch_takes_lines_of_tables() {
    let dataset = "kind = \"csv\"\npath = \"flowers.csv\"\nlabel = \"species\"\n";
    let workspace = Workspace::with(&experiment(dataset));
    workspace.write("flowers.csv", flowers(60));
    workspace.succeed(&["run", "experiment.toml"]);
    let list = "network={ kind = \"layers\", layers = [{ kind = \"linear\" }] }";
    workspace.succeed(&["run", "experiment.toml", "--set", list]);
    assert_eq!(workspace.runs().len(), 2);
    let ids = workspace.runs();
    let mut folders: Vec<PathBuf> =
        ids.iter().map(|id| to_torch(&workspace, id, "test examples")).collect();
    // The data need not be here, and what is sealed is not read.
    fs::remove_file(workspace.path("flowers.csv")).expect("there");
    folders.push(to_torch(&workspace, &ids[0], "made-up examples"));
    workspace.write("flowers.csv", flowers(60));
    let sealed = ["--set", "evaluation.test=\"sealed\"", "--set", "dataset.validation_examples=10"];
    workspace.succeed(&[&["run", "experiment.toml"], &sealed[..]].concat());
    folders.push(to_torch(&workspace, "latest", "validation examples"));
    let Some(said) = models_check_themselves(&folders) else { return };
    for (line, expected) in
        said.iter().zip(["12 of 12 test", "12 of 12 test", "64 of 64 made-up", "10 of 10 val"])
    {
        assert!(line.contains(expected), "{line}");
    }
}

/// Each run as ONNX, beside what PyTorch checks itself by; what ONNX Runtime says of them.
#[track_caller]
fn onnx_agrees(workspace: &Workspace, ids: &[String]) -> Option<Vec<String>> {
    let mut files = Vec::new();
    for id in ids {
        let name = format!("{id}.onnx");
        let ran = workspace.run(&["export", id, "--to", "onnx", "-o", &name]);
        assert_eq!(ran.code, Some(0), "{}", ran.err);
        let torch = format!("onnx/{id}");
        workspace.succeed(&["export", id, "--to", "torch", "-o", &torch]);
        files.extend([workspace.path(&name), workspace.path(&torch).join("check.safetensors")]);
    }
    let files: Vec<&Path> = files.iter().map(PathBuf::as_path).collect();
    let said = checked("check_onnx.py", "onnx, onnxruntime, numpy", &files)?;
    let lines: Vec<String> = said.lines().map(str::to_owned).collect();
    assert_eq!(lines.len(), ids.len(), "{said}");
    Some(lines)
}

/// Layers of every kind, and every shortcut of a residual block.
const EVERY_LAYER: [&str; 3] = [
    r#"{ kind = "conv2d", filters = 4, kernel_size = 3, stride = 2, padding = 1, bias = false },
        { kind = "batch_norm", eps = 0.01 }, { kind = "relu" }, { kind = "max_pool", kernel_size = 3, stride = 2, padding = 1 },
        { kind = "residual", shortcut = "pad", layers = [
            { kind = "conv2d", filters = 6, kernel_size = 3, stride = 2, padding = 1 }, { kind = "leaky_relu" },
            { kind = "stochastic_depth", rate = 0.1 } ] },
        { kind = "residual", shortcut = "projection", layers = [
            { kind = "conv2d", filters = 5, kernel_size = 1 }, { kind = "elu", alpha = 0.5 } ] },
        { kind = "average_pool", kernel_size = 2, padding = 1 }, { kind = "layer_norm" }, { kind = "spatial_dropout", rate = 0.1 },
        { kind = "residual", layers = [{ kind = "gelu" }, { kind = "scale", factor = 0.5 }] },
        { kind = "global_average_pool" }, { kind = "layer_norm" }, { kind = "dropout", rate = 0.2 }"#,
    r#"{ kind = "conv2d", filters = 3, kernel_size = 5, stride = 3 }, { kind = "sigmoid" }, { kind = "flatten" },
        { kind = "linear", units = 6, bias = false }, { kind = "tanh" }"#,
    // A shortcut from an image to a vector.
    r#"{ kind = "residual", shortcut = "projection", layers = [
        { kind = "flatten" }, { kind = "linear", units = 7 }] }"#,
];

#[test]
fn onnx_runtime_predicts_as_the_run_did() {
    let trial = trial(1).replace("train_examples = 300", "train_examples = 50");
    let trial = trial.replace("train_examples", "scaling = \"standardize\"\ntrain_examples");
    let workspace = finished(&with_layers(&trial, &[&EVERY_LAYER[..], &ONE_PIXEL].concat()));
    let ids = workspace.runs();
    assert_eq!(ids.len(), EVERY_LAYER.len() + ONE_PIXEL.len());
    let Some(said) = onnx_agrees(&workspace, &ids) else { return };
    assert!(said.iter().all(|line| line.contains("64 examples of 10 classes")), "{said:?}");
}

#[test]
fn onnx_runtime_predicts_as_every_preset_did() {
    let trial = trial(1).replace("train_examples = 300", "train_examples = 50");
    let (before, rest) = trial.split_once("[network]").expect("a network");
    let (_, after) = rest.split_once("[optimizer]").expect("an optimizer");
    let presets = [
        "{ kind = \"mlp\", hidden_sizes = [16, 8], batch_norm = true, dropout = 0.2 }",
        "{ kind = \"simple_convnet\" }",
        "{ kind = \"deep_convnet\" }",
        "{ kind = \"resnet\", depth = 8 }",
        "{ kind = \"airbench94\" }",
    ];
    let grid = format!("[grid]\n\"network\" = [{}]\n", presets.join(", "));
    let workspace = finished(&format!("{before}[optimizer]{after}{grid}"));
    let ids = workspace.ids("experiment.toml");
    assert_eq!(ids.len(), presets.len());
    let Some(said) = onnx_agrees(&workspace, &ids) else { return };
    assert!(said.iter().all(|line| line.contains("64 examples of 10 classes")), "{said:?}");
}

#[test]
fn onnx_takes_lines_of_tables() {
    let dataset = "kind = \"csv\"\npath = \"flowers.csv\"\nlabel = \"species\"\n";
    let workspace = Workspace::with(&experiment(dataset));
    // The column that does not change becomes one that needs 64 bits.
    let large = |(i, line): (usize, &str)| line.replacen(",5,", &format!(",170000000{i:04},"), 1);
    let table: Vec<String> = flowers(60).lines().enumerate().map(large).collect();
    workspace.write("flowers.csv", table.join("\n"));
    workspace.succeed(&["run", "experiment.toml"]);
    let ran = workspace.run(&["export", "latest", "--to", "onnx", "-o", "model.onnx"]);
    assert!(ran.err.contains("its input is numbers, its outputs are logits and"), "{}", ran.err);
    let Some(said) = onnx_agrees(&workspace, &workspace.runs()) else { return };
    assert!(said[0].contains("12 examples of 2 classes"), "{said:?}");
}
