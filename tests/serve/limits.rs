//! Clients that are slow, broken or many.

use std::io::{Read, Write};
use std::thread;
use std::time::{Duration, Instant};

use crate::process::Place;

#[test]
fn what_is_too_large_or_no_http_is_refused_and_the_server_lives() {
    let place = Place::trained();
    let serving = place.serve(&[]);
    let client = serving.client();
    let id = place.ids().remove(0);
    let long = "x".repeat(40_000);
    // What was not read yet when the server closes may take its answer away: 0.
    assert!([0, 414, 431].contains(&client.get(&format!("/{long}")).status));
    let longer = "x".repeat(100_000);
    assert!([0, 431].contains(&client.ask("GET", "/", &[&format!("X: {longer}")], "").status));
    let many: Vec<String> = (0..80).map(|number| format!("X-{number}: 1")).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    assert_eq!(client.ask("GET", "/", &many, "").status, 431);
    assert_eq!(client.send(b"\x16\x03\x01\x02\x00\x01\x00\r\n\r\n").status, 400);
    assert_eq!(client.send(b"GET / HTTP/9.9\r\n\r\n").status, 400);
    assert_eq!(client.send(b"G\0T / HTTP/1.1\r\nHost: localhost\r\n\r\n").status, 400);
    let note = format!("/api/run/{id}/note");
    let large = format!("{{\"text\":\"{}\"}}", "x".repeat(70_000));
    assert!([0, 413].contains(&client.post(&note, &large).status));
    let longer = format!("{{\"text\":\"{}\"}}", "x".repeat(17_000));
    assert_eq!(client.post(&note, &longer).status, 400);
    for wrong in ["", "{", "[]", "{\"text\":1}", "{\"path\":\"x\"}", "\"x\""] {
        assert_eq!(client.post(&note, wrong).status, 400, "{wrong}");
    }
    for method in ["PUT", "DELETE", "OPTIONS", "TRACE"] {
        let answer = client.ask(method, "/api/overview", &[], "");
        assert_eq!((answer.status, answer.header("allow")), (405, Some("get, head")), "{method}");
    }
    for path in
        ["/%ff", "/api/events?version=x", "/api/curves?ids=..", "/api/diff?a=1", "/api/nothing"]
    {
        assert!([400, 404].contains(&client.get(path).status), "{path}");
    }
    assert!(!place.run_folder(&id).join("notes.toml").exists());
    assert_eq!(client.get("/").status, 200);
    let head = client.ask("HEAD", "/api/overview", &[], "");
    assert_eq!((head.status, head.body.len()), (200, 0));
}

#[test]
fn connections_that_say_nothing_are_closed_and_too_many_do_not_last() {
    let place = Place::trained();
    let serving = place.serve(&[]);
    let client = serving.client();
    let started = Instant::now();
    let idle: Vec<_> = (0..200).map(|_| client.connect()).collect();
    // Whoever only holds connections keeps nobody out who has the cookie.
    assert_eq!(client.get("/api/overview").status, 200);
    let mut half = client.connect();
    half.write_all(b"GET / HTTP/1.1\r\nHost: local").unwrap();
    let mut rest = Vec::new();
    half.read_to_end(&mut rest).unwrap();
    let took = started.elapsed();
    assert!((5..30).contains(&took.as_secs()), "closed after {took:?}");
    // The others are gone too; those beyond the limit were closed at once.
    for mut stream in idle {
        let mut rest = Vec::new();
        let _ = stream.read_to_end(&mut rest);
        assert!(started.elapsed() < Duration::from_secs(40));
    }
    assert_eq!(client.get("/").status, 200);
}

#[test]
fn a_note_that_never_arrives_is_not_waited_for() {
    let place = Place::trained();
    let serving = place.serve(&[]);
    let client = serving.client();
    let id = place.ids().remove(0);
    let mut stream = client.connect();
    let (port, cookie) = (client.port, client.cookie.clone().unwrap());
    let head = format!(
        "POST /api/run/{id}/note HTTP/1.1\r\nHost: localhost:{port}\r\nOrigin: http://localhost:{port}\r\n\
         Cookie: {cookie}\r\nContent-Type: application/json\r\nContent-Length: 100\r\nConnection: close\r\n\r\n{{\"te"
    );
    let started = Instant::now();
    stream.write_all(head.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 400"), "{answer}");
    assert!((5..30).contains(&started.elapsed().as_secs()));
}

#[test]
fn readers_who_take_nothing_keep_nobody_waiting() {
    let place = Place::trained();
    let serving = place.serve(&[]);
    let client = serving.client();
    let (port, cookie) = (client.port, client.cookie.clone().unwrap());
    let mut lazy = Vec::new();
    for _ in 0..20 {
        let mut stream = client.connect();
        let request = format!(
            "GET /assets/plotly.js HTTP/1.1\r\nHost: localhost:{port}\r\nCookie: {cookie}\r\n\r\n"
        );
        stream.write_all(request.as_bytes()).unwrap();
        lazy.push(stream);
    }
    thread::sleep(Duration::from_millis(300));
    let started = Instant::now();
    assert_eq!(client.get("/api/overview").status, 200);
    assert!(started.elapsed() < Duration::from_secs(5));
}
