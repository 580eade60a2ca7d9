//! CSV files -> a dataset: columns by name, classes in an order of their own, lines that are no
//! examples left out and listed.

use std::path::Path;
use std::sync::{Arc, Mutex};

use super::super::own::{
    Cache, OwnData, OwnHandle, OwnSource, Refusal, check_classes, named_sha256,
};
use super::super::test_share::{TEST_FRACTION, draw_test};
use super::super::{Dataset, Examples, LeftOutList};
use super::classes::{Classes, labels};
use super::{Columns, CsvConfig, Table};
use crate::config::{nearest, quoted_list};

/// Names of columns that a message lists.
const MOST_NAMES: usize = 12;
/// Inputs of a network; far more than a table has columns.
const MOST_FEATURES: usize = 1 << 20;

impl OwnSource for CsvConfig {
    fn path(&self) -> &str {
        &self.path
    }

    fn sha256_mut(&mut self) -> &mut Option<String> {
        &mut self.sha256
    }

    fn handle_mut(&mut self) -> &mut OwnHandle {
        &mut self.data
    }

    fn cache() -> &'static Cache<CsvConfig> {
        static CACHE: Cache<CsvConfig> = Mutex::new(Vec::new());
        &CACHE
    }
}

/// The examples of one file, in its order.
#[derive(Debug, Default)]
struct Lines {
    labels: Vec<usize>, // positions in the classes, by first appearance
    values: Vec<f32>,   // [lines, features]
}

/// Reads the file that `config` names.
pub(in crate::data) fn load(config: CsvConfig) -> Result<CsvConfig, Refusal> {
    if config.test_path.is_some() && config.test_fraction.is_some() {
        let label = "`test_path` has the test examples";
        return Err(Refusal::new("test_fraction", "the test examples are divided already", label));
    }
    let table = open(&config, "path", &config.path)?;
    let features = match &config.features {
        Some(features) => features.clone(),
        None => other_columns(&table, &config.label),
    };
    let mut left_out = LeftOutList::default();
    let mut classes = Classes::default();
    let columns = columns(&config, &features, &table, "path")?;
    let lines = read(table, ("path", &config.path), &columns, &mut classes, &mut left_out, true)?;
    let order = classes.in_order();
    let names = order.iter().map(|&class| classes.names[class].clone()).collect();
    let (train, test) = match &config.test_path {
        None => divided(&config, lines, &order),
        Some(path) => {
            let table = open(&config, "test_path", path)?;
            let columns = columns_of_test(&config, &features, &table)?;
            let file = ("test_path", path.as_str());
            (lines, read(table, file, &columns, &mut classes, &mut left_out, false)?)
        }
    };
    let dataset = dataset(features.len(), names, &order, train, test);
    let test_key = if config.test_path.is_some() { "test_path" } else { "test_fraction" };
    check_classes(&dataset, "label", test_key).map_err(|refusal| match left_out.first() {
        _ if refusal.help.is_some() => refusal,
        None => refusal,
        Some(first) => refusal.help(format!(
            "{} lines are left out, the first: {} {}",
            left_out.count(),
            first.what,
            first.reason
        )),
    })?;
    let test_fraction =
        config.test_fraction.or(config.test_path.is_none().then_some(TEST_FRACTION));
    let data = OwnHandle::new(OwnData { dataset: Arc::new(dataset), left_out });
    Ok(CsvConfig { features: Some(features), test_fraction, data, ..config })
}

fn open(config: &CsvConfig, key: &'static str, path: &str) -> Result<Table, Refusal> {
    let delimiter = config.delimiter_byte().unwrap_or(b',');
    let refused =
        |problem| Refusal::new(key, "the table cannot be read", format!("{path} {problem}"));
    Table::open(Path::new(path), delimiter).map_err(refused)
}

/// All columns with a name but the label's. One without a name is what pandas writes as its index.
fn other_columns(table: &Table, label: &str) -> Vec<String> {
    table.header.iter().filter(|name| !name.is_empty() && *name != label).cloned().collect()
}

/// Finds the label and the features.
fn columns(
    config: &CsvConfig,
    features: &[String],
    table: &Table,
    key: &'static str,
) -> Result<Columns, Refusal> {
    let label = place(config, table, key, "label", &config.label)?;
    if features.is_empty() || features.len() > MOST_FEATURES {
        let label = format!("{} features", features.len());
        let title = "there is nothing to learn from";
        return Err(Refusal::new("features", title, label).help(known(config, table)));
    }
    for (i, name) in features.iter().enumerate() {
        if *name == config.label || features[..i].contains(name) {
            let title = format!("column `{name}` is there twice");
            return Err(Refusal::new("features", title, "a feature is a column of its own"));
        }
    }
    let places = features.iter().map(|name| place(config, table, key, "features", name));
    Ok(Columns { label: Some(label), features: places.collect::<Result<_, _>>()? })
}

/// As [`columns`], of the other file.
fn columns_of_test(
    config: &CsvConfig,
    features: &[String],
    table: &Table,
) -> Result<Columns, Refusal> {
    let at_path = |refusal| Refusal { key: "test_path", ..refusal };
    columns(config, features, table, "test_path").map_err(at_path)
}

/// The place of one column.
fn place(
    config: &CsvConfig,
    table: &Table,
    file: &'static str,
    key: &'static str,
    name: &str,
) -> Result<usize, Refusal> {
    table.column(name).map_err(|count| match count {
        0 => {
            let near = nearest(name, table.header.iter().map(String::as_str));
            let help = match near {
                Some(near) => format!("did you mean \"{near}\"?"),
                None => known(config, table),
            };
            let label = format!("the file of `{file}` has no such column");
            Refusal::new(key, format!("no column is called `{name}`"), label).help(help)
        }
        count => {
            let label = format!("the header has it {count} times");
            Refusal::new(key, format!("column `{name}` is ambiguous"), label)
        }
    })
}

/// Which columns there are, and what may be the matter if there is one only.
fn known(config: &CsvConfig, table: &Table) -> String {
    let names: Vec<&str> = table.header.iter().map(String::as_str).take(MOST_NAMES).collect();
    let more = if table.header.len() > MOST_NAMES { ", ..." } else { "" };
    let other = match table.header.len() {
        1 => format!("; is another `delimiter` than {:?} meant?", config.delimiter),
        _ => String::new(),
    };
    format!("the columns are {}{more}{other}", quoted_list(&names))
}

/// Reads the lines of a file. `adds_classes`: labels that were not there before are classes.
fn read(
    table: Table,
    (key, path): (&'static str, &str),
    columns: &Columns,
    classes: &mut Classes,
    left_out: &mut LeftOutList,
    adds_classes: bool,
) -> Result<Lines, Refusal> {
    let mut lines = Lines::default();
    let header = table.header.clone();
    let mut first_bad = None;
    let read = table.read(columns, |row| {
        let (line, reason) = match row {
            Ok(row) => match classes.place(&row.label, adds_classes) {
                Some(class) => {
                    lines.labels.push(class);
                    lines.values.extend(row.features);
                    return;
                }
                None => (
                    row.line,
                    format!("has the label `{}`, which no line of `path` has", row.label),
                ),
            },
            Err(bad) => (bad.line, bad.reason),
        };
        first_bad.get_or_insert_with(|| format!("line {line} {reason}"));
        left_out.push(format_args!("{path} line {line}"), reason);
    });
    read.map_err(|problem| {
        Refusal::new(key, "the table cannot be read", format!("{path} {problem}"))
    })?;
    if lines.labels.is_empty() {
        let title = "no line of the table is an example";
        let label = first_bad.unwrap_or_else(|| "there is nothing below the header".to_owned());
        let names: Vec<&str> =
            columns.features.iter().take(MOST_NAMES).map(|&i| header[i].as_str()).collect();
        let help =
            format!("`features` names the numeric columns; read are {}", quoted_list(&names));
        return Err(Refusal::new(key, title, label).help(help));
    }
    Ok(lines)
}

/// Draws the test examples; both parts stay in the order of the file.
fn divided(config: &CsvConfig, lines: Lines, order: &[usize]) -> (Lines, Lines) {
    let features = lines.values.len() / lines.labels.len().max(1);
    let share = config.test_fraction.unwrap_or(TEST_FRACTION);
    let labels = labels(&lines.labels, order);
    let is_test = draw_test(&labels, order.len(), share, config.test_seed);
    let [mut train, mut test] = [Lines::default(), Lines::default()];
    for (i, (&label, is_test)) in lines.labels.iter().zip(is_test).enumerate() {
        let part = if is_test { &mut test } else { &mut train };
        part.labels.push(label);
        part.values.extend_from_slice(&lines.values[i * features..][..features]);
    }
    (train, test)
}

fn dataset(
    features: usize,
    names: Vec<String>,
    order: &[usize],
    train: Lines,
    test: Lines,
) -> Dataset {
    let [train_labels, test_labels] = [&train, &test].map(|lines| labels(&lines.labels, order));
    let examples = |labels| Examples { pixels: Vec::new(), labels };
    let parts = [examples(train_labels), examples(test_labels)];
    let dataset = Dataset::of_numbers(features, names, parts, [train.values, test.values]);
    Dataset { sha256: named_sha256(&dataset), ..dataset }
}
