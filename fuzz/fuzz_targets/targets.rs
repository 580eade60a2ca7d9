//! What is typed to name runs, a NUL byte between the targets. No id may leave the runs folder.
#![no_main]

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use libfuzzer_sys::fuzz_target;
use runner::cli::target::{AskedRun, AskedRuns, Lookup};
use runner::runs::role::ConfigRole;
use runner_fuzz::{assert_harmless, scratch};

static RECORD: &str = include_str!("../seeds/record.json");

/// Made once: two runs, and a third that lies outside.
fn runs_dir() -> &'static Path {
    static RUNS: OnceLock<PathBuf> = OnceLock::new();
    RUNS.get_or_init(|| {
        let home = scratch();
        for folder in ["runs/0123456789ab", "runs/0123ffffffff", "outside"] {
            fs::create_dir_all(home.join(folder)).expect("writable");
            let id = folder.rsplit('/').next().unwrap_or_default();
            let record = RECORD.replace("0123456789ab", id);
            fs::write(home.join(folder).join("run.json"), record).expect("writable");
        }
        let read = runner::runs::read::read_record(&home.join("outside"));
        assert!(read.is_err_and(|error| error.to_string().contains("is not a run id")));
        home.join("runs")
    })
}

fuzz_target!(|data: &[u8]| {
    let runs_dir = runs_dir();
    let typed =
        data.split(|&byte| byte == 0).map(|part| String::from_utf8_lossy(part).into_owned());
    let typed: Vec<String> = typed.collect();
    let lookup = Lookup {
        runs_dir,
        trials_of: Box::new(|_| {
            let ids = ["0123456789ab", "ffffffffffff"];
            let runs = ids.map(|id| AskedRun { id: id.to_owned(), role: ConfigRole::default() });
            Ok(AskedRuns { name: "experiment".to_owned(), runs: runs.into(), halving: None })
        }),
    };
    match lookup.resolve(&typed) {
        Err(error) => assert_harmless(&error.to_string()),
        Ok(resolved) => {
            resolved.messages().iter().for_each(|line| assert_harmless(line));
            // A path may name any folder; what is no path names a run of this one.
            if typed.iter().all(|target| !Path::new(target).exists()) {
                let inside = |folder: &PathBuf| folder.parent() == Some(runs_dir);
                assert!(resolved.found.folders.iter().all(inside), "{typed:?}");
            }
        }
    }
    let _ = lookup.resolve_one(&typed[0]);
});
