//! Commands that messages name: whatever files are called, they can be pasted into a shell as they are.

use std::process::Command;

use crate::workspace::{Ran, Workspace};

/// As quick as a trial can be.
const TINY: &str = "\
dataset = { kind = \"synthetic\", train_examples = 20, test_examples = 10 }
network = { kind = \"mlp\", hidden_sizes = [2] }
optimizer = { kind = \"sgd\" }
training = { epochs = 1, batch_size = 10 }
";
/// Names that a shell would take apart.
const NAMES: [&str; 5] = ["my exp $x", "it's \"a\" `b`", "a;b&c|d", "*?[x]~#", "-n --x"];

/// The commands of a message that begin with this word.
fn commands(message: &str, program: &str) -> Vec<String> {
    let begins = format!("`{program} ");
    let parts = message.match_indices(&begins).map(|(at, _)| &message[at + 1..]);
    // A name may hold backticks: a command ends with the last one that words follow.
    let ends = ["` trains", "` shows", "` checks", "` with", "`\n"];
    parts
        .map(|rest| {
            let end = ends.iter().filter_map(|end| rest.find(end)).min().expect("the command ends");
            rest[..end].to_owned()
        })
        .collect()
}

/// What a shell makes of a command, where `python` and `tensorboard` say whether their file is there.
fn pasted(workspace: &Workspace, command: &str) -> Ran {
    let mut shell = Command::new("sh");
    let runner = workspace.command(&[]).get_program().to_owned();
    let script = format!(
        "R=$0; runner() {{ \"$R\" \"$@\"; }}; python() {{ test -f \"$1\"; }}\n\
         tensorboard() {{ test -d \"$2\"; }}\n{command}"
    );
    shell.args(["-c", &script]).arg(runner).current_dir(workspace.path(""));
    shell.env("XDG_CACHE_HOME", workspace.path("cache")).env("RUNNER_JOBS", "1");
    shell.output().expect("sh is there").into()
}

#[track_caller]
fn runs_as_pasted(workspace: &Workspace, message: &str, program: &str) {
    let commands = commands(message, program);
    assert_eq!(commands.len(), 1, "{message}");
    let ran = pasted(workspace, &commands[0]);
    assert_eq!(ran.code, Some(0), "{}: {}", commands[0], ran.err);
}

#[test]
fn hints_that_name_a_file_run_as_they_are_pasted() {
    for name in NAMES {
        let workspace = Workspace::new();
        let file = format!("{name}.toml");
        workspace.write(&file, TINY);
        let typed = if name.starts_with('-') { format!("./{file}") } else { file };
        let ran = workspace.run(&["compare", &typed]);
        assert_eq!(ran.code, Some(4));
        runs_as_pasted(&workspace, &ran.err, "runner run");
        let folder = format!("t {}", name.replace('-', "o"));
        let ran = workspace.run(&["export", "latest", "--to", "torch", "-o", &folder]);
        runs_as_pasted(&workspace, &ran.err, "python");
        let board = format!("{folder} board");
        let ran = workspace.run(&["export", "latest", "--to", "tensorboard", "-o", &board]);
        runs_as_pasted(&workspace, &ran.err, "tensorboard");
    }
}

#[test]
fn hints_find_the_folder_of_runs_that_was_named() {
    let workspace = Workspace::with(TINY);
    let ran = workspace.run(&["compare", "experiment.toml", "--runs-dir", "r $x 's"]);
    runs_as_pasted(&workspace, &ran.err, "runner run");
    assert!(workspace.path("r $x 's").is_dir() && !workspace.path("runs").exists());
}

#[test]
fn a_new_file_can_be_trained_as_the_message_says() {
    for name in NAMES {
        let workspace = Workspace::new();
        let ran = workspace.run(&["init", "--", &format!("{name}.toml")]);
        assert_eq!(ran.code, Some(0), "{}", ran.err);
        let command = commands(&ran.err, "runner run").remove(0);
        // The starter's data are not here: that its file is found is what is asked.
        let planned = pasted(&workspace, &command.replacen("run ", "plan ", 1));
        assert_eq!(planned.code, Some(0), "{command}: {}", planned.err);
    }
}

#[test]
fn hints_find_the_folder_of_datasets_that_was_named() {
    let workspace = Workspace::new();
    let ran = workspace.run(&["data", "check", "cifar10", "--data-dir", "d $x"]);
    assert_eq!(ran.code, Some(6));
    assert!(ran.err.contains("get it: runner data fetch cifar10 --data-dir 'd $x'"), "{}", ran.err);
    let ran = workspace.run(&["data", "check", "cifar10"]);
    assert!(ran.err.ends_with("get it: runner data fetch cifar10\n"), "{}", ran.err);
}
