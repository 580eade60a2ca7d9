//! Which columns of a table hold the label and the features, and what to say if one is missing.

use std::collections::HashSet;
use std::path::Path;

use crate::config::{nearest, quoted_list};
use crate::data::csv::records::Quotes;
use crate::data::csv::{ColumnPositions, CsvConfig, CsvTable, FeatureValues, Reading};
use crate::data::own::DataRefusal;
use crate::escape::escape_controls;

/// The most column names that a message lists.
pub(super) const MOST_NAMES: usize = 12;

/// A file and the key that names it.
#[derive(Debug, Clone, Copy)]
pub(super) struct NamedFile<'a> {
    pub(super) key: &'static str,
    pub(super) path: &'a str,
}

/// Opens the table in a file and reads its header.
pub(super) fn open(
    config: &CsvConfig,
    NamedFile { key, path }: NamedFile<'_>,
) -> Result<CsvTable, DataRefusal> {
    let quotes = match config.reading {
        Reading::Current => Quotes::Strict,
        Reading::First => Quotes::Lenient,
    };
    let refused =
        |problem| DataRefusal::new(key, "the table cannot be read", format!("{path} {problem}"));
    CsvTable::open_with(Path::new(path), config.text_format(), quotes).map_err(refused)
}

/// All named columns except the label's. pandas writes its index as a column without a name.
pub(super) fn other_columns(table: &CsvTable, label: &str) -> Vec<String> {
    table.header.iter().filter(|name| !name.is_empty() && *name != label).cloned().collect()
}

/// Finds the label and the features.
pub(super) fn columns(
    config: &CsvConfig,
    features: &[String],
    table: &CsvTable,
    key: &'static str,
) -> Result<ColumnPositions, DataRefusal> {
    let label = place(config, table, key, "label", &config.label)?;
    if features.is_empty() {
        let found = format!("{} features", features.len());
        let title = "there are no features to learn from";
        return Err(DataRefusal::new("features", title, found).help(known(config, table)));
    }
    let mut earlier = HashSet::from([&config.label]);
    for name in features {
        if config.features.is_some() && *name == config.label {
            let title = format!("column `{}` is the label", escape_controls(name));
            let label = "the class cannot be predicted from itself: remove it here";
            return Err(DataRefusal::new("features", title, label));
        }
        if !earlier.insert(name) {
            let title = format!("column `{}` appears twice", escape_controls(name));
            if config.features.is_none() {
                let label = format!("in the header of the file of `{key}`");
                let help = "give each column a name of its own in the file, or name those to learn from in `features`";
                return Err(DataRefusal::new(key, title, label).help(help));
            }
            return Err(DataRefusal::new("features", title, "name each feature once"));
        }
    }
    let places = features.iter().map(|name| place(config, table, key, "features", name));
    let features = places.collect::<Result<_, _>>()?;
    let values = match (config.reading, &config.image_shape) {
        (_, Some(_)) => FeatureValues::Pixels,
        (Reading::First, None) => FeatureValues::Numbers,
        (Reading::Current, None) => FeatureValues::NumbersOrWords,
    };
    Ok(ColumnPositions { label: Some(label), features, values })
}

/// Like [`columns`], for the other file.
pub(super) fn columns_of_test(
    config: &CsvConfig,
    features: &[String],
    table: &CsvTable,
) -> Result<ColumnPositions, DataRefusal> {
    let at_path = |refusal| DataRefusal { key: "test_path", ..refusal };
    columns(config, features, table, "test_path").map_err(at_path)
}

/// The place of one column.
fn place(
    config: &CsvConfig,
    table: &CsvTable,
    file: &'static str,
    key: &'static str,
    name: &str,
) -> Result<usize, DataRefusal> {
    table.column(name).map_err(|count| match count {
        0 => {
            let near = nearest(name, table.header.iter().map(String::as_str));
            let help = match near {
                Some(near) => format!("did you mean \"{near}\"?"),
                None => known(config, table),
            };
            let label = format!("the file of `{file}` has no such column");
            let name = escape_controls(name);
            DataRefusal::new(key, format!("there is no column `{name}`"), label).help(help)
        }
        count => {
            let label = format!("the header contains it {count} times");
            let name = escape_controls(name);
            DataRefusal::new(key, format!("column `{name}` is ambiguous"), label)
        }
    })
}

/// Lists the columns, with a likely cause if there is only one.
fn known(config: &CsvConfig, table: &CsvTable) -> String {
    let names: Vec<&str> = table.header.iter().map(String::as_str).take(MOST_NAMES).collect();
    let more = if table.header.len() > MOST_NAMES { ", ..." } else { "" };
    let other = match table.header.len() {
        1 => format!("; should `delimiter` be something other than {:?}?", config.delimiter),
        _ if table.has_numbers_for_names() => {
            "; the first line must be a header with their names".to_owned()
        }
        _ => String::new(),
    };
    format!("the columns are {}{more}{other}", quoted_list(&names))
}
