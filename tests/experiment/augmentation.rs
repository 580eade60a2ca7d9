//! The `[augmentation]` table: its errors all at once, at their lines, and ids that do not move.

use super::read;

const BASE: &str = r#"
network = { kind = "mlp", hidden_sizes = [10] }
optimizer = { kind = "sgd" }
training = { epochs = 2 }
"#;

fn errors(dataset: &str, table: &str) -> String {
    let text = format!("dataset = {{ kind = \"{dataset}\" }}{BASE}{table}");
    read(text.as_bytes(), &[]).expect_err("the file is invalid").to_string()
}

fn id(table: &str) -> String {
    let text = format!("dataset = {{ kind = \"synthetic\" }}{BASE}{table}");
    let trials = read(text.as_bytes(), &[]).unwrap_or_else(|error| panic!("{error}")).trials;
    trials[0].id()
}

#[test]
fn values_out_of_range_and_unknown_keys() {
    insta::assert_snapshot!(errors(
        "synthetic",
        r#"
[augmentation]
horizontal_flip = 1.5
vertical_flip = 0.5
random_crop = { padding = -1, fill = 256 }
color_jitter = { brightness = -0.1, contrast = nan, hue = 0.1 }
cutout = 8
mixup = { alpha = "0.2" }
"#
    ));
}

#[test]
fn settings_that_do_not_fit_the_images() {
    insta::assert_snapshot!(errors(
        "mnist",
        r#"
[augmentation]
cutout.size = 29
[augmentation.random_crop]
padding = 28
[augmentation.color_jitter]
brightness = 0.2
saturation = 0.2
"#
    ));
}

#[test]
fn a_grid_point_that_does_not_fit_is_underlined_in_the_grid() {
    insta::assert_snapshot!(errors(
        "synthetic",
        "\n[grid]\naugmentation.random_crop.padding = [0, 4, 32]\n"
    ));
}

#[test]
fn what_is_off_is_left_out_of_the_id_and_what_is_on_is_part_of_it() {
    let off = r#"
[augmentation]
horizontal_flip = 0
random_crop = { padding = 0, fill = 255 }
color_jitter = {}
cutout = { size = 0 }
mixup = { alpha = 0.0 }
"#;
    assert_eq!(id(off), id(""));
    let tables = [
        "horizontal_flip = 0.5",
        "random_crop.padding = 4",
        "random_crop = { padding = 4, fill = 9 }",
        "color_jitter.brightness = 0.2",
        "color_jitter.contrast = 0.2",
        "color_jitter.saturation = 0.2",
        "cutout.size = 8",
        "mixup.alpha = 0.2",
        "",
    ];
    let ids = tables.map(|table| id(&format!("\n[augmentation]\n{table}\n")));
    let distinct: std::collections::HashSet<_> = ids.iter().collect();
    assert_eq!(distinct.len(), tables.len());
    insta::assert_snapshot!(ids.join("\n"));
}

#[test]
fn trial_toml_reads_back_as_the_same_trial() {
    let table = r#"
[augmentation]
horizontal_flip = 0.25
random_crop = { padding = 4, fill = 9 }
color_jitter = { brightness = 0.1, contrast = 0.2, saturation = 0.3 }
cutout = { size = 8 }
mixup = { alpha = 0.2 }
"#;
    let text = format!("dataset = {{ kind = \"synthetic\" }}{BASE}{table}");
    let trial =
        read(text.as_bytes(), &[]).unwrap_or_else(|error| panic!("{error}")).trials.remove(0);
    let toml = trial.to_toml();
    let again =
        read(toml.as_bytes(), &[]).unwrap_or_else(|error| panic!("{error}")).trials.remove(0);
    assert_eq!(again, trial);
    insta::assert_snapshot!(toml);
}
