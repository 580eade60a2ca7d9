//! `run --serve` and `run --notify`: beside a sweep, which nothing of them touches.

use std::fs;
use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;
use std::process::{Child, Stdio};

use rustix::process::{Pid, Signal, kill_process};
use serde_json::{Value, json};

use crate::client::Client;
use crate::pages::{PAGE, halving};
use crate::process::{EXPERIMENT, Place};

/// A sweep that goes on for long, and a client of what is served beside it.
fn served(place: &Place) -> (Child, Client) {
    let mut command = place.command(&["run", "experiment.toml", "--serve=0"]);
    let mut sweep =
        command.stderr(Stdio::piped()).stdout(Stdio::null()).spawn().expect("the binary starts");
    let mut lines = BufReader::new(sweep.stderr.take().expect("piped")).lines();
    let url = lines.find_map(|line| {
        Some(line.expect("text").strip_prefix("look at the runs at ")?.to_owned())
    });
    let url = url.expect("it says where");
    let port =
        url.rsplit_once(':').and_then(|(_, rest)| rest.split_once('/')).map(|(port, _)| port);
    let port: u16 = port.and_then(|port| port.parse().ok()).expect("a port");
    (sweep, Client::let_in(port))
}

#[test]
fn a_sweep_is_served_while_it_runs() {
    let place = Place::new(&EXPERIMENT.replace("epochs = 3", "epochs = 100000"));
    let (mut sweep, client) = served(&place);
    let overview = client.json("/api/overview");
    assert_eq!(overview["experiments"][0]["trials"], 4, "{overview}");
    client
        .listen("/api/events", &[])
        .until(|events| events.iter().any(|event| event.kind == "rows"));
    sweep.kill().unwrap();
    sweep.wait().unwrap();
}

#[test]
fn a_halving_is_served_with_its_rungs() {
    let place = Place::new(&halving().replace("epochs = 3", "epochs = 100000"));
    let (mut sweep, client) = served(&place);
    let page = client.json(PAGE);
    let rows = page["heading"]["rungs"][0]["rows"].as_array().expect("rungs");
    let epochs: Vec<&str> = rows.iter().take(3).map(|row| row[1].as_str().unwrap()).collect();
    assert_eq!(epochs, ["1", "3", "9"]);
    sweep.kill().unwrap();
    sweep.wait().unwrap();
}

#[test]
fn a_port_that_is_taken_is_said_and_the_sweep_goes_on() {
    let place = Place::new(EXPERIMENT);
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let flag = format!("--serve={}", taken.local_addr().unwrap().port());
    let output = place.run(&["run", "experiment.toml", &flag]);
    let err = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success(), "{err}");
    assert!(err.contains("warning: the runs are not served: cannot listen on 127.0.0.1"), "{err}");
    let wrong = place.run(&["serve", "--port", flag.strip_prefix("--serve=").unwrap()]);
    assert_eq!(wrong.status.code(), Some(2));
    let err = String::from_utf8(wrong.stderr).unwrap();
    assert!(err.contains("another program has this port: choose another with --port"), "{err}");
}

#[test]
fn signals_end_the_server() {
    let place = Place::new(EXPERIMENT);
    for (signal, code) in [(Signal::INT, 130), (Signal::TERM, 143)] {
        let mut serving = place.serve(&[]);
        assert_eq!(serving.client().get("/").status, 200);
        let pid = Pid::from_raw(i32::try_from(serving.child.id()).unwrap()).unwrap();
        kill_process(pid, signal).unwrap();
        assert_eq!(serving.child.wait().unwrap().code(), Some(code));
    }
    let missing = place.run(&["serve", "nothing", "--port", "0"]);
    assert_eq!(missing.status.code(), Some(4));
}

/// A program that appends what it reads to a file.
fn program(place: &Place) -> String {
    let path = place.path().join("notify.sh");
    fs::write(&path, "#!/bin/sh\ncat >> said.txt\n").expect("writable");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).expect("writable");
    path.to_str().expect("text").to_owned()
}

fn said(place: &Place) -> Vec<Value> {
    let text = fs::read_to_string(place.path().join("said.txt")).unwrap_or_default();
    text.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect()
}

#[test]
fn the_end_is_told_once_on_standard_input() {
    let place = Place::new(EXPERIMENT);
    place.succeed(&["run", "experiment.toml", "--notify", &program(&place)]);
    let expected = json!({
        "event": "ended", "experiments": ["<script>alert(1)</script>"], "trials": 4,
        "states": {"finished": 4}, "exit_code": 0, "runs_dir": "runs",
    });
    assert_eq!(said(&place), [expected]);
}

#[test]
fn the_first_failure_is_told_and_then_nothing_more() {
    let place = Place::trained();
    let ids = place.ids();
    fs::remove_dir_all(place.path().join("runs")).unwrap();
    fs::create_dir(place.path().join("runs")).unwrap();
    for id in &ids[..2] {
        fs::write(place.run_folder(id), "not a folder").unwrap();
    }
    let output = place.run(&["run", "experiment.toml", "--notify", &program(&place)]);
    assert_eq!(output.status.code(), Some(100));
    let said = said(&place);
    assert_eq!((said.len(), &said[0]["event"]), (1, &json!("failed")), "{said:?}");
    assert!(ids[..2].contains(&said[0]["run"].as_str().unwrap().to_owned()));
    assert!(said[0]["reason"].as_str().unwrap().starts_with("cannot create runs/"));
}

#[test]
fn a_program_that_is_not_there_or_fails_is_said() {
    let place = Place::new(EXPERIMENT);
    let missing = place.run(&["run", "experiment.toml", "--notify", "no-such-program; touch x"]);
    let err = String::from_utf8(missing.stderr).unwrap();
    assert_eq!(missing.status.code(), Some(2), "before anything is trained");
    assert!(
        err.contains("there is no such program") && !place.path().join("runs").exists(),
        "{err}"
    );
    let failing = place.run(&["run", "experiment.toml", "--notify", "false"]);
    let err = String::from_utf8(failing.stderr).unwrap();
    assert!(failing.status.success() && err.contains("it ended with exit status: 1"), "{err}");
}
