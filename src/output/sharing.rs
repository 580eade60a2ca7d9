//! Records prepared for sharing: without the machine and the folders of the data, which often
//! contain a person's name.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Component, Path};

use serde_json::Value;

use crate::runs::folder::is_id;
use crate::runs::record::RunRecord;
use crate::runs::trial_tables::TrialTables;

/// The records without host, CPU and folders. Paths keep only as many parts as distinguish them, so
/// that runs on different data stay different.
pub fn shareable(records: &[RunRecord]) -> Vec<RunRecord> {
    let names = short_names(records);
    records.iter().map(|record| shared(record, &names)).collect()
}

fn shared(record: &RunRecord, names: &BTreeMap<String, String>) -> RunRecord {
    let mut record = record.clone();
    record.owner.host.clear();
    record.provenance.host.clear();
    record.provenance.cpu.clear();
    record.reason = record.reason.as_deref().map(|reason| {
        let longest_first = names.iter().rev(); // of two paths one of which begins with the other
        let named = longest_first
            .fold(reason.to_owned(), |text, (path, name)| text.replace(path.as_str(), name));
        without_folders(&named)
    });
    if !names.is_empty() {
        let mut trial = record.trial.value();
        if let Some(dataset) = trial.get_mut("dataset") {
            rename(dataset, names);
        }
        record.trial = TrialTables::from(trial);
    }
    record
}

/// A text in which absolute paths are cut to their file names, after the name of their run.
pub(super) fn without_folders(text: &str) -> String {
    let ends_path = |c: char| c.is_whitespace() || "\"'`(),;<>".contains(c);
    let mut shown = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(slash) = rest.find('/') {
        let (before, path) = rest.split_at(slash);
        shown.push_str(before);
        let end = path.find(ends_path).unwrap_or(path.len());
        let begins = shown.chars().last().is_none_or(|c| ends_path(c) || c == '=');
        match begins {
            true => shown.push_str(&name_of(&path[..end])),
            false => shown.push_str(&path[..end]), // within a relative path or an address
        }
        rest = &path[end..];
    }
    shown + rest
}

fn name_of(path: &str) -> String {
    let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
    match parts[..] {
        [.., run, name] if is_id(run) => format!("{run}/{name}"),
        [_, .., name] => name.to_owned(),
        _ => path.to_owned(), // in no folder
    }
}

/// The short name of each absolute dataset path: as many of its last parts as make it unique.
fn short_names(records: &[RunRecord]) -> BTreeMap<String, String> {
    let mut paths = BTreeSet::new();
    let datasets = records.iter().filter_map(|record| record.trial.get("dataset"));
    datasets.for_each(|dataset| collect_paths(dataset, &mut paths));
    let mut names: BTreeMap<String, String> = BTreeMap::new();
    let mut parts = 1;
    let mut left: Vec<String> = paths.into_iter().collect();
    while !left.is_empty() {
        let mut by_name: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for path in left {
            by_name.entry(last_parts(&path, parts)).or_default().push(path);
        }
        left = Vec::new();
        for (name, mut same) in by_name {
            match same.len() {
                1 => names.extend(same.pop().map(|path| (path, name))),
                _ => left.extend(same),
            }
        }
        parts += 1;
    }
    names
}

fn last_parts(path: &str, count: usize) -> String {
    let parts = Path::new(path).components().filter_map(|part| match part {
        Component::Normal(name) => Some(name.to_string_lossy()),
        _ => None,
    });
    let parts: Vec<_> = parts.collect();
    match parts.len() > count {
        true => parts[parts.len() - count..].join("/"),
        false => path.to_owned(),
    }
}

fn collect_paths(value: &Value, paths: &mut BTreeSet<String>) {
    match value {
        Value::String(text) if Path::new(text).is_absolute() => drop(paths.insert(text.clone())),
        Value::Array(items) => items.iter().for_each(|item| collect_paths(item, paths)),
        Value::Object(table) => table.values().for_each(|inner| collect_paths(inner, paths)),
        _ => {}
    }
}

fn rename(value: &mut Value, names: &BTreeMap<String, String>) {
    match value {
        Value::String(text) => {
            if let Some(name) = names.get(text) {
                text.clone_from(name);
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| rename(item, names)),
        Value::Object(table) => table.values_mut().for_each(|inner| rename(inner, names)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::runs::samples::{row, run, trial};

    fn on(path: &str) -> RunRecord {
        let changes = [("dataset.kind", json!("csv")), ("dataset.path", json!(path))];
        let mut record = run(trial(&changes, 1), row(3, 0.5, None, 0.4), row(3, 0.5, None, 0.4));
        record.provenance.host = "alices-laptop".to_owned();
        record.reason = Some(format!("{path} cannot be read, nor can '/home/alice/x y/z'"));
        record
    }

    #[test]
    fn folders_and_machine_are_left_out_and_different_data_stay_different() {
        let paths = ["/home/alice/a/d.csv", "/home/alice/b/d.csv", "/home/alice/e.csv"];
        let shared = shareable(&paths.map(on));
        let names = |record: &RunRecord| record.trial.pointer("/dataset/path").unwrap().clone();
        let names: Vec<Value> = shared.iter().map(names).collect();
        assert_eq!(names, [json!("a/d.csv"), json!("b/d.csv"), json!("e.csv")]);
        let text = serde_json::to_string(&shared).unwrap();
        assert!(!text.contains("alice"), "{text}");
    }

    #[test]
    fn two_paths_of_which_one_ends_with_the_other_differ() {
        let shared = shareable(&["/d.csv", "/home/d.csv"].map(on));
        let names = |record: &RunRecord| record.trial.pointer("/dataset/path").unwrap().clone();
        assert_eq!(names(&shared[0]), json!("/d.csv"));
        assert_eq!(names(&shared[1]), json!("d.csv"));
    }

    #[test]
    fn only_absolute_paths_are_cut() {
        for (text, expected) in [
            (
                "cannot read /home/a/runs/0123456789ab/run.json: gone",
                "cannot read 0123456789ab/run.json: gone",
            ),
            ("runs/0123456789ab/run.json and 3/4", "runs/0123456789ab/run.json and 3/4"),
            ("https://host/a/b", "https://host/a/b"),
            ("path=/a/b, '/c/d'", "path=b, 'd'"),
            ("a / b, </b>", "a / b, </b>"),
        ] {
            assert_eq!(without_folders(text), expected);
        }
    }
}
