//! Notes and tags: the only thing that the server writes.

use std::fs;
use std::thread;

use crate::process::{Place, Serving};

#[test]
fn notes_are_those_of_runner_note() {
    let place = Place::trained();
    let serving = place.serve(&[]);
    let client = serving.client();
    let id = place.ids().remove(0);
    let path = format!("/api/run/{id}/note");
    let version = client.json("/api/overview")["version"].as_u64().unwrap();
    assert_eq!(client.post(&path, r#"{"text":"odd </script> \u0007"}"#).status, 200);
    assert_eq!(client.post(&path, r#"{"tag":"kept/2"}"#).status, 200);
    let noted = client.post(&path, r#"{"tag":"slow"}"#).json();
    assert_eq!(noted["notes"][0], serde_json::json!(["tags", "#kept/2 #slow"]));
    assert_eq!(noted["notes"][1][1], "odd </script> \\u{7}");
    let said = place.succeed(&["note", &id]);
    assert!(
        said.starts_with("tags  kept/2 slow\n") && said.contains("odd </script> \\u{7}"),
        "{said}"
    );
    assert_eq!(client.post(&path, r#"{"untag":"slow"}"#).status, 200);
    let wrong = client.post(&path, r#"{"tag":"a b"}"#);
    let on_terminal = place.run(&["note", &id, "--tag", "a b"]);
    let on_terminal = String::from_utf8(on_terminal.stderr).unwrap();
    assert_eq!(wrong.status, 400);
    assert_eq!(format!("error: {}\n", wrong.json()["error"].as_str().unwrap()), on_terminal);
    let missing = client.post(&path, r#"{"untag":"slow"}"#);
    assert_eq!(missing.status, 404);
    assert_eq!(client.post("/api/run/ffffffffffff/note", r#"{"text":"x"}"#).status, 404);
    // Other pages are told.
    let mut listening = client.listen(&format!("/api/events?version={version}"), &[]);
    let events = listening.until(|events| {
        events.iter().any(|event| event.kind == "run" && event.data["notes"][0][1] == "#kept/2")
    });
    let last = events.iter().rfind(|event| event.kind == "run").unwrap();
    assert_eq!(last.data["id"], id.as_str());
    assert!(last.data.get("config").is_none() && last.data.get("curves").is_none());
    // Those that are written on a terminal as well.
    place.succeed(&["note", &id, "--tag", "typed"]);
    listening.until(|events| {
        let is_typed = |event: &crate::client::Event| {
            event.data["notes"][0][1].as_str().is_some_and(|tags| tags.contains("#typed"))
        };
        events.iter().any(is_typed)
    });
}

#[test]
fn notes_from_many_tabs_of_two_servers_are_all_kept() {
    let place = Place::trained();
    let servers = [place.serve(&[]), place.serve(&[])];
    let clients = servers.each_ref().map(Serving::client);
    let id = place.ids().remove(0);
    thread::scope(|scope| {
        for tab in 0..8 {
            let (client, path) = (clients[tab % 2].clone(), format!("/api/run/{id}/note"));
            scope.spawn(move || {
                for number in 0..4 {
                    let note = format!("{{\"text\":\"note {number} of tab {tab}\"}}");
                    assert_eq!(client.post(&path, &note).status, 200);
                }
            });
        }
    });
    let notes = fs::read_to_string(place.run_folder(&id).join("notes.toml")).unwrap();
    assert_eq!(notes.matches("of tab").count(), 32);
}
