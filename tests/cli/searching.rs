//! A search as its user meets it: more points keep the runs of fewer, and what is said of many configs
//! that differ in numbers can be read.

use crate::experiments::trial;
use crate::workspace::Workspace;

/// A search of this many points, of one epoch each.
fn search(trials: u32) -> String {
    let search = format!(
        r#"
[search]
kind = "sobol"
trials = {trials}

[search.space]
optimizer.learning_rate = {{ min = 1e-4, max = 1.0, scale = "log" }}
optimizer.weight_decay = {{ min = 1e-4, max = 0.1, scale = "log" }}
network.dropout = {{ min = 0.0, max = 0.5 }}
"#
    );
    trial(1) + &search
}

#[test]
fn more_trials_train_the_new_points_only() {
    let workspace = Workspace::with(&search(3));
    workspace.succeed(&["run", "experiment.toml"]);
    assert_eq!(workspace.runs().len(), 3);
    let more = ["run", "experiment.toml", "--set", "search.trials=5"];
    let ran = workspace.run(&more);
    assert!(ran.err.starts_with("2 trials (3 more cached), "), "{}", ran.err);
    assert_eq!(workspace.runs().len(), 5);
    assert_eq!(workspace.run(&more).err, "5 trials: all cached\n");
}

#[test]
fn a_trial_of_a_search_is_an_experiment_of_its_own() {
    let workspace = Workspace::with(&search(1));
    workspace.succeed(&["run", "experiment.toml"]);
    let run = workspace.only_run();
    let trial = workspace.read(&format!("{run}/trial.toml"));
    assert!(!trial.contains("search"), "{trial}");
    workspace.write("again.toml", trial);
    assert_eq!(workspace.run(&["run", "again.toml"]).err, "1 trial: all cached\n");
}

#[test]
fn many_numbers_are_said_and_drawn_as_trends_and_not_as_groups() {
    let workspace = Workspace::with(&search(16));
    let table = workspace.succeed(&["run", "experiment.toml"]);
    let rows = table.lines().skip(2).take_while(|line| !line.is_empty());
    assert_eq!(rows.count(), 16, "{table}");
    let diagnosis = workspace.succeed(&["diagnose", "experiment.toml"]);
    let (_, trends) = diagnosis.split_once("settings of many values").expect("trends");
    insta::assert_snapshot!(trends);
    workspace.succeed(&["plot", "experiment.toml", "-o", "plots"]);
    let svg = workspace.read("plots/by_learning_rate.svg");
    assert!(svg.contains("dot: a run, whatever the other settings"), "{svg}");
    assert!(svg.contains("\n0.001\n"), "ticks of a logarithmic axis");
    assert!(!workspace.path("plots/heat_map_test.svg").exists());
    workspace.succeed(&["report", "experiment.toml", "-o", "report.html"]);
    assert!(workspace.read("report.html").contains("optimizer.learning_rate from 0.00"));
}

#[test]
fn a_broken_search_trains_nothing() {
    let workspace = Workspace::with(&search(3).replace("max = 1.0", "max = 1e-5"));
    let ran = workspace.run(&["run", "experiment.toml"]);
    assert_eq!((ran.code, ran.out.as_str()), (Some(3), ""));
    assert!(ran.err.contains("must be above `min`, 0.0001"), "{}", ran.err);
    assert!(workspace.runs().is_empty());
}

#[test]
fn points_that_rounding_makes_one_are_counted() {
    let narrow = |kind: &str| {
        let search = format!(
            "\n[search]\nkind = \"{kind}\"\ntrials = 40\n[search.space]\n\
             optimizer.learning_rate = {{ min = 0.0999, max = 0.099999 }}\n"
        );
        Workspace::with(&(trial(1) + &search)).run(&["plan", "experiment.toml"])
    };
    for kind in ["random", "sobol"] {
        let ran = narrow(kind);
        assert_eq!(ran.code, Some(0), "{}", ran.err);
        let note = "note: experiment: the 40 points of its search are ";
        let said = ran.err.lines().find(|line| line.starts_with(note)).expect("a note");
        let why = "different trials, because values of `optimizer.learning_rate` are rounded to four significant digits";
        assert!(said.contains(why), "{said}");
    }
    let ran = Workspace::with(&search(40)).run(&["plan", "experiment.toml"]);
    assert!(!ran.err.contains("points of its search"), "{}", ran.err);
}
