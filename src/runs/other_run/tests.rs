//! What is taken from another run, and what is refused.

use serde_json::json;

use super::*;
use crate::runs::samples::{row, run, trial, write_run};

const MLP: &str = "dataset.scaling = 'unit'\nnetwork = { kind = 'mlp', a = 1 }";

/// A run of these files, as its record lists them.
fn write_files(folder: &Path, files: &[(&str, &str)], state: RunState) {
    let row = || row(3, 0.5, None, 0.4);
    let mut record = RunRecord { state, ..run(trial(&[], 1), row(), row()) };
    for (name, text) in files {
        std::fs::write(folder.join(name), text).unwrap();
        record.files.insert(name, text.as_bytes());
    }
    std::fs::write(folder.join(file::RECORD), record.to_bytes()).unwrap();
}

#[test]
fn content_decides_and_the_folder_does_not() {
    let folders = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
    let write = |at: usize, trial: &str, model: &str| {
        let files = [(file::TRIAL, trial), (file::MODEL, model)];
        write_files(folders[at].path(), &files, RunState::Finished);
    };
    let read = |at: usize| OtherRun::read(folders[at].path());
    write(0, MLP, "weights");
    write(1, MLP, "weights");
    assert_eq!(read(0).unwrap().dataset["scaling"], "unit");
    let sha256 = read(0).unwrap().sha256;
    assert_eq!(read(1).unwrap().sha256, sha256);
    write(1, "network = { a = 1, kind = 'mlp' }", "weights");
    assert_eq!(read(1).unwrap().sha256, sha256);
    let named = |name: &str| {
        let network = format!("network.layers = [{{ {name} kind = 'relu' }}]");
        write(1, &network, "weights");
        read(1).unwrap().sha256
    };
    assert_eq!(named("name = 'first',"), named(""), "a name changes no result");
    write(1, MLP, "other weights");
    let error = OtherRun::read_as(folders[1].path(), &sha256).unwrap_err().to_string();
    assert!(error.contains("has changed"), "{error}");
    write(1, "nonsense", "weights");
    assert!(matches!(read(1), Err(Error::Damaged { .. })));
}

#[test]
fn a_run_that_is_not_whole_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let problem = || OtherRun::read(folder.path()).unwrap_err().to_string();
    assert!(problem().contains("run.json"));
    let files = [(file::TRIAL, MLP), (file::MODEL, "weights")];
    write_files(folder.path(), &files, RunState::Interrupted);
    assert!(problem().contains("is interrupted, not finished"));
    for name in [file::TRIAL, file::MODEL] {
        write_files(folder.path(), &files, RunState::Finished);
        std::fs::write(folder.path().join(name), "changed").unwrap();
        let found = problem();
        assert!(found.contains(name) && found.contains("its run wrote it"), "{found}");
    }
    let runs = tempfile::tempdir().unwrap();
    let old = run(trial(&[], 1), row(3, 0.5, None, 0.4), row(3, 0.5, None, 0.4));
    let folder = write_run(runs.path(), &old); // as those of 0.1.0, which list no files
    std::fs::write(folder.join(file::TRIAL), MLP).unwrap();
    let found = OtherRun::read(&folder).unwrap_err().to_string();
    assert!(found.contains("model.safetensors: is missing"), "{found}");
    std::fs::write(folder.join(file::MODEL), "weights").unwrap();
    assert!(OtherRun::read(&folder).is_ok());
}

#[test]
fn the_first_name_that_differs_is_shown() {
    let names = |text: &str| text.split(' ').map(str::to_owned).collect::<Vec<_>>();
    let other = OtherRun { class_names: names("cat dog"), ..of(json!({ "features": ["a", "b"] })) };
    assert_eq!(other.other_classes(&names("cat dog")), None);
    assert_eq!(
        other.other_classes(&names("dog cat")).unwrap(),
        "number 1 is \"cat\" there and \"dog\" here"
    );
    assert_eq!(
        other.other_classes(&names("cat dog eel")).unwrap(),
        "it has 2 classes, this trial 3"
    );
    assert_eq!(other.other_features(&names("a b")), None);
    assert_eq!(other.other_features(&[]), None, "columns without names");
    let columns = other.other_features(&names("b a")).unwrap();
    assert_eq!(columns, "number 1 is \"a\" there and \"b\" here");
}

fn of(dataset: Value) -> OtherRun {
    OtherRun {
        trial: PathBuf::new(),
        dataset,
        input: [3, 32, 32],
        class_names: Vec::new(),
        model: Vec::new(),
        sha256: String::new(),
    }
}

#[test]
fn held_out_examples_must_not_have_been_trained_on() {
    let table = |kind: &str, held_out: u64, seed: u64| json!({ "kind": kind, "validation_examples": held_out, "split_seed": seed });
    let other = of(table("cifar10", 5000, 0));
    assert!(!other.divides_otherwise(&table("cifar10", 5000, 0)));
    assert!(other.divides_otherwise(&table("cifar10", 5000, 1)));
    assert!(other.divides_otherwise(&table("cifar10", 1000, 0)));
    assert!(!other.divides_otherwise(&table("cifar10", 0, 0)), "the test set is fixed");
    assert!(!other.divides_otherwise(&table("cifar100", 5000, 1)), "it is other data");
    assert!(of(table("cifar10", 0, 0)).divides_otherwise(&table("cifar10", 5000, 0)));
    let mut scaled = table("cifar10", 5000, 0);
    scaled["scaling"] = "standardize".into();
    assert!(!other.divides_otherwise(&scaled));
}

#[test]
fn other_files_are_other_data_and_the_same_pictures_in_another_size_are_not() {
    let own = |path: &str, sha256: &str, size: u64, seed: u64| {
        json!({
            "kind": "images", "path": path, "sha256": sha256, "image_size": size,
            "test_fraction": 0.2, "validation_examples": 10, "split_seed": seed,
        })
    };
    let other = of(own("cats", "1a", 32, 0));
    assert!(!other.divides_otherwise(&own("dogs", "2b", 32, 1)));
    assert!(!other.divides_otherwise(&own("cats", "3c", 64, 0)));
    assert!(other.divides_otherwise(&own("cats", "3c", 64, 1)));
    assert!(other.divides_otherwise(&own("moved/cats", "1a", 32, 1)));
}
