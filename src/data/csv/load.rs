//! CSV files -> a dataset: columns by name, classes in a fixed order, unusable lines left out and
//! listed.

use std::collections::{BTreeMap, HashSet};
use std::fs;
use std::path::Path;
use std::sync::{Arc, Mutex};

use super::classes::{Classes, labels};
use super::lines::{Digits, Lines, TooFine, crowded_columns, narrow_numbers, numbers};
use super::missing::{MissingLabels, is_missing};
use super::number::quoted;
use super::records::Quotes;
use super::{BadRow, ColumnPositions, CsvConfig, CsvTable, ExampleLine, Reading};
use crate::config::{nearest, quoted_list};
use crate::data::numbers::Numbers;
use crate::data::own::{
    Cache, DataRefusal, MOST_CLASSES, OwnData, OwnHandle, OwnSource, check_classes, named_sha256,
};
use crate::data::test_share::{TEST_FRACTION, draw_test};
use crate::data::{Dataset, Examples, LeftOutList};
use crate::error::Flaw;
use crate::escape::escape_controls;
use crate::few::{Between, first_few};

/// The most column names that a message lists.
const MOST_NAMES: usize = 12;

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

    fn as_read_before(&self) -> Option<CsvConfig> {
        Some(CsvConfig { reading: Reading::First, ..self.clone() })
    }

    fn cache() -> &'static Cache<CsvConfig> {
        static CACHE: Cache<CsvConfig> = Mutex::new(Vec::new());
        &CACHE
    }
}

/// What has been found in the files of a dataset so far.
struct ReadSoFar {
    reading: Reading,
    classes: Classes,
    digits: Vec<Digits>, // of each feature
    missing: MissingLabels,
    left_out: LeftOutList,
    of_lost_lines: BTreeMap<String, LostLines>, // by label
    notes: Vec<String>,
}

/// Lines with a label that are left out for other reasons.
struct LostLines {
    count: u64,
    first: String, // and why
}

/// A file and the key that names it.
#[derive(Debug, Clone, Copy)]
struct NamedFile<'a> {
    key: &'static str,
    path: &'a str,
}

/// Reads the file that `config` names.
pub(in crate::data) fn load(config: CsvConfig) -> Result<CsvConfig, DataRefusal> {
    if config.test_path.is_some() && config.test_fraction.is_some() {
        let label = "`test_path` already names the test examples";
        return Err(DataRefusal::new(
            "test_fraction",
            "the test examples are already separate",
            label,
        ));
    }
    let source = NamedFile { key: "path", path: &config.path };
    let table = open(&config, source)?;
    let features = match &config.features {
        Some(features) => features.clone(),
        None => other_columns(&table, &config.label),
    };
    let columns = columns(&config, &features, &table, source.key)?;
    let mut found = ReadSoFar::new(config.reading, features.len());
    let lines = found.read(table, source, &columns, true)?;
    found.check_no_class_is_lost()?;
    let order = found.classes.in_order();
    let names = order.iter().map(|&class| found.classes.names[class].clone()).collect();
    let parts = match &config.test_path {
        None => {
            let parts = divided(&config, lines, &order);
            found.note_examples_of_both(&parts);
            parts
        }
        Some(path) => {
            let source = NamedFile { key: "test_path", path };
            found.check_is_other_file(&config.path, source)?;
            let table = open(&config, source)?;
            let columns = columns_of_test(&config, &features, &table)?;
            let test = found.read(table, source, &columns, false)?;
            let parts = [lines, test];
            found.check_are_other_examples(&parts)?;
            parts
        }
    };
    let labels = parts.each_ref().map(|lines| labels(&lines.labels, &order));
    let numbers = found.numbers(&features, parts)?;
    let dataset = dataset(features.len(), names, labels, numbers);
    let test_key = if config.test_path.is_some() { "test_path" } else { "test_fraction" };
    check_classes(&dataset, "label", test_key).map_err(|refusal| found.explained(refusal))?;
    let test_fraction =
        config.test_fraction.or(config.test_path.is_none().then_some(TEST_FRACTION));
    let data = OwnHandle::new(found.into_data(dataset));
    Ok(CsvConfig { features: Some(features), test_fraction, data, ..config })
}

impl ReadSoFar {
    fn new(reading: Reading, features: usize) -> ReadSoFar {
        ReadSoFar {
            reading,
            classes: Classes::default(),
            digits: vec![Digits::default(); features],
            missing: MissingLabels::default(),
            left_out: LeftOutList::default(),
            of_lost_lines: BTreeMap::new(),
            notes: Vec::new(),
        }
    }

    /// Reads the lines of a file. `adds_classes`: new labels become classes.
    fn read(
        &mut self,
        table: CsvTable,
        NamedFile { key, path }: NamedFile<'_>,
        columns: &ColumnPositions,
        adds_classes: bool,
    ) -> Result<Lines, DataRefusal> {
        let mut lines = Lines::default();
        let names: Vec<String> =
            columns.features.iter().take(MOST_NAMES).map(|&i| table.header[i].clone()).collect();
        let mut first_bad = None;
        let mut of_no_class = 0;
        let read = table.read(columns, |row| {
            let bad = match row {
                Ok(row) => {
                    let taken = self.take(&row, adds_classes, &mut lines);
                    of_no_class += u64::from(!adds_classes && taken.is_err());
                    taken.map_err(|reason| (row.line, reason.into()))
                }
                Err(bad) => {
                    if adds_classes {
                        self.lose(&bad);
                    }
                    Err((bad.line, bad.reason))
                }
            };
            let Err((line, reason)) = bad else { return };
            first_bad.get_or_insert_with(|| {
                escape_controls(&format!("line {line} {reason}")).into_owned()
            });
            self.left_out.push(format_args!("{path} line {line}"), reason);
        });
        let breaks = read.map_err(|problem| {
            DataRefusal::new(key, "the table cannot be read", format!("{path} {problem}"))
        })?;
        self.notes.extend(breaks.note(path));
        if of_no_class > 0 && self.reading == Reading::Current {
            let lines = match of_no_class {
                1 => "1 line".to_owned(),
                count => format!("{count} lines"),
            };
            self.notes.push(format!(
                "left out of the test examples: {lines} of {path}, whose class does not occur in `path`"
            ));
        }
        if lines.labels.is_empty() {
            let title = "no line of the table can be used";
            let label =
                first_bad.unwrap_or_else(|| "there are no lines below the header".to_owned());
            let names: Vec<&str> = names.iter().map(String::as_str).collect();
            let help = format!(
                "name the numeric columns in `features`; the columns read are {}",
                quoted_list(&names)
            );
            return Err(DataRefusal::new(key, title, label).help(help));
        }
        Ok(lines)
    }

    /// Adds a line to the examples, or says why it cannot be used.
    fn take(
        &mut self,
        row: &ExampleLine<'_>,
        adds_classes: bool,
        lines: &mut Lines,
    ) -> Result<(), Flaw> {
        if self.reading == Reading::Current {
            if self.missing.take(row.label) {
                return Err(Flaw::from(format!(
                    "has the label `{}`, which stands for a missing label",
                    row.label
                )));
            }
            // Hashed names end with NUL. UTF-16 text has it in every other byte.
            if row.label.contains('\0') {
                return Err(Flaw::from("has a NUL character in its label"));
            }
        }
        let Some(class) = self.classes.place(row.label, adds_classes) else {
            let label = quoted(row.label);
            return Err(Flaw::from(format!(
                "has the label `{label}`, which does not occur in `path`"
            )));
        };
        lines.push(class, row.features);
        self.digits.iter_mut().zip(row.features).for_each(|(digits, number)| digits.push(number));
        Ok(())
    }

    /// Records a left-out line with a label.
    fn lose(&mut self, BadRow { line, reason, label }: &BadRow) {
        let Some(label) = label else { return };
        let has_room = self.of_lost_lines.len() <= MOST_CLASSES;
        if let Some(lost) = self.of_lost_lines.get_mut(label) {
            lost.count += 1;
        } else if has_room && self.reading == Reading::Current && !is_missing(label) {
            let first = escape_controls(&format!("line {line} {reason}")).into_owned();
            self.of_lost_lines.insert(label.clone(), LostLines { count: 1, first });
        }
    }

    /// Refuses a table with a class none of whose lines can be used.
    fn check_no_class_is_lost(&self) -> Result<(), DataRefusal> {
        let mut lost = self.of_lost_lines.iter().filter(|(label, _)| !self.classes.has(label));
        let Some((name, LostLines { count, first })) = lost.next() else { return Ok(()) };
        let name = quoted(&escape_controls(name));
        let title = format!("class \"{name}\" would be lost: none of its lines can be used");
        let label = match count {
            1 => first.clone(),
            _ => format!("all {count} are left out, the first: {first}"),
        };
        let help = "fill in the fields, leave that column out of `features`, or delete the lines";
        Err(DataRefusal::new("features", title, label).help(help))
    }

    /// Refuses a file of test examples that is the file of the training examples.
    fn check_is_other_file(&self, path: &str, test: NamedFile<'_>) -> Result<(), DataRefusal> {
        let place = |path: &str| fs::canonicalize(path).ok();
        let is_same =
            place(path).is_some_and(|place_of_path| place(test.path) == Some(place_of_path));
        match is_same && self.reading == Reading::Current {
            true => Err(same_examples(format!("{} is also the file of `path`", test.path))),
            false => Ok(()),
        }
    }

    /// Refuses test examples that are the training examples.
    fn check_are_other_examples(&mut self, parts: &[Lines; 2]) -> Result<(), DataRefusal> {
        if self.reading == Reading::Current && parts[0].equals(&parts[1]) {
            return Err(same_examples(
                "the files hold the same examples in the same order".to_owned(),
            ));
        }
        self.note_examples_of_both(parts);
        Ok(())
    }

    /// Notes if most of the test examples also occur among the training examples.
    fn note_examples_of_both(&mut self, [train, test]: &[Lines; 2]) {
        if self.reading == Reading::First {
            return;
        }
        let train: HashSet<_> = train.examples().collect();
        let (known, all) =
            (test.examples().filter(|example| train.contains(example)), test.labels.len());
        let known = known.count();
        if 2 * known >= all {
            self.notes.push(format!(
                "{known} of the {all} test examples also occur among the training examples, number \
                 for number"
            ));
        }
    }

    fn numbers(&mut self, features: &[String], parts: [Lines; 2]) -> Result<Numbers, DataRefusal> {
        if self.reading == Reading::First {
            return Ok(narrow_numbers(parts));
        }
        let crowded = named(features, crowded_columns(&parts[0], features.len()).into_iter());
        self.notes.extend(crowded.map(|columns| {
            format!(
                "{columns}: a few values are so far off that standardising leaves the others almost \
                 equal; clip those values, or take logarithms"
            )
        }));
        let numbers = numbers(parts, &self.digits);
        let numbers = numbers.inspect(|numbers| {
            let merged = named(features, numbers.beyond.iter().map(|beyond| beyond.column));
            self.notes.extend(merged.map(|columns| {
                format!(
                    "some different values of {columns} become equal: 64 bits hold 15 to 17 digits"
                )
            }));
        });
        numbers.map_err(|TooFine { column }| {
            let title = format!(
                "the values of column `{}` cannot be told apart",
                escape_controls(&features[column])
            );
            let label = "they differ by less than 64-bit precision at their size";
            let help =
                "subtract an offset from them in the file, or leave the column out of `features`";
            DataRefusal::new("features", title, label).help(help)
        })
    }

    /// Adds the first line that is left out to a refusal that has no help.
    fn explained(&self, refusal: DataRefusal) -> DataRefusal {
        match self.left_out.first() {
            Some(first) if refusal.help.is_none() => refusal.help(format!(
                "{} lines are left out, the first: {} {}",
                self.left_out.count(),
                first.what,
                first.reason
            )),
            _ => refusal,
        }
    }

    fn into_data(self, dataset: Dataset) -> OwnData {
        let mut notes = self.notes;
        notes.extend(self.missing.note());
        if self.reading == Reading::Current {
            notes.extend(self.classes.note());
        }
        if self.reading == Reading::First {
            notes.push(
                "`sha256` matches the file as version 0.1.0 read it, so it is read that way: numbers \
                 rounded to 32 bits, labels such as NA as classes, stray quotes ignored; remove \
                 `sha256` to read it the current way, which makes a new run"
                    .to_owned(),
            );
        }
        OwnData { dataset: Arc::new(dataset), left_out: self.left_out, notes }
    }
}

/// The names of columns as a list; none if there are no columns.
fn named(features: &[String], columns: impl Iterator<Item = usize>) -> Option<String> {
    let names: Vec<String> =
        columns.map(|column| format!("`{}`", escape_controls(&features[column]))).collect();
    first_few(&names, MOST_NAMES, Between::Commas)
}

fn same_examples(label: String) -> DataRefusal {
    let title = "the test examples are the training examples";
    let help = "name another file, or remove `test_path` to hold out a share of each class";
    DataRefusal::new("test_path", title, label).help(help)
}

fn open(
    config: &CsvConfig,
    NamedFile { key, path }: NamedFile<'_>,
) -> Result<CsvTable, DataRefusal> {
    let delimiter = config.delimiter_byte().unwrap_or(b',');
    let quotes = match config.reading {
        Reading::Current => Quotes::Strict,
        Reading::First => Quotes::Lenient,
    };
    let refused =
        |problem| DataRefusal::new(key, "the table cannot be read", format!("{path} {problem}"));
    CsvTable::open_with(Path::new(path), delimiter, quotes).map_err(refused)
}

/// All named columns except the label's. pandas writes its index as a column without a name.
fn other_columns(table: &CsvTable, label: &str) -> Vec<String> {
    table.header.iter().filter(|name| !name.is_empty() && *name != label).cloned().collect()
}

/// Finds the label and the features.
fn columns(
    config: &CsvConfig,
    features: &[String],
    table: &CsvTable,
    key: &'static str,
) -> Result<ColumnPositions, DataRefusal> {
    let label = place(config, table, key, "label", &config.label)?;
    if features.is_empty() {
        let label = format!("{} features", features.len());
        let title = "there are no features to learn from";
        return Err(DataRefusal::new("features", title, label).help(known(config, table)));
    }
    let mut earlier = HashSet::from([&config.label]);
    for name in features {
        if !earlier.insert(name) {
            let title = format!("column `{}` appears twice", escape_controls(name));
            return Err(DataRefusal::new("features", title, "name each feature once"));
        }
    }
    let places = features.iter().map(|name| place(config, table, key, "features", name));
    Ok(ColumnPositions { label: Some(label), features: places.collect::<Result<_, _>>()? })
}

/// Like [`columns`], for the other file.
fn columns_of_test(
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

/// Draws the test examples; both parts stay in the order of the file.
fn divided(config: &CsvConfig, lines: Lines, order: &[usize]) -> [Lines; 2] {
    let share = config.test_fraction.unwrap_or(TEST_FRACTION);
    let labels = labels(&lines.labels, order);
    lines.divided(&draw_test(&labels, order.len(), share, config.test_seed))
}

fn dataset(
    features: usize,
    names: Vec<String>,
    labels: [Vec<u16>; 2],
    numbers: Numbers,
) -> Dataset {
    let parts = labels.map(|labels| Examples { pixels: Vec::new(), labels });
    let dataset = Dataset::of_numbers(features, names, parts, numbers);
    Dataset { sha256: named_sha256(&dataset), ..dataset }
}
