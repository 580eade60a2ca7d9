//! An experiment file and its `--set` texts, which follow it, each after a NUL byte.
#![no_main]

use std::path::Path;

use libfuzzer_sys::fuzz_target;
use runner::analysis::naming::trial_labels;
use runner::experiment::Experiment;

/// Fewer than the program's own limit: what is looked for shows in a few trials.
const MAX_TRIALS: usize = 300;

fuzz_target!(|data: &[u8]| {
    let mut texts = data.split(|&byte| byte == 0);
    let file = texts.next().unwrap_or_default();
    let sets: Vec<String> = texts.map(|set| String::from_utf8_lossy(set).into_owned()).collect();
    let read = |file: &[u8], sets: &[String]| {
        Experiment::from_bytes(Path::new("fuzz\x1b[2J.toml"), file, sets, MAX_TRIALS, false)
    };
    match read(file, &sets) {
        Err(error) => runner_fuzz::assert_harmless(&error.to_string()),
        Ok(experiment) => {
            assert!((1..=MAX_TRIALS).contains(&experiment.trials.len()));
            for trial in experiment.trials.iter().take(3) {
                assert!(runner::runs::folder::is_id(&trial.id()));
                let again = read(trial.to_toml().as_bytes(), &[]).expect("a trial is valid");
                assert_eq!(again.trials, [trial.clone()]);
            }
            let trials: Vec<_> = experiment.trials.iter().map(|trial| trial.to_json()).collect();
            let roles: Vec<_> =
                experiment.trials.iter().map(|trial| experiment.role_of(trial)).collect();
            let labels = trial_labels(&trials, &roles);
            labels.iter().for_each(|label| runner_fuzz::assert_harmless(label));
        }
    }
});
