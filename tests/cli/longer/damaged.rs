//! Kills, and shorter runs that are gone, damaged, or none of this data and program.

use std::time::Duration;
use std::{fs, thread};

use rustix::process::Signal;

use super::pair::{Pair, Settings};

#[test]
fn kills_in_the_middle_change_no_byte() {
    let settings = Settings::with_validation().and("ema_decay = 0.9");
    let pair = Pair::new(&settings, "epochs = 3", "epochs = 90", &[]);
    let more = ["--checkpoint-seconds", "0.02"];
    let mut hits = 0;
    for millis in [0, 5, 20, 40] {
        let before = pair.workspace.attempts_logged();
        let mut running = pair.workspace.start(&[&["run", "long.toml"], &more[..]].concat());
        pair.workspace.wait_for_attempt(before, &mut running);
        thread::sleep(Duration::from_millis(millis));
        hits += usize::from(running.is_alive());
        running.signal(Signal::KILL);
        running.wait();
    }
    assert!(hits >= 2, "only {hits} kills hit a running process");
    // Its own state is all that it needs now.
    fs::remove_dir_all(pair.workspace.path(&pair.path(0, ""))).expect("deletable");
    let log = pair.lengthen(&more).log;
    let first = format!("attempt 1 continues from step 18 of run {}\n", pair.ids[0]);
    assert!(log.contains(&first), "{log}");
    assert!(log.contains("attempt 2 continues from step ") && !log.contains("first step"), "{log}");
    assert_eq!(
        pair.workspace.record(&format!("runs/{}", pair.ids[1]))["continued_from"]["step"],
        18
    );
}

#[test]
fn a_kill_before_the_state_is_saved_leaves_nothing_half_done() {
    let pair = Pair::new(&Settings::with_validation(), "epochs = 3", "epochs = 5", &[]);
    let [_, long] = &pair.ids;
    pair.lengthen(&[]).goes_on_from(18);
    // As if it had been killed after the rows and before the checkpoint.
    let mut record = pair.workspace.record(&format!("runs/{long}"));
    record["state"] = "running".into();
    record["train_seconds"] = 10_001.0.into();
    record["continued_from"]["seconds"] = 10_000.0.into();
    pair.workspace.write_record(&format!("runs/{long}"), &record);
    for name in ["checkpoint.safetensors", "checkpoint.previous.safetensors"] {
        let _ = fs::remove_file(pair.workspace.path(&pair.path(1, name)));
    }
    let log = pair.lengthen(&[]).log;
    assert!(log.contains("attempt 2 continues from step 18 of run"), "{log}");
    let record = pair.workspace.record(&format!("runs/{long}"));
    let seconds = record["train_seconds"].as_f64().expect("a number");
    assert!(seconds < 5000.0, "the share of the shorter run counts once: {seconds}");
}

#[test]
fn what_is_gone_or_damaged_is_said_and_trained_from_scratch() {
    let checkpoint = "checkpoint.safetensors";
    type Damage = fn(&mut Vec<u8>);
    let cut: Damage = |bytes| bytes.truncate(bytes.len() / 2);
    let flip: Damage = |bytes| *bytes.last_mut().expect("not empty") ^= 1;
    for (name, damage, because) in [
        (checkpoint, None, "it no longer has a checkpoint"),
        (checkpoint, Some((|bytes| bytes.clear()) as Damage), "checkpoint.safetensors"),
        (checkpoint, Some(cut), "checkpoint.safetensors"),
        (checkpoint, Some(flip), "checkpoint.safetensors does not match its checksum"),
        ("best.safetensors", None, "best.safetensors: it is missing, although run.json lists it"),
        ("best.safetensors", Some(cut), "best.safetensors"),
        ("best.safetensors", Some(flip), "best.safetensors: it was changed after its run wrote it"),
        ("metrics.csv", Some(cut), "metrics.csv: it has "),
        ("layers.csv", None, "layers.csv: it is missing, although run.json lists it"),
        ("layers.csv", Some(cut), "layers.csv"),
    ] {
        let pair = Pair::new(&Settings::with_validation(), "epochs = 2", "epochs = 4", &[]);
        let path = pair.workspace.path(&pair.path(0, name));
        match damage {
            None => fs::remove_file(&path).expect("there"),
            Some(damage) => {
                let mut bytes = fs::read(&path).expect("there");
                damage(&mut bytes);
                fs::write(&path, bytes).expect("writable");
            }
        }
        let lengthened = pair.lengthen(&[]);
        lengthened.starts_anew(because);
        assert!(!lengthened.ran.err.contains("warning"), "{}", lengthened.ran.err);
    }
}

#[test]
fn runs_of_other_data_or_numerics_or_unfinished_ones_are_not_continued() {
    for (pointer, value) in [
        ("/provenance/data_sha256", "ab".repeat(32).into()),
        ("/provenance/numerics", 1.into()),
        ("/state", "interrupted".into()),
        ("/trial/training/epochs", 3.into()),
    ] {
        let pair = Pair::new(&Settings::plain(), "epochs = 2", "epochs = 4", &[]);
        let mut record = pair.workspace.record(&format!("runs/{}", pair.ids[0]));
        *record.pointer_mut(pointer).expect("there") = value;
        pair.workspace.write_record(&format!("runs/{}", pair.ids[0]), &record);
        pair.lengthen(&[]).starts_anew("");
    }
    let pair = Pair::new(&Settings::plain(), "epochs = 2", "epochs = 4", &[]);
    pair.workspace.write(&pair.path(0, "run.json"), "{");
    pair.lengthen(&[]).starts_anew("");
}
