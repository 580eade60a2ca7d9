//! Words of other programs, keys in the wrong table, tables without a kind: what is said of them, all at once.

use super::read;

fn errors(text: &str, sets: &[&str]) -> String {
    read(text.as_bytes(), sets).expect_err("the file is invalid").to_string()
}

#[test]
fn words_of_others_are_translated_where_they_stand() {
    insta::assert_snapshot!(errors(
        r#"lr_scheduler = "cosine"
n_seeds = 3

[dataset]
kind = "FakeData"
val_size = 500

[network]
kind = "mlp"
hidden_layers = [100, 50]
use_batchnorm = true
dropout_ratio = 0.2
weight_init = "kaiming_normal"
activation = "swish"

[optimizer]
kind = "SGDMomentum"
lr = 0.01
wd = 0.001
use_nesterov = true
betas = [0.9, 0.99]

[schedule]
kind = "CosineAnnealingLR"
T_max = 100

[training]
iters_num = 10_000
bs = 100
random_state = 1
loss = "CrossEntropyLoss"

[augmentation]
RandomHorizontalFlip = 0.5
"#,
        &[]
    ));
}

#[test]
fn layers_of_others_are_translated() {
    insta::assert_snapshot!(errors(
        r#"
[dataset]
kind = "cifar10"
[network]
kind = "Sequential"
layers = [
    { kind = "Conv2d", out_channels = 20, kernel = 5 },
    { kind = "MaxPooling2D", pool_size = 2 },
    { kind = "BatchNorm2d", momentum = 0.1 },
    { kind = "nn.Flatten" },
    { kind = "Dense", out_features = 100 },
    { kind = "Dropout", keep_prob = 0.8 },
    { kind = "Softmax" },
]
[optimizer]
kind = "NAdam"
[training]
epochs = 2
"#,
        &[]
    ));
}

#[test]
fn keys_of_other_tables_are_sent_there() {
    insta::assert_snapshot!(errors(
        r#"learning_rate = 0.1
train_examples = 500
[dataset]
kind = "synthetic"
batch_size = 100
[network]
kind = "mlp"
hidden_sizes = [10]
epochs = 3
learning_rate = 0.01
[optimizer]
kind = "adam"
dropout = 0.2
horizontal_flip = 0.5
[training]
epochs = 2
baseline_seeds = 6
early_stopping = { patience = 3, threshold = 0.1 }
[training.schedule]
kind = "cosine"
"#,
        &["training.lr=0.1", "model.dropout=0.2", "dropout=0.3"]
    ));
}

#[test]
fn a_missing_kind_hides_no_other_mistake_of_its_table() {
    insta::assert_snapshot!(errors(
        r#"
[dataset]
train_examples = 0
labels = "rough"
colour = "red"
[network]
hidden_sizes = [10, 0]
dropout = 1.5
droput = 0.1
[optimizer]
learning_rate = -1
beta1 = "a"
momentum = 0.9
[schedule]
gamma = 0
step_epochs = 3
[training]
epochs = 0
"#,
        &[]
    ));
}

#[test]
fn kinds_that_vary_alone_get_keys_that_they_do_not_have() {
    insta::assert_snapshot!(errors(
        r#"
[dataset]
kind = "synthetic"
[network]
kind = "mlp"
hidden_sizes = [10]
[optimizer]
kind = "adam"
beta1 = 0.8
[training]
epochs = 2
[grid]
optimizer.kind = ["adam", "sgd", "momentum"]
"#,
        &[]
    ));
}

#[test]
fn what_wants_a_table_shows_one() {
    insta::assert_snapshot!(errors(
        r#"augmentation = true
schedule = "CosineDecay"
network = "mlp"
optimizer = "Adam"
dataset = "cifar10"
evaluation = 2
grid = 3
variant = "more dropout"
search = "random"
halving = true
[training]
epochs = 2
early_stopping = true
"#,
        &[]
    ));
    insta::assert_snapshot!(errors(
        r#"
[dataset]
kind = "cifar10"
[augmentation]
random_crop = 4
cutout = true
mixup = 0.2
color_jitter = true
[network]
kind = "mlp"
hidden_sizes = [10]
weight_init = 0.01
[optimizer]
kind = "sgd"
[schedule]
kind = "cosine"
[training]
epochs = 2
early_stopping = 5
"#,
        &[]
    ));
}

/// The words that stand alone in code, or before `=`, as keys do, in the left column of a page's tables.
fn key_like_words(page: &str) -> Vec<String> {
    let rows = page.lines().filter_map(|line| line.strip_prefix("| ")?.split(" | ").next());
    let code = rows.flat_map(|row| row.split('`').skip(1).step_by(2));
    let is_key = |word: &&str| {
        word.starts_with(|c: char| c.is_ascii_lowercase())
            && word.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_'))
            && !word.ends_with('_') // an attribute of scikit-learn, which is a result
    };
    let words = code.flat_map(|code| {
        let arguments =
            code.split(['(', ',', ' ']).filter_map(|part| Some(part.split_once('=')?.0));
        arguments.chain([code.trim_end_matches(':')]).filter(is_key).map(str::to_owned)
    });
    words.filter(|word| word != "key").collect() // of `key=value`
}

#[test]
fn words_of_the_page_for_those_who_come_from_elsewhere_are_translated() {
    let page = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/coming-from.md");
    let words = key_like_words(&std::fs::read_to_string(page).expect("the page"));
    for word in
        ["n_splits", "cv", "random_state", "test_size", "dropout_ration", "train_acc_list", "lr"]
    {
        assert!(words.iter().any(|known| known == word), "{word} is not among {words:?}");
    }
    for word in words {
        let said = errors(&format!("{word} = 1\n"), &[]);
        assert!(!said.contains("the file's keys and tables are"), "{word}: {said}");
    }
}

#[test]
fn keys_are_listed_once() {
    let said = errors("[dataset]\nkind = \"csv\"\npath = \"a.csv\"\nflavour = 1\n", &[]);
    let keys =
        said.lines().find(|line| line.contains("the keys here are")).expect("a list of keys");
    assert_eq!(keys.matches("`path`").count(), 1, "{keys}");
}
