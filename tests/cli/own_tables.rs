//! Tables as other programs write them: pixels in columns, decimal commas, other encodings, booleans.

use std::fs;

use crate::own_data::experiment;
use crate::workspace::Workspace;

/// Kaggle's file of digits in small: the label first, then the pixels of 4 x 4, row by row.
fn digits(lines: usize) -> String {
    let header = (0..16).fold("label".to_owned(), |text, i| text + &format!(",pixel{i}"));
    let line = |i: usize| {
        let bright = |p: usize| (p / 4 < 2) == i.is_multiple_of(2);
        let pixel = |p: usize| (if bright(p) { 200 } else { 30 }) + (i * 7 + p) % 40;
        (0..16).fold((i % 2).to_string(), |text, p| text + &format!(",{}", pixel(p)))
    };
    (0..lines).map(line).fold(header, |text, line| text + "\n" + &line) + "\n"
}

const DIGITS: &str =
    "kind = \"csv\"\npath = \"digits.csv\"\nlabel = \"label\"\nimage_shape = [4, 4]\n";

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
fn pixels_in_columns_are_images_for_convolutions_and_augmentation() {
    let convnet = "[network]\nkind = \"layers\"\nlayers = [\n    { kind = \"conv2d\", filters = 4, \
        kernel_size = 3, padding = 1 },\n    { kind = \"relu\" },\n    { kind = \"flatten\" },\n    \
        { kind = \"linear\" },\n]\n[optimizer]\nkind = \"adam\"\n\
        learning_rate = 0.01\n[augmentation]\nhorizontal_flip = 0.5\nrandom_crop = { padding = 1 }\n\
        [training]\nepochs = 8\nbatch_size = 6\n";
    let workspace = Workspace::with(&format!("[dataset]\n{DIGITS}{convnet}"));
    workspace.write("digits.csv", digits(60));
    insta::assert_snapshot!(checked(&workspace));
    workspace.succeed(&["run", "experiment.toml"]);
    let run = workspace.only_run();
    let record = workspace.record(&run);
    assert_eq!(record["input"]["shape"], serde_json::json!([1, 4, 4]));
    assert_eq!(record["trial"]["dataset"]["scaling"], "unit");
    assert_eq!(record["last"]["test_accuracy"], 1.0);
    assert_eq!(record["evaluated"]["balanced_accuracy"], 1.0);
    assert!(workspace.succeed(&["verify", "latest"]).contains("same"));
    assert_eq!(workspace.ids(&format!("{run}/trial.toml")), workspace.ids("experiment.toml"));
    // Kaggle's file of test digits has no labels; here the columns stand in another order too.
    let whole = digits(8);
    let turned = whole.lines().map(|line| {
        let (_, pixels) = line.split_once(',').expect("a label and pixels");
        pixels.split(',').rev().collect::<Vec<_>>().join(",")
    });
    let turned: Vec<String> = turned.collect();
    workspace.write("new.csv", turned.join("\n"));
    let predicted = workspace.succeed(&["predict", "latest", "new.csv", "--format", "json"]);
    let rows: serde_json::Value = serde_json::from_str(&predicted).expect("JSON");
    let classes = rows.as_array().expect("rows").iter().map(|row| row["class"].clone());
    assert_eq!(classes.collect::<Vec<_>>(), ["0", "1", "0", "1", "0", "1", "0", "1"]);
    workspace.write("new.csv", turned.join("\n").replacen("200", "0.5", 1));
    let ran = workspace.run(&["predict", "latest", "new.csv"]);
    assert_eq!(ran.code, Some(6), "{}", ran.err);
    assert!(ran.err.contains("which is not a whole number from 0 to 255"), "{}", ran.err);
}

#[test]
fn the_shape_is_what_makes_columns_pixels() {
    let workspace = Workspace::with(&experiment(DIGITS));
    workspace.write("digits.csv", digits(60));
    let of_images = workspace.ids("experiment.toml");
    workspace.write("experiment.toml", experiment(&DIGITS.replace("[4, 4]", "[2, 8]")));
    assert_ne!(workspace.ids("experiment.toml"), of_images);
    let without = DIGITS.replace("image_shape = [4, 4]\n", "");
    workspace.write("experiment.toml", experiment(&without));
    assert_ne!(workspace.ids("experiment.toml"), of_images);
    assert!(checked(&workspace).contains("16 features"));
}

#[test]
fn what_is_wrong_with_images_in_a_table_is_an_error_at_its_key() {
    let workspace = Workspace::new();
    let mut errors = Vec::new();
    let mut failed = |keys: &str, table: &str| {
        workspace.write("experiment.toml", experiment(keys));
        workspace.write("digits.csv", table);
        let ran = workspace.run(&["run", "experiment.toml"]);
        assert_eq!(ran.code, Some(3), "{keys}: {}", ran.err);
        errors.push(told(&workspace, &ran.err));
    };
    let whole = digits(60);
    let shaped = |shape: &str| DIGITS.replace("[4, 4]", shape);
    failed(&shaped("[5, 4]"), &whole);
    failed(&shaped("[4, 4, 1]"), &whole);
    failed(&shaped("[16]"), &whole);
    failed(&shaped("[2, 4, 2]"), &whole);
    failed(&shaped("[4, 0]"), &whole);
    failed(&shaped("[4, 2000]"), &whole);
    failed(&shaped("28"), &whole);
    failed(DIGITS, &whole.replacen("200", "0.784", 1));
    failed(DIGITS, &whole.replacen("200", "256", 1));
    insta::assert_snapshot!(errors.join("\n"));
}

const EUROPEAN: &str = "kind = \"csv\"\npath = \"t.csv\"\nlabel = \"stadt\"\ndelimiter = \";\"\n";

/// A table of a spreadsheet program: windows-1252, decimal commas, and booleans.
fn european(lines: u32) -> Vec<u8> {
    let line = |i: u32| {
        let city = if i.is_multiple_of(2) { "Köln – „Mitte“" } else { "Zürich" };
        let is_south = i % 2 == 1;
        format!("{},{};{};{city}\r\n", i % 2, i * 37 % 10, if is_south { "True" } else { "FALSE" })
    };
    let text =
        (0..lines).map(line).fold("größe;süden;stadt\r\n".to_owned(), |text, l| text + &l);
    let byte = |c: char| match c {
        '–' => 0x96,
        '„' => 0x84,
        '“' => 0x93,
        other => u8::try_from(other).expect("latin-1"),
    };
    text.chars().map(byte).collect()
}

#[test]
fn decimal_commas_encodings_and_booleans_are_read() {
    let keys = format!("{EUROPEAN}decimal = \",\"\nencoding = \"windows-1252\"\n");
    let workspace = Workspace::with(&experiment(&keys));
    workspace.write("t.csv", european(40));
    insta::assert_snapshot!(checked(&workspace));
    workspace.succeed(&["run", "experiment.toml"]);
    let record = workspace.record(&workspace.only_run());
    assert_eq!(record["class_names"], serde_json::json!(["Köln – „Mitte“", "Zürich"]));
    assert_eq!(record["input"]["columns_of_words"], serde_json::json!([1]));
    assert_eq!(record["last"]["test_accuracy"], 1.0);
    // The same numbers with points, in UTF-8, with 1 and 0: the same content.
    let sha256 = record["trial"]["dataset"]["sha256"].as_str().expect("a hash").to_owned();
    let text: String = european(40).iter().map(|byte| char::from(*byte)).collect();
    let text = text.replace(',', ".").replace("True", "1").replace("FALSE", "0");
    let text = text.replace('\u{96}', "–").replace('\u{84}', "„").replace('\u{93}', "“");
    workspace.write("t.csv", text);
    workspace.write("experiment.toml", experiment(EUROPEAN));
    let plain = workspace.succeed(&["data", "check", "experiment.toml"]);
    assert!(plain.contains(&sha256), "{plain}");
    // And a prediction reads what the training read.
    workspace.write("new.csv", &european(2)[..]);
    let rows = workspace.succeed(&["predict", "latest", "new.csv", "--format", "json"]);
    assert!(rows.contains("Zürich"), "{rows}");
    workspace.write("new.csv", &b"gr\xf6\xdfe;s\xfcden\ntrue;true\n"[..]);
    let ran = workspace.run(&["predict", "latest", "new.csv"]);
    assert!(ran.err.contains("`true`, which is not a number, in column `größe`"), "{}", ran.err);
}

#[test]
fn a_wrong_setting_of_a_table_is_asked_about() {
    let workspace = Workspace::new();
    let mut said = Vec::new();
    let mut run = |keys: &str, table: &[u8], code: i32| {
        workspace.write("experiment.toml", experiment(keys));
        workspace.write("t.csv", table);
        let ran = workspace.run(&["data", "check", "experiment.toml"]);
        assert_eq!(ran.code, Some(code), "{keys}: {}", ran.err);
        let notes = ran.out.lines().filter(|line| line.contains("note:"));
        said.push(told(&workspace, &(notes.collect::<Vec<_>>().join("\n") + &ran.err)));
    };
    let with = |keys: &str| format!("{EUROPEAN}{keys}\n");
    run(EUROPEAN, &european(40), 3);
    run(&with("encoding = \"windows-1252\""), &european(40), 3);
    let utf8 = |text: &str| text.replace("größe", "g").replace("süden", "s");
    let latin = |bytes: Vec<u8>| -> String { bytes.iter().map(|b| char::from(*b)).collect() };
    let text = utf8(&latin(european(40)));
    run(&with("encoding = \"latin-1\"\ndecimal = \",\""), text.as_bytes(), 0);
    let mixed = "g;s;stadt\n".to_owned() + &"1,5;0;a\n1;1;b\n2;0;a\n1.5;1;b\n".repeat(5);
    run(EUROPEAN, mixed.as_bytes(), 0);
    run(&with("decimal = \",\""), mixed.as_bytes(), 0);
    let booleans = "g;s;stadt\n".to_owned() + &"true;0;a\n7;1;b\n".repeat(9);
    run(EUROPEAN, booleans.as_bytes(), 3);
    run(EUROPEAN, b"\xff\xfeg\0;\0s\0", 3);
    run(&with("encoding = \"latin-1\""), b"\xef\xbb\xbfg;s;stadt\n1;2;a\n", 3);
    run(&with("encoding = \"windows-1252\""), b"g;s;stadt\n1;2;a\x81\n3;4;b\n", 3);
    run(&with("encoding = \"utf8\""), b"", 3);
    run(&with("decimal = \";\""), b"", 3);
    insta::assert_snapshot!(said.join("\n"));
}
