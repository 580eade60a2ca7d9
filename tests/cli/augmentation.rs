//! Augmentation as a user meets it: same bytes whatever happens, a sheet of pictures, and what is said of
//! it where configs are compared.

use std::time::Duration;
use std::{fs, thread};

use rustix::process::Signal;
use sha2::{Digest, Sha256};

use crate::experiments::trial;
use crate::own_data::{experiment, flowers};
use crate::workspace::{Workspace, wait_until};

const EVERYTHING: &str = r#"
[augmentation]
horizontal_flip = 0.5
random_crop = { padding = 4 }
color_jitter = { brightness = 0.2, contrast = 0.2, saturation = 0.2 }
cutout = { size = 8 }
mixup = { alpha = 0.4 }
"#;

fn augmented(epochs: u32) -> String {
    trial(epochs) + EVERYTHING
}

/// A finished run of `experiment`.
fn finished(experiment: &str, options: &[&str]) -> (Workspace, String) {
    let workspace = Workspace::with(experiment);
    workspace.succeed(&[&["run", "experiment.toml"], options].concat());
    let run = workspace.only_run();
    (workspace, run)
}

fn sheet(workspace: &Workspace, run: &str) -> Vec<u8> {
    fs::read(workspace.path(&format!("{run}/augmented.png"))).expect("it is written at the end")
}

/// Width and height of a picture.
fn size(bytes: &[u8]) -> (u32, u32) {
    let reader = png::Decoder::new(std::io::Cursor::new(bytes)).read_info().expect("a picture");
    (reader.info().width, reader.info().height)
}

fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

#[test]
fn instructions_and_jobs_change_no_byte_and_the_bytes_are_pinned() {
    let (workspace, run) = finished(&augmented(3), &[]);
    for options in [["--kernel", "portable"], ["--jobs", "1"], ["--jobs", "8"]] {
        let (other, _) = finished(&augmented(3), &options);
        assert!(other.results() == workspace.results(), "{options:?}");
        assert!(sheet(&other, &run) == sheet(&workspace, &run), "{options:?}");
    }
    let pinned = ["metrics.csv", "model.safetensors"]
        .map(|name| sha256(&fs::read(workspace.path(&format!("{run}/{name}"))).expect("finished")));
    insta::assert_snapshot!(format!("{run}\n{}", pinned.join("\n")));
}

#[test]
fn a_killed_run_ends_in_the_bytes_of_an_undisturbed_one() {
    let experiment = augmented(60);
    let workspace = Workspace::with(&experiment);
    let more = ["run", "experiment.toml", "--checkpoint-seconds", "0.02"];
    let mut hits = 0;
    for pause in [15, 40, 70] {
        let before = workspace.attempts_logged();
        let mut running = workspace.start(&more);
        workspace.wait_for_attempt(before, &mut running);
        thread::sleep(Duration::from_millis(pause));
        hits += usize::from(running.is_alive());
        running.signal(Signal::KILL);
        running.wait();
    }
    assert!(hits > 0, "no kill hit a running process");
    workspace.succeed(&more);
    let (undisturbed, run) = finished(&experiment, &[]);
    assert!(workspace.results() == undisturbed.results());
    assert!(sheet(&workspace, &run) == sheet(&undisturbed, &run));
}

#[test]
fn an_interrupted_run_goes_on_to_the_same_bytes() {
    let experiment = augmented(60);
    let workspace = Workspace::with(&experiment);
    let mut running = workspace.start(&["run", "experiment.toml"]);
    wait_until("a row is there", || {
        let rows = workspace.runs().into_iter().filter_map(|run| {
            fs::read_to_string(workspace.path(&format!("runs/{run}/metrics.csv"))).ok()
        });
        rows.map(|text| text.lines().count()).sum::<usize>() > 1 || !running.is_alive()
    });
    running.signal(Signal::INT);
    running.wait();
    workspace.succeed(&["run", "experiment.toml"]);
    assert!(workspace.results() == finished(&experiment, &[]).0.results());
}

#[test]
fn show_draws_the_sheet_and_replaces_nothing_unless_forced() {
    let (workspace, run) = finished(&augmented(1), &[]);
    let draw = ["show", "latest", "--augmented", "sheets/new.png"];
    let ran = workspace.run(&draw);
    assert_eq!((ran.code, ran.out.as_str()), (Some(0), ""));
    insta::assert_snapshot!("show_says_what_the_rows_are", ran.err);
    let drawn = fs::read(workspace.path("sheets/new.png")).expect("it is written");
    assert!(drawn == sheet(&workspace, &run), "the sheet of the run's folder is another");
    // 8 examples of 32 x 32 pixels, twice as large; the original and 8 epochs.
    assert_eq!(size(&drawn), (9 * 68 + 12 + 4, 8 * 68 + 4));
    fs::write(workspace.path("sheets/new.png"), "mine").expect("writable");
    let refused = workspace.run(&draw);
    assert_eq!(refused.code, Some(2));
    insta::assert_snapshot!("show_refuses_to_replace", refused.err);
    assert_eq!(workspace.read("sheets/new.png"), "mine");
    workspace.succeed(&[&draw[..], &["--force"]].concat());
    assert!(fs::read(workspace.path("sheets/new.png")).expect("there") == drawn);
    let into_run = format!("{run}/mine.png");
    assert_eq!(workspace.run(&["show", "latest", "--augmented", &into_run]).code, Some(2));
}

#[test]
fn runs_without_augmentation_have_no_sheet() {
    let (workspace, run) = finished(&trial(1), &[]);
    let ran = workspace.run(&["show", "latest", "--augmented", "sheet.png"]);
    assert_eq!(ran.code, Some(2));
    insta::assert_snapshot!("show_without_augmentation", ran.err.replace(&run[5..], "RUN"));
    assert!(!workspace.path("sheet.png").exists());
    assert!(!workspace.path(&format!("{run}/augmented.png")).exists());
}

#[test]
fn the_report_has_the_sheet_and_verify_agrees() {
    let (workspace, _) = finished(&augmented(1), &[]);
    workspace.succeed(&["report", "runs", "-o", "report.html"]);
    let html = workspace.read("report.html");
    assert_eq!(html.matches("\"augmented_picture\":\"data:image/png;base64,").count(), 1);
    assert!(workspace.succeed(&["verify", "latest"]).contains("same"));
}

#[test]
fn comparisons_name_what_varies_and_what_is_off() {
    let grid =
        "[grid]\naugmentation.cutout.size = [0, 8]\naugmentation.horizontal_flip = [0.0, 0.5]\n";
    let workspace = Workspace::with(&(trial(1) + grid));
    let ran = workspace.run(&["run", "experiment.toml", "--format", "csv"]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    let settings = "label,augmentation.cutout.size,augmentation.horizontal_flip,n,";
    assert!(ran.out.lines().any(|line| line.starts_with(settings)), "{}", ran.out);
    let labels = ["baseline", "cutout size 8, horizontal flip 0.5"];
    assert!(labels.iter().all(|label| ran.err.contains(label)), "{}", ran.err);
    let off = ["compare", "runs", "--where", "cutout.size == 0 and horizontal_flip == 0"];
    let off = workspace.succeed(&[&off[..], &["--format", "csv"]].concat());
    assert_eq!(off.lines().filter(|line| !line.starts_with('#')).count(), 2, "{off}");
    // What is off is the trial of before there was such a table.
    let plain = Workspace::with(&trial(1));
    assert!(workspace.runs().contains(&plain.ids("experiment.toml")[0]));
}

#[test]
fn rows_of_numbers_are_refused_at_the_table() {
    let dataset = "kind = \"csv\"\npath = \"flowers.csv\"\nlabel = \"species\"\n";
    let table = "\n[augmentation]\nmixup.alpha = 0.2\n";
    let workspace = Workspace::with(&(experiment(dataset) + table));
    workspace.write("flowers.csv", flowers(60));
    let ran = workspace.run(&["plan", "experiment.toml"]);
    assert_eq!(ran.code, Some(3));
    let words = ["`augmentation` is for images", "[augmentation]", "rows of 3 numbers"];
    assert!(words.iter().all(|word| ran.err.contains(word)), "{}", ran.err);
}
