//! Experiment files out of all proportion, as programs write them by mistake: what makes no sense is an
//! error that names its bound, and what makes sense costs in proportion to the file.

use std::path::Path;

use runner::experiment::{Experiment, MAX_TRIALS};

const BASE: &str = r#"
dataset = { kind = "synthetic" }
network = { kind = "mlp", hidden_sizes = [10] }
optimizer = { kind = "sgd" }
training = { epochs = 1 }
"#;

/// The number of trials, or the errors.
fn read(text: &str, sets: &[String]) -> Result<usize, String> {
    let path = Path::new("test.toml");
    let read = Experiment::from_bytes(path, text.as_bytes(), sets, MAX_TRIALS, false);
    read.map(|experiment| experiment.trials.len()).map_err(|error| error.to_string())
}

#[track_caller]
fn refused(text: &str) -> String {
    let error = read(text, &[]).expect_err("refused");
    assert!(error.len() < 20_000, "{} bytes of errors", error.len());
    error
}

fn lines(count: usize, line: impl Fn(usize) -> String) -> String {
    (0..count).map(|number| line(number) + "\n").collect()
}

#[test]
fn a_file_is_at_most_so_long() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("long.toml");
    std::fs::write(&path, format!("{BASE}#{}", " ".repeat(4 << 20))).expect("writable");
    let error = Experiment::read(&path, &[], MAX_TRIALS, false).expect_err("too long");
    assert_eq!(error.exit_code(), 3);
    assert!(error.to_string().contains("long.toml: it is larger than 4 MiB"), "{error}");
}

#[test]
fn of_many_errors_the_first_are_shown_and_the_others_counted() {
    let unknown = |number: usize| format!("hiden{number} = 1");
    for text in [
        lines(50_000, unknown) + BASE,
        format!("{BASE}[augmentation]\n{}", lines(50_000, unknown)),
        format!(
            "{BASE}[grid]\noptimizer.learning_rate = [{}]",
            lines(50_000, |n| format!("-{n},"))
        ),
    ] {
        let error = refused(&text);
        assert_eq!(error.matches("error: ").count(), 20, "{error}");
        assert!(error.contains("... and at least 180 more errors"), "{error}");
        assert!(error.ends_with("at least 200 errors in test.toml"), "{error}");
    }
    let few = refused(&(lines(30, unknown) + BASE));
    assert!(
        few.contains("... and 10 more errors") && few.ends_with("30 errors in test.toml"),
        "{few}"
    );
}

#[test]
fn a_long_line_is_not_drawn_but_its_place_is_named() {
    let seeds: Vec<String> = (0..90_000).map(|seed| seed.to_string()).collect();
    let text =
        BASE.replace("epochs = 1", &format!("epochs = 1, seeds = [{}, -1]", seeds.join(",")));
    let error = refused(&text);
    assert!(error.contains("--> test.toml:5:"), "{error}");
    assert!(error.contains("must be 0 or more"), "{error}");
}

#[test]
fn endless_keys_and_words_are_shown_in_part() {
    let endless = "x".repeat(1 << 20);
    for text in [
        format!("{endless} = 1\n{BASE}"),
        BASE.replace("\"sgd\"", &format!("\"{endless}\"")),
        format!("{BASE}[grid]\nnetwork.{endless} = [1]"),
    ] {
        refused(&text);
    }
}

#[test]
fn axes_have_a_bound() {
    let error =
        refused(&format!("{BASE}[grid]\n{}", lines(1001, |n| format!("network.k{n} = [1]"))));
    assert!(
        error.contains("`grid` has too many keys") && error.contains("at most 1000"),
        "{error}"
    );
    let space = lines(1001, |n| format!("network.k{n} = {{ min = 0, max = 1 }}"));
    let text = format!("{BASE}[search]\nkind = \"random\"\ntrials = 2\n[search.space]\n{space}");
    let error = refused(&text);
    assert!(error.contains("`search.space` has too many keys"), "{error}");
}

/// A hundred thousand parts overflowed the stack.
#[test]
fn keys_have_few_parts() {
    for parts in [65, 100_000] {
        let key = format!("network{}.units", ".layers.0".repeat(parts / 2));
        for text in [
            format!("{BASE}[grid]\n\"{key}\" = [1]"),
            format!("{BASE}[[exclude]]\n\"{key}\" = 1"),
            format!("{BASE}[search]\nkind = \"random\"\ntrials = 1\nspace = {{ \"{key}\" = [1] }}"),
        ] {
            let error = refused(&text);
            assert!(
                error.contains("a key with too many parts") && error.contains("at most 64"),
                "{error}"
            );
        }
        let error = read(BASE, &[format!("\"{key}\"=1")]).expect_err("refused");
        assert!(error.contains("a key with too many parts"), "{error}");
    }
}

#[test]
fn deep_nesting_is_an_error_of_syntax() {
    for (open, close) in [("[", "]"), ("{a=", "}")] {
        let text = format!("a = {}1{}\n{BASE}", open.repeat(100_000), close.repeat(100_000));
        assert!(refused(&text).contains("invalid TOML"), "{open}");
    }
    let residual = "{kind=\"residual\",layers=[".repeat(50_000);
    let text = format!("network = {{ kind = \"layers\", layers = [{residual}");
    assert!(refused(&text).contains("invalid TOML"));
}

#[test]
fn lists_of_layers_have_a_bound() {
    let layers = lines(10_001, |_| "{ kind = \"relu\" },".to_owned());
    let network = format!("network = {{ kind = \"layers\", layers = [{layers}] }}");
    let text = BASE.replace("network = { kind = \"mlp\", hidden_sizes = [10] }", &network);
    let error = refused(&text);
    assert!(error.contains("too many tables") && error.contains("at most 10000"), "{error}");
    let grid = format!("{BASE}[grid]\nnetwork = [{{ kind = \"layers\", layers = [{layers}] }}]");
    assert!(refused(&grid).contains("at most 10000"));
}

#[test]
fn names_and_overrides_have_a_bound() {
    let error = refused(&format!("name = \"{}\"\n{BASE}", "x".repeat(256)));
    assert!(error.contains("`name` is too long") && error.contains("at most 255"), "{error}");
    let sets = vec!["training.epochs=2".to_owned(); 1001];
    let error = read(BASE, &sets).expect_err("too many");
    assert!(error.contains("at most 1000"), "{error}");
}

#[test]
fn trials_that_are_too_large_together_are_refused_before_they_are_made() {
    let sizes = "1,".repeat(1_000);
    let text = BASE.replace("[10]", &format!("[{sizes}]"));
    for seeds in ["60_000".to_owned(), format!("[{}]", lines(60_000, |seed| format!("{seed},")))] {
        let error = refused(&text.replace("epochs = 1", &format!("epochs = 1, seeds = {seeds}")));
        assert!(
            error.contains("the trials are too large") && error.contains("50000000"),
            "{error}"
        );
    }
}

#[test]
fn each_of_many_excludes_drops_its_point() {
    let rates = |range: std::ops::Range<usize>| range.map(|n| format!("0.{:06}", n + 1));
    let axis: Vec<String> = rates(0..2_000).collect();
    let excludes: String = rates(0..20_000)
        .map(|rate| {
            format!("[[exclude]]\noptimizer.learning_rate = {rate}\nnetwork.dropout = 0.0\n")
        })
        .collect();
    let grid = format!(
        "[grid]\nnetwork.dropout = [0, 0.5]\noptimizer.learning_rate = [{}]\n",
        axis.join(",")
    );
    // Those of rates that are not there drop nothing, and an override keeps that from being an error.
    let sets = ["training.epochs=1".to_owned()];
    assert_eq!(read(&format!("{BASE}{grid}{excludes}"), &sets), Ok(2_000));
    let error = refused(&format!("{BASE}{grid}{excludes}"));
    assert_eq!(error.matches("error: `exclude` drops nothing").count(), 20);
}

#[test]
fn excludes_name_few_sets_of_keys() {
    let keys = [
        "network.dropout = 1",
        "network.batch_norm = true",
        "network.activation = \"tanh\"",
        "optimizer.learning_rate = 1",
        "optimizer.weight_decay = 1",
        "training.epochs = 2",
        "training.batch_size = 2",
        "training.label_smoothing = 1",
        "dataset.train_examples = 1",
        "dataset.test_examples = 1",
        "dataset.validation_examples = 1",
        "dataset.split_seed = 1",
        "evaluation.every_epochs = 2",
        "evaluation.train_examples = 1",
        "schedule.kind = \"cosine\"",
    ];
    let mut excludes = String::new();
    for (index, first) in keys.iter().enumerate() {
        for second in &keys[..index] {
            excludes.push_str(&format!("[[exclude]]\n{first}\n{second}\n"));
        }
    }
    let error = refused(&format!("{BASE}{excludes}"));
    assert!(error.contains("at most 100 different sets of keys"), "{error}");
}

#[test]
fn huge_numbers_are_refused_at_once() {
    for (from, to) in [
        ("epochs = 1", "epochs = 1, seeds = 1_000_000_000"),
        ("epochs = 1", "epochs = 1, seeds = 9223372036854775807"),
    ] {
        refused(&BASE.replace(from, to));
    }
    let search = "[search]\nkind = \"random\"\ntrials = 9223372036854775807\n\
        space = { \"optimizer.learning_rate\" = { min = 0.1, max = 0.2 } }";
    assert!(refused(&format!("{BASE}{search}")).contains("more than 100000 trials"));
    let halving = "[halving]\nmin_epochs = 9223372036854775807\neta = 9223372036854775807\n";
    refused(&format!("{BASE}{halving}"));
}
