//! Trials and files that are too large for the memory: each fails alone, with both numbers, whatever else is
//! trained beside it.

use crate::limits::run_with_limit;
use crate::workspace::Workspace;

/// Three networks of a few weights and one of a million filters, which needs 790 GB.
const ONE_TOO_LARGE: &str = r#"
[dataset]
kind = "synthetic"
train_examples = 50
validation_examples = 10
test_examples = 10

[network]
kind = "layers"
layers = [
    { kind = "conv2d", filters = 2, kernel_size = 1, name = "c" },
    { kind = "global_average_pool" },
    { kind = "linear" },
]

[optimizer]
kind = "adam"

[training]
epochs = 1
batch_size = 10

[grid]
network.layers.c.filters = [1000000, 2, 3, 4]
"#;

#[test]
fn a_trial_that_is_too_large_fails_with_both_numbers_and_the_others_finish() {
    let mut results = Vec::new();
    for jobs in ["--jobs=1", "--jobs=3"] {
        let workspace = Workspace::with(ONE_TOO_LARGE);
        let too_large = &workspace.ids("experiment.toml")[0];
        let plan = workspace.succeed(&["plan", "experiment.toml"]);
        assert!(plan.contains("does not fit on this machine: it needs "), "{plan}");
        for _ in 0..2 {
            let ran = workspace.run(&["run", "experiment.toml", jobs]);
            assert_eq!(ran.code, Some(100), "{}", ran.err);
            let record = workspace.record(&format!("runs/{too_large}"));
            assert_eq!(record["state"], "failed");
            let reason = record["reason"].as_str().expect("a reason");
            let is_told = reason.starts_with("needs ") && reason.contains(" GB of memory, ");
            assert!(is_told && reason.contains(" GB are available"), "{reason}");
            assert!(ran.err.contains(reason), "{}", ran.err);
        }
        let finished = workspace.succeed(&["list", "--state", "finished", "--format", "csv"]);
        assert_eq!(finished.lines().count(), 1 + 3, "{finished}");
        assert_eq!(workspace.leftovers(), [""; 0]);
        results.push(workspace.results());
    }
    assert_eq!(results[0], results[1], "what becomes of a trial does not depend on the jobs");
}

/// A network of `hidden` units, trained for one step: 40 bytes for each of its 3082 weights a unit.
fn one_step(hidden: &str, seeds: &str) -> String {
    format!(
        r#"
        dataset = {{ kind = "synthetic", train_examples = 10, test_examples = 10 }}
        network = {{ kind = "mlp", hidden_sizes = [10] }}
        optimizer = {{ kind = "adam" }}
        training = {{ epochs = 1, batch_size = 10, seeds = {seeds} }}
        grid = {{ network.hidden_sizes = {hidden} }}
        "#
    )
}

#[cfg(target_os = "linux")] // others do not keep to the limit
#[test]
fn the_limit_of_the_process_counts_as_the_memory_does() {
    let workspace = Workspace::with(&one_step("[[20], [300000], [30]]", "1"));
    let ran = run_with_limit(&workspace, "ulimit -v 2000000");
    assert_eq!(ran.code, Some(100), "{}", ran.err);
    assert!(
        ran.err.contains(" 2 GB are available (the limit of the process, see ulimit -v)"),
        "{}",
        ran.err
    );
    assert!(ran.err.contains("1 of 3 trials failed or diverged"), "{}", ran.err);
}

#[cfg(target_os = "linux")]
#[test]
fn trials_that_do_not_fit_beside_each_other_are_trained_one_after_the_other() {
    let workspace = Workspace::with(&one_step("[[3000]]", "3"));
    let alone = Workspace::with(&one_step("[[3000]]", "3"));
    alone.succeed(&["run", "experiment.toml", "--jobs=1"]);
    // Each needs 370 MB.
    let ran = run_with_limit(&workspace, "ulimit -v 900000");
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    assert_eq!(workspace.results(), alone.results());
}

#[cfg(target_os = "linux")]
#[test]
fn no_limit_of_the_memory_ends_the_process() {
    let workspace = Workspace::with(&one_step("[[20], [3000]]", "1"));
    for megabytes in (300..1000).step_by(100) {
        let ran = run_with_limit(&workspace, &format!("ulimit -v {megabytes}000"));
        assert!(
            [Some(0), Some(100)].contains(&ran.code),
            "{megabytes} MB: {:?}: {}",
            ran.code,
            ran.err
        );
    }
}
