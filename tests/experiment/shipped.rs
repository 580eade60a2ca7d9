//! The files in `experiments/` and the committed schema.

use std::path::Path;

use runner::experiment::{Experiment, MAX_TRIALS, schema, schema_text};
use serde_json::Value;

use super::schema_validator::is_valid;
use super::shipped;

#[test]
fn committed_schema_is_current() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("experiment.schema.json");
    if std::env::var_os("UPDATE_SCHEMA").is_some() {
        std::fs::write(&path, schema_text()).expect("the repository is writable");
    }
    let committed = std::fs::read_to_string(&path).unwrap_or_default();
    let hint = "run `UPDATE_SCHEMA=1 cargo test current` and look at the difference";
    assert!(committed == schema_text(), "experiment.schema.json is out of date: {hint}");
}

#[test]
fn shipped_experiments_are_valid_and_name_their_schema() {
    for path in shipped() {
        let name = path.display();
        let text = std::fs::read_to_string(&path).expect("readable");
        assert!(text.starts_with("#:schema ../experiment.schema.json\n"), "{name}");
        Experiment::read(&path, &[], MAX_TRIALS, false).unwrap_or_else(|error| panic!("{error}"));
        let json: Value = toml::from_str(&text).expect("TOML");
        assert!(is_valid(&schema(), &json), "{name} does not fit the schema");
    }
}

#[test]
fn every_trial_toml_fits_the_schema() {
    for path in shipped() {
        let trials = Experiment::read(&path, &[], MAX_TRIALS, false).expect("valid").trials;
        let json: Value = toml::from_str(&trials[0].to_toml()).expect("TOML");
        assert!(is_valid(&schema(), &json), "{}", path.display());
    }
}

#[test]
fn schema_rejects_what_the_reader_rejects() {
    let quickstart = shipped().into_iter().find(|path| path.ends_with("quickstart.toml"));
    let text = std::fs::read_to_string(quickstart.expect("shipped")).expect("readable");
    for (good, bad, error) in [
        ("kind = \"synthetic\"", "kind = \"synthetik\"", "unknown `dataset.kind`"),
        (
            "kind = \"synthetic\"",
            "kind = \"synthetic\"\nlabels = \"fine\"",
            "unknown key `dataset.labels`",
        ),
        (
            "kind = \"synthetic\"",
            "kind = \"synthetic\"\ntrain_example = 5",
            "unknown key `dataset.train_example`",
        ),
        ("batch_norm = true", "batch_norm = 1", "`network.batch_norm` has the wrong type"),
        ("batch_norm = true", "dropout = 1.0", "`network.dropout` is out of range"),
        ("batch_norm = true", "batchnorm = true", "unknown key `network.batchnorm`"),
        (
            "batch_norm = true",
            "weight_init = { normal = { std = 0 } }",
            "`network.weight_init.normal.std` is out of range",
        ),
        ("learning_rate = 0.01", "learning_rate = 0", "`optimizer.learning_rate` is out of range"),
        ("learning_rate = 0.01", "momentum = 0.9", "unknown key `optimizer.momentum`"),
        ("seeds = 5", "seeds = []", "`training.seeds` is empty"),
        ("seeds = 5", "seeds = [1, 1]", "`training.seeds` has 1 twice"),
        ("seeds = 5", "steps = 5", "`training` has both `epochs` and `steps`"),
        (
            "network.dropout = [0.0, 0.45]",
            "network.dropout = []",
            "axis `network.dropout` is empty",
        ),
        (
            "network.dropout = [0.0, 0.45]",
            "network.dropout = 0.3",
            "axis `network.dropout` has the wrong type",
        ),
        (
            "network.dropout = [0.0, 0.45]",
            "network.dropuot = [0.0, 0.45]",
            "unknown key `network.dropuot`",
        ),
        (
            "network.dropout = [0.0, 0.45]",
            "\"network.dropuot\" = [0.0, 0.45]",
            "unknown key `network.dropuot`",
        ),
        (
            "network.dropout = [0.0, 0.45]",
            "network.dropout = [0.0, 1.45]",
            "`network.dropout` is out of range",
        ),
        (
            "[grid]",
            "[[variant]]\noptimizer.learning_rat = 0.1\n[grid]",
            "unknown key `optimizer.learning_rat`",
        ),
        (
            "[grid]",
            "[search]\nkind = \"sobl\"\ntrials = 2\nspace.network.activation = [\"relu\"]\n[grid]",
            "unknown `search.kind`",
        ),
        (
            "[grid]",
            "[search]\nkind = \"sobol\"\nspace.network.activation = [\"relu\"]\n[grid]",
            "`search.trials` is missing",
        ),
        (
            "[grid]",
            "[search]\nkind = \"sobol\"\ntrials = 0\nspace.network.activation = [\"relu\"]\n[grid]",
            "`search.trials` is out of range",
        ),
        (
            "[grid]",
            "[search]\nkind = \"sobol\"\ntrials = 2\nspace.network.activation = {min = 1, most = 2}\n[grid]",
            "unknown key `search.space.network.activation.most`",
        ),
        (
            "[grid]",
            "[search]\nkind = \"tpe\"\ntrials = 2\nspace.optimizer.weight_decay = {min = -1.0, max = 0.0}\n[grid]",
            "`optimizer.weight_decay` is out of range",
        ),
        ("name = ", "nam = ", "unknown key `nam`"),
        (
            "[grid]\nnetwork.dropout = [0.0, 0.45]",
            "[evaluation]\nevery_epochs = 0",
            "`evaluation.every_epochs` is out of range",
        ),
    ] {
        assert!(text.contains(good), "{good}");
        let text = text.replace(good, bad);
        let json: Value = toml::from_str(&text).expect("TOML");
        let found = super::read(text.as_bytes(), &[]).unwrap_err().to_string();
        assert!(found.contains(&format!("error: {error}\n")), "{bad}: {found}");
        assert!(!is_valid(&schema(), &json), "the schema accepts {bad}");
    }
}

#[test]
fn schema_takes_the_values_that_the_reader_takes() {
    let base = "[dataset]\nkind = 'synthetic'\nvalidation_examples = 50\n[network]\nkind = 'layers'\nlayers = [\n\
        { kind = 'flatten' }, { kind = 'linear', units = 8, name = 'h' }, { kind = 'dropout', rate = 0.0 },\n\
        { kind = 'linear' }]\n[optimizer]\nkind = 'adam'\n[training]\nepochs = 2\n";
    let search = "[search]\nkind = 'random'\ntrials = 2\nspace.";
    for varied in [
        "[grid]\nnetwork.layers.2 = [{ kind = 'dropout', rate = 0.1 }, { kind = 'relu' }]",
        "[grid]\nnetwork.layers.h = [{ kind = 'linear', units = 4 }, { kind = 'linear', units = 8 }]",
        "[grid]\ntraining.seeds = [[1, 2], [3], 4]",
        &format!("{search}network.layers.2 = [{{ kind = 'tanh' }}, {{ kind = 'relu' }}]"),
        &format!("{search}training.seeds = [[1, 2], [3]]"),
        &format!("{search}training.batch_size = {{ min = 16, max = 64, integer = true }}"),
        &format!("{search}network.layers.2.rate = {{ min = 0.0, max = 1.0 }}"),
    ] {
        let text = format!("{base}{varied}");
        super::read(text.as_bytes(), &[]).unwrap_or_else(|error| panic!("{varied}: {error}"));
        let json: Value = toml::from_str(&text).expect("TOML");
        assert!(is_valid(&schema(), &json), "the schema refuses {varied}");
    }
}

#[test]
fn only_a_file_that_extends_none_must_have_kinds_and_what_they_require() {
    let fits = |text: &str| is_valid(&schema(), &toml::from_str(text).expect("TOML"));
    for (part, may_be_a_whole_file) in [
        ("dataset.train_examples = 5", false),
        ("dataset = { kind = 'csv', path = 'a.csv' }", false),
        ("dataset = { kind = 'csv', path = 'a.csv', label = 'a' }", true),
        ("network.dropout = 0.3", false),
        ("network = { kind = 'mlp', dropout = 0.3 }", true),
        ("optimizer.weight_decay = 0.1", false),
        ("schedule.warmup_steps = 5", false),
        ("schedule = { kind = 'step', gamma = 0.5 }", false),
        ("training.early_stopping.monitor = 'val_loss'", false),
        ("training.early_stopping.patience = 5", true),
        ("search.trials = 5", false),
    ] {
        assert!(fits(&format!("extends = 'a.toml'\n{part}")), "{part}");
        assert_eq!(
            fits(&format!("grid.training.epochs = [1]\n{part}")),
            may_be_a_whole_file,
            "{part}"
        );
    }
    for part in [
        "network.dropuot = 0.3",
        "network.dropout = 1.5",
        "network = { kind = 'mpl' }",
        "network = { kind = 'deep_convnet', hidden_sizes = [5] }",
        "network.layers = [{ units = 5 }]",
        "training = { epochs = 1, steps = 1 }",
    ] {
        assert!(!fits(&format!("extends = 'a.toml'\n{part}")), "{part}");
    }
}
