//! What decides an id, and what does not.

use super::*;
use crate::experiment::{Experiment, MAX_TRIALS};

const BASELINE: &str = r#"
    dataset = { kind = "cifar10" }
    network = { kind = "mlp", hidden_sizes = [100, 100, 50], batch_norm = true }
    optimizer = { kind = "adagrad", learning_rate = 0.01 }
    training = { epochs = 200, seeds = [7] }
"#;

fn trials(text: &str) -> Vec<Trial> {
    let path = std::path::Path::new("test.toml");
    Experiment::from_bytes(path, text.as_bytes(), &[], MAX_TRIALS, false)
        .map_or_else(|error| panic!("{error}"), |experiment| experiment.trials)
}

#[test]
fn canonical_form_is_pinned() {
    let [trial] = &trials(BASELINE)[..] else { panic!("one trial") };
    let canonical = concat!(
        r#"{"dataset":{"kind":"cifar10","scaling":"unit","split_seed":0,"#,
        r#""validation_examples":0},"evaluation":{"every_epochs":1},"#,
        r#""network":{"activation":"relu","batch_norm":true,"dropout":0.0,"#,
        r#""hidden_sizes":[100,100,50],"kind":"mlp","weight_init":"he"},"numerics":2,"#,
        r#""optimizer":{"eps":1e-10,"kind":"adagrad","learning_rate":0.01,"#,
        r#""weight_decay":0.0},"#,
        r#""training":{"batch_size":100,"batches":"shuffled","epochs":200,"seeds":[7]}}"#,
    );
    assert_eq!(trial.canonical(), canonical);
    assert_eq!(trial.id(), "e14cb2dd9c8e");
    assert_eq!(trial.id_under(1), "64d32425d52c");
    assert_eq!(trial.config_id(), "4b90b166f129");
}

#[test]
fn only_networks_whose_bits_moved_have_newer_numerics() {
    let of = |network: &str| {
        let text = format!(
            "dataset.kind = 'synthetic'\nnetwork = {{ {network} }}\n\
             optimizer = {{ kind = 'sgd', learning_rate = 0.1 }}\ntraining.epochs = 1"
        );
        let [trial] = &trials(&text)[..] else { panic!("one trial: {network}") };
        (trial.numerics(), trial.id())
    };
    let list = |layer: &str| {
        format!(
            "kind = 'layers', layers = [{layer}, {{ kind = 'flatten' }}, {{ kind = 'linear' }}]"
        )
    };
    let conv = |keys: &str| list(&format!("{{ kind = 'conv2d', {keys} }}"));
    let residual = |within: &str| {
        list(&format!("{{ kind = 'residual', shortcut = 'projection', layers = [{within}] }}"))
    };
    let old = [
        "kind = 'mlp', hidden_sizes = [8]".to_owned(),
        "kind = 'simple_convnet'".to_owned(),
        conv("filters = 16, kernel_size = 5"),
        conv("filters = 15, kernel_size = 3"),
        conv("filters = 16, kernel_size = 3, stride = 2"),
        conv("filters = 16, kernel_size = 3, padding = 3"),
        residual("{ kind = 'conv2d', filters = 16, kernel_size = 1 }"),
    ];
    let new = [
        "kind = 'deep_convnet'".to_owned(),
        "kind = 'resnet'".to_owned(),
        conv("filters = 16, kernel_size = 3"),
        conv("filters = 64, kernel_size = 3, padding = 2"),
        residual("{ kind = 'conv2d', filters = 16, kernel_size = 3, padding = 1 }"),
    ];
    let images = |layers: &str| {
        format!(
            "kind = 'layers', layers = [{{ kind = 'flatten' }}, {{ kind = 'linear', units = 4 }}, \
             {layers}, {{ kind = 'flatten' }}, {{ kind = 'linear' }}]"
        )
    };
    let of_vectors = images("{ kind = 'conv2d', filters = 2, kernel_size = 1, padding = 1 }");
    let newest = [
        of_vectors.clone(),
        images("{ kind = 'max_pool', kernel_size = 2, stride = 1, padding = 1 }"),
        of_vectors.replacen(
            "{ kind = 'linear'",
            "{ kind = 'dropout', rate = 0 }, { kind = 'linear'",
            1,
        ),
    ];
    let older = [
        images("{ kind = 'conv2d', filters = 1, kernel_size = 1, padding = 1 }"),
        images("{ kind = 'conv2d', filters = 2, kernel_size = 3, padding = 1 }"),
        of_vectors.replacen(
            "{ kind = 'linear'",
            "{ kind = 'dropout', rate = 0.5 }, { kind = 'linear'",
            1,
        ),
    ];
    assert_eq!(newest.map(|network| of(&network).0), [4; 3]);
    assert_eq!(older.map(|network| of(&network).0), [2; 3]);
    assert_eq!(old.map(|network| of(&network).0), [2; 7]);
    assert_eq!(new.clone().map(|network| of(&network).0), [6; 5]);
    assert_eq!(of(&new[1]).1, "ee2d6592b28e");
}

#[test]
fn only_trials_whose_draw_is_in_proportion_have_numerics_4() {
    let of = |dataset: &str, network: &str| {
        let text = format!(
            "dataset = {{ {dataset} }}\nnetwork = {{ {network} }}\n\
             optimizer = {{ kind = 'sgd', learning_rate = 0.1 }}\ntraining.epochs = 1"
        );
        let [trial] = &trials(&text)[..] else { panic!("one trial: {dataset}") };
        trial.numerics()
    };
    let mlp = "kind = 'mlp', hidden_sizes = [8]";
    let equally_many = [
        "kind = 'cifar10', validation_examples = 5000",
        "kind = 'cifar10', validation_examples = 5000, train_examples = 50_000",
        "kind = 'cifar10', train_examples = 1000",
        "kind = 'cifar100', labels = 'coarse', validation_examples = 5000",
        "kind = 'fashion_mnist', validation_examples = 5000",
        "kind = 'synthetic', validation_examples = 50",
        "kind = 'synthetic', validation_examples = 50, train_examples = 330",
        "kind = 'mnist'",
        "kind = 'mnist', train_examples = 1000",
    ];
    let others = [
        "kind = 'mnist', validation_examples = 5000",
        "kind = 'cifar10', validation_examples = 50, train_examples = 1000",
        "kind = 'fashion_mnist', validation_examples = 50, train_examples = 1000",
        "kind = 'synthetic', validation_examples = 50, train_examples = 333",
    ];
    assert_eq!(equally_many.map(|dataset| of(dataset, mlp)), [2; 9]);
    assert_eq!(others.map(|dataset| of(dataset, mlp)), [4; 4]);
    let convnet = "kind = 'deep_convnet'";
    assert_eq!(of(equally_many[0], convnet), 6);
    assert_eq!(of(others[0], convnet), 6);
}

#[test]
fn id_of_a_trial_with_other_kinds_is_pinned() {
    let text = r#"
        dataset = { kind = "synthetic", seed = 5, train_examples = 1000, scaling = "standardize" }
        network = { kind = "mlp", hidden_sizes = [], weight_init = { normal = { std = 0.1 } } }
        optimizer = { kind = "adamw", weight_decay = 1e-4 }
        training = { steps = 1_000, batches = "sequential", batch_size = 7 }
        evaluation = { every_epochs = 3, train_examples = 500 }
    "#;
    assert_eq!(trials(text)[0].id(), "3de9643c6178");
}

#[test]
fn id_does_not_depend_on_how_the_file_says_it() {
    let other = r#"
        name = "something else"
        training.seeds = [7]
        training.batch_size = 100
        training.epochs = 200
        evaluation.train_examples = 50000
        training.label_smoothing = 0
        [schedule]
        kind = "constant"
        warmup_epochs = 0
        warmup_start_fraction = 0.5
        [optimizer]
        weight_decay = -0.0
        kind = "adagrad"
        [network]
        kind = "mlp"
        dropout = 0
        batch_norm = true
        hidden_sizes = [100, 100, 50]
        [dataset]
        kind = "cifar10"
        train_examples = 50_000
    "#;
    assert_eq!(trials(BASELINE)[0].id(), trials(other)[0].id());
}

#[test]
fn a_share_of_the_training_examples_has_an_id_of_its_own_and_all_of_them_has_none() {
    let id = |keys: &str| {
        trials(&BASELINE.replace("\"cifar10\"", &format!("\"cifar10\", {keys}")))[0].id()
    };
    let baseline = trials(BASELINE)[0].id();
    assert_eq!(id("train_fraction = 1, subset_seed = 7"), baseline);
    let half = id("train_fraction = 0.5");
    assert_eq!(id("subset_seed = 0, train_fraction = 0.50"), half);
    assert!(half != baseline && id("train_fraction = 0.5, subset_seed = 7") != half);
}

#[test]
fn seeds_change_the_id_but_not_the_config_id() {
    let two = trials(&BASELINE.replace("[7]", "[7, 8]"));
    assert_ne!(two[0].id(), two[1].id());
    assert_eq!(two[0].config_id(), two[1].config_id());
    assert_eq!([two[0].seed(), two[1].seed()], [7, 8]);
}

#[test]
fn length_changes_the_id_but_not_that_of_any_length() {
    let [short] = &trials(BASELINE)[..] else { panic!("one trial") };
    for other in ["epochs = 400", "steps = 1000"] {
        let long = &trials(&BASELINE.replace("epochs = 200", other))[0];
        assert_ne!(long.id(), short.id());
        assert_eq!(long.any_length_id(), short.any_length_id());
    }
    for (old, new) in [("[7]", "[8]"), ("0.01", "0.1"), ("kind = \"cifar10\"", "kind = \"mnist\"")]
    {
        let other = &trials(&BASELINE.replace(old, new))[0];
        assert_ne!(other.any_length_id(), short.any_length_id(), "{new}");
    }
    assert_eq!(recorded_id(&short.to_json(), short.numerics()), short.id());
    assert_eq!(any_length_id(&short.to_json(), short.numerics()), short.any_length_id());
}

#[test]
fn trial_toml_reads_back_as_the_same_trial() {
    let grid = r#"
        [[grid]]
        optimizer.kind = ["sgd", "momentum", "nesterov", "adagrad", "rmsprop", "adam", "adamw"]
        network.weight_init = ["he", { normal = { std = 0.1 } }]
        [[grid]]
        "dataset" = [
            { kind = "cifar100", labels = "coarse", train_examples = 1000, test_examples = 7 },
            { kind = "mnist", validation_examples = 60, split_seed = 3 },
            { kind = "fashion_mnist", scaling = "standardize" },
            { kind = "synthetic", seed = 9223372036854775807 },
        ]
        "network.activation" = ["sigmoid", "tanh"]
        "training.batches" = ["sequential", "with_replacement"]
        [[grid]]
        training = [{ steps = 3, batch_size = 7, seeds = [9223372036854775807] }]
        evaluation = [{ train_examples = 10, every_epochs = 5 }]
        optimizer.learning_rate = [1e-7, 0.1, 1, 123456.789]
        [[grid]]
        dataset.validation_examples = [100]
        schedule = [
            { kind = "constant", warmup_steps = 3 },
            { kind = "step", step_epochs = 3 },
            { kind = "multi_step", milestones = [3, 5], warmup_epochs = 1 },
            { kind = "cosine", final_fraction = 0.1, warmup_epochs = 1, warmup_start_fraction = 0.5 },
            { kind = "linear" },
            { kind = "one_cycle" },
            { kind = "exponential", gamma = 0.9 },
            { kind = "reduce_on_plateau", monitor = "val_accuracy" },
        ]
        training.clip_norm = [1]
        training.ema_decay = [0.99]
        training.label_smoothing = [0.1]
        training.early_stopping = [{ patience = 3, restore_best = true }]
    "#;
    let trials = trials(&format!("{BASELINE}{grid}"));
    assert_eq!(trials.len(), 14 + 16 + 4 + 8);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("trial.toml");
    for trial in trials {
        std::fs::write(&path, trial.to_toml()).unwrap();
        let again = Trial::read(&path).unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(again, trial);
        assert_eq!(again.id(), trial.id());
    }
}
