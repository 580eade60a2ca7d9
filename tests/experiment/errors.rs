//! Every error of a file at once, each with its line underlined and a suggestion.

use runner::experiment::{Experiment, MAX_TRIALS};

use super::read;

const VALID: &str = r#"
[dataset]
kind = "synthetic"

[network]
kind = "mlp"
hidden_sizes = [10]
batch_norm = true

[optimizer]
kind = "sgd"

[training]
epochs = 2
"#;

/// The rendered errors, which there have to be.
fn errors(text: &str, sets: &[&str]) -> String {
    read(text.as_bytes(), sets).expect_err("the file is invalid").to_string()
}

#[test]
fn all_errors_of_a_file_are_reported_at_once() {
    insta::assert_snapshot!(errors(
        r#"nam = "x"
dropout = 0.5
"network.dropout" = 1e-50

[dataset]
kind = "cifr10"
train_examples = 60_000
validation_examples = 5_001

[network]
kind = "mlp"
hiden_sizes = [100, 0]
activation = "Relu"
batch_norm = 1
dropout = 1.0

[optimizer]
kind = "adam"
learning_rate = "0.1"
eps = 1e300
momentum = 0.9
weight_decay = nan

[training]
epochs = 10
steps = 5
batch_size = 0
seeds = [1, 2, 1]

[evaluation]
every_epoch = 1
"#,
        &[]
    ));
}

#[test]
fn syntax_errors_are_reported_together() {
    insta::assert_snapshot!(errors(
        "name = \"a\n[dataset\nkind = = 3\n[network]\na = 1\na = 2\n",
        &[]
    ));
}

#[test]
fn errors_of_a_grid_point_at_the_value_in_the_grid() {
    let grid = r#"
[grid]
"network.droput" = [0.1]
training.batch_size = []
network.dropout = [0.1, 0.1, "a", 1.5]
"network.dropout" = [3]
network.hidden_sizes = [10, [0]]
optimizer.momentum = [0.9]
optimizer.weight_decay = 0.1
name = ["a"]

[[exclude]]
network.colour = "red"
"#;
    insta::assert_snapshot!(errors(&format!("{VALID}{grid}"), &[]));
}

#[test]
fn combinations_that_do_not_fit_are_reported_once() {
    let grid = r#"
[grid]
optimizer.kind = ["sgd", "momentum"]
optimizer.momentum = [0.5, 0.9]
training.batch_size = [1, 100, 11, 4_800]
dataset.validation_examples = [0, 501, 500, 5_000]
evaluation.train_examples = [4_800]
training.seeds = [1, 2, 3]
"#;
    insta::assert_snapshot!(errors(&format!("{VALID}{grid}"), &[]));
}

#[test]
fn a_share_of_the_training_examples_has_every_class() {
    let range = errors(&format!("{VALID}[grid]\ndataset.train_fraction = [0, 1.5]"), &[]);
    assert_eq!(range.matches("must be above 0 and at most 1").count(), 2, "{range}");
    let error = errors(VALID, &["dataset.train_fraction=0.001"]);
    let title = "`dataset.train_fraction` leaves a class without a training example";
    assert!(error.contains(title), "{error}");
    assert!(error.contains("trains on 5 of 5000 examples"), "{error}");
    assert!(error.contains("the smallest share is 0.0019"), "{error}");
    assert!(read(VALID.as_bytes(), &["dataset.train_fraction=0.0019"]).is_err(), "batches of 100");
    let sets = ["dataset.train_fraction=0.0019", "training.batch_size=5"];
    assert!(read(VALID.as_bytes(), &sets).is_ok());
}

#[test]
fn errors_of_overrides_point_into_their_text() {
    let sets = [
        "network.dropout=2",
        "network.hiden_sizes = [3]",
        "optimizer.learning_rate",
        "training.epochs=[1, 2]",
        "training.batch_size=ten",
        "epochs=3",
    ];
    insta::assert_snapshot!(errors(VALID, &sets));
    insta::assert_snapshot!(errors(VALID, &["network.dropout=[0.1, ", "=3", "name=\"a\nb\""]));
}

#[test]
fn missing_tables_and_keys_say_what_to_write() {
    insta::assert_snapshot!(errors("[network]\n[training]\n[optimizer]\nkin = \"sgd\"\n", &[]));
    insta::assert_snapshot!(errors("", &[]));
}

#[test]
fn more_trials_than_the_limit_name_the_grid() {
    let numbers: Vec<String> = (1..400).map(|number| number.to_string()).collect();
    let list = numbers.join(",");
    let text =
        format!("{VALID}[grid]\ntraining.epochs = [{list}]\ndataset.split_seed = [{list}]\n");
    insta::assert_snapshot!(errors(&text, &[]));
}

#[test]
fn an_exclusion_without_effect_is_an_error() {
    let text =
        format!("{VALID}[grid]\nnetwork.dropout = [0.1]\n[[exclude]]\nnetwork.dropout = 0.2\n");
    insta::assert_snapshot!(errors(&text, &[]));
}

#[test]
fn odd_texts_are_shown_without_harm() {
    let crlf = VALID.replace('\n', "\r\n").replace("epochs = 2", "\tepochs =\t\"ж\"\t# ünï");
    insta::assert_snapshot!(errors(&crlf, &[]));
    let not_utf8 = [VALID.as_bytes(), b"name = \"caf\xe9\"\n"].concat();
    insta::assert_snapshot!(read(&not_utf8, &[]).expect_err("not UTF-8").to_string());
    let huge = VALID.replace("epochs = 2", "epochs = 99999999999999999999999");
    insta::assert_snapshot!(errors(&huge, &[]));
    let large =
        VALID.replace("epochs = 2", "epochs = 9223372036854775807\nseeds = 9223372036854775807");
    insta::assert_snapshot!(errors(&large, &[]));
}

#[test]
fn a_value_that_the_grid_replaces_has_to_be_valid_all_the_same() {
    let text = VALID.replace("batch_norm = true", "dropout = 7");
    insta::assert_snapshot!(errors(&format!("{text}[grid]\nnetwork.dropout = [0.1]\n"), &[]));
}

#[test]
fn wrong_seeds_are_errors_and_no_exclusion() {
    for seeds in ["[-1]", "0", "-3", "[]", "[1.5]", "\"1\"", "[[1]]", "1.0"] {
        let text = format!("{VALID}seeds = {seeds}\n");
        let errors = errors(&text, &[]);
        assert!(errors.contains("`training.seeds`"), "{errors}");
    }
}

#[test]
fn colour_is_only_added() {
    let path = std::path::Path::new("test.toml");
    let render = |color| Experiment::from_bytes(path, b"a = 1", &[], MAX_TRIALS, color);
    let text = render(true).expect_err("invalid").to_string();
    assert!(text.contains("\u{1b}["));
    assert!(!render(false).expect_err("invalid").to_string().contains('\u{1b}'));
}

#[test]
fn a_byte_order_mark_and_crlf_are_no_errors() {
    let text = format!("\u{feff}{}", VALID.replace('\n', "\r\n"));
    assert_eq!(
        read(text.as_bytes(), &[]).map(|experiment| experiment.name).ok(),
        Some("test".into())
    );
}

#[test]
fn keys_of_a_schedule_that_do_not_go_together_are_reported() {
    let schedule = r#"
label_smoothing = 1
clip_norm = 0
clip_value = 1.0
ema_decay = 1.0
early_stopping = { monitor = "test_loss", min_delta = -1 }

[schedule]
kind = "multi_step"
milestones = [3, 1]
warmup_steps = 5
warmup_epochs = 1
warmup_start_fraction = 1.5
final_fraction = 0.1
"#;
    insta::assert_snapshot!(errors(&format!("{VALID}{schedule}"), &[]));
}

#[test]
fn schedules_and_early_stopping_that_do_not_fit_to_the_training_are_reported() {
    let grid = r#"
[grid]
schedule = [
    { kind = "cosine", warmup_epochs = 2 },
    { kind = "linear", warmup_steps = 1_000_000 },
    { kind = "step", step_epochs = 2 },
    { kind = "multi_step", milestones = [1, 32_000] },
    { kind = "multi_step", milestones = [] },
    { kind = "one_cycle", warmup_steps = 3 },
    { kind = "reduce_on_plateau" },
    { kind = "reduce_on_plateau", min_learning_rate = 1 },
    { kind = "exponential", gamma = 0 },
    { kind = "step" },
    { kind = "cosin" },
    { warmup_steps = 1 },
]
training.early_stopping = [{ patience = 3 }, { patience = 0 }, {}]
"#;
    insta::assert_snapshot!(errors(&format!("{VALID}{grid}"), &[]));
}
