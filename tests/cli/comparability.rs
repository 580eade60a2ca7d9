//! What is set side by side is measured on the same examples, or it is said that it is not; and every
//! figure says of which weights it is.

use std::fmt::Write;

use crate::experiments::trial;
use crate::workspace::Workspace;

/// A table of so many classes, which the first column tells apart.
fn table(classes: usize) -> String {
    let mut text = "x,y,label\n".to_owned();
    for i in 0..60 {
        let class = i % classes;
        writeln!(text, "{}.{},{},c{class}", 3 * class, i % 7, i % 5).expect("text takes it");
    }
    text
}

fn experiment(file: &str, keys: &str) -> String {
    format!(
        "[dataset]\nkind = \"csv\"\npath = \"{file}\"\nlabel = \"label\"\n{keys}\n\
         [network]\nkind = \"mlp\"\nhidden_sizes = [4]\n\
         [optimizer]\nkind = \"adam\"\nlearning_rate = 0.05\n\
         [training]\nepochs = 2\nbatch_size = 10\nseeds = 2\n"
    )
}

/// Two files, and an experiment on each; the second holds out other examples too.
fn two_files() -> Workspace {
    let workspace = Workspace::new();
    workspace.write("a.csv", table(3));
    workspace.write("b.csv", table(2));
    workspace.write("a.toml", experiment("a.csv", "validation_examples = 6"));
    workspace.write("b.toml", experiment("b.csv", "validation_examples = 8"));
    for file in ["a.toml", "b.toml"] {
        workspace.succeed(&["run", "-q", file]);
    }
    workspace
}

const DIFFERENT: &str = "the configs are tested on different data";

#[test]
fn no_command_names_a_best_across_different_data() {
    let workspace = two_files();
    let none = format!("\nNo best is named: {DIFFERENT}.\n");
    let compared = workspace.succeed(&["compare", "a.toml", "b.toml"]);
    assert!(compared.ends_with(&none) && compared.starts_with("dataset.sha256"), "{compared}");
    let confirm = ["confirm", "a.toml", "b.toml", "--top", "1", "--fresh-seeds", "1"];
    let before = workspace.runs();
    let refused = workspace.run(&confirm);
    let error = format!("error: {DIFFERENT} (dataset.sha256), so none is the best; ");
    assert!(refused.code == Some(2) && refused.err.starts_with(&error), "{}", refused.err);
    assert_eq!(workspace.runs(), before, "nothing is trained");
    let grouped = ["compare", "runs", "--group-by", "dataset.validation_examples"];
    let grouped = workspace.succeed(&grouped);
    assert!(grouped.ends_with(&format!("\nNo row is named: {DIFFERENT}.\n")), "{grouped}");
    let diagnosed = workspace.succeed(&["diagnose", "runs"]);
    assert!(diagnosed.contains("its values are measured on different examples"), "{diagnosed}");
    assert!(!diagnosed.contains("instead of"), "{diagnosed}");
    let plotted = workspace.run(&["plot", "runs"]);
    assert_eq!(plotted.err, format!("{DIFFERENT}: no plot shows a best one\n"));
    let curves = workspace.read("plots/curves_test.svg");
    assert!(curves.contains(&format!("{DIFFERENT}: none is the best")), "{curves}");
    assert!(!curves.contains("accuracy first"), "{curves}");
    workspace.succeed(&["report", "runs", "-o", "report.html"]);
    let report = workspace.read("report.html");
    assert!(report.contains(&format!("No best is named: {DIFFERENT}.")));
    assert!(report.contains(&format!("\"incomparable\":\"{DIFFERENT}\"")));
    let [a, b] = ["a.toml", "b.toml"].map(|file| workspace.ids(file).remove(0));
    let diff = workspace.succeed(&["diff", &a, &b]);
    assert!(
        diff.contains("test figures are measured on different examples (dataset.sha256)"),
        "{diff}"
    );
}

#[test]
fn validation_does_not_rank_configs_that_hold_out_other_examples() {
    let workspace = Workspace::new();
    workspace.write("a.csv", table(3));
    let grid =
        experiment("a.csv", "validation_examples = 6") + "[grid]\ndataset.split_seed = [0, 1]\n";
    workspace.write("experiment.toml", grid);
    let ran = workspace.succeed(&["run", "-q", "experiment.toml"]);
    let none = "\nNo best is named: the configs hold out different validation examples.\n";
    assert!(ran.ends_with(none), "{ran}");
    let refused = workspace.run(&["confirm", "experiment.toml"]);
    assert_eq!(refused.code, Some(2));
    assert!(refused.err.contains("(dataset.split_seed)"), "{}", refused.err);
}

#[test]
fn seeds_that_agree_on_a_coarse_test_set_claim_nothing() {
    let workspace = Workspace::new();
    workspace.write("a.csv", table(2));
    // Decay alone leaves weights of nothing, and so one class for all; the other config is always right.
    let grid = experiment("a.csv", "").replace("epochs = 2", "epochs = 20")
        + "[grid]\noptimizer.weight_decay = [0.0, 1000.0]\n";
    workspace.write("experiment.toml", grid);
    let ran = workspace.succeed(&["run", "-q", "experiment.toml"]);
    let best = "weight decay 1000 comes out lower in test accuracy (-50.0), but the seeds show no spread to \
                judge it by: no change is shown.";
    assert!(ran.contains(best), "{ran}");
    assert!(!ran.contains("± 0.0") && !ran.contains("below 0.0 points"), "{ran}");
    let csv =
        workspace.succeed(&["compare", "experiment.toml", "--format", "csv", "--columns", "test"]);
    assert!(csv.contains("1.0,0.0,\n") && csv.contains("0.5,0.0,\n"), "{csv}");
    let diagnosed = workspace.succeed(&["diagnose", "experiment.toml"]);
    assert!(diagnosed.contains("seed noise unknown"), "{diagnosed}");
    assert!(!diagnosed.contains("0.0 points is noise"), "{diagnosed}");
    let json = workspace.succeed(&["diagnose", "experiment.toml", "--format", "json"]);
    assert!(json.contains("\"settings\": []"), "{json}");
}

/// The first evaluation stays the best one, and its weights are kept; figures are of averages.
fn restored() -> Workspace {
    let stopping = "ema_decay = 0.5\n\
                    early_stopping = { patience = 2, min_delta = 10.0, restore_best = true }";
    let experiment = trial(50)
        .replace("train_examples = 300", "train_examples = 330\nvalidation_examples = 50")
        .replace("seeds = [7]", &format!("seeds = [7]\n{stopping}"));
    let workspace = Workspace::with(&experiment);
    workspace.succeed(&["run", "-q", "experiment.toml"]);
    workspace
}

#[test]
fn every_figure_says_of_which_weights_it_is() {
    let workspace = restored();
    let run = workspace.only_run();
    let epochs = |key: &str| workspace.record(&run)[key].clone();
    assert_eq!((epochs("model_epoch"), epochs("last")["epoch"].clone()), (1.into(), 3.into()));
    let weights = "the averages of the weights of epoch 1";
    let show = workspace.succeed(&["show", "latest"]);
    assert!(show.contains(&format!("\ntest examples, with {weights}\n")), "{show}");
    let is_of_model =
        |line: &str| line.split_whitespace().take(3).eq(["model", "(restore_best)", "1"]);
    assert!(show.lines().any(is_of_model), "{show}");
    assert!(
        show.contains("learning curve: accuracies in %, gap in points, with averages"),
        "{show}"
    );
    let compared = workspace.succeed(&["compare", "latest"]);
    let note = "\nrestore_best kept the weights of another epoch in 1 of 1 runs: ";
    assert!(compared.contains(note), "{compared}");
    assert!(compared.contains("figures are of averages of the weights (ema_decay)"), "{compared}");
    let of_model =
        ["compare", "latest", "--epoch", "model", "--format", "csv", "--columns", "epoch"];
    assert_eq!(workspace.succeed(&of_model), "epoch_min,epoch_max\n1,1\n");
    let export = |to: &str, more: &[&str]| {
        let all = [&["export", "latest", "--to", to, "-o", to][..], more].concat();
        workspace.run(&all).err
    };
    for to in ["npz", "safetensors", "torch"] {
        let said = export(to, &[]);
        assert!(said.contains(&format!(", {weights}")), "{said}");
    }
    let script = workspace.read("torch/model.py");
    assert!(script.contains(&format!("in PyTorch, with {weights}. Written by")), "{script}");
    let best = export("npz", &["--weights", "best", "--force"]);
    assert!(best.contains(", the best by validation accuracy\n"), "{best}");
    workspace.succeed(&["report", "latest", "-o", "report.html"]);
    assert!(workspace.read("report.html").contains(&format!("\"model\":\"{weights}\"")));
    let predicted = workspace.run(&["predict", "latest", &format!("{run}/mistakes.png")]);
    assert!(predicted.err.contains(&format!("predicted by run {}, with {weights}", &run[5..])));
}

#[test]
fn configs_validated_on_other_folds_are_not_ranked() {
    let workspace = Workspace::new();
    workspace.write("a.csv", table(3));
    for (fold, sizes) in [(0, "[4]"), (2, "[5]")] {
        let keys = format!("folds = 3\nfold = {fold}");
        let text = experiment("a.csv", &keys).replace("[4]", sizes);
        workspace.write(&format!("{fold}.toml"), text + "[evaluation]\ntest = \"sealed\"\n");
        workspace.succeed(&["run", "-q", &format!("{fold}.toml")]);
    }
    let compared = workspace.succeed(&["compare", "runs"]);
    let none = "\nNo best is named: the configs hold out different validation examples.\n";
    assert!(compared.ends_with(none), "{compared}");
    for (command, code) in [(&["confirm", "runs"][..], 2), (&["compare", "runs", "--pareto"], 1)] {
        let refused = workspace.run(command);
        assert_eq!(refused.code, Some(code), "{}", refused.err);
        assert!(refused.err.contains("hold out different validation examples"), "{}", refused.err);
    }
}
