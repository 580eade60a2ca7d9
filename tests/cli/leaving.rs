//! What leaves the machine: reports, exports and tables of documents tell nothing of it unless asked, no
//! password is printed, and `-` is standard output wherever one file is written.

use std::fs;
use std::path::PathBuf;
use std::process::Output;

use crate::experiments::trial;
use crate::own_data::{experiment, flowers};
use crate::workspace::Workspace;

/// Two finished runs on two files of one name.
fn on_two_files() -> Workspace {
    let workspace = Workspace::with(&experiment(
        "kind = \"csv\"\npath = \"janedoe/a/flowers.csv\"\nlabel = \"species\"\n",
    ));
    let text = workspace.read("experiment.toml");
    let paths = "[grid]\ndataset.path = [\"janedoe/a/flowers.csv\", \"janedoe/b/flowers.csv\"]\n";
    workspace.write("experiment.toml", format!("{text}\n{paths}"));
    workspace.write("janedoe/a/flowers.csv", flowers(60));
    workspace.write("janedoe/b/flowers.csv", flowers(61));
    workspace.succeed(&["run", "experiment.toml"]);
    workspace
}

#[test]
fn nothing_that_is_sent_on_names_folders_host_or_cpu() {
    let workspace = on_two_files();
    workspace.succeed(&["report", "runs", "-o", "report.html"]);
    workspace.succeed(&["export", "runs", "--to", "tensorboard", "-o", "board"]);
    workspace.succeed(&["plot", "runs", "-o", "plots"]);
    let mut leaving =
        vec![("report.html".to_owned(), fs::read(workspace.path("report.html")).unwrap())];
    for run in workspace.runs() {
        let target = format!("runs/{run}");
        for (format, file) in [("torch", "model.py"), ("npz", ""), ("safetensors", "")] {
            let output = format!("{format}-{run}");
            workspace.succeed(&["export", &target, "--to", format, "-o", &output]);
            let path = workspace.path(&output).join(file);
            let path = if file.is_empty() { workspace.path(&output) } else { path };
            leaving.push((output, fs::read(path).unwrap()));
        }
    }
    let of_runs =
        fs::read_dir(workspace.path("board")).unwrap().flatten().map(|entry| entry.path());
    let of_runs: Vec<PathBuf> = of_runs.filter(|path| path.is_dir()).collect();
    assert_eq!(of_runs.len(), workspace.runs().len());
    let folders = [workspace.path("board"), workspace.path("plots")];
    for folder in folders.into_iter().chain(of_runs) {
        for entry in fs::read_dir(folder).unwrap().flatten() {
            if entry.path().is_file() {
                leaving.push((entry.path().display().to_string(), fs::read(entry.path()).unwrap()));
            }
        }
    }
    for format in ["markdown", "latex"] {
        let table = workspace.succeed(&["compare", "runs", "--format", format]);
        leaving.push((format.to_owned(), table.into_bytes()));
    }
    let csv = workspace.succeed(&["export", "runs", "--to", "csv"]);
    assert!(csv.contains("a/flowers.csv") && csv.contains("b/flowers.csv"), "{csv}");
    leaving.push(("csv".to_owned(), csv.into_bytes()));
    let record = workspace.record(&format!("runs/{}", workspace.runs()[0]));
    let path = record["trial"]["dataset"]["path"].as_str().unwrap();
    let folder = path.split("/janedoe/").next().unwrap();
    let cpu = record["provenance"]["cpu"].as_str().unwrap();
    let host = format!("\"{}\"", record["provenance"]["host"].as_str().unwrap());
    for (name, bytes) in &leaving {
        let text = String::from_utf8_lossy(bytes);
        for told in [folder, "janedoe", cpu, &host] {
            assert!(told.is_empty() || !text.contains(told), "{name} tells {told}");
        }
    }
    workspace.succeed(&["report", "runs", "-o", "all.html", "--with-machine"]);
    let html = workspace.read("all.html");
    assert!(html.contains(folder) && html.contains(cpu) && html.contains(&host));
}

#[test]
fn a_password_of_a_mirror_is_not_printed() {
    let workspace = Workspace::new();
    let mirror = "http://user:secret@127.0.0.1:1/pub?token=hidden";
    for args in [
        &["data", "fetch", "cifar10", "--mirror", mirror][..],
        &["data", "fetch", "mnist", "--mirror", "http://user:secret@[bad/pub?token=hidden"],
    ] {
        let ran = workspace.run(args);
        assert_eq!(ran.code, Some(6), "{}", ran.err);
        let printed = ran.out + &ran.err;
        assert!(printed.contains("/pub/"), "{printed}");
        assert!(!printed.contains("secret") && !printed.contains("hidden"), "{printed}");
    }
    workspace.write("experiment.toml", trial(1));
    let typed = workspace.run(&["submit", "experiment.toml", "--print", "--mirror", mirror]);
    assert_eq!((typed.code, typed.out.as_str()), (Some(2), ""));
    assert!(typed.err.contains("RUNNER_MIRROR") && !typed.err.contains("secret"), "{}", typed.err);
    let mut command = workspace.command(&["submit", "experiment.toml", "--print"]);
    let output = command.env("RUNNER_MIRROR", mirror).output().unwrap();
    let script = String::from_utf8(output.stdout).unwrap();
    assert!(script.starts_with("#!/bin/sh") && !script.contains("secret"), "{script}");
}

#[test]
fn a_dash_is_standard_output_where_one_file_is_written() {
    let workspace = Workspace::with(&trial(1));
    workspace.succeed(&["run", "experiment.toml"]);
    let output = |args: &[&str]| -> Output { workspace.command(args).output().unwrap() };
    let export = |format: &str| output(&["export", "latest", "--to", format, "-o", "-"]);
    assert!(export("npz").stdout.starts_with(b"PK"));
    let model = fs::read(workspace.path(&workspace.only_run()).join("model.safetensors")).unwrap();
    assert_eq!(export("safetensors").stdout, model);
    assert!(export("csv").stdout.starts_with(b"id,config,"));
    assert!(output(&["report", "latest", "-o", "-"]).stdout.starts_with(b"<!DOCTYPE html>"));
    assert!(output(&["init", "-"]).stdout.starts_with(b"#"));
    for args in [
        &["export", "latest", "--to", "torch", "-o", "-"][..],
        &["export", "latest", "--to", "tensorboard", "-o", "-"],
        &["plot", "latest", "-o", "-"],
    ] {
        let ran = workspace.run(args);
        assert_eq!((ran.code, ran.out.as_str()), (Some(2), ""), "{args:?}");
        assert!(ran.err.contains("writes a folder"), "{}", ran.err);
    }
    assert!(!workspace.path("-").exists());
    workspace.succeed(&["export", "latest", "--to", "csv", "-o", "./-"]);
    assert!(workspace.path("-").is_file());
}

#[cfg(unix)]
#[test]
fn what_is_not_utf8_is_refused_by_every_command() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;
    let workspace = Workspace::with(&trial(1));
    let odd = OsStr::from_bytes(b"a\xff.toml");
    for args in [
        &["run"][..],
        &["submit"],
        &["plan"],
        &["resume"],
        &["compare"],
        &["confirm"],
        &["report", "-o"],
        &["diagnose"],
        &["list", "--runs-dir"],
        &["plot"],
        &["watch"],
        &["show"],
        &["diff", "latest"],
        &["predict", "latest"],
        &["export", "latest", "--to", "npz", "-o"],
        &["verify"],
        &["gc", "--runs-dir"],
        &["data", "fetch", "cifar10", "--from"],
        &["data", "check"],
        &["data", "list", "--data-dir"],
        &["init"],
    ] {
        let output = workspace.command(args).arg(odd).output().unwrap();
        let err = String::from_utf8(output.stderr).unwrap();
        assert_eq!((output.status.code(), output.stdout.len()), (Some(2), 0), "{args:?}: {err}");
        assert!(err.contains(r"a\xff.toml is not UTF-8"), "{args:?}: {err}");
    }
    let mut command = workspace.command(&["list"]);
    let output = command.env("RUNNER_RUNS_DIR", odd).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8(output.stderr).unwrap().contains("RUNNER_RUNS_DIR"));
    assert_eq!(fs::read_dir(workspace.path("")).unwrap().count(), 1, "nothing was made");
}

#[test]
fn datasets_in_the_working_folder_are_said_once() {
    let workspace = Workspace::new();
    let mut command = workspace.command(&["data", "list"]);
    let output = command.env_remove("HOME").env_remove("XDG_CACHE_HOME").output().unwrap();
    let err = String::from_utf8(output.stderr).unwrap();
    assert_eq!(err.matches("neither HOME nor XDG_CACHE_HOME is set").count(), 1, "{err}");
    assert!(err.contains("--data-dir"), "{err}");
    assert_eq!(workspace.run(&["data", "list"]).err, "");
}
