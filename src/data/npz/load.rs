//! Arrays of a `.npz` file -> a dataset: classes in a fixed order, unusable examples left out and
//! listed.

use std::path::Path;
use std::sync::Mutex;

use sha2::{Digest, Sha256};

use crate::data::csv::classes::labels as labels_in_order;
use crate::data::csv::lines::Lines;
use crate::data::csv::pixels;
use crate::data::csv::read_so_far::ReadSoFar;
use crate::data::csv::test_examples::PartOfData;
use crate::data::image_shape::note_of_dark;
use crate::data::npz::NpzConfig;
use crate::data::npz::archive::NpzArchive;
use crate::data::npz::reader::{Form, Part, Reader};
use crate::data::own::{Cache, DataRefusal, OwnHandle, OwnSource, check_classes, named};
use crate::data::test_share::{TEST_FRACTION, draw_test};
use crate::data::{Dataset, Examples};
use crate::error::Flaw;
use crate::runs::folder::hex;

impl OwnSource for NpzConfig {
    fn path(&self) -> &str {
        &self.path
    }

    fn sha256_mut(&mut self) -> &mut Option<String> {
        &mut self.sha256
    }

    fn handle_mut(&mut self) -> &mut OwnHandle {
        &mut self.data
    }

    fn cache() -> &'static Cache<NpzConfig> {
        static CACHE: Cache<NpzConfig> = Mutex::new(Vec::new());
        &CACHE
    }
}

/// Reads the file that `config` names.
pub(super) fn load(config: NpzConfig) -> Result<NpzConfig, DataRefusal> {
    let path = config.path.clone();
    let refused = |problem: Flaw| {
        let label = format!("{path} {problem}");
        DataRefusal::new("path", "the arrays cannot be read", label)
    };
    let mut archive = NpzArchive::open(Path::new(&config.path)).map_err(refused)?;
    let config = config.settled(&archive)?;
    let train = Part { keys: ["x_train", "y_train"], names: [&config.x_train, &config.y_train] };
    let mut reader = Reader::new(&config, &mut archive);
    let mut of_train = reader.read(&train)?;
    let mut validation = match (&config.x_val, &config.y_val) {
        (Some(x), Some(y)) => Some(reader.read(&Part { keys: ["x_val", "y_val"], names: [x, y] })?),
        _ => None,
    };
    let mut test = match (&config.x_test, &config.y_test) {
        (Some(x), Some(y)) => {
            Some(reader.read(&Part { keys: ["x_test", "y_test"], names: [x, y] })?)
        }
        _ => None,
    };
    let mut read: Vec<&mut Lines> = vec![&mut of_train];
    read.extend(validation.as_mut());
    read.extend(test.as_mut());
    let Some((form, mut found)) = reader.finish(&mut read)? else {
        return Err(refused("has no examples".into()));
    };
    found.check_no_class_is_lost().map_err(of_arrays)?;
    let order = found.classes.in_order();
    let names: Vec<String> =
        order.iter().map(|&class| found.classes.names[class].clone()).collect();
    check_parts(&mut found, &of_train, validation.as_ref(), test.as_ref())?;
    let mut parts = match test {
        Some(test) => [of_train, test],
        None => {
            let share = config.test_fraction.unwrap_or(TEST_FRACTION);
            let labels = labels_in_order(&of_train.labels, &order);
            let is_test = draw_test(&labels, order.len(), share, config.test_seed);
            let [train, test] = of_train.divided(&is_test);
            let drawn = PartOfData::new("test", &test);
            found.note_examples_of_both(PartOfData::new("training", &train), drawn);
            if let Some(validation) = &validation {
                found.note_examples_of_both(PartOfData::new("validation", validation), drawn);
            }
            [train, test]
        }
    };
    let mut held_out = 0;
    if let Some(mut validation) = validation {
        held_out = validation.labels.len();
        validation.append(std::mem::take(&mut parts[0]));
        parts[0] = validation;
    }
    let dataset = dataset(form, names, &order, parts, held_out, &mut found)?;
    let test_key = if config.x_test.is_some() { "x_test" } else { "test_fraction" };
    check_classes(&dataset, "y_train", test_key)?;
    found.notes.extend(note_of_dark(&dataset));
    let data = OwnHandle::new(found.into_data(dataset));
    Ok(NpzConfig { data, ..config })
}

/// Refuses arrays of held-out examples that are those of another part, and notes examples of both.
fn check_parts(
    found: &mut ReadSoFar,
    train: &Lines,
    validation: Option<&Lines>,
    test: Option<&Lines>,
) -> Result<(), DataRefusal> {
    let train = PartOfData::new("training", train);
    let validation = validation.map(|lines| PartOfData::new("validation", lines));
    let test = test.map(|lines| PartOfData::new("test", lines));
    let of_val = "name other arrays, or leave out `x_val` and `y_val` to draw validation examples";
    let of_test = "name other arrays, or leave out `x_test` and `y_test` to hold out a share";
    for (other, held_out, key, help) in [
        (Some(train), validation, "x_val", of_val),
        (Some(train), test, "x_test", of_test),
        (validation, test, "x_test", of_test),
    ] {
        let (Some(other), Some(held_out)) = (other, held_out) else { continue };
        let checked = found.check_are_other_examples(other, held_out);
        checked.map_err(|refusal| DataRefusal { key, ..refusal.help(help) })?;
    }
    Ok(())
}

impl NpzConfig {
    /// With the arrays that are read, and the share of test examples if it has an effect.
    fn settled(mut self, archive: &NpzArchive) -> Result<NpzConfig, DataRefusal> {
        for (x, y, [x_name, y_name]) in [
            (&mut self.x_val, &mut self.y_val, ["x_val", "y_val"]),
            (&mut self.x_test, &mut self.y_test, ["x_test", "y_test"]),
        ] {
            let found = |name: &str| archive.has(name).then(|| name.to_owned());
            *x = x.take().or_else(|| found(x_name));
            *y = y.take().or_else(|| found(y_name));
            if x.is_some() != y.is_some() {
                let (there, lacking) =
                    if x.is_some() { (x_name, y_name) } else { (y_name, x_name) };
                let title = format!("there is `{there}`, but no `{lacking}`");
                let label = "examples and their labels go together";
                return Err(DataRefusal::new("path", title, label).help(archive.names()));
            }
        }
        if self.x_test.is_some() && self.test_fraction.is_some() {
            let label = "the file has test examples: `x_test`";
            let title = "the test examples are already separate";
            return Err(DataRefusal::new("test_fraction", title, label));
        }
        let test_fraction = self.test_fraction.or(self.x_test.is_none().then_some(TEST_FRACTION));
        Ok(NpzConfig { test_fraction, ..self })
    }
}

fn dataset(
    form: Form,
    names: Vec<String>,
    order: &[usize],
    parts: [Lines; 2],
    validation: usize,
    found: &mut ReadSoFar,
) -> Result<Dataset, DataRefusal> {
    let labels = parts.each_ref().map(|part| labels_in_order(&part.labels, order));
    let dataset = match form {
        Form::Images(shape) => with_shape(pixels::dataset(shape, names, labels, parts)),
        Form::Numbers(columns) => {
            let positions: Vec<String> = (0..columns).map(|column| column.to_string()).collect();
            let numbers = found.numbers(&positions, parts).map_err(of_arrays)?;
            let parts = labels.map(|labels| Examples { pixels: Vec::new(), labels });
            Dataset::of_numbers(columns, names, parts, numbers)
        }
    };
    Ok(named(Dataset { validation, ..dataset }))
}

/// `dataset` with the shape of its images in the hash: no key of the table says it, and the bytes are the same for other
/// shapes. Squares keep the hash of their bytes: no square number is three times another, so the number of pixels
/// tells them apart.
fn with_shape(dataset: Dataset) -> Dataset {
    let [_, height, width] = dataset.shape;
    if height == width {
        return dataset;
    }
    let mut hash = Sha256::new();
    hash.update(&dataset.sha256);
    hash.update(b"shape");
    dataset.shape.iter().for_each(|&size| hash.update((size as u64).to_le_bytes()));
    Dataset { sha256: hex(&hash.finalize()), ..dataset }
}

/// What is wrong with the columns of a table, said of an array.
fn of_arrays(refusal: DataRefusal) -> DataRefusal {
    let help = "change the array: leave the column or the examples out, or subtract an offset";
    DataRefusal { key: "x_train", ..refusal.help(help) }
}

/// Reads a hostile file.
#[cfg(feature = "fuzzing")]
pub fn read_hostile(path: &Path) {
    let config = NpzConfig { path: path.display().to_string(), ..NpzConfig::default() };
    if let Ok(read) = load(config) {
        let dataset = read.data.load().expect("it was read");
        assert!(dataset.validation < dataset.train.len() && !dataset.test.is_empty());
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor, Write};

    use zip::write::SimpleFileOptions;
    use zip::{CompressionMethod, ZipWriter};

    use super::*;
    use crate::runs::npy::{npy, npy_f32};

    fn loaded(bytes: &[u8]) -> Result<NpzConfig, DataRefusal> {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), bytes).unwrap();
        load(NpzConfig { path: file.path().display().to_string(), ..NpzConfig::default() })
    }

    /// Six rows of two numbers in two classes.
    fn archive(method: CompressionMethod) -> Vec<u8> {
        of_six(npy_f32(&[6, 2], (0..12).map(|i| i as f32 / 2.0)), method)
    }

    /// Six examples in two classes.
    fn of_six(x: Vec<u8>, method: CompressionMethod) -> Vec<u8> {
        let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
        let options = SimpleFileOptions::default().compression_method(method);
        for (name, bytes) in [("x_train.npy", x), ("y_train.npy", npy(&[0, 1, 0, 1, 0, 1]))] {
            writer.start_file(name, options).unwrap();
            writer.write_all(&bytes).unwrap();
        }
        writer.finish().unwrap().into_inner()
    }

    #[test]
    fn no_change_of_a_byte_and_no_cut_ends_the_program() {
        let (mut read, mut refused) = (0, 0);
        for method in [CompressionMethod::Stored, CompressionMethod::Deflated] {
            let whole = archive(method);
            assert!(loaded(&whole).is_ok());
            for position in 0..whole.len() {
                for change in [0x01, 0x80, 0xff] {
                    let mut changed = whole.clone();
                    changed[position] ^= change;
                    match loaded(&changed) {
                        Ok(_) => read += 1, // a time, for example
                        Err(_) => refused += 1,
                    }
                }
                assert!(loaded(&whole[..position]).is_err(), "{position}");
            }
        }
        assert!(refused > 2 * read, "{read} {refused}");
    }

    #[test]
    fn images_of_the_same_bytes_and_another_shape_are_other_content() {
        let of = |shape: &[usize]| {
            let pixels = (0..shape.iter().product()).map(|i| (i % 251) as f32);
            let bytes = of_six(npy_f32(shape, pixels), CompressionMethod::Stored);
            let config = loaded(&bytes).unwrap();
            config.data.get().unwrap().dataset.as_ref().clone()
        };
        let shapes: [&[usize]; 3] = [&[6, 4, 12], &[6, 12, 4], &[6, 3, 4, 4]];
        let hashes = shapes.map(|shape| of(shape).sha256);
        assert!(hashes[0] != hashes[1] && hashes[1] != hashes[2] && hashes[0] != hashes[2]);
        assert_eq!(of(&[6, 1, 4, 12]).sha256, hashes[0], "the same images");
        let square = of(&[6, 3, 4, 4]);
        let [train, test] = [&square.train, &square.test].map(Examples::clone);
        let of_bytes = Dataset::new(square.shape, square.class_names.clone(), train, test);
        assert_eq!(named(of_bytes).sha256, square.sha256, "ids of squares stay");
    }
}
