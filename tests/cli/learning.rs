//! A search that learns, through the binary: the same trials for any number of jobs, after kills and with
//! several processes; what it waits for; and what it refuses.

use std::collections::BTreeMap;
use std::thread;
use std::time::Duration;

use rustix::process::Signal;

use crate::workspace::Workspace;

/// 16 points of one epoch: ten, and two batches of three.
const LEARNED: &str = r#"
    name = "learned"
    dataset = { kind = "csv", path = "points.csv", label = "side", validation_examples = 30, test_fraction = 0.2 }
    network = { kind = "mlp", hidden_sizes = [4] }
    optimizer = { kind = "sgd" }
    training = { epochs = 1, batch_size = 20 }
    evaluation = { test = "sealed" }

    [search]
    kind = "tpe"
    trials = 16
    batch = 3
    subject_to = "gap < 30%"

    [search.space]
    optimizer.learning_rate = { min = 1e-3, max = 10.0, scale = "log" }
    network.activation = ["relu", "tanh"]
    training.batch_size = [10, 20, 50]
"#;

/// Two numbers and a side that mostly follows from them.
fn points() -> String {
    let line = |n: u32| {
        let (a, b) = (n * 37 % 101, n * 53 % 97);
        let side = if (a > b) != n.is_multiple_of(9) { "left" } else { "right" };
        format!("0.{a:03},0.{b:03},{side}\n")
    };
    "a,b,side\n".to_owned() + &(0..150).map(line).collect::<String>()
}

/// The search with its data.
fn workspace(text: &str) -> Workspace {
    let workspace = Workspace::with(text);
    workspace.write("points.csv", points());
    workspace
}

/// The results of all runs, without their trials: those name the folder of the data.
fn results(workspace: &Workspace) -> BTreeMap<String, Vec<u8>> {
    let mut results = workspace.results();
    results.retain(|name, _| !name.ends_with("trial.toml"));
    results
}

const RUN: [&str; 2] = ["run", "experiment.toml"];

/// Runs the search to its end, with so many jobs.
fn searched(jobs: &str) -> (Workspace, String) {
    let workspace = workspace(LEARNED);
    let out = workspace.succeed(&["run", "experiment.toml", "--jobs", jobs]);
    (workspace, out)
}

#[test]
fn trials_and_bytes_are_the_same_for_any_jobs_after_kills_and_with_two_processes() {
    let (alone, out) = searched("1");
    assert_eq!(alone.runs().len(), 16);
    let (eight, out_of_eight) = searched("8");
    assert_eq!((results(&eight), &out_of_eight), (results(&alone), &out));

    let killed = workspace(LEARNED);
    for pause in [5, 200, 500, 1000] {
        let running = killed.start(&RUN);
        thread::sleep(Duration::from_millis(pause));
        running.signal(Signal::KILL);
        running.wait();
    }
    assert_eq!(killed.succeed(&RUN), out);
    assert_eq!(results(&killed), results(&alone));
    assert_eq!(killed.leftovers(), [""; 0]);

    let shared = workspace(LEARNED);
    let (first, second) = (shared.start(&RUN), shared.start(&RUN));
    let (first, second) = (first.wait(), second.wait());
    assert_eq!((first.code, second.code), (Some(0), Some(0)), "{}{}", first.err, second.err);
    assert_eq!((&first.out, &second.out), (&out, &out));
    assert_eq!(results(&shared), results(&alone));
    assert_eq!(shared.attempts_logged(), 16, "each is trained by one of them");
}

#[test]
fn it_says_what_is_chosen_and_every_command_sees_all_of_it() {
    let workspace = workspace(LEARNED);
    let plan = workspace.succeed(&["plan", "experiment.toml"]);
    let plan = plan.lines().last().expect("a line");
    let ran = workspace.run(&RUN);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    let said: Vec<&str> = ran.err.lines().filter(|line| line.starts_with("learned: ")).collect();
    insta::assert_snapshot!(format!("{plan}\n{}", said.join("\n")));
    let table = workspace.succeed(&["compare", "experiment.toml", "--format", "csv"]);
    assert_eq!(table.lines().count(), 1 + 16, "{table}");
    let again = workspace.run(&RUN);
    assert!(again.err.starts_with("16 trials: all cached\n"), "{}", again.err);
    assert_eq!(again.out, ran.out);
    // More points keep those that there are.
    let before = results(&workspace);
    workspace.succeed(&["run", "experiment.toml", "--set", "search.trials=17"]);
    let after = results(&workspace);
    assert_eq!(workspace.runs().len(), 17);
    assert!(before.iter().all(|(run, bytes)| after.get(run) == Some(bytes)));
    let front = workspace.succeed(&["compare", "runs", "--pareto"]);
    assert!(
        front.contains(" of 17 configs: no other is as good in validation accuracy, gap and cost"),
        "{front}"
    );
    let plots = workspace.succeed(&["plot", "experiment.toml", "-o", "plots"]);
    assert!(plots.contains("pareto.svg"), "{plots}");
}

#[test]
fn a_constraint_that_no_point_fulfils_is_said_however_quiet() {
    let workspace = workspace(&LEARNED.replace("gap < 30%", "val_loss < 0.0001"));
    let ran = workspace.run(&[&RUN[..], &["--quiet"]].concat());
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    assert!(
        ran.err.contains("16 points; none of 16 points fulfils val_loss < 0.0001"),
        "{}",
        ran.err
    );
}

#[test]
fn a_batch_waits_for_a_run_that_cannot_begin_and_goes_on_when_it_can() {
    let (_, out) = searched("2");
    let workspace = workspace(LEARNED);
    let id = &workspace.ids("experiment.toml")[3];
    workspace.write(&format!("runs/{id}"), "not a folder");
    let ran = workspace.run(&RUN);
    assert_eq!(ran.code, Some(100), "{}", ran.err);
    assert!(ran.err.contains("the search is not over"), "{}", ran.err);
    std::fs::remove_file(workspace.path(&format!("runs/{id}"))).expect("removed");
    assert_eq!(workspace.succeed(&RUN), out);
}

#[test]
fn an_interrupted_search_says_how_to_go_on() {
    let (alone, out) = searched("2");
    let workspace = workspace(LEARNED);
    let before = workspace.attempts_logged();
    let mut running = workspace.start(&RUN);
    workspace.wait_for_attempt(before, &mut running);
    running.signal(Signal::INT);
    let ran = running.wait();
    assert_eq!(ran.code, Some(130), "{}", ran.err);
    assert!(ran.err.contains("before the next batch is chosen"), "{}", ran.err);
    assert_eq!(workspace.succeed(&RUN), out);
    assert_eq!(results(&workspace), results(&alone));
}

#[test]
fn what_it_cannot_learn_from_is_refused_at_its_line() {
    let cases = [
        (
            "validation",
            LEARNED.replace("validation_examples = 30, ", "").replace("sealed", "every"),
        ),
        ("test", LEARNED.replace("gap < 30%", "test_accuracy > 0.5")),
        ("percent", LEARNED.replace("gap < 30%", "gap < 30")),
        ("goal", LEARNED.replace("batch = 3", "batch = 3\nmaximise = \"val_loss\"")),
        (
            "goals",
            LEARNED.replace("batch = 3", "maximise = \"val_accuracy\"\nminimise = \"val_loss\""),
        ),
        ("kind", LEARNED.replace("\"tpe\"", "\"sobol\"")),
        ("seeds", format!("{LEARNED}\n    training.seeds = [[1], [2]]")),
        ("data", format!("{LEARNED}\n    dataset.split_seed = [1, 2]")),
        ("halving", LEARNED.replace("[search]", "[halving]\n    min_epochs = 1\n\n    [search]")),
        ("ends", format!("{LEARNED}\n    network.dropout = {{ min = 0.0, max = 1.5 }}")),
        ("trials", LEARNED.replace("trials = 16", "trials = 5000")),
    ];
    let mut said = String::new();
    for (name, text) in cases {
        let workspace = workspace(&text);
        let ran = workspace.run(&["plan", "experiment.toml"]);
        assert_eq!(ran.code, Some(3), "{name}: {}", ran.err);
        said.push_str(&format!("== {name}\n{}\n", ran.err));
    }
    insta::assert_snapshot!(said);
}

/// A grid beside the search: two configs a point, of which the search knows the mean.
#[test]
fn the_best_point_is_called_after_what_was_drawn_and_is_no_baseline() {
    let text = LEARNED.replace("trials = 16", "trials = 10").replace(
        "    network.activation = [\"relu\", \"tanh\"]\n    training.batch_size = [10, 20, 50]\n",
        "",
    ) + "\n    [grid]\n    network.activation = [\"relu\", \"tanh\"]\n";
    let workspace = workspace(&text);
    let ran = workspace.run(&RUN);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    let end =
        ran.err.lines().find(|line| line.starts_with("learned: 10 points; best val_accuracy "));
    let end = end.unwrap_or_else(|| panic!("{}", ran.err));
    let (_, point) = end.split_once(" of 10 fulfil gap to val < 30%: learning rate ").expect(end);
    assert!(point.ends_with(" (mean of 2 configs)") && !point.contains("relu"), "{end}");
    let front = workspace.succeed(&["compare", "experiment.toml", "--pareto"]);
    let listed = workspace.succeed(&["list", "runs"]);
    for text in [&ran.err, &ran.out, &front, &listed] {
        assert!(!text.contains("baseline"), "{text}");
    }
    // Ten points, fewer than the numbers by which a search is known without being told.
    let diagnosed = workspace.succeed(&["diagnose", "experiment.toml"]);
    assert!(diagnosed.contains("settings of many values"), "{diagnosed}");
}
