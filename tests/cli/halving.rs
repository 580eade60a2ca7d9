//! Successive halving and Hyperband through the binary: who goes on, and that it is always the same.

use std::thread;
use std::time::Duration;

use rustix::process::Signal;

use crate::workspace::{Workspace, wait_until};

/// Nine configs of two seeds to 1, 3 and 9 epochs.
fn experiment(kind: &str) -> String {
    format!(
        r#"
        name = "halved"
        dataset = {{ kind = "synthetic", train_examples = 300, validation_examples = 100, test_examples = 50 }}
        network = {{ kind = "mlp", hidden_sizes = [12], batch_norm = true }}
        optimizer = {{ kind = "sgd" }}
        training = {{ epochs = 9, batch_size = 20, seeds = [1, 2] }}
        {kind}
        [grid]
        optimizer.learning_rate = [0.0001, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3]
        "#
    )
}

const HALVING: &str = "halving = { min_epochs = 1, eta = 3 }";
const HYPERBAND: &str = "halving = { kind = \"hyperband\", min_epochs = 1, eta = 3 }";

/// The same with one seed, where seeds are not what matters: half of the trainings.
fn of_one_seed(kind: &str) -> String {
    experiment(kind).replace("seeds = [1, 2]", "seeds = [1]")
}

/// Runs that to its end, with so many jobs.
fn halved(kind: &str, jobs: &str) -> (Workspace, String) {
    searched(&of_one_seed(kind), jobs)
}

fn searched(experiment: &str, jobs: &str) -> (Workspace, String) {
    let workspace = Workspace::with(experiment);
    let out = workspace.succeed(&["run", "experiment.toml", "--jobs", jobs]);
    (workspace, out)
}

/// The states of all runs, sorted.
fn states(workspace: &Workspace) -> Vec<String> {
    let state = |run: &String| {
        let record = workspace.record(&format!("runs/{run}"));
        let epoch = record["last"]["epoch"].as_u64().expect("an epoch");
        format!("{} at {epoch}", record["state"].as_str().expect("a state"))
    };
    let mut states: Vec<String> = workspace.runs().iter().map(state).collect();
    states.sort();
    states
}

fn repeated(what: &[(&str, usize)]) -> Vec<String> {
    what.iter().flat_map(|(state, n)| vec![(*state).to_owned(); *n]).collect()
}

#[test]
fn one_of_three_goes_on_at_each_rung_and_the_rest_is_paused() {
    let (workspace, out) = searched(&experiment(HALVING), "2");
    let expected = [("finished at 9", 2), ("paused at 1", 12), ("paused at 3", 4)];
    assert_eq!(states(&workspace), repeated(&expected));
    insta::assert_snapshot!("halving", out);
    assert_eq!(workspace.succeed(&["compare", "experiment.toml"]), out);
    assert_eq!(workspace.attempts_logged(), 18 + 6 + 2, "each rung takes its runs up once");
    assert_eq!(workspace.leftovers(), [""; 0]);
}

#[test]
fn winners_and_bytes_are_the_same_for_any_number_of_jobs_and_as_without_halving() {
    for kind in [HALVING, HYPERBAND] {
        let (one, out_of_one) = halved(kind, "1");
        let (eight, out_of_eight) = halved(kind, "8");
        assert_eq!(one.results(), eight.results());
        assert_eq!(out_of_one, out_of_eight);
        // The same trials trained to their end have the same bytes, and paused ones are gone on with.
        let (whole, _) = halved("", "2");
        let rungs = ["compare", "experiment.toml", "--rungs"];
        let of_search = one.succeed(&rungs);
        one.write("plain.toml", of_one_seed(""));
        one.succeed(&["run", "plain.toml"]);
        assert_eq!(one.results(), whole.results());
        assert_eq!(one.succeed(&rungs), of_search, "figures are those of the rungs");
        // With all runs there, the search has nothing to train and comes to the same winners.
        let again = one.run(&["run", "experiment.toml"]);
        assert_eq!(again.code, Some(0));
        assert!(!again.err.contains("to epoch"), "{}", again.err);
    }
}

#[test]
fn a_killed_search_ends_with_the_same_winners_and_bytes() {
    let (undisturbed, out) = halved(HYPERBAND, "2");
    let workspace = Workspace::with(&of_one_seed(HYPERBAND));
    let command = ["run", "experiment.toml", "--jobs=2", "--checkpoint-seconds=0"];
    for pause in [5, 60, 120, 200] {
        let running = workspace.start(&command);
        thread::sleep(Duration::from_millis(pause));
        running.signal(Signal::KILL);
        running.wait();
    }
    assert_eq!(workspace.succeed(&command), out);
    assert_eq!(workspace.results(), undisturbed.results());
    assert_eq!(workspace.leftovers(), [""; 0]);
}

#[test]
fn two_processes_divide_a_search_and_agree() {
    let (alone, out) = halved(HALVING, "2");
    let workspace = Workspace::with(&of_one_seed(HALVING));
    let command = ["run", "experiment.toml", "--jobs=1", "--wait"];
    let (first, second) = (workspace.start(&command), workspace.start(&command));
    let (first, second) = (first.wait(), second.wait());
    assert_eq!((first.code, second.code), (Some(0), Some(0)), "{}{}", first.err, second.err);
    assert_eq!((&first.out, &second.out), (&out, &out));
    assert_eq!(workspace.results(), alone.results());
}

#[test]
fn an_interrupted_search_says_how_to_go_on_and_comes_to_the_same_end() {
    let (undisturbed, out) = halved(HALVING, "2");
    let workspace = Workspace::with(&of_one_seed(HALVING));
    let command = ["run", "experiment.toml", "--jobs=2"];
    for pause in [0, 30, 60] {
        let before = workspace.attempts_logged();
        let mut running = workspace.start(&command);
        workspace.wait_for_attempt(before, &mut running);
        thread::sleep(Duration::from_millis(pause));
        running.signal(Signal::INT);
        let ran = running.wait();
        assert_eq!(ran.code, Some(130), "{}", ran.err);
        assert!(ran.err.contains("continues the search"), "{}", ran.err);
        assert!(!ran.err.contains("resume --all"), "it would train all to their ends");
    }
    assert_eq!(workspace.succeed(&command), out);
    assert_eq!(workspace.results(), undisturbed.results());
}

#[test]
fn a_run_whose_metrics_are_damaged_is_trained_anew_to_its_rung() {
    let (workspace, out) = halved(HALVING, "2");
    let results = workspace.results();
    let is_paused = |run: &&String| workspace.record(&format!("runs/{run}"))["state"] == "paused";
    let runs = workspace.runs();
    let paused = runs.iter().find(is_paused).expect("one is paused");
    workspace.write(&format!("runs/{paused}/metrics.csv"), "epoch\nx\n");
    assert_eq!(workspace.succeed(&["run", "experiment.toml"]), out);
    assert_eq!(workspace.results(), results);
}

#[test]
fn a_file_that_is_given_twice_is_searched_once_and_one_without_halving_wins() {
    let (workspace, out) = halved(HALVING, "2");
    assert_eq!(workspace.succeed(&["run", "experiment.toml", "experiment.toml"]), out);
    workspace.write("plain.toml", of_one_seed(""));
    workspace.succeed(&["run", "experiment.toml", "plain.toml", "--jobs=2"]);
    assert_eq!(states(&workspace), repeated(&[("finished at 9", 9)]));
    let rungs = ["compare", "experiment.toml", "--rungs", "--format", "json"];
    let rungs: serde_json::Value = serde_json::from_str(&workspace.succeed(&rungs)).expect("JSON");
    assert_eq!(rungs.as_array().map(Vec::len), Some(3));
}

#[test]
fn early_stopping_and_lengths_in_steps_go_with_rungs() {
    let text = experiment(HALVING).replace(
        "training = { epochs = 9, batch_size = 20, seeds = [1, 2] }",
        "training = { steps = 85, batch_size = 20, seeds = [1, 2], early_stopping = { patience = 1 } }",
    );
    let workspace = Workspace::with(&text);
    let out = workspace.succeed(&["run", "experiment.toml", "--jobs=2"]);
    assert!(!out.contains("not over yet"), "{out}");
    let stopped =
        |run: &String| !workspace.record(&format!("runs/{run}"))["stopped_early"].is_null();
    assert!(workspace.runs().iter().any(stopped), "none was stopped early");
    assert_eq!(workspace.succeed(&["run", "experiment.toml"]), out, "it is over");
}

#[test]
fn paused_runs_go_on_when_they_are_named_and_not_with_all_others() {
    let (workspace, _) = searched(&experiment(HALVING), "2");
    let before = states(&workspace);
    let ran = workspace.run(&["resume", "--all"]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    insta::assert_snapshot!("resume_all", ran.err);
    assert_eq!(states(&workspace), before);
    let runs = workspace.runs();
    let is_paused = |run: &&String| workspace.record(&format!("runs/{run}"))["state"] == "paused";
    let paused = runs.iter().find(is_paused).expect("one is paused");
    workspace.succeed(&["resume", paused]);
    assert_eq!(workspace.record(&format!("runs/{paused}"))["state"], "finished");
    workspace.succeed(&["verify", paused]);
}

/// Nine configs to 9 and 27 epochs and one to 81: long enough to be cut off within the first rung.
fn long_experiment() -> String {
    of_one_seed("halving = { eta = 3, min_epochs = 9 }").replace("epochs = 9,", "epochs = 81,")
}

/// No run has a row after the epoch at which it pauses, and none is lost.
#[track_caller]
fn assert_paused_in_order(workspace: &Workspace) {
    for run in workspace.runs() {
        let record = workspace.record(&format!("runs/{run}"));
        let (state, epoch) = (record["state"].as_str(), record["last"]["epoch"].as_u64());
        let rows = workspace.read(&format!("runs/{run}/metrics.csv")).lines().count() as u64;
        match state {
            Some("paused") => assert!([Some(9), Some(27)].contains(&epoch), "{run}: {record}"),
            Some("finished") => assert_eq!(epoch, Some(81), "{run}"),
            other => panic!("{run} is {other:?}"),
        }
        assert_eq!(Some(rows), epoch.map(|epoch| epoch + 2), "{run}: {state:?}"); // header, epoch 0
    }
}

#[test]
fn resume_all_takes_a_search_to_its_rung_and_no_further() {
    let undisturbed = Workspace::with(&long_experiment());
    let run = ["run", "experiment.toml", "--jobs=2", "--checkpoint-seconds=0"];
    let resume = ["resume", "--all", "--jobs=2", "--checkpoint-seconds=0"];
    let out = undisturbed.succeed(&run);
    for signal in [Signal::INT, Signal::KILL] {
        let workspace = Workspace::with(&long_experiment());
        for (command, code) in [(&run[..], 130), (&resume[..], 130)] {
            let before = workspace.attempts_logged();
            let mut running = workspace.start(command);
            workspace.wait_for_attempt(before + 1, &mut running);
            running.signal(signal);
            let ran = running.wait();
            assert!([None, Some(0), Some(code)].contains(&ran.code), "{}", ran.err);
        }
        let ran = workspace.run(&resume);
        assert_eq!(ran.code, Some(0), "{}", ran.err);
        assert!(ran.err.contains("with the search's file decides which go further"), "{}", ran.err);
        assert_paused_in_order(&workspace);
        let begun = workspace.runs().len();
        assert_eq!(states(&workspace), repeated(&[("paused at 9", begun)]));
        assert_eq!(workspace.succeed(&run), out);
        assert_paused_in_order(&workspace);
        assert_eq!(workspace.results(), undisturbed.results());
        assert_eq!(workspace.run(&resume).code, Some(0));
        assert_eq!(workspace.results(), undisturbed.results(), "all stand where they are to stand");
    }
}

#[test]
fn a_run_that_is_killed_on_its_way_past_its_rung_is_not_lost_when_the_search_is_over() {
    let workspace = Workspace::with(&experiment(HALVING).replace("epochs = 9,", "epochs = 81,"));
    let command = ["run", "experiment.toml", "--checkpoint-seconds=0"];
    let out = workspace.succeed(&command);
    let is_paused = |run: &&String| workspace.record(&format!("runs/{run}"))["state"] == "paused";
    let runs = workspace.runs();
    let paused = runs.iter().find(is_paused).expect("one is paused");
    let metrics = workspace.path(&format!("runs/{paused}/metrics.csv"));
    let rows = || std::fs::read_to_string(&metrics).expect("readable").lines().count();
    let before = rows();
    let mut running = workspace.start(&["resume", paused, "--checkpoint-seconds=0"]);
    wait_until("it goes past its rung", || rows() > before + 3 || !running.is_alive());
    running.signal(Signal::KILL);
    assert_eq!(running.wait().code, None, "it was to be killed");
    let lost = workspace.succeed(&["list", "--state", "lost", "--format", "csv"]);
    assert_eq!(lost.lines().count(), 1 + 1, "{lost}");
    for _ in 0..2 {
        assert_eq!(workspace.succeed(&command), out, "the same winners");
        let record = workspace.record(&format!("runs/{paused}"));
        assert_eq!(record["state"], "interrupted", "nothing that was trained is thrown away");
    }
    workspace.succeed(&["resume", "--all"]);
    assert_eq!(workspace.record(&format!("runs/{paused}"))["state"], "finished");
    workspace.succeed(&["verify", paused]);
}

#[test]
fn plan_shows_the_rungs_and_what_they_cost() {
    for (name, kind) in [("halving", HALVING), ("hyperband", HYPERBAND)] {
        let workspace = Workspace::with(&experiment(kind));
        let plan = workspace.succeed(&["plan", "experiment.toml"]);
        let begin = plan.find("successive halving").or_else(|| plan.find("Hyperband"));
        let end = plan.find("18 trials, 0 cached").expect("a summary");
        insta::assert_snapshot!(format!("plan_{name}"), &plan[begin.expect("rungs")..end]);
        workspace.succeed(&["run", "experiment.toml"]);
        let plan = workspace.succeed(&["plan", "experiment.toml"]);
        assert!(plan.ends_with("18 trials, none is left to train\n"), "{plan}");
    }
}

#[test]
fn a_rung_waits_for_a_run_that_failed_and_goes_on_when_it_is_there() {
    let workspace = Workspace::with(&of_one_seed(HALVING));
    let id = &workspace.ids("experiment.toml")[3];
    workspace.write(&format!("runs/{id}"), "not a folder");
    let ran = workspace.run(&["run", "experiment.toml", "--jobs=2"]);
    assert_eq!(ran.code, Some(100), "{}", ran.err);
    assert!(ran.err.contains("is not over yet") || ran.out.contains("is not over yet"));
    std::fs::remove_file(workspace.path(&format!("runs/{id}"))).expect("removed");
    let out = workspace.succeed(&["run", "experiment.toml", "--jobs=2"]);
    assert_eq!(out, halved(HALVING, "2").1);
}

#[test]
fn what_cannot_be_halved_is_said_at_its_line() {
    let workspace = Workspace::with(
        r#"
dataset = { kind = "synthetic", train_examples = 300, test_examples = 50 }
network = { kind = "mlp", hidden_sizes = [12] }
optimizer = { kind = "sgd" }
training = { epochs = 9, batch_size = 20 }
evaluation = { every_epochs = 2 }

[halving]
kind = "hyperbnd"
min_epochs = 1
eta = 1
monitor = "test_accuracy"
rungs = 3
"#,
    );
    let ran = workspace.run(&["plan", "experiment.toml"]);
    assert_eq!(ran.code, Some(3));
    insta::assert_snapshot!("keys", ran.err);
    let sets = ["--set", "halving.kind=hyperband", "--set", "halving.eta=3"];
    let more = ["--set", "halving.monitor=val_loss"];
    let text = workspace.read("experiment.toml").replace("rungs = 3", "");
    workspace.write("experiment.toml", &text);
    let ran = workspace.run(&[&["plan", "experiment.toml"][..], &sets, &more].concat());
    assert_eq!(ran.code, Some(3));
    insta::assert_snapshot!("splits", ran.err);
    let text = text.replace("epochs = 9,", "epochs = 9, seeds = 2,");
    let text = text.replace("test_examples = 50", "validation_examples = 50");
    workspace.write("experiment.toml", format!("{text}[grid]\ntraining.epochs = [4, 9]\n"));
    let ran = workspace.run(&[&["plan", "experiment.toml"][..], &sets, &more].concat());
    assert_eq!(ran.code, Some(3));
    insta::assert_snapshot!("lengths", ran.err);
}
