//! Trials that differ from a finished one in nothing but their length go on from where it ended, and end
//! in the bytes of training from scratch; where they cannot, they train from scratch.

mod damaged;
mod pair;
mod sweeps;

use pair::{PLATEAU, Pair, STOPPING, Settings};

use crate::experiments::trial;
use crate::workspace::Workspace;

const EVERY_EPOCH: [&str; 2] = ["--checkpoint-seconds", "0"];

#[test]
fn longer_trials_go_on_to_the_bytes_of_training_from_scratch() {
    let plain = Settings::plain();
    let validated = Settings::with_validation();
    let averages = "ema_decay = 0.9\nclip_norm = 1.0\nlabel_smoothing = 0.1";
    let patient = STOPPING.replace("patience = 2", "patience = 9");
    let augmented = "[augmentation]\nhorizontal_flip = 0.5\nrandom_crop = { padding = 2 }\n\
        mixup = { alpha = 0.5 }\n";
    let stepped = "[schedule]\nkind = \"step\"\nstep_epochs = 2\nwarmup_epochs = 1\n";
    for settings in [
        plain.clone(),
        plain.but("adagrad", "adam").and(averages),
        plain.and("batches = \"with_replacement\"").and(stepped),
        plain.and(augmented),
        validated.clone(),
        validated.and(averages).and(&patient),
        validated.and(PLATEAU),
        validated.and(&patient).and(PLATEAU).and(augmented),
        validated.and("[evaluation]\ntest = \"sealed\"\ntrain_examples = 100"),
    ] {
        let pair = Pair::new(&settings, "epochs = 3", "epochs = 7", &[]);
        pair.lengthen(&["--save-initial"]).goes_on_from(18);
    }
}

#[test]
fn verify_trains_from_scratch_and_finds_the_same_bytes() {
    let pair = Pair::new(&Settings::with_validation(), "epochs = 2", "epochs = 5", &[]);
    pair.lengthen(&[]).goes_on_from(12);
    pair.verify();
    let ran = pair.workspace.run(&["verify", "--all", "--jobs=1"]);
    assert_eq!(ran.code, Some(0), "{}{}", ran.out, ran.err);
    assert!(!ran.err.contains(" continues from step "), "not from each other: {}", ran.err);
}

#[test]
fn lengths_that_evaluations_do_not_divide_go_on_from_a_state_that_both_have() {
    let every_two = Settings::plain().every(2);
    let pair = |settings: &Settings, short| Pair::new(settings, short, "epochs = 8", &EVERY_EPOCH);
    pair(&every_two, "epochs = 4").lengthen(&[]).goes_on_from(24);
    // The row of the last epoch goes: nothing has seen it.
    pair(&every_two, "epochs = 3").lengthen(&[]).goes_on_from(18);
    pair(&Settings::plain().every(3), "epochs = 5").lengthen(&[]).goes_on_from(30);
    // Something has: the checkpoint before it, unless the weights of the best epoch are later ones.
    let mut continued = 0;
    for settings in [
        Settings::with_validation().and(PLATEAU).every(2),
        Settings::with_validation().and(PLATEAU).every(3),
        Settings::with_validation().and(&STOPPING.replace("10.0", "0.0")).every(2),
    ] {
        let pair = pair(&settings, "epochs = 5");
        let best = &pair.workspace.record(&format!("runs/{}", pair.ids[0]))["best"]["step"];
        match best.as_u64() {
            Some(30) => {
                let because = "checkpoint.previous.safetensors was saved at step 24, but best";
                pair.lengthen(&[]).starts_anew(because);
            }
            _ => {
                pair.lengthen(&[]).goes_on_from(24);
                continued += 1;
            }
        }
    }
    assert!(continued > 0);
    // In whichever epoch the best one is.
    for short in ["epochs = 3", "epochs = 5"] {
        pair(&Settings::with_validation().every(2), short).lengthen(&[]);
    }
}

#[test]
fn an_epoch_cut_short_is_made_whole() {
    for (settings, step) in [
        (Settings::plain(), 18),
        (Settings::plain().every(2), 18),
        (Settings::plain().every(4), 18),
    ] {
        let pair = Pair::new(&settings, "steps = 20", "epochs = 5", &EVERY_EPOCH);
        pair.lengthen(&[]).goes_on_from(step);
        let pair = Pair::new(&settings, "steps = 20", "steps = 40", &[]);
        pair.lengthen(&[])
            .starts_anew("was saved at its end, step 20, where this trial is not evaluated");
    }
    // The same number of steps, said in another way.
    for (short, long) in [("steps = 20", "steps = 21"), ("steps = 18", "epochs = 3")] {
        Pair::new(&Settings::with_validation(), short, long, &EVERY_EPOCH).lengthen(&[]);
    }
    let pair = Pair::new(&Settings::with_validation().every(2), "epochs = 3", "steps = 18", &[]);
    pair.lengthen(&[]).goes_on_from(18);
}

#[test]
fn what_depends_on_the_length_starts_anew() {
    for kind in ["cosine", "linear", "one_cycle"] {
        let settings = Settings::plain().and(&format!("[schedule]\nkind = \"{kind}\""));
        let pair = Pair::new(&settings, "epochs = 2", "epochs = 4", &[]);
        pair.lengthen(&[]).starts_anew("");
    }
    // And what is not the same trial, or not longer.
    let workspace = Workspace::with(&trial(4));
    workspace.succeed(&["run", "experiment.toml"]);
    for change in ["training.seeds=[8]", "network.dropout=0.3", "training.epochs=3"] {
        let ran = workspace.run(&["run", "experiment.toml", "--set", change]);
        assert_eq!(
            (ran.code, ran.err.contains(" goes on ")),
            (Some(0), false),
            "{change}: {}",
            ran.err
        );
    }
}

#[test]
fn a_run_that_stopped_early_stops_at_the_same_place_however_long() {
    let settings = Settings::with_validation().and(STOPPING);
    let pair = Pair::new(&settings, "epochs = 9", "epochs = 20", &[]);
    pair.lengthen(&[]).goes_on_from(18);
    let record = pair.workspace.record(&format!("runs/{}", pair.ids[1]));
    assert_eq!(record["stopped_early"], serde_json::json!({ "epoch": 3, "step": 18 }));
    assert_eq!([&record["total_epochs"], &record["model_epoch"]], [20, 1]);
    pair.verify();
}

#[test]
fn the_record_and_show_say_whose_steps_they_are() {
    let pair = Pair::new(&Settings::plain(), "epochs = 3", "epochs = 6", &[]);
    pair.lengthen(&[]).goes_on_from(18);
    let [short, long] = pair.ids.each_ref().map(|id| pair.workspace.record(&format!("runs/{id}")));
    let from = &long["continued_from"];
    assert_eq!((from["id"].as_str(), from["step"].as_u64()), (Some(&pair.ids[0][..]), Some(18)));
    let [taken, all] =
        [&from["seconds"], &short["train_seconds"]].map(|s| s.as_f64().expect("a number"));
    assert!((taken - all).abs() < 1e-9, "all of them, but for the order of adding: {taken} {all}");
    assert!(long["train_seconds"].as_f64() > from["seconds"].as_f64());
    let show = pair.workspace.succeed(&["show", &pair.ids[1]]);
    let line = format!("continued    from step 18 of run {}, which took ", pair.ids[0]);
    assert!(show.contains(&line), "{show}");
    let timing = pair.workspace.read(&pair.path(1, "timing.csv"));
    assert_eq!(timing.lines().count(), 8, "{timing}");
}
