//! `predict`: the user's own pictures and lines through a run's network, and what is no example.

use std::fs;

use serde_json::Value;

use crate::experiments::trial;
use crate::own_data::{experiment, flowers, hostile_files, photos, picture, save};
use crate::workspace::{Workspace, names};

const DIVIDED: &str = "kind = \"images\"\npath = \"photos\"\nimage_size = 6\naspect = \"crop\"\n\
    scaling = \"standardize\"\n";

/// A finished run on pictures in `train` and `test`.
fn finished() -> Workspace {
    let workspace = Workspace::with(&experiment(DIVIDED));
    photos(&workspace, "photos/train", 6);
    photos(&workspace, "photos/test", 9);
    // Some that are hard to tell.
    for i in 0..6 {
        let class = if i % 2 == 0 { "red" } else { "blue" };
        save(&workspace, &format!("photos/test/{class}/z{i}.png"), &picture(7, 9, i % 3 == 0, i));
    }
    workspace.succeed(&["run", "experiment.toml"]);
    workspace
}

fn rows(text: &str) -> Vec<Value> {
    serde_json::from_str(text).expect("JSON")
}

#[test]
fn test_pictures_are_taken_for_what_the_run_took_them_for() {
    let workspace = finished();
    let shown = workspace.succeed(&["predict", "latest", "photos/test", "--format", "json"]);
    let run = workspace.only_run();
    let npy = fs::read(workspace.path(&format!("{run}/test_predictions.npy"))).expect("there");
    let predicted: Vec<u8> = npy[128..].chunks(2).map(|pair| pair[0]).collect();
    // The run's order: the classes take turns, each by name.
    let files = |class: &str| names(&workspace.path(&format!("photos/test/{class}")));
    let in_turn = files("blue").into_iter().zip(files("red")).flat_map(|(blue, red)| {
        [format!("photos/test/blue/{blue}"), format!("photos/test/red/{red}")]
    });
    let rows = rows(&shown);
    assert_eq!((rows.len(), predicted.len()), (24, 24));
    let mut compared = 0;
    for (file, class) in in_turn.zip(&predicted) {
        let row = rows.iter().find(|row| row["file"] == file.as_str()).expect("it is there");
        assert_eq!(row["class"], ["blue", "red"][usize::from(*class)], "{file}");
        compared += 1;
    }
    assert_eq!(compared, 24);
    let evaluation: Value =
        serde_json::from_str(&workspace.read(&format!("{run}/evaluation.json"))).expect("JSON");
    let worst = &evaluation["mistakes"][0];
    let confidence = worst["confidence"].as_f64().expect("some are hard to tell");
    let is_same =
        |row: &Value| (row["probability"].as_f64().unwrap_or(0.0) - confidence).abs() < 2e-6;
    assert!(rows.iter().any(is_same), "{worst}");
}

#[test]
fn the_training_data_is_not_needed() {
    let workspace = finished();
    let args = ["predict", "latest", "mine", "--top", "1", "--format", "csv"];
    photos(&workspace, "mine", 2);
    let before = workspace.succeed(&args);
    fs::remove_dir_all(workspace.path("photos")).expect("removed");
    assert_eq!(workspace.succeed(&args), before);
    insta::assert_snapshot!(
        before
            .lines()
            .map(|line| line.rsplit_once(',').expect("fields").0)
            .collect::<Vec<_>>()
            .join("\n")
    );
}

#[test]
fn unreadable_files_are_reported_and_the_rest_is_done() {
    let workspace = finished();
    hostile_files(&workspace, "mine");
    photos(&workspace, "mine/more", 1);
    let ran = workspace.run(&["predict", "latest", "mine", "nothing.png", "--top", "9"]);
    assert_eq!(ran.code, Some(6));
    insta::assert_snapshot!(ran.err);
    let lines: Vec<&str> = ran.out.lines().collect();
    assert!(lines.len() >= 3 && ran.out.contains("mine/more/red/000.webp"), "{}", ran.out);
}

#[test]
fn thin_pictures_are_refused_with_their_size() {
    let workspace = finished();
    let bytes = |width, height| {
        let mut bytes = Vec::new();
        let mut encoder = png::Encoder::new(&mut bytes, width, height);
        encoder.set_color(png::ColorType::Grayscale);
        let mut writer = encoder.write_header().expect("written");
        writer.write_image_data(&vec![7; (width * height) as usize]).expect("written");
        drop(writer);
        bytes
    };
    workspace.write("tall.png", bytes(1, 3_000_000));
    workspace.write("wide.png", bytes(3_000_000, 1));
    let ran = workspace.run(&["predict", "latest", "tall.png", "wide.png"]);
    assert_eq!(ran.code, Some(6));
    assert_eq!(
        ran.err,
        "tall.png is too large: 1 x 3000000 pixels, at most 131072 a side are possible\n\
         wide.png is too large: 3000000 x 1 pixels, at most 131072 a side are possible\n"
    );
    fs::copy(workspace.path("tall.png"), workspace.path("photos/train/red/tall.png"))
        .expect("copied");
    let checked = workspace.succeed(&["data", "check", "experiment.toml"]);
    assert!(checked.contains("red/tall.png is too large: 1 x 3000000 pixels"), "{checked}");
}

#[test]
fn wrong_targets_say_so() {
    let workspace = finished();
    fs::create_dir_all(workspace.path("empty")).expect("writable");
    let failed = |args: &[&str]| {
        let ran = workspace.run(args);
        (ran.code, ran.err)
    };
    let (code, text) = failed(&["predict", "latest", "empty"]);
    assert_eq!(
        (code, text.as_str()),
        (Some(4), "error: there is no PNG, JPEG or WebP file in empty\n")
    );
    let (code, text) = failed(&["predict", "latest", "photos", "--weights", "best"]);
    assert_eq!(code, Some(4));
    assert!(text.contains("has no best.safetensors"), "{text}");
    assert_eq!(failed(&["predict", "ffffff", "photos"]).0, Some(4));
    assert_eq!(failed(&["predict", "latest"]).0, Some(2));
    assert_eq!(failed(&["predict", "latest", "photos", "--top", "0"]).0, Some(2));
}

#[test]
fn pictures_of_any_kind_fit_a_run_on_generated_data() {
    let workspace = Workspace::with(&trial(1));
    workspace.succeed(&["run", "experiment.toml"]);
    save(&workspace, "photo.jpg.png", &picture(300, 200, true, 5));
    let shown = workspace.succeed(&["predict", "latest", "photo.jpg.png", "--format", "json"]);
    let rows = rows(&shown);
    let probability = |name: &str| rows[0][name].as_f64().expect("a number");
    assert!(probability("probability") >= probability("probability_2"));
    assert!(probability("probability_2") >= probability("probability_3"));
}

#[test]
fn lines_of_a_table_have_a_row_each() {
    let dataset = "kind = \"csv\"\npath = \"flowers.csv\"\nlabel = \"species\"";
    let workspace = Workspace::with(&experiment(dataset));
    workspace.write("flowers.csv", flowers(60));
    workspace.succeed(&["run", "experiment.toml"]);
    fs::remove_file(workspace.path("flowers.csv")).expect("removed");
    // Other columns in another order, without a label.
    workspace.write("new.csv", "constant,width,length\n5,100,0.2\n5,x,3\n5,100,3.2\n");
    let ran = workspace.run(&["predict", "latest", "new.csv", "--top", "1", "--format", "csv"]);
    let id = &workspace.runs()[0];
    let said = format!(
        "new.csv line 3 has `x`, which is not a number, in column `width`\n\
         predicted by run {id}, with the last weights\n"
    );
    assert_eq!((ran.code, &ran.err), (Some(6), &said));
    let rows: Vec<Vec<&str>> = ran.out.lines().map(|line| line.split(',').collect()).collect();
    assert_eq!(rows[0], ["file", "line", "class", "probability"]);
    assert_eq!(rows[1][..3], ["new.csv", "2", "rose"]);
    assert_eq!(rows[2][..3], ["new.csv", "4", "lily"]);
    workspace.write("new.csv", "constant,widht,length\n5,100,0.2\n");
    let ran = workspace.run(&["predict", "latest", "new.csv"]);
    assert_eq!(ran.code, Some(6));
    insta::assert_snapshot!(ran.err);
}
