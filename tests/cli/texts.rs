//! What a user reads, word for word; what depends on the machine or the time is masked.

use crate::experiments::{diverging_grid, dropout_grid, optimizer_grid, trial};
use crate::workspace::Workspace;

/// The text with the values of these keys masked, which stand at the beginning of a line.
fn masked(text: &str, keys: &[&str]) -> String {
    let mask = |line: &str| {
        let content = line.trim_start();
        let key = keys.iter().find(|key| content.starts_with(**key));
        key.map_or_else(
            || line.to_owned() + "\n",
            |key| format!("{}{key} ...\n", &line[..line.len() - content.len()]),
        )
    };
    text.lines().map(mask).collect()
}

#[test]
fn help_of_the_commands() {
    let workspace = Workspace::new();
    insta::assert_snapshot!("help", workspace.succeed(&["--help"]));
    for command in [
        "run", "plan", "resume", "compare", "confirm", "diagnose", "list", "show", "diff",
        "export", "plot", "watch", "verify", "gc", "submit",
    ] {
        let help = workspace.succeed(&[command, "-h"]);
        let (own, _) = help.split_once("\nGlobal options:").expect("the same for all commands");
        insta::assert_snapshot!(format!("help_{command}"), own);
    }
}

#[test]
fn errors_of_a_file() {
    let invalid = trial(0).replace("dropout = 0.2", "dropout = 1.5\ndroput = 0.1");
    insta::assert_snapshot!(Workspace::with(&invalid).run(&["run", "experiment.toml"]).err);
}

#[test]
fn table_and_answer_at_the_end_of_a_run() {
    let workspace = Workspace::with(&dropout_grid(20));
    insta::assert_snapshot!(workspace.succeed(&["run", "experiment.toml"]));
}

#[test]
fn progress_and_messages_of_a_run_with_a_diverged_trial() {
    let workspace = Workspace::with(&diverging_grid());
    insta::assert_snapshot!(workspace.run(&["run", "experiment.toml", "--jobs=1"]).err);
}

/// A plan without what depends on this machine: the seconds of each trial and of all.
fn without_seconds(plan: &str) -> String {
    let (rows, all) = plan.split_once("takes about ").expect("how long it takes");
    let (_, all) = all.split_once(" with ").expect("with how many at a time");
    let heading = rows.lines().next().expect("a heading");
    let start = heading.find("seconds").expect("a column of seconds");
    let without = |line: &str| match line.split_whitespace().nth(2) {
        Some("new") => format!("{}      N{}", &line[..start], &line[start + "seconds".len()..]),
        _ => line.to_owned(),
    };
    let rows: Vec<String> = rows.split('\n').map(without).collect();
    format!("{}takes about N s with {all}", rows.join("\n"))
}

#[test]
fn plan_before_and_after() {
    let workspace = Workspace::with(&optimizer_grid(1, "[1]", &["sgd", "adam"]));
    let before = workspace.succeed(&["plan", "experiment.toml", "--jobs=2"]);
    workspace.succeed(&["run", "experiment.toml"]);
    let after = workspace.succeed(&["plan", "experiment.toml", "--jobs=2"]);
    let before = without_seconds(&before);
    insta::assert_snapshot!(format!("{before}\n---\n\n{after}"));
}

#[test]
fn list_of_finished_and_diverged_runs() {
    let workspace = Workspace::with(&diverging_grid());
    workspace.run(&["run", "experiment.toml", "--jobs=1"]); // the newest comes first
    insta::assert_snapshot!(workspace.succeed(&["list"]));
}

#[test]
fn one_run_in_full() {
    let workspace = Workspace::with(&optimizer_grid(3, "[1]", &["adam"]));
    workspace.succeed(&["run", "experiment.toml"]);
    let shown = workspace.succeed(&["show", "latest"]);
    let (facts, files) = shown.split_once("\nfiles\n").expect("files come last");
    let volatile = [
        "started",
        "updated",
        "trained for",
        "version",
        "host",
        "cpu",
        "data SHA-256",
        "git commit",
    ];
    let names: Vec<&str> =
        files.lines().filter_map(|line| line.split_whitespace().next()).collect();
    let files = names.join("\n  ");
    insta::assert_snapshot!(format!("{}\nfiles\n  {files}\n", masked(facts, &volatile)));
}

/// Ids such as 270824670e29 look like numbers: the columns that have some are those of the line that says how
/// to read them, in the help and in the docs.
#[test]
fn ids_in_csv_are_read_as_text_with_the_line_of_the_docs() {
    let line = "dtype={\"id\": str, \"ids\": str, \"config\": str}";
    let workspace = Workspace::with(&trial(1));
    let unwrapped = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    for command in ["list", "compare", "plan", "export"] {
        let help = unwrapped(&workspace.succeed(&[command, "--help"]));
        assert!(help.contains(line), "{command}: {help}");
    }
    for docs in [include_str!("../../docs/comparing.md"), include_str!("../../docs/export.md")] {
        assert!(docs.contains(line));
    }
    workspace.succeed(&["run", "experiment.toml"]);
    let looks_like_an_id =
        |field: &&str| field.len() == 12 && field.bytes().all(|byte| byte.is_ascii_hexdigit());
    for args in [
        &["list"][..],
        &["plan", "experiment.toml"],
        &["compare", "runs", "--columns", "config,ids,seeds,network.kind,test_accuracy"],
    ] {
        let csv = workspace.succeed(&[args, &["--format", "csv"]].concat());
        let mut lines = csv.lines();
        let header: Vec<&str> = lines.next().expect("a header").split(',').collect();
        for line in lines {
            for (column, field) in header.iter().zip(line.split(',')) {
                let is_named = ["id", "ids", "config"].contains(column);
                assert!(is_named || !looks_like_an_id(&field), "{args:?}: {column} has {field}");
            }
        }
    }
}
