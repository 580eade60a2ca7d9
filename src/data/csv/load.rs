//! CSV files -> a dataset: columns by name, classes in a fixed order, unusable lines left out and
//! listed.

use std::sync::Mutex;

use crate::data::csv::classes::labels;
use crate::data::csv::columns::{NamedFile, columns, columns_of_test, open, other_columns};
use crate::data::csv::lines::Lines;
use crate::data::csv::pixels;
use crate::data::csv::read_so_far::ReadSoFar;
use crate::data::csv::test_examples::PartOfData;
use crate::data::csv::{CsvConfig, Decimal, Encoding, Reading};
use crate::data::image_shape::{check_size, note_of_dark};
use crate::data::numbers::Numbers;
use crate::data::own::{Cache, DataRefusal, OwnHandle, OwnSource, check_classes, named};
use crate::data::test_share::{TEST_FRACTION, draw_test};
use crate::data::{Dataset, Examples};

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
        // Version 0.1.0 did not know these.
        let is_later = self.image_shape.is_some()
            || self.decimal != Decimal::Point
            || self.encoding != Encoding::Utf8;
        (!is_later).then(|| CsvConfig { reading: Reading::First, ..self.clone() })
    }

    fn cache() -> &'static Cache<CsvConfig> {
        static CACHE: Cache<CsvConfig> = Mutex::new(Vec::new());
        &CACHE
    }
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
    let image = config.image().transpose()?;
    if let Some(shape) = image {
        check_size(shape, features.len())?;
    }
    let mut found = ReadSoFar::new(config.reading, config.text_format(), features.len());
    let lines = found.read(table, source, &columns, true)?;
    found.check_no_class_is_lost()?;
    let order = found.classes.in_order();
    let names = order.iter().map(|&class| found.classes.names[class].clone()).collect();
    let parts = match &config.test_path {
        None => {
            let parts = divided(&config, lines, &order);
            let [train, test] = named_parts(&parts);
            found.note_examples_of_both(train, test);
            parts
        }
        Some(path) => {
            let test_source = NamedFile { key: "test_path", path };
            found.check_is_other_file(&config.path, test_source)?;
            let test_table = open(&config, test_source)?;
            let test_columns = columns_of_test(&config, &features, &test_table)?;
            let test = found.read(test_table, test_source, &test_columns, false)?;
            let parts = [lines, test];
            let [of_train, of_test] = named_parts(&parts);
            found.check_are_other_examples(of_train, of_test)?;
            parts
        }
    };
    let labels = parts.each_ref().map(|part| labels(&part.labels, &order));
    let dataset = named(match image {
        Some(shape) => pixels::dataset(shape, names, labels, parts),
        None => {
            let numbers = found.numbers(&features, parts)?;
            dataset(features.len(), names, labels, numbers)
        }
    });
    found.notes.extend(note_of_dark(&dataset));
    if config.reading == Reading::Current {
        found.notes.extend(found.classes.note_of_quotes());
    }
    let test_key = if config.test_path.is_some() { "test_path" } else { "test_fraction" };
    check_classes(&dataset, "label", test_key).map_err(|refusal| found.explained(refusal))?;
    let test_fraction =
        config.test_fraction.or(config.test_path.is_none().then_some(TEST_FRACTION));
    let data = OwnHandle::new(found.into_data(dataset));
    Ok(CsvConfig { features: Some(features), test_fraction, data, ..config })
}

/// Draws the test examples; both parts stay in the order of the file.
fn divided(config: &CsvConfig, lines: Lines, order: &[usize]) -> [Lines; 2] {
    let share = config.test_fraction.unwrap_or(TEST_FRACTION);
    let labels = labels(&lines.labels, order);
    lines.divided(&draw_test(&labels, order.len(), share, config.test_seed))
}

fn named_parts([train, test]: &[Lines; 2]) -> [PartOfData<'_>; 2] {
    [PartOfData::new("training", train), PartOfData::new("test", test)]
}

fn dataset(
    features: usize,
    names: Vec<String>,
    labels: [Vec<u16>; 2],
    numbers: Numbers,
) -> Dataset {
    let parts = labels.map(|labels| Examples { pixels: Vec::new(), labels });
    Dataset::of_numbers(features, names, parts, numbers)
}
