//! Who is let in, and what is never handed out.

use std::fs;
use std::time::{Duration, Instant};

use crate::client::Client;
use crate::process::{Place, TOKEN};

#[test]
fn only_the_token_opens_the_page() {
    let place = Place::trained();
    let serving = place.serve(&[]);
    let stranger = Client::stranger(serving.port());
    assert!(serving.url.ends_with(&format!("/?token={TOKEN}")), "{}", serving.url);
    for path in ["/", "/assets/page.js", "/?token=", "/?token=0123456789abcdee", "/?token=0"] {
        let answer = stranger.get(path);
        assert_eq!((answer.status, answer.header("set-cookie")), (401, None), "{path}");
        assert!(answer.text().contains("open the address that runner serve printed"), "{path}");
    }
    let id = place.ids().remove(0);
    for path in
        ["/api/overview", "/api/page", "/api/events", &format!("/api/run/{id}/file/run.json")]
    {
        let answer = stranger.get(path);
        assert_eq!((answer.status, answer.header("content-type")), (401, Some("application/json")));
        assert!(answer.json()["error"].as_str().unwrap().contains("token"), "{path}");
    }
    let answer = stranger.get(&format!("/?token={TOKEN}"));
    assert_eq!((answer.status, answer.header("location")), (303, Some("/")));
    let cookie = answer.header("set-cookie").unwrap();
    assert!(cookie.starts_with(&format!("runner_{}=", serving.port())), "{cookie}");
    assert!(cookie.ends_with("; path=/; httponly; samesite=strict") && !cookie.contains(TOKEN));
    // Of a link on another page, a browser would not send the cookie along where it is sent on.
    let linked =
        stranger.ask("GET", &format!("/?token={TOKEN}"), &["Sec-Fetch-Site: cross-site"], "");
    assert_eq!((linked.status, linked.header("location")), (200, None));
    assert!(linked.text().contains("http-equiv=\"refresh\" content=\"0; url=/\""));
    let page = serving.client().get("/");
    assert_eq!(page.status, 200);
    assert!(!page.text().contains(TOKEN) && !page.text().contains("id=\"data\""));
    let of_other =
        Client { cookie: Some(format!("runner_{}={TOKEN}", serving.port())), ..stranger };
    assert_eq!(of_other.get("/").status, 401, "the token is not the cookie");
}

#[test]
fn who_has_not_shown_the_cookie_gets_one_answer_a_connection() {
    let place = Place::trained();
    let serving = place.serve(&[]);
    let port = serving.port();
    for line in ["GET /api/overview", "GET /nothing", "GET /", "POST /api/run/ffffffffffff/note"] {
        let started = Instant::now();
        // HTTP/1.1 keeps the connection unless one side says otherwise.
        let request = format!("{line} HTTP/1.1\r\nHost: localhost:{port}\r\n\r\n");
        let answer = Client::stranger(port).send(request.as_bytes());
        assert!([401, 404].contains(&answer.status), "{line}: {}", answer.status);
        assert_eq!(answer.header("connection"), Some("close"), "{line}");
        assert!(started.elapsed() < Duration::from_secs(5), "{line}: it was closed at once");
    }
    let elsewhere = b"GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n";
    assert_eq!(Client::stranger(port).send(elsewhere).header("connection"), Some("close"));
}

#[test]
fn every_answer_says_how_it_may_be_used() {
    let place = Place::trained();
    let client = place.serve(&[]);
    let client = (client.client(), client);
    let id = place.ids().remove(0);
    let file = format!("/api/run/{id}/file/accuracy.svg");
    for path in
        ["/", "/assets/page.js", "/assets/nothing", "/api/overview", "/api/page?where=%", &file]
    {
        let answer = client.0.get(path);
        let policy = answer.header("content-security-policy").expect(path);
        assert!(policy.starts_with("default-src 'none'; script-src 'self'; "), "{path}: {policy}");
        assert!(policy.ends_with("frame-ancestors 'none'") && !policy.contains("http"), "{policy}");
        let fixed = [
            ("x-content-type-options", "nosniff"),
            ("x-frame-options", "deny"),
            ("referrer-policy", "no-referrer"),
            ("cross-origin-resource-policy", "same-origin"),
        ];
        for (name, value) in fixed {
            assert_eq!(answer.header(name), Some(value), "{path}");
        }
        assert!(answer.header("access-control-allow-origin").is_none());
    }
    let svg = client.0.get(&file);
    assert_eq!(svg.status, 200);
    assert_eq!(svg.header("content-disposition"), Some("attachment; filename=\"accuracy.svg\""));
    let script = client.0.get("/assets/page.js");
    let tag = script.header("etag").unwrap();
    let again = client.0.ask("GET", "/assets/page.js", &[&format!("If-None-Match: {tag}")], "");
    assert_eq!((again.status, again.body.len()), (304, 0));
}

#[test]
fn other_names_and_other_pages_are_refused() {
    let place = Place::trained();
    let serving = place.serve(&[]);
    let (client, port) = (serving.client(), serving.port());
    for host in [
        "evil.example",
        &format!("evil.example:{port}"),
        "127.0.0.1.evil.example",
        "localhost@evil",
        "",
    ] {
        let answer = client.ask("GET", "/api/overview", &[&format!("Host: {host}")], "");
        assert!([400, 421].contains(&answer.status), "{host}: {}", answer.status);
        assert!(!answer.text().contains("experiments"), "{host}");
    }
    let twice = client.ask("GET", "/", &["Host: localhost", "Host: evil.example"], "");
    assert!([400, 421].contains(&twice.status));
    assert_eq!(client.send(b"GET /api/overview HTTP/1.0\r\n\r\n").status, 421, "without a name");
    for host in [format!("127.0.0.1:{port}"), format!("[::1]:{port}"), "LOCALHOST:9999".to_owned()]
    {
        assert_eq!(client.ask("GET", "/", &[&format!("Host: {host}")], "").status, 200, "{host}");
    }
    for site in ["cross-site", "same-site"] {
        let answer = client.ask("GET", "/api/overview", &[&format!("Sec-Fetch-Site: {site}")], "");
        assert_eq!(answer.status, 403, "{site}");
    }
    let id = place.ids().remove(0);
    let note = format!("/api/run/{id}/note");
    let write = |headers: &[&str]| client.ask("POST", &note, headers, r#"{"text":"x"}"#).status;
    let json = "Content-Type: application/json";
    let own = format!("Origin: http://localhost:{port}");
    assert_eq!(write(&[json]), 403);
    let others = [
        "null".to_owned(),
        "http://evil.example".to_owned(),
        format!("http://localhost:{}", port ^ 1),
    ];
    for other in others {
        assert_eq!(write(&[json, &format!("Origin: {other}")]), 403, "{other}");
    }
    assert_eq!(write(&[&own]), 415);
    assert_eq!(write(&[&own, "Content-Type: text/plain"]), 415);
    assert!(!place.run_folder(&id).join("notes.toml").exists());
    assert_eq!(write(&[json, &own]), 200);
    assert_eq!(Client::stranger(port).ask("POST", &note, &[json, &own], "{}").status, 401);
}

#[test]
fn only_files_of_the_list_are_handed_out() {
    let place = Place::trained();
    let id = place.ids().remove(0);
    fs::write(place.run_folder(&id).join("secret.txt"), "secret").unwrap();
    fs::write(place.path().join("secret.txt"), "secret").unwrap();
    fs::create_dir(place.path().join("runs/not-a-run")).unwrap();
    fs::write(place.path().join("runs/not-a-run/metrics.csv"), "secret").unwrap();
    fs::write(place.run_folder(&id).join("claim-9.json"), "secret").unwrap();
    let serving = place.serve(&[]);
    let client = serving.client();
    for name in
        ["metrics.csv", "model.safetensors", "run.json", "trial.toml", "log.txt", "first_layer.png"]
    {
        let path = place.run_folder(&id).join(name);
        if !path.exists() {
            continue; // this kind of data has no pictures
        }
        let answer = client.get(&format!("/api/run/{id}/file/{name}"));
        assert_eq!((answer.status, answer.body), (200, fs::read(path).unwrap()), "{name}");
    }
    for path in [
        "/../../../../etc/passwd".to_owned(),
        "/assets/../../secret.txt".to_owned(),
        format!("/api/run/{id}/file/secret.txt"),
        format!("/api/run/{id}/file/claim-9.json"),
        format!("/api/run/{id}/file/../{id}/metrics.csv"),
        format!("/api/run/{id}/file/..%2fsecret.txt"),
        format!("/api/run/{id}/file/%2e%2e/%2e%2e/secret.txt"),
        format!("/api/run/{id}/file/metrics.csv%00.png"),
        format!("/api/run/{id}/file/"),
        format!("/api/run/{id}/file//etc/passwd"),
        "/api/run/not-a-run/file/metrics.csv".to_owned(),
        "/api/run/..%2f..%2f..%2f/file/run.json".to_owned(),
        "/api/run/ffffffffffff/file/run.json".to_owned(),
        "/api/study/..%2f..%2fruns/file/run.json".to_owned(),
        "/api/study/%2e%2e/file/experiment.toml".to_owned(),
    ] {
        let answer = client.get(&path);
        assert_eq!(answer.status, 404, "{path}: {}", answer.text());
        assert!(!answer.text().contains("secret") && !answer.text().contains("root:"), "{path}");
    }
    let absent = client.get(&format!("/api/run/{id}/file/error.txt"));
    assert_eq!(
        (absent.status, absent.json()["error"].as_str()),
        (404, Some("there is no file error.txt"))
    );
    std::os::unix::fs::symlink("/dev/zero", place.run_folder(&id).join("error.txt")).unwrap();
    assert_eq!(client.get(&format!("/api/run/{id}/file/error.txt")).status, 500, "not a file");
}

#[test]
fn a_token_that_can_be_guessed_is_refused_and_a_drawn_one_is_new() {
    let place = Place::new("");
    let short = place
        .command(&["serve", "--port", "0"])
        .env("RUNNER_SERVE_TOKEN", "short")
        .output()
        .unwrap();
    assert_eq!(short.status.code(), Some(2));
    assert!(
        String::from_utf8_lossy(&short.stderr).contains("RUNNER_SERVE_TOKEN must have 16 or more")
    );
    let drawn = || {
        let mut command = place.command(&["serve", "--port", "0"]);
        command.env_remove("RUNNER_SERVE_TOKEN").stdout(std::process::Stdio::piped());
        let mut child = command.stderr(std::process::Stdio::null()).spawn().unwrap();
        let mut line = String::new();
        let mut out = std::io::BufReader::new(child.stdout.take().unwrap());
        std::io::BufRead::read_line(&mut out, &mut line).unwrap();
        child.kill().unwrap();
        child.wait().unwrap();
        line.trim().rsplit_once("?token=").unwrap().1.to_owned()
    };
    let (a, b) = (drawn(), drawn());
    assert!(a.len() == 64 && b.len() == 64 && a != b);
}
