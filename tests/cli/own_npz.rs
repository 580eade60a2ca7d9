//! `dataset.kind = "npz"`: from arrays to a finished run, and files that are not arrays.

use std::fs;
use std::io::{Cursor, Write};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use crate::own_data::experiment;
use crate::workspace::Workspace;

const ARRAYS: &str = "kind = \"npz\"\npath = \"arrays.npz\"\n";

/// An array of bytes as NumPy writes it.
fn npy(descr: &str, shape: &str, elements: &[u8]) -> Vec<u8> {
    let header = format!("{{'descr': '{descr}', 'fortran_order': False, 'shape': {shape}, }}\n");
    let mut bytes = b"\x93NUMPY\x01\x00".to_vec();
    bytes.extend((header.len() as u16).to_le_bytes());
    bytes.extend(header.as_bytes());
    bytes.extend(elements);
    bytes
}

fn floats(values: &[f32]) -> Vec<u8> {
    values.iter().flat_map(|value| value.to_le_bytes()).collect()
}

/// A file of arrays, compressed as `numpy.savez_compressed` does.
fn npz(arrays: &[(&str, Vec<u8>)]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    for (name, bytes) in arrays {
        writer.start_file(format!("{name}.npy"), options).expect("memory is writable");
        writer.write_all(bytes).expect("memory is writable");
    }
    writer.finish().expect("memory is writable").into_inner()
}

/// Images of 4 x 4 whose upper or lower half is bright, and which.
fn images(count: usize, first: usize) -> [Vec<u8>; 2] {
    let image = |i: usize| {
        let bright = move |row: usize| (row < 2) == i.is_multiple_of(2);
        let pixel =
            move |p: usize| (if bright(p / 4) { 200 } else { 30 }) + ((i * 7 + p) % 40) as u8;
        (0..16).map(pixel)
    };
    let all = first..first + count;
    let pixels: Vec<u8> = all.clone().flat_map(image).collect();
    let labels: Vec<u8> = all.map(|i| (i % 2) as u8).collect();
    [npy("|u1", &format!("({count}, 4, 4)"), &pixels), npy("|u1", &format!("({count},)"), &labels)]
}

fn parts() -> Vec<(&'static str, Vec<u8>)> {
    let ([x_train, y_train], [x_test, y_test]) = (images(40, 0), images(10, 100));
    vec![("x_train", x_train), ("y_train", y_train), ("x_test", x_test), ("y_test", y_test)]
}

fn workspace(keys: &str, arrays: &[(&str, Vec<u8>)]) -> Workspace {
    let workspace = Workspace::with(&experiment(&format!("{ARRAYS}{keys}")));
    workspace.write("arrays.npz", npz(arrays));
    workspace
}

fn told(workspace: &Workspace, text: &str) -> String {
    let folder = fs::canonicalize(workspace.path("")).expect("it is there");
    text.replace(&*folder.to_string_lossy(), "FOLDER")
}

fn checked(workspace: &Workspace) -> String {
    let checked = workspace.succeed(&["data", "check", "experiment.toml"]);
    let lines = checked.lines().filter(|line| !line.contains("SHA-256"));
    told(workspace, &lines.collect::<Vec<_>>().join("\n"))
}

#[test]
fn images_are_learnt_by_a_convolution_and_turned_by_augmentation() {
    let workspace = workspace("", &parts());
    let text = "[dataset]\nkind = \"npz\"\npath = \"arrays.npz\"\nvalidation_examples = 4\n\
        [network]\nkind = \"layers\"\nlayers = [\n    { kind = \"conv2d\", filters = 4, \
        kernel_size = 3, padding = 1 },\n    { kind = \"relu\" },\n    { kind = \"flatten\" },\n    \
        { kind = \"linear\" },\n]\n[optimizer]\nkind = \"adam\"\n\
        learning_rate = 0.01\n[augmentation]\nhorizontal_flip = 0.5\nrandom_crop = { padding = 1 }\n\
        [training]\nepochs = 8\nbatch_size = 6\n";
    workspace.write("experiment.toml", text);
    insta::assert_snapshot!(checked(&workspace));
    workspace.succeed(&["run", "experiment.toml"]);
    let record = workspace.record(&workspace.only_run());
    assert_eq!(record["input"]["shape"], serde_json::json!([1, 4, 4]));
    assert_eq!(record["trial"]["dataset"]["scaling"], "unit");
    assert_eq!(record["trial"]["dataset"]["x_test"], "x_test");
    assert_eq!(record["last"]["test_accuracy"], 1.0);
    assert!(workspace.succeed(&["verify", "latest"]).contains("same"));
    let trial = format!("{}/trial.toml", workspace.only_run());
    assert_eq!(workspace.ids(&trial), workspace.ids("experiment.toml"));
}

#[test]
fn validation_arrays_are_the_validation_split() {
    let [x_val, y_val] = images(5, 200);
    let mut arrays = parts();
    arrays.extend([("x_val", x_val), ("y_val", y_val)]);
    let workspace = workspace("", &arrays);
    workspace.succeed(&["run", "experiment.toml"]);
    let record = workspace.record(&workspace.only_run());
    assert_eq!(record["trial"]["dataset"]["validation_examples"], 5);
    assert_eq!(record["class_counts"]["validation"], serde_json::json!([3, 2]));
    assert_eq!(record["class_counts"]["train"], serde_json::json!([20, 20]));
    let ran = workspace.run(&["plan", "experiment.toml", "--set", "dataset.validation_examples=6"]);
    assert_eq!(ran.code, Some(3), "{}", ran.err);
    assert!(ran.err.contains("the validation examples are already separate"), "{}", ran.err);
}

#[test]
fn rows_of_numbers_are_standardised_and_those_with_nan_are_left_out() {
    let rows = (0..40).flat_map(|i| [(i % 2) as f32 * 3.0 + i as f32 / 100.0, 1e6, i as f32]);
    let mut rows: Vec<f32> = rows.collect();
    rows[3 * 7] = f32::NAN;
    rows[3 * 8 + 1] = f32::INFINITY;
    let names: Vec<u8> = (0..40)
        .flat_map(|i| if i % 2 == 0 { ['a', 'b'] } else { ['c', '\0'] })
        .flat_map(|c| (c as u32).to_le_bytes())
        .collect();
    let arrays =
        [("data", npy("<f4", "(40, 3)", &floats(&rows))), ("target", npy("<U2", "(40,)", &names))];
    let workspace = workspace("x_train = \"data\"\ny_train = \"target\"\n", &arrays);
    insta::assert_snapshot!(checked(&workspace));
    workspace.succeed(&["run", "experiment.toml"]);
    let record = workspace.record(&workspace.only_run());
    assert_eq!(record["class_names"], serde_json::json!(["ab", "c"]));
    assert_eq!(record["trial"]["dataset"]["scaling"], "standardize");
    assert_eq!(record["last"]["test_accuracy"], 1.0);
    let ran = workspace.run(&["predict", "latest", "arrays.npz"]);
    assert_eq!(ran.code, Some(2), "{}", ran.err);
    assert!(ran.err.contains("rows of an `.npz` file"), "{}", ran.err);
}

#[test]
fn what_is_wrong_with_arrays_is_an_error_at_its_key() {
    let workspace = workspace("", &parts());
    let mut errors = Vec::new();
    let mut failed = |keys: &str, file: Vec<u8>| {
        workspace.write("experiment.toml", experiment(&format!("{ARRAYS}{keys}")));
        workspace.write("arrays.npz", file);
        let ran = workspace.run(&["run", "experiment.toml"]);
        assert_eq!(ran.code, Some(3), "{keys}: {}", ran.err);
        errors.push(told(&workspace, &ran.err));
    };
    let whole = npz(&parts());
    let with = |name: &'static str, array: Vec<u8>| {
        let mut arrays = parts();
        arrays.retain(|(other, _)| *other != name);
        arrays.push((name, array));
        npz(&arrays)
    };
    failed("x_train = \"images\"", whole.clone());
    failed("test_fraction = 0.3", whole.clone());
    failed("image_shape = [28, 28]", whole.clone());
    failed("image_shape = [4, 4, 3]", whole.clone());
    failed("sha256 = \"0123\"", whole.clone());
    failed("", Vec::new());
    failed("", whole[..whole.len() / 2].to_vec());
    failed("", b"\x93NUMPY no archive".to_vec());
    failed("", npz(&parts()[..3]));
    failed("", with("y_train", npy("|u1", "(39,)", &[0; 39])));
    failed("", with("y_train", npy("|O", "(40,)", b"\x80\x04N.")));
    failed("", with("y_train", npy("|u1", "(40, 10)", &[0; 400])));
    failed("", with("x_train", npy("<f4", "(40, 4, 4)", &floats(&[0.3; 640]))));
    failed("", with("x_train", npy("<f4", "(40, 2)", &floats(&[f32::NAN; 80]))));
    failed("", with("x_test", npy("|u1", "(10, 4, 5)", &[0; 200])));
    failed("", with("x_train", npy("<f8", "(40, 1000000000000)", &[0; 64])));
    failed("", with("x_train", npy("<f4", "(0, 1152921504606846976)", &[])));
    failed("", with("x_train", npy("|u1", "(40, 131073)", &vec![0; 40 * 131_073])));
    failed("", with("x_test", npy("|u1", "(0, 1099511627776, 1099511627776)", &[])));
    failed("", with("x_train", npy("|u1", "(40, 4, 4)", &[0; 639])));
    failed("", with("x_train", npy("|u1", "(40, 4, 4)", &vec![0; 50_000_000])));
    insta::assert_snapshot!(errors.join("\n"));
}

/// Images of 2 x 2 as real numbers of 32 bits.
fn real(numbers: &[f32]) -> Vec<u8> {
    npy("<f4", &format!("({}, 2, 2)", numbers.len() / 4), &floats(numbers))
}

fn labels(count: usize) -> Vec<u8> {
    let labels: Vec<u8> = (0..count).map(|i| (i % 2) as u8).collect();
    npy("|u1", &format!("({count},)"), &labels)
}

#[test]
fn pixels_of_all_arrays_have_one_scale() {
    let gray: Vec<f32> = (0..64).map(|i| (i * 4) as f32).collect();
    let black_and_white: Vec<f32> = (0..16).map(|i| (i * i % 3 % 2) as f32).collect();
    let arrays = |train: &[f32], test: &[f32]| {
        [
            ("x_train", real(train)),
            ("y_train", labels(train.len() / 4)),
            ("x_test", real(test)),
            ("y_test", labels(test.len() / 4)),
        ]
    };
    let bright: Vec<f32> = black_and_white.iter().map(|pixel| pixel * 255.0).collect();
    let divided: Vec<f32> = gray.iter().map(|pixel| pixel / 255.0).collect();
    let ids = |train: &[f32], test: &[f32], note: &str| {
        let workspace = workspace("", &arrays(train, test));
        let checked = checked(&workspace);
        assert!(checked.contains(note), "{note}: {checked}");
        workspace.ids("experiment.toml")
    };
    let black = "x_test has nothing but 0 and 1, read as the pixels of x_train are: from 0 to 255";
    let bytes = ids(&gray, &black_and_white, black);
    let white = "read as the pixels of x_train are: divided by 255, so 1 is the brightest";
    let of_divided = ids(&divided, &black_and_white, white);
    assert_eq!(of_divided, ids(&gray, &bright, ""));
    assert_ne!(bytes, of_divided);
    let mixed = "the pixels of x_train are divided by 255 and those of x_test are not";
    assert_eq!(of_divided, ids(&divided, &bright, mixed));
    let mut unclear = arrays(&gray, &black_and_white).to_vec();
    unclear.extend([("x_val", real(&divided[..16])), ("y_val", labels(4))]);
    let ran = workspace("", &unclear).run(&["plan", "experiment.toml"]);
    assert_eq!(ran.code, Some(3), "{}", ran.err);
    let problem = "it is not clear whether 1 is the brightest pixel: x_val is divided by 255";
    assert!(ran.err.contains(problem), "{}", ran.err);
}

#[test]
fn held_out_arrays_are_others_than_those_of_training() {
    let with_val = |[x_val, y_val]: [Vec<u8>; 2]| {
        let mut arrays = parts();
        arrays.extend([("x_val", x_val), ("y_val", y_val)]);
        workspace("", &arrays)
    };
    for (count, first, title) in [
        (40, 0, "the validation examples are the training examples"),
        (10, 100, "the test examples are the validation examples"),
    ] {
        let workspace = with_val(images(count, first));
        let ran = workspace.run(&["plan", "experiment.toml"]);
        assert_eq!(ran.code, Some(3), "{}", ran.err);
        assert!(ran.err.contains(title), "{}", ran.err);
    }
    let text = checked(&with_val(images(10, 0)));
    let note = "10 of the 10 validation examples also occur among the training examples";
    assert!(text.contains(note), "{text}");
    let text = checked(&with_val(images(8, 100)));
    assert!(
        text.contains("8 of the 10 test examples also occur among the validation examples"),
        "{text}"
    );
}
