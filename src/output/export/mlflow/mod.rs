//! Runs on a tracking server of MLflow. A second export changes nothing, and what was cut off is made
//! anew: a run is known by a tag with its id, and is whole once a last tag says of when it is.

mod content;
mod server;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde_json::{Value, json};

use crate::error::{Error, Result};
use crate::output::export::format::{Destination, Export, ExportFormat, count_of_runs};
use crate::output::export::varied::labels;
use crate::runs::read::FoundRuns;
use crate::runs::record::RunRecord;
use content::{ID_TAG, RunContent, UPDATED_TAG};
use server::{Answer, Server};

/// What runs of no experiment file are called.
const NO_EXPERIMENT: &str = "runner";

pub(super) static FORMAT: ExportFormat = ExportFormat {
    name: "mlflow",
    help: "Settings and curves on a server of MLflow: -o http://127.0.0.1:5000",
    destination: "http://127.0.0.1:5000, the address of a server",
    export: Export::Runs { write, stream: None },
};

fn write(found: &FoundRuns, to: Destination<'_>) -> Result<String> {
    let server = Server::at(&to.path.to_string_lossy())?;
    let mut told = Told::default();
    let labels = labels(&found.records);
    let mut experiments = BTreeMap::new();
    for ((record, folder), label) in found.records.iter().zip(&found.folders).zip(&labels) {
        for name in experiments_of(found, record) {
            let experiment = match experiments.get(name) {
                Some(id) => String::clone(id),
                None => experiments.entry(name).or_insert(experiment(&server, name)?).clone(),
            };
            export_run(&server, &experiment, label, record, folder, to.force, &mut told)?;
        }
    }
    Ok(told.words(&server))
}

/// The experiments that a run is put into: a run that several files ask for is part of each. The files that were named
/// come before those that the run remembers, so that an export of one file is one experiment.
fn experiments_of<'a>(found: &'a FoundRuns, record: &'a RunRecord) -> Vec<&'a str> {
    let names = match found.asked_by.get(&record.id) {
        Some(names) => names,
        None => &record.experiments,
    };
    match names.is_empty() {
        true => vec![NO_EXPERIMENT],
        false => names.iter().map(String::as_str).collect(),
    }
}

/// What an export did.
#[derive(Debug, Default)]
struct Told {
    runs: usize,
    already: usize,
    /// Settings that are too long for MLflow.
    too_long: BTreeSet<String>,
}

/// The id of the experiment of this name, made if it is not there.
fn experiment(server: &Server, name: &str) -> Result<String> {
    let asked = format!("experiments/get-by-name?experiment_name={}", in_address(name));
    let id = |answer: &Value, path: &str| {
        let id = answer.pointer(path).and_then(Value::as_str).map(str::to_owned);
        id.ok_or_else(|| unclear(server, "experiments"))
    };
    match server.get(&asked)? {
        Answer::Given(answer) if answer["experiment"]["lifecycle_stage"] == "deleted" => {
            Err(Error::Refused(format!(
                "the experiment {name:?} of {} is deleted: restore it there, or delete it for good",
                server.shown()
            )))
        }
        Answer::Given(answer) => id(&answer, "/experiment/experiment_id"),
        Answer::NotThere => {
            id(&server.post("experiments/create", &json!({ "name": name }))?, "/experiment_id")
        }
    }
}

fn export_run(
    server: &Server,
    experiment: &str,
    label: &str,
    record: &RunRecord,
    folder: &Path,
    force: bool,
    told: &mut Told,
) -> Result<()> {
    let content = RunContent::of(record, folder)?;
    let earlier = earlier(server, experiment, record)?;
    let is_whole = |run: &Value| tag(run, UPDATED_TAG) == Some(&record.updated);
    if !force && earlier.iter().any(is_whole) {
        told.already += 1;
        return Ok(());
    }
    let run_id = |run: &Value| {
        let id = run.pointer("/info/run_id").and_then(Value::as_str).map(str::to_owned);
        id.ok_or_else(|| unclear(server, "runs"))
    };
    let tags = [
        (ID_TAG, record.id.as_str()),
        ("runner.version", &record.provenance.version),
        ("mlflow.source.name", env!("CARGO_PKG_NAME")),
        ("mlflow.source.type", "LOCAL"),
    ];
    let tags: Vec<Value> =
        tags.iter().map(|(key, value)| json!({ "key": key, "value": value })).collect();
    let made = server.post(
        "runs/create",
        &json!({
            "experiment_id": experiment,
            "run_name": run_name(label, record),
            "start_time": content.started,
            "tags": tags,
        }),
    )?;
    let id = run_id(&made["run"])?;
    for mut batch in content.batches {
        batch["run_id"] = json!(id);
        server.post("runs/log-batch", &batch)?;
    }
    let ended = json!({ "run_id": id, "status": content.status, "end_time": content.ended });
    server.post("runs/update", &ended)?;
    let whole = json!({ "run_id": id, "key": UPDATED_TAG, "value": record.updated });
    server.post("runs/set-tag", &whole)?;
    // Only now, so that one of them is there at any time.
    for run in &earlier {
        server.post("runs/delete", &json!({ "run_id": run_id(run)? }))?;
    }
    told.runs += 1;
    told.too_long.extend(content.too_long);
    Ok(())
}

/// What a run is called: its config, and which replicate it is.
fn run_name(label: &str, record: &RunRecord) -> String {
    match record.trial.replicate() {
        Some(replicate) => format!("{label}, {replicate}"),
        None => label.to_owned(),
    }
}

/// The runs on the server that are of this record.
fn earlier(server: &Server, experiment: &str, record: &RunRecord) -> Result<Vec<Value>> {
    // An id is of hexadecimal digits.
    let asked = json!({
        "experiment_ids": [experiment],
        "filter": format!("tags.`{ID_TAG}` = '{}'", record.id),
        "max_results": 100,
    });
    let answer = server.post("runs/search", &asked)?;
    Ok(answer["runs"].as_array().cloned().unwrap_or_default())
}

fn tag<'a>(run: &'a Value, key: &str) -> Option<&'a str> {
    let tags = run.pointer("/data/tags").and_then(Value::as_array)?;
    tags.iter().find(|tag| tag["key"] == key)?["value"].as_str()
}

fn unclear(server: &Server, what: &str) -> Error {
    Error::Unexpected(format!("{} answers without the ids of its {what}", server.shown()))
}

/// Text within the query of an address.
fn in_address(text: &str) -> String {
    let encoded = |byte: u8| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => {
            char::from(byte).to_string()
        }
        _ => format!("%{byte:02X}"),
    };
    text.bytes().map(encoded).collect()
}

impl Told {
    fn words(&self, server: &Server) -> String {
        let mut words = count_of_runs(self.runs);
        if self.already > 0 {
            let count = count_of_runs(self.already);
            words.push_str(&format!("; {count} there already: --force replaces them"));
        }
        if !self.too_long.is_empty() {
            let keys = self.too_long.iter().map(String::as_str).collect::<Vec<_>>().join(", ");
            words.push_str(&format!("; without settings that are too long for MLflow: {keys}"));
        }
        words.push_str(&format!("; {} shows them", server.shown()));
        words
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::runs::samples::{row, run, trial};

    #[test]
    fn names_are_text_within_an_address() {
        assert_eq!(in_address("a-b_1.~"), "a-b_1.~");
        assert_eq!(in_address("a b&c=ü/?"), "a%20b%26c%3D%C3%BC%2F%3F");
    }

    #[test]
    fn what_is_not_an_address_is_refused() {
        for url in ["runs", "ftp://host", "localhost:5000", ""] {
            assert!(
                Server::at(url).is_err_and(|error| error.to_string().contains("the address")),
                "{url}"
            );
        }
        let server = Server::at("http://me:secret@127.0.0.1:1").unwrap();
        let error = server.post("runs/create", &json!({})).unwrap_err().to_string();
        assert!(error.starts_with("http://127.0.0.1:1 did not take runs/create: "), "{error}");
        assert!(!error.contains("secret"), "{error}");
    }

    #[test]
    fn what_was_told_is_said() {
        let server = Server::at("http://me:secret@host/mlflow").unwrap();
        let mut told = Told { runs: 2, ..Told::default() };
        assert_eq!(told.words(&server), "2 runs; http://host/mlflow shows them");
        (told.already, told.runs) = (1, 0);
        told.too_long.insert("dataset.features".to_owned());
        assert_eq!(
            told.words(&server),
            "0 runs; 1 run there already: --force replaces them; without settings that are too long for \
             MLflow: dataset.features; http://host/mlflow shows them"
        );
    }

    #[test]
    fn a_run_is_put_into_each_experiment_that_was_named_or_else_that_it_remembers() {
        let rows = (row(3, 0.5, None, 0.4), row(2, 0.5, None, 0.4));
        let mut record = run(trial(&[], 1), rows.0, rows.1);
        record.experiments = vec!["a".to_owned(), "b".to_owned()];
        let mut found = FoundRuns::default();
        assert_eq!(experiments_of(&found, &record), ["a", "b"]);
        found.asked_by.insert(record.id.clone(), vec!["b".to_owned()]);
        assert_eq!(experiments_of(&found, &record), ["b"]);
        record.experiments.clear();
        assert_eq!(experiments_of(&FoundRuns::default(), &record), [NO_EXPERIMENT]);
    }

    #[test]
    fn each_seed_and_fold_has_a_name_of_its_own() {
        let rows = (row(3, 0.5, None, 0.4), row(2, 0.5, None, 0.4));
        let of = |changes: &[(&str, Value)], seed| {
            run_name("dropout 0.2", &run(trial(changes, seed), rows.0, rows.1))
        };
        let fold = |fold: u64| [("dataset.folds", json!(5)), ("dataset.fold", json!(fold))];
        assert_eq!(of(&[], 3), "dropout 0.2, seed 3");
        assert_eq!(of(&fold(0), 0), "dropout 0.2, seed 0, fold 0");
        assert_eq!(of(&fold(1), 0), "dropout 0.2, seed 0, fold 1");
    }
}
