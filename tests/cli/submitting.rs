//! `runner submit` and tasks of Slurm, with commands that stand for Slurm's: they write down how they were
//! called. `tests/soak/slurm.sh` does it with the real ones.

use std::os::unix::fs::PermissionsExt;
use std::process::Command;

use rustix::process::Signal;

use crate::experiments::{dropout_grid, trial};
use crate::workspace::{Ran, Running, Workspace};

const ENDLESS: u32 = 10_000_000;
/// Writes its arguments down, one a line, and names a job.
const SBATCH: &str = "#!/bin/sh\nprintf '%s\\n' \"$@\" > sbatch.txt\necho '4711;cluster'\n";
/// Writes its arguments down, and is asked for the configuration.
const SCONTROL: &str =
    "#!/bin/sh\necho \"$@\" >> scontrol.txt\necho 'MaxArraySize            = 3'\n";

fn write_command(workspace: &Workspace, name: &str, text: &str) {
    workspace.write(&format!("bin/{name}"), text);
    let path = workspace.path(&format!("bin/{name}"));
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o755)).expect("it is there");
}

/// The binary, with the workspace's commands and none of the machine's: it may have a Slurm.
fn command(workspace: &Workspace, args: &[&str]) -> Command {
    let mut command = workspace.command(args);
    command.env("PATH", workspace.path("bin"));
    for name in ["SLURM_JOB_ID", "SLURM_ARRAY_JOB_ID", "SLURM_ARRAY_TASK_ID", "SLURM_CONF"] {
        command.env_remove(name);
    }
    command
}

fn submit(workspace: &Workspace, args: &[&str]) -> Ran {
    command(workspace, &[&["submit"], args].concat()).output().expect("the binary starts").into()
}

/// A grid of four trials, and a Slurm that takes everything.
fn with_slurm(experiment: &str) -> Workspace {
    let workspace = Workspace::with(experiment);
    write_command(&workspace, "sbatch", SBATCH);
    write_command(&workspace, "scontrol", SCONTROL);
    workspace
}

/// The script with the paths of this machine replaced.
fn masked(workspace: &Workspace, script: &str) -> String {
    let folder = workspace.path("").canonicalize().expect("it is there");
    script
        .replace(env!("CARGO_BIN_EXE_runner"), "/RUNNER")
        .replace(folder.to_str().expect("text"), "/HERE")
}

#[test]
fn script_as_it_is_printed() {
    let workspace = Workspace::with(&dropout_grid(1));
    let ran = submit(&workspace, &["experiment.toml", "--print"]);
    assert_eq!((ran.code, ran.err.as_str()), (Some(0), ""));
    insta::assert_snapshot!(masked(&workspace, &ran.out));
    assert!(!workspace.path("runs").exists(), "printing writes nothing");
}

#[test]
fn what_was_given_is_in_the_script_with_every_odd_character_quoted() {
    let workspace = Workspace::new();
    workspace.write("it's \"a\" file.toml", dropout_grid(1));
    let args =
        ["it's \"a\" file.toml", "--print", "--tasks=2", "-j3", "--set=training.seeds=[1, 2]"];
    let more = ["--runs-dir=50 % of\t\"runs\"", "--checkpoint-seconds=5", "--fail-fast", "-v"];
    let mut command = command(&workspace, &[&["submit"], &args[..], &more[..]].concat());
    command.env("RUNNER_CLAIM_TIMEOUT", "120").env("RUNNER_QUIET", "1").env("RUNNER_WAIT", "yes");
    let ran = Ran::from(command.output().unwrap());
    assert_eq!((ran.code, ran.err.as_str()), (Some(0), ""));
    insta::assert_snapshot!(masked(&workspace, &ran.out));
}

#[test]
fn a_submitted_script_lies_beside_its_logs_and_options_of_sbatch_are_passed_on() {
    let workspace = with_slurm(&dropout_grid(1));
    let args = ["experiment.toml", "--tasks=2", "--", "--time=1:00:00", "--comment=a b"];
    let ran = submit(&workspace, &args);
    assert_eq!((ran.code, ran.out.as_str()), (Some(0), "4711\n"), "{}", ran.err);
    insta::assert_snapshot!(ran.err);
    let script = workspace.path("runs/.slurm/experiment.sh").canonicalize().unwrap();
    let called = format!("--parsable\n--time=1:00:00\n--comment=a b\n{}\n", script.display());
    assert_eq!(workspace.read("sbatch.txt"), called);
    let printed = submit(&workspace, &["experiment.toml", "--tasks=2", "--print"]).out;
    assert_eq!(workspace.read("runs/.slurm/experiment.sh"), printed);
    assert!(workspace.succeed(&["list"]).is_empty(), "the folder of logs is no run");
}

#[test]
fn more_tasks_than_an_array_may_have_are_an_error_and_more_than_trials_are_not_submitted() {
    let workspace = with_slurm(&dropout_grid(1));
    let ran = submit(&workspace, &["experiment.toml", "--tasks=4"]);
    assert_eq!(ran.code, Some(2), "{}", ran.err);
    assert!(ran.err.contains("at most 3 (MaxArraySize)"), "{}", ran.err);
    assert!(!workspace.path("sbatch.txt").exists());
    let ran = submit(&workspace, &["experiment.toml", "--tasks=9", "--print"]);
    assert!(ran.out.contains("#SBATCH --array=0-3\n"), "{}", ran.out);
    assert!(ran.err.contains("4 tasks, one for each open trial"), "{}", ran.err);
}

#[test]
fn without_anything_to_do_or_with_errors_nothing_is_submitted() {
    let workspace = with_slurm(&dropout_grid(1));
    workspace.write("invalid.toml", trial(0));
    workspace.write("far.toml", trial(1).replace("\"synthetic\"", "\"cifar10\""));
    assert_eq!(submit(&workspace, &["invalid.toml"]).code, Some(3));
    let ran = submit(&workspace, &["far.toml", "--offline"]);
    assert_eq!(ran.code, Some(6), "{}", ran.err);
    workspace.succeed(&["run", "experiment.toml"]);
    let ran = submit(&workspace, &["experiment.toml"]);
    assert_eq!((ran.code, ran.out.as_str()), (Some(0), ""));
    assert_eq!(ran.err, "nothing to submit: of 4 trials all are done\n");
    assert!(!workspace.path("sbatch.txt").exists());
}

#[test]
fn what_sbatch_says_is_shown_with_what_to_do() {
    let workspace = Workspace::with(&trial(1));
    let ran = submit(&workspace, &["experiment.toml"]);
    assert_eq!(ran.code, Some(1));
    assert!(ran.err.contains("cannot run sbatch: No such file"), "{}", ran.err);
    assert!(ran.err.contains("`runner run`"), "{}", ran.err);
    write_command(&workspace, "sbatch", "#!/bin/sh\necho 'invalid partition: x' >&2\nexit 1\n");
    let ran = submit(&workspace, &["experiment.toml", "--", "--partition=x"]);
    assert_eq!((ran.code, ran.out.as_str()), (Some(1), ""));
    assert!(ran.err.contains("invalid partition: x\nnothing was submitted"), "{}", ran.err);
}

/// The script is run as Slurm runs it, by as many processes as it has tasks.
#[test]
fn tasks_of_a_script_divide_the_trials() {
    let workspace = Workspace::with(&dropout_grid(10));
    let script = submit(&workspace, &["experiment.toml", "--tasks=3", "--print"]).out;
    workspace.write("job.sh", script);
    let start = |task: &str| {
        let mut command = Command::new("/bin/sh");
        command.arg(workspace.path("job.sh")).current_dir("/").env("SLURM_ARRAY_TASK_MIN", "0");
        command.env("SLURM_ARRAY_TASK_ID", task).env_remove("SLURM_CPUS_PER_TASK");
        Running::of(
            command.stdout(std::process::Stdio::piped()).stderr(std::process::Stdio::piped()),
        )
    };
    for ran in ["0", "1", "2"].map(start).map(Running::wait) {
        assert_eq!(ran.code, Some(0), "{}", ran.err);
    }
    assert_eq!(workspace.runs().len(), 4);
    assert_eq!(workspace.attempts_logged(), 4, "none was trained twice");
    assert_eq!(workspace.leftovers(), [""; 0]);
}

/// A process in training, to which Slurm has given these variables.
fn task(workspace: &Workspace, variables: &[(&str, &str)]) -> Running {
    let mut command = command(workspace, &["run", "experiment.toml", "--jobs=1"]);
    command.envs(variables.iter().copied());
    let mut running = Running::of(&mut command);
    workspace.wait_for_attempt(0, &mut running);
    running
}

const TASK: [(&str, &str); 3] =
    [("SLURM_JOB_ID", "4714"), ("SLURM_ARRAY_JOB_ID", "4711"), ("SLURM_ARRAY_TASK_ID", "3")];

#[test]
fn told_that_its_time_is_over_a_task_saves_its_trials_and_is_requeued() {
    let workspace = with_slurm(&dropout_grid(ENDLESS));
    let running = task(&workspace, &TASK);
    running.signal(Signal::USR1);
    let ran = running.wait();
    assert_eq!((ran.code, ran.out.as_str()), (Some(5), ""), "{}", ran.err);
    insta::assert_snapshot!(ran.err);
    assert_eq!(workspace.read("scontrol.txt"), "requeue 4711_3\n");
    let run = workspace.only_run();
    assert_eq!(workspace.record(&run)["state"], "interrupted");
    assert!(workspace.path(&run).join("checkpoint.safetensors").exists());
    assert_eq!(workspace.leftovers(), [""; 0]);
}

#[test]
fn a_cancelled_task_is_not_requeued() {
    let workspace = with_slurm(&dropout_grid(ENDLESS));
    let running = task(&workspace, &TASK);
    running.signal(Signal::TERM);
    assert_eq!(running.wait().code, Some(143));
    assert!(!workspace.path("scontrol.txt").exists());
}

#[test]
fn outside_of_slurm_the_warning_saves_and_says_how_to_go_on() {
    let workspace = with_slurm(&dropout_grid(ENDLESS));
    let running = task(&workspace, &[]);
    running.signal(Signal::USR1);
    let ran = running.wait();
    assert_eq!(ran.code, Some(5));
    let told = "the time is nearly over: 1 of 4 trials saved partway, 3 not started.\n\
                `runner run` with the same files continues";
    assert!(ran.err.contains(told), "{}", ran.err);
    assert!(!workspace.path("scontrol.txt").exists());
}

#[test]
fn a_controller_that_refuses_is_asked_again_and_quoted() {
    let workspace = with_slurm(&dropout_grid(ENDLESS));
    let refuses = "#!/bin/sh\necho \"$@\" >> scontrol.txt\necho 'Job is gone' >&2\nexit 1\n";
    write_command(&workspace, "scontrol", refuses);
    let running = task(&workspace, &[("SLURM_JOB_ID", "4711")]);
    running.signal(Signal::USR1);
    let ran = running.wait();
    assert_eq!(ran.code, Some(5));
    assert!(ran.err.contains("task 4711 of Slurm cannot be requeued"), "{}", ran.err);
    assert!(ran.err.ends_with("Job is gone\n"), "{}", ran.err);
    assert_eq!(workspace.read("scontrol.txt"), "requeue 4711\n".repeat(3));
}
