//! Trials that start from another run's weights, or learn its answers.

use std::fs;

use crate::experiments::trial;
use crate::own_data::{experiment, photos};
use crate::workspace::Workspace;

/// A finished run and its folder.
fn with_teacher() -> (Workspace, String) {
    let workspace = Workspace::with(&trial(2));
    workspace.succeed(&["run", "-q", "experiment.toml"]);
    let teacher = workspace.only_run();
    (workspace, teacher)
}

/// The run folder beside the teacher's.
fn other_run(workspace: &Workspace, teacher: &str) -> String {
    let paths = workspace.runs().into_iter().map(|id| format!("runs/{id}"));
    let mut others = paths.filter(|path| !path.ends_with(teacher) && *path != *teacher);
    others.next().expect("two runs")
}

fn more(table: &str) -> String {
    trial(1).replace("seeds = [7]", &format!("seeds = [8]\n{table}"))
}

#[test]
fn a_run_starts_from_the_weights_of_another() {
    let (workspace, teacher) = with_teacher();
    let learned = workspace.record(&teacher)["last"]["test_accuracy"].as_f64().unwrap();
    workspace.write("more.toml", more(&format!("start_from = {{ run = \"{teacher}\" }}")));
    workspace.succeed(&["run", "-q", "more.toml"]);
    let run = other_run(&workspace, &teacher);
    let metrics = workspace.read(&format!("{run}/metrics.csv"));
    let first = metrics.lines().nth(1).unwrap();
    let column =
        metrics.lines().next().unwrap().split(',').position(|name| name == "test_accuracy");
    let start: f64 = first.split(',').nth(column.unwrap()).unwrap().parse().unwrap();
    assert!((start - learned).abs() < 1e-6, "starts at {start}, the other ended at {learned}");
}

#[test]
fn content_decides_the_id_and_the_folder_does_not() {
    let (workspace, teacher) = with_teacher();
    let file = |run: &str| more(&format!("distill_from = {{ run = \"{run}\", weight = 0.5 }}"));
    workspace.write("here.toml", file(&teacher));
    let moved = workspace.path("elsewhere");
    fs::create_dir(&moved).unwrap();
    for name in ["trial.toml", "model.safetensors", "run.json"] {
        fs::copy(workspace.path(&format!("{teacher}/{name}")), moved.join(name)).unwrap();
    }
    workspace.write("there.toml", file("elsewhere"));
    assert_eq!(workspace.ids("here.toml"), workspace.ids("there.toml"));
    workspace.succeed(&["run", "-q", "here.toml"]);
    assert!(workspace.succeed(&["run", "there.toml"]).contains("n=1"), "it is the same run");
    assert_eq!(workspace.runs().len(), 2);
}

#[test]
fn another_run_that_is_missing_changed_or_of_another_network_is_refused() {
    let (workspace, teacher) = with_teacher();
    workspace.write("gone.toml", more("start_from = { run = \"nowhere\" }"));
    let ran = workspace.run(&["plan", "gone.toml"]);
    assert_eq!(ran.code, Some(3));
    assert!(ran.err.contains("`training.start_from.run` names no finished run"), "{}", ran.err);
    assert!(ran.err.contains("`runner list` shows them"), "{}", ran.err);
    let other = more(&format!("start_from = {{ run = \"{teacher}\" }}"));
    workspace.write("other.toml", other.replace("[16, 8]", "[15, 8]"));
    let ran = workspace.run(&["plan", "other.toml"]);
    assert_eq!(ran.code, Some(3), "{}", ran.err);
    assert!(ran.err.contains("`training.start_from.run` has another network"), "{}", ran.err);
    assert!(ran.err.contains("tensor 0.weight has shape [16, 3072]"), "{}", ran.err);
    let sha256 = format!("start_from = {{ run = \"{teacher}\", sha256 = \"{}\" }}", "0".repeat(64));
    workspace.write("changed.toml", more(&sha256));
    let ran = workspace.run(&["run", "changed.toml", "--no-progress"]);
    assert!(ran.err.contains("has changed"), "{}", ran.err);
    let scaled = more(&format!("distill_from = {{ run = \"{teacher}\" }}"));
    let scaled = scaled.replace("[dataset]", "[dataset]\nscaling = \"standardize\"");
    workspace.write("scaled.toml", scaled);
    let ran = workspace.run(&["plan", "scaled.toml"]);
    assert_eq!(ran.code, Some(3));
    assert!(ran.err.contains("it has `dataset.scaling = \"unit\"`, this trial"), "{}", ran.err);
    let held_out = more(&format!("start_from = {{ run = \"{teacher}\" }}"));
    let held_out = held_out.replace("[dataset]", "[dataset]\nvalidation_examples = 50");
    workspace.write("held_out.toml", held_out);
    let ran = workspace.run(&["plan", "held_out.toml"]);
    assert_eq!(ran.code, Some(3));
    assert!(ran.err.contains("trained on held-out examples of this trial"), "{}", ran.err);
}

#[test]
fn a_new_head_is_for_other_classes() {
    let (workspace, teacher) = with_teacher();
    let file = more(&format!("start_from = {{ run = \"{teacher}\", new_head = true }}"));
    let file = file.replace("[network]", "[network]\nweight_init = \"xavier\"");
    workspace.write("head.toml", file);
    workspace.succeed(&["run", "-q", "head.toml", "--save-initial"]);
    let run = other_run(&workspace, &teacher);
    let bytes = |run: &str, name: &str, tensor: &str| {
        let file = fs::read(workspace.path(&format!("{run}/{name}"))).unwrap();
        let tensors = safetensors::SafeTensors::deserialize(&file).unwrap();
        tensors.tensor(tensor).unwrap().data().to_vec()
    };
    let (start, end) = ("initial.safetensors", "model.safetensors");
    assert_eq!(bytes(&run, start, "0.weight"), bytes(&teacher, end, "0.weight"));
    assert_ne!(bytes(&run, start, "8.weight"), bytes(&teacher, end, "8.weight"));
}

/// What `plan` says of a file that it refuses.
fn refused(workspace: &Workspace, file: &str) -> String {
    workspace.write("refused.toml", file);
    let ran = workspace.run(&["plan", "refused.toml"]);
    assert_eq!(ran.code, Some(3), "{}{}", ran.out, ran.err);
    ran.err
}

#[test]
fn a_run_that_is_damaged_or_not_finished_gives_nothing() {
    let (workspace, teacher) = with_teacher();
    let model = format!("{teacher}/model.safetensors");
    let whole = fs::read(workspace.path(&model)).unwrap();
    let mut damaged = whole.clone();
    *damaged.last_mut().unwrap() ^= 1;
    fs::write(workspace.path(&model), damaged).unwrap();
    for key in ["start_from", "distill_from"] {
        let text = refused(&workspace, &more(&format!("{key} = {{ run = \"{teacher}\" }}")));
        assert!(text.contains(&format!("`training.{key}.run` names no finished run")), "{text}");
        assert!(text.contains("was changed after its run wrote it"), "{text}");
    }
    fs::write(workspace.path(&model), whole).unwrap();
    fs::remove_file(workspace.path(&format!("{teacher}/run.json"))).unwrap();
    let text = refused(&workspace, &more(&format!("start_from = {{ run = \"{teacher}\" }}")));
    assert!(text.contains("run.json"), "{text}");
}

/// A trial on the table `t.csv`, with more keys of `[dataset]` and of `[training]`.
fn of_table(dataset: &str, training: &str) -> String {
    format!(
        "dataset = {{ kind = \"csv\", path = \"t.csv\", label = \"kind\", test_path = \"u.csv\"{dataset} }}\n\
         network = {{ kind = \"mlp\", hidden_sizes = [3] }}\noptimizer = {{ kind = \"sgd\" }}\n\
         training = {{ epochs = 1, batch_size = 10{training} }}\n"
    )
}

/// Writes it, with two classes.
fn write_tables(workspace: &Workspace, classes: [&str; 2]) {
    for (name, count) in [("t.csv", 40), ("u.csv", 20)] {
        let lines = (0..count).map(|i| format!("{},{},{}\n", i, i * 7 % 5, classes[i % 2]));
        workspace.write(name, lines.fold("a,b,kind\n".to_owned(), |text, line| text + &line));
    }
}

#[test]
fn other_classes_and_other_columns_are_refused() {
    let workspace = Workspace::with(&of_table("", ""));
    write_tables(&workspace, ["cat", "dog"]);
    workspace.succeed(&["run", "-q", "experiment.toml"]);
    let run = workspace.only_run();
    let swapped = ", features = [\"b\", \"a\"]";
    for key in ["start_from", "distill_from"] {
        let from = format!(", {key} = {{ run = \"{run}\" }}");
        write_tables(&workspace, ["cat", "dog"]);
        let text = refused(&workspace, &of_table(swapped, &from));
        assert!(
            text.contains(&format!("`training.{key}.run` learned from other columns")),
            "{text}"
        );
        assert!(text.contains("number 1 is \"a\" there and \"b\" here"), "{text}");
        write_tables(&workspace, ["fox", "cat"]);
        let text = refused(&workspace, &of_table("", &from));
        assert!(text.contains(&format!("`training.{key}.run` has other classes")), "{text}");
        assert!(text.contains("number 2 is \"dog\" there and \"fox\" here"), "{text}");
        assert_eq!(text.contains("`new_head = true`"), key == "start_from", "{text}");
    }
    let anew = format!(", start_from = {{ run = \"{run}\", new_head = true }}");
    workspace.write("anew.toml", of_table("", &anew));
    workspace.succeed(&["plan", "anew.toml"]);
}

#[test]
fn a_network_with_more_layers_is_no_start() {
    let (workspace, teacher) = with_teacher();
    let start = |keys: &str| more(&format!("start_from = {{ run = \"{teacher}\"{keys} }}"));
    let smaller = start(", new_head = true").replace("[16, 8]", "[16]");
    let text = refused(&workspace, &smaller);
    assert!(text.contains("`training.start_from.run` has another network"), "{text}");
    let plain = start("").replace("[16, 8]", "[16, 8, 8]");
    let text = refused(&workspace, &plain);
    assert!(text.contains("state its `[network]`, as its trial.toml has it"), "{text}");
}

#[test]
fn a_teacher_of_other_examples_is_named_by_its_key() {
    let keys = |size: u32| format!("kind = \"images\"\npath = \"photos\"\nimage_size = {size}");
    let workspace = Workspace::with(&experiment(&keys(4)).replace("epochs = 6", "epochs = 1"));
    photos(&workspace, "photos", 6);
    workspace.succeed(&["run", "-q", "experiment.toml"]);
    let from = format!("distill_from = {{ run = \"{}\" }}\n", workspace.only_run());
    let text = refused(&workspace, &(experiment(&keys(6)) + &from));
    assert!(text.contains("`training.distill_from.run` has a network that does not fit"), "{text}");
    assert!(text.contains("tensor 0.weight has shape [8, 48], but"), "{text}");
}

#[test]
fn a_run_and_what_starts_from_it_are_not_trained_anew_together() {
    let (workspace, teacher) = with_teacher();
    workspace.write("more.toml", more(&format!("start_from = {{ run = \"{teacher}\" }}")));
    for files in [["more.toml", "experiment.toml"], ["experiment.toml", "more.toml"]] {
        let ran = workspace.run(&["run", files[0], files[1], "--retrain"]);
        let refusal = "training.start_from: with --retrain, run ";
        assert!(ran.err.contains(refusal) && ran.err.contains("by itself first"), "{}", ran.err);
        assert_eq!(workspace.record(&teacher)["state"], "finished", "nothing was moved aside");
    }
}
