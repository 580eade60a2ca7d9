//! Classes that are rare, missing in a part of the data, or far too many: what is said of them, and that
//! none is lost in silence.

use std::fs;

use serde_json::{Value, json};

use crate::own_data::{experiment, picture, save};
use crate::workspace::Workspace;

const TABLE: &str = "kind = \"csv\"\npath = \"table.csv\"\nlabel = \"class\"\n";

/// A table of lines whose two numbers tell the class.
fn table(classes: &[&str]) -> String {
    let line = |(i, class): (usize, &&str)| {
        let x = f64::from(class.len() as u32) + (i * 7 % 5) as f64 / 10.0;
        format!("{x},{},\"{class}\"\n", i % 3)
    };
    classes.iter().enumerate().map(line).fold("x,y,class\n".to_owned(), |text, line| text + &line)
}

fn workspace(keys: &str, classes: &[&str]) -> Workspace {
    let workspace = Workspace::with(&experiment(&format!("{TABLE}{keys}")));
    workspace.write("table.csv", table(classes));
    workspace
}

/// 5 lines of one class among 100.
fn rare() -> Vec<&'static str> {
    (0..100).map(|i| if i % 20 == 3 { "sick" } else { "well" }).collect()
}

/// 20 lines of each class, one class after the other.
fn sorted() -> Vec<&'static str> {
    (0..60).map(|i| ["a", "bb", "ccc"][i / 20]).collect()
}

/// What the program says, with the folder's name taken out.
fn told(workspace: &Workspace, text: &str) -> String {
    let folder = fs::canonicalize(workspace.path("")).expect("it is there");
    text.replace(&*folder.to_string_lossy(), "FOLDER")
}

#[test]
fn rare_class_is_held_out_in_proportion_and_stays_in_training() {
    let workspace = workspace("validation_examples = 8", &rare());
    let checked = workspace.succeed(&["data", "check", "experiment.toml"]);
    let checked: Vec<&str> = checked.lines().filter(|line| !line.contains("SHA-256")).collect();
    insta::assert_snapshot!(told(&workspace, &checked.join("\n")));
    let ran = workspace.run(&["run", "experiment.toml"]);
    assert_eq!((ran.code, ran.err.contains("warning")), (Some(0), false), "{}", ran.err);
    let record = workspace.record(&workspace.only_run());
    let counts = json!({"train": [3, 69], "validation": [1, 7], "test": [1, 19]});
    assert_eq!(record["class_counts"], counts);
    assert_eq!(record["provenance"]["numerics"], 4);
    assert!(workspace.succeed(&["verify", "latest"]).contains("same bytes"));
}

#[test]
fn pictures_of_a_rare_class_stay_in_training() {
    let keys = "kind = \"images\"\npath = \"photos\"\nimage_size = 4\nvalidation_examples = 8";
    let workspace = Workspace::with(&experiment(keys));
    for i in 0..40 {
        save(&workspace, &format!("photos/many/{i:02}.png"), &picture(6, 6, true, i));
        if i < 5 {
            save(&workspace, &format!("photos/few/{i:02}.png"), &picture(6, 6, false, i));
        }
    }
    workspace.succeed(&["run", "experiment.toml"]);
    let record = workspace.record(&workspace.only_run());
    let counts = json!({"train": [3, 25], "validation": [1, 7], "test": [1, 8]});
    assert_eq!(record["class_counts"], counts);
}

#[test]
fn classes_that_are_not_trained_on_are_an_error_at_the_key() {
    let errors = [
        workspace("train_examples = 10", &sorted()),
        workspace("train_examples = 2", &sorted()),
        workspace("validation_examples = 46", &sorted()),
        Workspace::with(&experiment("kind = \"synthetic\"\ntrain_examples = 9")),
        Workspace::with(&experiment("kind = \"cifar10\"\nvalidation_examples = 49_995")),
    ]
    .map(|workspace| {
        for command in ["plan", "run"] {
            let ran = workspace.run(&[command, "experiment.toml"]);
            assert_eq!((ran.code, workspace.runs().len()), (Some(3), 0), "{}", ran.err);
        }
        let text = workspace.run(&["run", "experiment.toml"]).err;
        told(&workspace, &text).replace("-->", "->")
    });
    insta::assert_snapshot!(errors.join("\n"));
}

#[test]
fn parts_without_some_class_are_named_wherever_their_figures_are() {
    let of = [
        (
            "evaluation.train_examples=10",
            "none of the 10 training examples that evaluation.train_examples measures belongs to class \"bb\" or \"ccc\": train accuracy, train loss \
          and gap say nothing about them",
        ),
        (
            "dataset.test_examples=4",
            "none of the 4 test examples belongs to class \"bb\" or \"ccc\": test \
          accuracy and loss say nothing about them",
        ),
        (
            "dataset.validation_examples=1",
            "the only one of the validation examples does not belong to class \"bb\" or \
          \"ccc\": validation accuracy and loss say nothing about them",
        ),
    ];
    for (set, line) in of {
        let workspace = workspace("", &sorted());
        let set = |command: &str| workspace.run(&[command, "experiment.toml", "-q", "--set", set]);
        for command in ["plan", "run"] {
            let ran = set(command);
            assert_eq!(ran.code, Some(0), "{}", ran.err);
            let warning = format!("warning: FOLDER/table.csv: {line}\n");
            let err = told(&workspace, &ran.err);
            assert!(err.starts_with(&warning), "{command} says {err}");
        }
        for command in ["compare", "diagnose", "show"] {
            let ran = workspace.run(&[command, "latest"]);
            assert!((ran.out + &ran.err).contains(line), "{command}");
        }
    }
}

#[test]
fn class_that_only_the_training_file_has_is_named() {
    let workspace = workspace("test_path = \"test.csv\"", &sorted());
    workspace.write("test.csv", table(&["a", "bb", "a"]));
    let line = "none of the 3 test examples belongs to class \"ccc\": test accuracy and loss say nothing \
                about it";
    assert!(workspace.succeed(&["data", "check", "experiment.toml"]).contains(line));
    assert!(workspace.run(&["run", "experiment.toml"]).err.contains(line));
}

#[test]
fn guess_of_diagnose_is_the_share_of_the_most_frequent_class() {
    let workspace = workspace("validation_examples = 8", &rare());
    let nothing_to_learn = |class: &&str| format!("1,2,{class}\n");
    let lines: String = rare().iter().map(nothing_to_learn).collect();
    workspace.write("table.csv", format!("x,y,class\n{lines}"));
    let set = ["--set", "optimizer.learning_rate=0.05", "--set", "training.epochs=10"];
    workspace.succeed(&[&["run", "experiment.toml"], &set[..]].concat());
    let found = workspace.succeed(&["diagnose", "latest"]);
    let line = "nothing is learnt: train accuracy 95.8 % is that of naming the most frequent of 2 classes \
                each time, train loss 0.17";
    assert!(found.contains(line) && found.contains("(a guess: 0.173)"), "{found}");
}

#[test]
fn ids_taken_for_classes_are_asked_about_and_cost_what_plan_says() {
    let names: Vec<String> = (0..6000).map(|i| format!("id{}", i / 3)).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let workspace = workspace("", &names);
    let text = experiment(TABLE).replace("epochs = 6", "steps = 2").replace("[8]", "[2]");
    workspace.write("experiment.toml", text);
    let question = "2000 classes for 4000 training examples, 2000 of them with 4 or fewer: is \
                    \"class\" the class, or an id of the lines?";
    let plan = workspace.run(&["plan", "experiment.toml", "--format", "json"]);
    assert!(plan.err.contains(question), "{}", plan.err);
    let plan: Value = serde_json::from_str(&plan.out).expect("JSON");
    let planned = plan[0]["disk_mb"].as_u64().expect("a number") * 1_000_000;
    assert!(workspace.run(&["run", "experiment.toml"]).err.contains(question));
    let run = workspace.only_run();
    let files = fs::read_dir(workspace.path(&run)).expect("a run folder");
    let sizes = files.map(|file| file.and_then(|file| file.metadata()).expect("a file").len());
    assert!(sizes.sum::<u64>() <= planned, "more than the {planned} bytes of the plan");
    let confusion = workspace.read(&format!("{run}/confusion.csv"));
    assert_eq!(confusion.lines().next(), Some("true_class,predicted_class,examples"));
    assert!(confusion.lines().count() <= 2001, "a line for each pair that occurs");
    assert!(workspace.succeed(&["show", "latest"]).contains("most confused"));
    let checked = workspace.succeed(&["data", "check", "experiment.toml"]);
    assert!(checked.contains(question) && checked.len() < 5000, "{checked}");
}

#[test]
fn no_name_of_a_class_in_confusion_csv_is_a_formula() {
    let names = ["=cmd|' C'!A0", "@SUM(1)", "\u{1b}[31mred", "\u{202e}gnp", "plain"];
    let lines: Vec<&str> = (0..50).map(|i| names[i % 5]).collect();
    let workspace = workspace("", &lines);
    workspace.succeed(&["run", "experiment.toml"]);
    let confusion = workspace.read(&format!("{}/confusion.csv", workspace.only_run()));
    assert_eq!(
        confusion.lines().next(),
        Some("class,\\u{1b}[31mred,'=cmd|' C'!A0,'@SUM(1),plain,\\u{202e}gnp")
    );
    let record = workspace.record(&workspace.only_run());
    assert_eq!(record["class_names"][1], "=cmd|' C'!A0", "the names themselves stay");
    assert!(workspace.succeed(&["verify", "latest"]).contains("confusion.csv"));
}
