//! What pages are told while they are open.

use std::fs;

use serde_json::Value;

use crate::client::Event;
use crate::process::{EXPERIMENT, Place};

fn has(events: &[Event], kind: &str) -> bool {
    events.iter().any(|event| event.kind == kind)
}

#[test]
fn runs_that_begin_grow_and_end_are_told_in_order() {
    let experiment =
        EXPERIMENT.replace("epochs = 3", "epochs = 20").replace("seeds = 2", "seeds = 1");
    let place = Place::new(&experiment);
    let serving = place.serve(&[]);
    let client = serving.client();
    assert_eq!(client.json("/api/overview")["experiments"], serde_json::json!([]));
    let mut listening = client.listen("/api/events", &[]);
    place.succeed(&["run", "experiment.toml", "--quiet"]);
    let has_ended = |event: &Event| {
        event.kind == "overview" && event.data["states"] == serde_json::json!({"finished": 2})
    };
    let events = listening.until(|events| events.iter().any(has_ended));
    assert!(events.windows(2).all(|pair| pair[0].id < pair[1].id), "versions count up");
    for id in &place.ids() {
        let own: Vec<&Event> =
            events.iter().filter(|event| event.data["id"] == id.as_str()).collect();
        let rows: Vec<&&Event> = own.iter().filter(|event| event.kind == "rows").collect();
        let epochs = rows.iter().flat_map(|event| event.data["epochs"].as_array().unwrap());
        let epochs: Vec<u64> = epochs.map(|epoch| epoch.as_u64().unwrap()).collect();
        assert!(epochs.windows(2).all(|pair| pair[1] == pair[0] + 1), "all are told: {epochs:?}");
        for event in &rows {
            let count = event.data["epochs"].as_array().unwrap().len();
            assert_eq!(event.data["rows"]["train_accuracy"].as_array().unwrap().len(), count);
            assert_eq!(event.data["last"]["epoch"], event.data["epochs"][count - 1]);
        }
        // On a fast machine a run may end before it is seen running.
        let has_end =
            own.iter().any(|event| event.kind == "run" && event.data["state"] == "finished");
        assert!(rows.is_empty() || (has_end && epochs.last() == Some(&20)), "{epochs:?}");
    }
    // A page that lost its connection goes on where it was.
    let middle = events[events.len() / 2].id;
    let after: Vec<&Event> = events.iter().filter(|event| event.id > middle).collect();
    let again = client
        .listen("/api/events?version=1", &[&format!("Last-Event-ID: {middle}")])
        .until(|again| again.len() >= after.len());
    assert_eq!(again.iter().take(after.len()).collect::<Vec<_>>(), after);
    // One that is too old asks for everything anew.
    let old = client.listen("/api/events?version=17", &[]).until(|old| !old.is_empty());
    assert_eq!((old[0].kind.as_str(), &old[0].data), ("runs", &serde_json::json!({})));
}

#[test]
fn a_stream_that_has_nothing_to_say_says_that_the_runs_are_looked_at() {
    let place = Place::trained();
    let serving = place.serve(&[]);
    let client = serving.client();
    client.json("/api/overview");
    client.listen("/api/events", &[]).until_text("event: beat\ndata: {}\n\n");
}

#[test]
fn every_answer_has_the_version_after_which_a_page_listens() {
    let place = Place::trained();
    let serving = place.serve(&[]);
    let client = serving.client();
    let version = client.json("/api/overview")["version"].to_string();
    let ids = place.ids();
    for path in [
        "/api/overview",
        "/api/page",
        "/api/page?experiment=none",
        "/api/page?where=gap+%3E",
        &format!("/api/run/{}", ids[0]),
        "/api/run/ffffffffffff",
        &format!("/api/diff?a={}&b={}", ids[0], ids[1]),
    ] {
        let answer = client.get(path);
        assert_eq!(answer.header("data-version"), Some(&*version), "{path}");
    }
}

#[test]
fn runs_that_go_are_told_and_a_folder_may_come_back() {
    let place = Place::trained();
    let serving = place.serve(&[]);
    let client = serving.client();
    let version = client.json("/api/overview")["version"].as_u64().unwrap();
    let ids = place.ids();
    let listen = |version: u64| client.listen(&format!("/api/events?version={version}"), &[]);
    let since = |version: u64| listen(version).until(|events| has(events, "runs"));
    fs::remove_dir_all(place.run_folder(&ids[0])).unwrap();
    let version = since(version).last().unwrap().id;
    assert_eq!(client.json("/api/page")["data"]["runs"].as_array().unwrap().len(), 3);
    assert_eq!(client.get(&format!("/api/run/{}", ids[0])).status, 404);
    fs::rename(place.path().join("runs"), place.path().join("away")).unwrap();
    let version = since(version).last().unwrap().id;
    assert_eq!(client.json("/api/page")["data"]["runs"], serde_json::json!([]));
    assert_eq!(client.json("/api/overview")["experiments"], serde_json::json!([]));
    fs::rename(place.path().join("away"), place.path().join("runs")).unwrap();
    since(version);
    assert_eq!(client.json("/api/page")["data"]["runs"].as_array().unwrap().len(), 3);
}

#[test]
fn a_run_whose_process_dies_is_lost() {
    let place = Place::new(&EXPERIMENT.replace("epochs = 3", "epochs = 100000"));
    let serving = place.serve(&["experiment.toml"]);
    let client = serving.client();
    let mut listening = client.listen("/api/events", &[]);
    let mut sweep = place.command(&["run", "experiment.toml", "--quiet"]).spawn().unwrap();
    let events = listening.until(|events| has(events, "rows"));
    let row = events.iter().find(|event| event.kind == "rows").unwrap();
    assert_eq!(row.data["state"], "running");
    let entry = |overview: &Value| overview["experiments"][0].clone();
    assert_eq!(entry(&client.json("/api/overview"))["live"], true);
    sweep.kill().unwrap();
    sweep.wait().unwrap();
    let is_lost = |event: &Event| event.kind == "run" && event.data["state"] == "lost";
    listening.until(|events| events.iter().any(is_lost));
    listening.until(|events| {
        events.last().is_some_and(|last| last.kind == "overview" && last.data["live"] == false)
    });
    assert_eq!(entry(&client.json("/api/overview"))["states"]["lost"], 1);
}

#[test]
fn a_damaged_record_is_said_once_and_healed() {
    let place = Place::trained();
    let id = place.ids().remove(0);
    let record = place.run_folder(&id).join("run.json");
    let whole = fs::read(&record).unwrap();
    fs::write(&record, "{").unwrap();
    let serving = place.serve(&[]);
    let client = serving.client();
    let page = client.json("/api/page");
    assert_eq!(page["data"]["runs"].as_array().unwrap().len(), 3);
    assert!(
        page["heading"]["notes"].to_string().contains("it is not a run record"),
        "{}",
        page["heading"]
    );
    let version = page["version"].as_u64().unwrap();
    fs::write(&record, whole).unwrap();
    let mut listening = client.listen(&format!("/api/events?version={version}"), &[]);
    listening.until(|events| has(events, "runs"));
    assert_eq!(client.json("/api/page")["data"]["runs"].as_array().unwrap().len(), 4);
}
