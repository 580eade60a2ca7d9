//! Words: what is said of names that nobody knows here, which runs are chosen, and what terms mean.

use std::fs;

use crate::experiments::{dropout_grid, trial};
use crate::workspace::Workspace;

/// Two values of Dropout with two seeds each, trained.
fn trained() -> Workspace {
    let workspace = Workspace::with(&dropout_grid(2));
    workspace.succeed(&["run", "-q", "experiment.toml"]);
    workspace
}

/// The command fails with this code; returns what it says.
#[track_caller]
fn failing(workspace: &Workspace, args: &[&str], code: i32) -> String {
    let ran = workspace.run(args);
    assert_eq!(ran.code, Some(code), "{args:?}: {}{}", ran.out, ran.err);
    ran.err
}

#[test]
fn names_of_others_are_translated_in_every_option() {
    let workspace = trained();
    let lr = "did you mean `optimizer.learning_rate`?";
    for option in ["--columns", "--sort", "--group-by"] {
        let said = failing(&workspace, &["compare", "runs", option, "lr"], 2);
        assert!(said.contains(lr), "{option}: {said}");
    }
    let said = failing(&workspace, &["compare", "runs", "--where", "lr == 0.1 && acc > 0.5"], 2);
    insta::assert_snapshot!("where", said);
    let said = failing(&workspace, &["plan", "experiment.toml", "--set", "optimizer.lr=0.1"], 3);
    insta::assert_snapshot!("set", said);
    let file = trial(2).replace("learning_rate", "lr");
    workspace.write("foreign.toml", file);
    let said = failing(&workspace, &["run", "foreign.toml"], 3);
    insta::assert_snapshot!("file", said);
}

#[test]
fn text_without_quotes_is_told_so() {
    let workspace = trained();
    let conditions = [
        "optimizer.kind == adam",
        "optimizer == adam",
        "adam == optimizer.kind",
        "optimizer == \"adam\"",
        "state in [finished, failed]",
        "experiment != experiment2",
    ];
    let said =
        |condition: &&str| failing(&workspace, &["compare", "runs", "--where", condition], 2);
    insta::assert_snapshot!(conditions.iter().map(said).collect::<Vec<_>>().join("\n"));
}

#[test]
fn every_command_that_reads_runs_chooses_among_them() {
    let workspace = trained();
    let one = "dropout == 0.3 && seed == 1";
    let dropped = workspace.succeed(&["list", "--where", "dropout == 0.3", "--format", "csv"]);
    assert_eq!(dropped.lines().count(), 3, "{dropped}");
    let shown = workspace.succeed(&["show", "experiment.toml", "--where", one]);
    assert!(shown.contains("network.dropout") && shown.contains("= 0.3"), "{shown}");
    let set = ["--set", "network.dropout=0.3", "--set", "training.seeds=[1]"];
    let of = |command: &[&'static str], selection: &[&'static str]| {
        let args: Vec<&str> = command.iter().chain(selection).copied().collect();
        workspace.succeed(&args)
    };
    for selection in [&["--where", one][..], &set] {
        let same = of(&["show", "experiment.toml"], selection);
        assert_eq!(same, shown);
        let diagnosis = of(&["diagnose", "experiment.toml"], selection);
        assert!(diagnosis.contains("1 run"), "{diagnosis}");
        let verified = of(&["verify", "experiment.toml"], selection);
        assert_eq!(verified.lines().count(), 1, "{verified}");
        let exported = of(&["export", "experiment.toml", "--to", "csv"], selection);
        assert_eq!(exported.lines().count(), 4, "a heading and three epochs: {exported}");
        of(&["plot", "experiment.toml"], selection);
        of(&["report", "experiment.toml", "-o", "report.html"], selection);
        let compared = of(&["compare", "experiment.toml", "--format", "csv"], selection);
        assert_eq!(compared.lines().count(), 2, "{compared}");
    }
    let several = failing(&workspace, &["show", "runs"], 2);
    assert!(several.contains("names 4 runs") && several.contains("--where"), "{several}");
    let none = failing(&workspace, &["report", "runs", "-o", "r.html", "--where", "seed == 9"], 4);
    assert!(none.contains("none of the 4 runs matches --where 'seed == 9'"), "{none}");
    let no_file = failing(&workspace, &["diagnose", "runs", "--set", "training.epochs=2"], 2);
    assert!(no_file.contains("--set changes experiment files"), "{no_file}");
    let kept = workspace.succeed(&["gc", "--dry-run", "--where", one, "--format", "csv"]);
    let all = workspace.succeed(&["gc", "--dry-run", "--format", "csv"]);
    assert_eq!((kept.lines().count(), all.lines().count()), (2, 5), "{kept}{all}");
}

#[test]
fn variants_keep_their_names_where_the_file_is_changed() {
    let variants = "\n[[variant]]\nname = \"more\"\nnetwork.dropout = 0.5\n[[variant]]\nnetwork.batch_norm = false\n";
    let workspace = Workspace::with(&format!("{}{variants}", trial(2)));
    let labels = |args: &[&str]| {
        let table = workspace.succeed(args);
        let label = |line: &str| match line.strip_prefix('"') {
            Some(quoted) => quoted.split('"').next().unwrap_or_default().to_owned(),
            None => line.split(',').next().unwrap_or_default().to_owned(),
        };
        let mut labels: Vec<String> = table.lines().skip(1).map(label).collect();
        labels.sort();
        labels
    };
    let set = ["--set", "optimizer.learning_rate=0.02"];
    let run = ["run", "-q", "experiment.toml", "--format", "csv", set[0], set[1]];
    assert_eq!(labels(&run), ["baseline", "more", "no batch norm"]);
    let compare = ["compare", "experiment.toml", "--format", "csv", set[0], set[1]];
    assert_eq!(labels(&compare), ["baseline", "more", "no batch norm"]);
    // Beside the runs of the file as it is, all of them still have names of their own.
    workspace.succeed(&["run", "-q", "experiment.toml"]);
    let all = labels(&["compare", "runs", "--format", "csv"]);
    assert_eq!(all.len(), 6);
    let mut different = all.clone();
    different.dedup();
    assert_eq!(different, all, "no two share a name");
    assert_eq!(all.iter().filter(|name| *name == "baseline").count(), 1, "{all:?}");
    assert_eq!(all.iter().filter(|name| name.starts_with("more, ")).count(), 2, "{all:?}");
}

#[test]
fn the_newest_run_is_listed_first() {
    let workspace = Workspace::with(&trial(1));
    for seed in ["3", "1", "2"] {
        let set = format!("training.seeds=[{seed}]");
        workspace.succeed(&["run", "-q", "experiment.toml", "--set", &set]);
    }
    let list = workspace.succeed(&["list"]);
    let seeds: Vec<&str> = list
        .lines()
        .filter_map(|line| line.split("seed ").nth(1)?.split_whitespace().next())
        .collect();
    assert_eq!(seeds, ["2", "1", "3"], "{list}");
}

#[test]
fn columns_that_hide_what_varies_are_warned_of() {
    let workspace = trained();
    let said = |columns: &str| workspace.run(&["compare", "runs", "--columns", columns]).err;
    let warning = "warning: the rows differ in settings that --columns hides: network.dropout";
    assert!(said("test,gap").contains(warning), "{}", said("test,gap"));
    for columns in ["dropout,test", "config,test"] {
        assert!(!said(columns).contains("warning"), "{columns}");
    }
}

#[test]
fn terms_are_explained_also_on_the_users_own_curve() {
    let workspace = Workspace::with(&trial(12));
    let list = workspace.succeed(&["explain"]);
    assert!(list.contains("Reading results") && list.contains("gap "), "{list}");
    assert!(workspace.succeed(&["explain", "gap"]).starts_with("gap: Train accuracy minus"));
    assert_eq!(
        workspace.succeed(&["explain", "early", "stopping"]),
        workspace.succeed(&["explain", "early stopping"])
    );
    let unknown = failing(&workspace, &["explain", "memorizin"], 2);
    assert!(unknown.contains("did you mean `memorizing`?"), "{unknown}");
    let no_run = failing(&workspace, &["explain", "gap", "experiment.toml"], 4);
    assert!(no_run.contains("runner run experiment.toml"), "{no_run}");
    workspace.succeed(&["run", "-q", "experiment.toml"]);
    let id = workspace.runs()[0].clone();
    let gap = workspace.succeed(&["explain", "gap", "experiment.toml"]);
    insta::assert_snapshot!("explained_gap", gap.replace(&id, "ID"));
    for term in ["fall", "memorising", "early stopping", "overfitting"] {
        let text = workspace.succeed(&["explain", term, "latest"]);
        assert!(text.contains("best test") && text.contains("a gap of"), "{text}");
    }
    let other = failing(&workspace, &["explain", "seed", "latest"], 2);
    assert!(other.contains("`seed` is not shown on curves"), "{other}");
    let short = ["run", "-q", "experiment.toml", "--set", "training.epochs=1"];
    workspace.succeed(
        &[
            &short[..],
            &["--set", "evaluation.test=sealed", "--set", "dataset.validation_examples=50"],
        ]
        .concat(),
    );
    let sealed = workspace.succeed(&["explain", "gap", "latest"]);
    assert!(sealed.contains("validation examples correctly"), "{sealed}");
}

#[test]
fn checkpoints_of_finished_runs_are_kept_while_they_are_cheap() {
    let workspace = Workspace::with(&trial(2));
    let has_checkpoint = |workspace: &Workspace| {
        let runs = workspace.runs();
        runs.iter().all(|id| {
            fs::exists(workspace.path(&format!("runs/{id}/checkpoint.safetensors"))).unwrap()
        })
    };
    let first = workspace.run(&["run", "experiment.toml"]);
    assert!(
        has_checkpoint(&workspace) && !first.err.contains("removed the checkpoints"),
        "{}",
        first.err
    );
    // Nothing is trained, so nothing is removed.
    workspace.succeed(&["run", "experiment.toml", "--keep-checkpoints", "0"]);
    assert!(has_checkpoint(&workspace));
    let longer =
        ["run", "experiment.toml", "--set", "training.epochs=3", "--keep-checkpoints", "1kB"];
    let ran = workspace.run(&longer);
    assert!(ran.err.contains("removed the checkpoints of 1 run, "), "{}", ran.err);
    assert!(ran.err.contains("finished runs keep them up to 1000 B together"), "{}", ran.err);
    assert!(!has_checkpoint(&workspace));
    // The first run still has its own, so a longer one goes on from there.
    let again = workspace.run(&["run", "experiment.toml", "--set", "training.epochs=4"]);
    assert!(again.err.contains("continue"), "{}", again.err);
}
