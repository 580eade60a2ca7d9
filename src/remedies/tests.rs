//! All remedies on baselines of many kinds: every proposal can be written into the baseline's file.

use std::fs;
use std::path::Path;

use tempfile::TempDir;

use crate::experiment::{Experiment, MAX_TRIALS, Trial};
use crate::remedies::{LearningRateFault, Proposal, REMEDIES, Situation};

/// An experiment file of 20 epochs with `sgd`, unless `more` says otherwise.
fn text(dataset: &str, network: &str, more: &str) -> String {
    let more_says = |table: &str| more.lines().any(|line| line.starts_with(table));
    let mut text = format!("{dataset}\nnetwork = {{ {network} }}\n{more}\n");
    if !more_says("optimizer.kind") && !more_says("optimizer =") {
        text.push_str("optimizer.kind = 'sgd'\n");
    }
    let has_length = ["training.epochs", "training.steps", "training ="].into_iter().any(more_says);
    if !has_length {
        text.push_str("training.epochs = 20\n");
    }
    text
}

fn read(path: &Path, text: &str) -> Experiment {
    Experiment::from_bytes(path, text.as_bytes(), &[], MAX_TRIALS, false)
        .unwrap_or_else(|error| panic!("{error}\n{text}"))
}

/// The one trial of a file.
pub(super) fn baseline(dataset: &str, network: &str, more: &str) -> Trial {
    read(Path::new("test.toml"), &text(dataset, network, more)).trials.remove(0)
}

/// The names of the proposals for the one trial of a file.
pub(super) fn names(
    proposals: fn(&Trial) -> Vec<Proposal>,
    dataset: &str,
    network: &str,
    more: &str,
) -> Vec<String> {
    let found = proposals(&baseline(dataset, network, more));
    found.into_iter().map(|proposal| proposal.name).collect()
}

/// Hardly anything is learnt, and training still gains.
pub(super) fn underfitting() -> Situation {
    Situation {
        train_accuracy: 0.31,
        held_out_accuracy: 0.3,
        guess_accuracy: 0.1,
        late_gain: 0.02,
        fall: 0.0,
        rate: LearningRateFault::None,
        has_dead_units: false,
        has_vanishing_gradients: false,
    }
}

fn all(baseline: &Trial) -> Vec<Proposal> {
    REMEDIES.iter().flat_map(|remedy| (remedy.proposals)(baseline)).collect()
}

const MLP: &str = "kind = 'mlp', hidden_sizes = [100, 50]";
const LAYERS: &str = "kind = 'layers', layers = [{ kind = 'flatten' }, { kind = 'linear', units = 20 }, \
    { kind = 'batch_norm' }, { kind = 'relu' }, { kind = 'linear' }]";

#[test]
fn all_proposals_together_are_variants_of_the_baseline() {
    let folder = TempDir::new().unwrap();
    let rows = (0..900).map(|i| format!("{},{},{}\n", i % 7, i % 11, ["a", "b", "c"][i % 3]));
    fs::write(folder.path().join("own.csv"), format!("x,y,label\n{}", rows.collect::<String>()))
        .unwrap();
    let path = folder.path().join("main.toml");
    let csv = "dataset = { kind = 'csv', path = 'own.csv', label = 'label' }";
    let csv_split = csv.replace('}', ", validation_examples = 60 }");
    let cifar = "dataset.kind = 'cifar10'";
    let cifar_split = "dataset = { kind = 'cifar10', validation_examples = 5000 }";
    let synthetic = "dataset = { kind = 'synthetic', train_examples = 1000 }";
    let norm = format!("{MLP}, batch_norm = true");
    let cases: [(&str, &str, &str); 16] = [
        (cifar, MLP, ""),
        (cifar, &norm, "optimizer.kind = 'adagrad'"),
        (cifar_split, &norm, "optimizer.kind = 'adam'"),
        (cifar_split, "kind = 'resnet'", "optimizer.kind = 'momentum'"),
        (
            cifar,
            "kind = 'resnet', depth = 56",
            "optimizer = { kind = 'momentum', weight_decay = 1e-4 }",
        ),
        (cifar, "kind = 'simple_convnet'", "optimizer.kind = 'adamw'"),
        (cifar_split, "kind = 'deep_convnet', batch_norm = true", "optimizer.kind = 'adam'"),
        (csv, MLP, "optimizer.kind = 'adam'"),
        (&csv_split, &norm, "optimizer.kind = 'lion'"),
        (csv, "kind = 'layers', layers = [{ kind = 'linear' }]", ""),
        (
            synthetic,
            MLP,
            "training = { steps = 500, batch_size = 37, batches = 'with_replacement' }",
        ),
        (synthetic, LAYERS, "schedule = { kind = 'cosine', warmup_steps = 20 }"),
        (synthetic, "kind = 'mlp', hidden_sizes = [], dropout = 0.5", "training.epochs = 1"),
        ("dataset.kind = 'mnist'", MLP, "augmentation = { cutout.size = 4, mixup.alpha = 1 }"),
        (
            "dataset = { kind = 'fashion_mnist', validation_examples = 600, scaling = 'standardize' }",
            "kind = 'mlp', hidden_sizes = [2], batch_norm = true, dropout = 0.2",
            "schedule.kind = 'reduce_on_plateau'\ntraining.early_stopping.patience = 3",
        ),
        (
            "dataset = { kind = 'cifar100', labels = 'coarse' }",
            LAYERS,
            "evaluation.train_examples = 10_000",
        ),
    ];
    for (dataset, network, more) in cases {
        let text = text(dataset, network, more);
        let baseline = read(&path, &text).trials.remove(0);
        let proposals = all(&baseline);
        assert!(proposals.len() > 4, "{text}");
        let mut file = text;
        for Proposal { name, changes, cost } in &proposals {
            assert!(*cost > 0.0 && cost.is_finite(), "{name}: {cost}");
            file.push_str(&format!("[[variant]]\nname = \"{name}\"\n"));
            changes.iter().for_each(|(key, value)| file.push_str(&format!("{key} = {value}\n")));
        }
        // The reader refuses a variant that adds no trial, and one of a name that is taken.
        let experiment = read(&path, &file);
        assert_eq!(experiment.trials.len(), 1 + proposals.len(), "{file}");
        assert_eq!(experiment.variants.len(), proposals.len());
    }
}

/// As in the report: one line a proposal.
fn lines(baseline: &Trial) -> String {
    let mut lines = Vec::new();
    for remedy in REMEDIES {
        for Proposal { name, changes, cost } in (remedy.proposals)(baseline) {
            let changes: Vec<String> =
                changes.iter().map(|(key, value)| format!("{key} = {value}")).collect();
            lines.push(format!("{name} ({cost:.2}x): {}", changes.join(", ")));
        }
    }
    lines.join("\n")
}

#[test]
fn proposals_for_a_fully_connected_network() {
    let network = "kind = 'mlp', hidden_sizes = [100, 100, 50], batch_norm = true";
    let more = "optimizer = { kind = 'adagrad', learning_rate = 0.01 }\n\
        training = { steps = 100_000, batches = 'with_replacement' }";
    insta::assert_snapshot!(lines(&baseline("dataset.kind = 'cifar10'", network, more)));
}

#[test]
fn proposals_for_a_residual_network() {
    let dataset = "dataset = { kind = 'cifar10', validation_examples = 5000 }";
    let more = "optimizer = { kind = 'momentum', learning_rate = 0.1, weight_decay = 1e-4 }\n\
        augmentation.horizontal_flip = 0.5\nschedule = { kind = 'cosine', warmup_steps = 400 }";
    insta::assert_snapshot!(lines(&baseline(dataset, "kind = 'resnet'", more)));
}

#[test]
fn every_remedy_says_why_in_one_paragraph_with_a_source() {
    let mut names: Vec<&str> = REMEDIES.iter().map(|remedy| remedy.name).collect();
    for remedy in REMEDIES {
        let why = remedy.why;
        let words = why.split(' ').count();
        assert!((80..170).contains(&words), "{}: {words} words", remedy.name);
        assert!(!why.contains('\n') && !why.contains("  ") && why.ends_with(')'), "{why}");
        assert!(why.contains("(") && why.is_ascii(), "{why}");
        let has_year = why.rsplit('(').next().is_some_and(|source| source.contains(", "));
        assert!(has_year, "{why}");
    }
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), REMEDIES.len());
}
