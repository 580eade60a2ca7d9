//! What the data say.

use std::fs;

use serde_json::{Value, json};

use crate::process::Place;

/// Copies a run `count` times as configs of their own, as version 0.1.0 would have written them.
fn many(place: &Place, count: u64) {
    let source = place.run_folder(&place.ids().remove(0));
    let record = fs::read(source.join("run.json")).expect("readable");
    let record: Value = serde_json::from_slice(&record).expect("a record");
    for index in 0..count {
        let mut copy = record.clone();
        let id = format!("{index:012x}");
        copy["id"] = json!(id);
        copy["trial"]["optimizer"]["learning_rate"] = json!(0.001 * (index + 1) as f64);
        for key in ["record_sha256", "files"] {
            copy.as_object_mut().expect("a record").remove(key);
        }
        let to = place.path().join("many").join(id);
        fs::create_dir_all(&to).expect("writable");
        fs::write(to.join("run.json"), copy.to_string()).expect("writable");
        fs::copy(source.join("metrics.csv"), to.join("metrics.csv")).expect("writable");
    }
}

#[test]
fn overview_and_page_are_those_of_the_runs() {
    let place = Place::trained();
    let serving = place.serve(&[]);
    let client = serving.client();
    let overview = client.json("/api/overview");
    let experiment = &overview["experiments"][0];
    assert_eq!(experiment["name"], "<script>alert(1)</script>");
    assert_eq!(experiment["states"], json!({"finished": 4}));
    assert_eq!((&experiment["trials"], &experiment["live"]), (&Value::Null, &json!(false)));
    assert_eq!((&experiment["progress"], &experiment["seconds_left"]), (&json!(1.0), &Value::Null));
    assert!(experiment["best"]["label"].is_string() && experiment["best"]["test"].is_number());
    assert_eq!(overview["studies"], json!([]));

    let page = client.json(PAGE);
    assert_eq!(page["heading"]["counts"], "2 configs, 4 runs on synthetic");
    let data = &page["data"];
    assert_eq!(
        (data["configs"].as_array().unwrap().len(), data["runs"].as_array().unwrap().len()),
        (2, 4)
    );
    assert_eq!(data["runs"][0]["curves"]["train_accuracy"].as_array().unwrap().len(), 4);
    assert!(page["version"].as_u64() >= overview["version"].as_u64());
    // The same data as a report has inside.
    let report = client.get("/api/report?experiment=%3Cscript%3Ealert(1)%3C/script%3E");
    let disposition = report.header("content-disposition").unwrap();
    assert_eq!(disposition, "attachment; filename=\"_script_alert_1___script_.html\"");
    let html = report.text();
    let (_, inside) = html.split_once("id=\"data\">").unwrap();
    let inside: Value = serde_json::from_str(inside.split_once("</script>").unwrap().0).unwrap();
    assert_eq!(inside["configs"], data["configs"]);
    assert_eq!(inside["runs"][0]["curves"], data["runs"][0]["curves"]);
    // What is sent on does not name the machine; the own page does.
    let names_host =
        |data: &Value| data["shared"]["provenance"][0].to_string().contains("\"host\"");
    assert!(names_host(data) && !names_host(&inside));
}

#[test]
fn a_condition_is_that_of_the_terminal() {
    let place = Place::trained();
    let serving = place.serve(&[]);
    let client = serving.client();
    let page = client.json("/api/page?where=dropout+%3D%3D+0.3");
    assert_eq!(page["data"]["runs"].as_array().unwrap().len(), 2);
    assert!(page["heading"]["notes"].to_string().contains("2 of 4 runs match dropout == 0.3"));
    for (condition, status) in
        [("dropuot == 0.3", 400), ("dropout ==", 400), ("gap > 0.99 && dropout == 0.3", 404)]
    {
        let said = place.run(&["compare", "runs", "--where", condition]);
        let said = String::from_utf8(said.stderr).unwrap();
        let query =
            condition.replace('&', "%26").replace('=', "%3D").replace('>', "%3E").replace(' ', "+");
        let answer = client.get(&format!("/api/page?where={query}"));
        assert_eq!(answer.status, status, "{condition}");
        let words = answer.json()["error"].as_str().unwrap().to_owned();
        assert!(said.contains(words.trim_start_matches("error: ")), "{said}\n{words}");
    }
    assert_eq!(client.get("/api/page?experiment=nothing").status, 404);
    assert_eq!(client.get("/api/page?run=ffffffffffff").status, 404);
}

#[test]
fn one_run_in_full_and_two_side_by_side() {
    let place = Place::trained();
    let serving = place.serve(&[]);
    let client = serving.client();
    let ids = place.ids();
    let run = client.json(&format!("/api/run/{}", ids[0]));
    assert_eq!((&run["id"], &run["state"]), (&json!(ids[0]), &json!("finished")));
    assert_eq!(run["rows"]["epoch"], json!([0, 1, 2, 3]));
    assert_eq!(run["rows"]["test_accuracy"].as_array().unwrap().len(), 4);
    assert!(run["rows"]["seconds"][3].is_number() && run["rows"]["step"][3] == 6);
    assert!(
        run["layers"].as_array().unwrap().len() == 2
            && run["layers"][0]["epochs"] == json!([0, 1, 2, 3])
    );
    assert!(run["confusion"]["counts"].is_array() && run["evaluation"]["bins"].is_array());
    assert!(run["settings"].to_string().contains("network.dropout"));
    assert!(run["log"].as_str().unwrap().contains("attempt 1 starts"));
    assert_eq!(run["problems"], json!([]));
    let commands = run["commands"].to_string();
    assert!(commands.contains(&format!("runner verify runs/{}", ids[0])), "{commands}");
    for file in run["files"].as_array().unwrap() {
        let path = format!("/api/run/{}/file/{}", ids[0], file["name"].as_str().unwrap());
        assert_eq!(client.get(&path).body.len() as u64, file["bytes"].as_u64().unwrap(), "{path}");
    }
    let diff = client.get(&format!("/api/diff?a={}&b={}", ids[0], ids[1]));
    assert_eq!(diff.text(), place.succeed(&["diff", &ids[0], &ids[1], "--format", "json"]));
    // What is damaged is said, and the rest is there.
    fs::write(place.run_folder(&ids[0]).join("metrics.csv"), "x").unwrap();
    let run = client.json(&format!("/api/run/{}", ids[0]));
    assert!(run["problems"][0].as_str().unwrap().contains("metrics.csv"), "{}", run["problems"]);
    assert!(run["layers"].as_array().unwrap().len() == 2);
    assert_eq!(client.get(&format!("/api/curves?ids={}", ids[0])).status, 500);
}

#[test]
fn of_many_runs_the_curves_are_asked_for() {
    let place = Place::trained();
    many(&place, 301);
    let serving = place.serve(&["many"]);
    let client = serving.client();
    let page = client.json("/api/page");
    let runs = page["data"]["runs"].as_array().unwrap();
    assert_eq!(runs.len(), 301);
    assert!(runs.iter().all(|run| run.get("curves").is_none() && run["last"]["epoch"] == 3));
    assert!(page["heading"]["notes"].to_string().contains("choose among these 301 with a filter"));
    let curves = client.json("/api/curves?ids=000000000000,00000000012c");
    for id in ["000000000000", "00000000012c"] {
        assert_eq!(
            (&curves[id]["epochs"], &curves[id]["steps"]),
            (&json!([0, 1, 2, 3]), &json!([0, 2, 4, 6]))
        );
        assert_eq!(curves[id]["test_accuracy"].as_array().unwrap().len(), 4);
        assert_eq!(
            curves[id]["seconds"],
            json!([null, null, null, null]),
            "the copies have no times"
        );
    }
    assert_eq!(client.get("/api/curves?ids=00000000ffff").status, 404);
    let few = client.json("/api/page?where=learning_rate+%3C+0.01");
    assert!(few["data"]["runs"][0]["curves"].is_object());
}

#[test]
fn experiment_files_say_how_many_trials_there_are() {
    let place = Place::new(crate::process::EXPERIMENT);
    let serving = place.serve(&["experiment.toml"]);
    let client = serving.client();
    let overview = client.json("/api/overview");
    let experiment = &overview["experiments"][0];
    assert_eq!((&experiment["trials"], &experiment["progress"]), (&json!(4), &json!(0.0)));
    let page = client.json(PAGE);
    assert_eq!(page["data"]["runs"], json!([]));
    assert_eq!(page["heading"]["title"], "\u{3c}script>alert(1)</script>");
}

#[test]
fn a_damaged_file_is_said_although_no_hashes_are_kept() {
    let place = Place::trained();
    let serving = place.serve(&[]);
    let client = serving.client();
    assert!(!client.json("/api/page")["heading"]["notes"].to_string().contains("metrics.csv"));
    let metrics = place.run_folder(&place.ids()[0]).join("metrics.csv");
    fs::write(&metrics, "another content").unwrap();
    let notes = client.json("/api/page")["heading"]["notes"].to_string();
    assert!(notes.contains("metrics.csv") && notes.contains("when its run wrote it"), "{notes}");
}

/// The page of the experiment.
pub(crate) const PAGE: &str = "/api/page?experiment=%3Cscript%3Ealert(1)%3C/script%3E";

/// The experiment with three configs, of which one goes on from its first rung.
pub(crate) fn halving() -> String {
    let experiment = crate::process::EXPERIMENT
        .replace("test_examples = 20", "test_examples = 20\nvalidation_examples = 10")
        .replace("[0.0, 0.3]", "[0.0, 0.2, 0.3]");
    experiment + "\n[halving]\nmin_epochs = 1\n"
}

#[test]
fn a_halving_has_its_rungs() {
    let place = Place::new(&halving());
    place.succeed(&["run", "experiment.toml", "--quiet"]);
    let serving = place.serve(&["experiment.toml"]);
    let rungs = &serving.client().json(PAGE)["heading"]["rungs"][0];
    assert_eq!(rungs["head"][1], json!({"header": "epoch", "is_number": true}));
    let epochs: Vec<&str> =
        rungs["rows"].as_array().unwrap().iter().map(|row| row[1].as_str().unwrap()).collect();
    assert_eq!(epochs, ["1", "3"]);
    // Without the file nobody knows that it halves.
    let serving = place.serve(&[]);
    assert_eq!(serving.client().json(PAGE)["heading"]["rungs"], json!([]));
}

#[test]
fn a_study_says_where_it_stands() {
    let place = Place::new(
        &crate::process::EXPERIMENT
            .replace("[grid]\nnetwork.dropout = [0.0, 0.3]\n", "")
            .replace("seeds = 2", "seeds = 1"),
    );
    place.succeed(&["study", "experiment.toml", "--until", "stand", "--quiet"]);
    let serving = place.serve(&[]);
    let client = serving.client();
    let overview = client.json("/api/overview");
    let study = &overview["studies"][0];
    assert_eq!(
        (&study["name"], &study["state"], &study["question"]),
        (&json!("experiment"), &json!("open"), &json!("Memory?")),
        "{study}"
    );
    assert!(study["answer"][0].as_str().unwrap().starts_with("Of the training examples"));
    let page = client.json("/api/study/experiment");
    let stand = &page["answers"][0];
    assert_eq!(stand["question"], "Where do I stand?");
    assert!(stand["picture"].as_str().unwrap().starts_with("<svg"), "{stand}");
    let baseline = json!({"name": "1-baseline.toml", "experiment": "experiment: 1-baseline"});
    assert!(page["files"].as_array().unwrap().contains(&baseline), "{page}");
    let said = place.succeed(&["study", "experiment"]);
    assert!(said.contains(stand["sentences"][0].as_str().unwrap()), "{said}");
    let sheet = client.get("/api/study/experiment/file/1-baseline.toml");
    let on_disk = fs::read(place.path().join("studies/experiment/1-baseline.toml")).unwrap();
    assert_eq!((sheet.status, sheet.body), (200, on_disk));
    let report = client.get("/api/study/experiment/file/report.html");
    assert!(report.header("content-disposition").unwrap().starts_with("attachment"));
    assert_eq!(client.get("/api/study/nothing").status, 404);
    assert_eq!(client.get("/api/study/experiment/file/..%2f..%2fexperiment.toml").status, 404);
}
