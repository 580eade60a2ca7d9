//! Every write fails in turn, and the power goes between any two: what is finished stays valid, what is
//! not says so, and the same sweep then ends in the bytes of an undisturbed one.
//!
//! Some operations are left out, to save time; with RUNNER_FAULTS=all none is. The figures:
//! `RUNNER_FAULTS=all cargo test --test faults -- --nocapture | grep "operations\|cuts"`.

mod failing;
mod longer;
mod looking;
mod power;
mod rungs;
mod sweep;

use std::path::Path;
use std::sync::Arc;

use runner::runs::folder::RealDisk;
use runner::sweep::JobOutcome;
use tempfile::TempDir;

use failing::{FailingDisk, Fault};
use looking::LookedAt;
use power::{PowerCut, Survival};
use sweep::{end_claims, files, jobs, record, results, sweep};

/// Operations from one that fails to the next.
fn stride() -> usize {
    match std::env::var("RUNNER_FAULTS") {
        Ok(all) if all == "all" => 1,
        _ => 15,
    }
}

fn folder() -> TempDir {
    tempfile::tempdir().expect("a temporary folder")
}

/// A runs folder with the undisturbed runs of the first `count` seeds.
fn undisturbed(count: usize) -> TempDir {
    let runs = folder();
    let outcomes = sweep(&jobs(count), runs.path(), Arc::new(RealDisk)).expect("nothing fails");
    assert!(outcomes.iter().all(|outcome| *outcome == JobOutcome::Finished));
    runs
}

/// Goes on with a disturbed sweep on a disk that works, and compares it with an undisturbed one.
#[track_caller]
fn goes_on_to_the_same_bytes(runs: &Path, count: usize, expected: &Path, what: &str) {
    let outcomes = sweep(&jobs(count), runs, Arc::new(RealDisk))
        .unwrap_or_else(|error| panic!("{what}: {}", error.chain()));
    let is_done = |o: &JobOutcome| matches!(o, JobOutcome::Finished | JobOutcome::Cached);
    assert!(outcomes.iter().all(is_done), "{what}: {outcomes:?}");
    assert_eq!(files(runs), files(expected), "{what}");
    let (found, expected) = (results(runs), results(expected));
    let different: Vec<_> =
        found.iter().filter(|(name, bytes)| expected[*name] != **bytes).collect();
    assert!(
        different.is_empty(),
        "{what}: {:?}",
        different.iter().map(|d| d.0).collect::<Vec<_>>()
    );
}

/// Whether each run that says `finished` has all its results.
#[track_caller]
fn finished_means_complete(runs: &Path, count: usize, expected: &Path, what: &str) -> usize {
    let (found, expected) = (results(runs), results(expected));
    let is_finished = |id: &str| record(runs, id).is_some_and(|r| r["state"] == "finished");
    let finished: Vec<_> = jobs(count).into_iter().filter(|job| is_finished(&job.id)).collect();
    for job in &finished {
        for (name, bytes) in expected.iter().filter(|(name, _)| name.starts_with(&job.id)) {
            assert_eq!(found.get(name), Some(bytes), "{what}: {name}");
        }
    }
    finished.len()
}

/// Lets every operation of a sweep of one trial fail in turn.
fn every_operation_fails(fault: Fault) {
    let expected = undisturbed(1);
    let first = fault as usize % stride();
    let (mut failed, mut recorded, mut shrugged, mut refused) = (0, 0, 0, 0);
    for at in (first..).step_by(stride()) {
        let what = format!("{fault:?} at operation {at}");
        let runs_parent = folder();
        let runs = runs_parent.path().join("runs");
        let disk = Arc::new(FailingDisk::new(at, fault));
        match sweep(&jobs(1), &runs, Arc::clone(&disk) as _) {
            Err(error) => {
                let path = runs_parent.path().display().to_string();
                assert!(error.chain().contains(&path), "{what}: {}", error.chain());
                refused += 1;
            }
            Ok(outcomes) => match &outcomes[0] {
                JobOutcome::Failed(reason) => {
                    let path = runs.display().to_string();
                    assert!(reason.contains(&path), "{what}: {reason}");
                    let is_recorded = record(&runs, &jobs(1)[0].id)
                        .is_some_and(|r| r["state"] == "failed" && r["reason"] == **reason);
                    recorded += usize::from(is_recorded);
                    failed += 1;
                }
                JobOutcome::Finished => shrugged += 1,
                other => panic!("{what}: {other:?}"),
            },
        }
        if disk.count() <= at {
            break; // the whole sweep needs fewer operations
        }
        if disk.kept_claim() {
            end_claims(&runs);
        }
        finished_means_complete(&runs, 1, expected.path(), &what);
        goes_on_to_the_same_bytes(&runs, 1, expected.path(), &what);
    }
    println!(
        "{fault:?}: {} operations failed; trials failed {failed}, of them {recorded} with the reason in \
         run.json; sweeps refused {refused}; nothing was lost by {}",
        failed + refused + shrugged - 1,
        shrugged - 1
    );
    let most = 50 / stride();
    assert!(failed > most, "{failed}");
    // A full disk has no room for the reason either: it is on stderr, and the run is `lost`.
    assert_eq!(recorded > most, fault != Fault::Full, "{recorded}");
}

#[test]
fn whoever_finds_a_row_finds_its_time_and_its_layers() {
    let (runs, disk) = (folder(), Arc::new(LookedAt::default()));
    let outcomes = sweep(&jobs(1), runs.path(), Arc::clone(&disk) as _).expect("nothing fails");
    assert_eq!((outcomes, disk.looks() > 1), (vec![JobOutcome::Finished], true));
}

#[test]
fn each_operation_fails_once() {
    every_operation_fails(Fault::Once);
}

#[test]
fn each_write_stops_half_way() {
    every_operation_fails(Fault::Half);
}

#[test]
fn the_disk_is_full_from_each_operation_on() {
    every_operation_fails(Fault::Full);
}

#[test]
fn each_operation_is_done_and_fails_all_the_same() {
    every_operation_fails(Fault::Done);
}

/// As over NFS: a claim that was created is this process's own, though creating it says that it is there.
#[test]
fn lost_replies_cost_nothing() {
    let expected = undisturbed(1);
    for from in (0..60).step_by(stride()) {
        let runs = folder();
        let disk = Arc::new(FailingDisk::new(from, Fault::LostReplies));
        let outcomes = sweep(&jobs(1), runs.path(), disk).expect("nothing fails");
        assert_eq!(outcomes, [JobOutcome::Finished], "from operation {from} on");
        assert_eq!(files(runs.path()), files(expected.path()), "from operation {from} on");
        assert!(results(runs.path()) == results(expected.path()), "from operation {from} on");
        let record = record(runs.path(), &jobs(1)[0].id).expect("it is finished");
        assert_eq!(record["attempt"], 1, "from operation {from} on");
    }
}

#[test]
fn other_trials_go_on() {
    let expected = undisturbed(2);
    for at in [9, 20, 40] {
        let runs = folder();
        let disk = Arc::new(FailingDisk::new(at, Fault::Once));
        let outcomes = sweep(&jobs(2), runs.path(), disk).expect("the folder is there");
        assert!(matches!(outcomes[0], JobOutcome::Failed(_)), "{outcomes:?}");
        assert_eq!(outcomes[1], JobOutcome::Finished);
        assert_eq!(finished_means_complete(runs.path(), 2, expected.path(), "others"), 1);
        goes_on_to_the_same_bytes(runs.path(), 2, expected.path(), "others");
    }
}

/// Pulls the plug before every operation of a sweep of one trial.
fn power_goes(survival: impl Fn(usize) -> Survival) {
    let expected = undisturbed(1);
    let (mut cuts, mut finished) = (0, 0);
    for at in (0..).step_by(stride()) {
        let what = format!("power cut before operation {at}, {:?}", survival(at));
        let (before, after) = (folder(), folder());
        let disk = Arc::new(PowerCut::new(at, before.path()));
        let runs = before.path().join("runs");
        let _ = sweep(&jobs(1), &runs, Arc::clone(&disk) as _); // nobody is there to hear of it
        disk.survivors(after.path(), survival(at));
        let runs = after.path().join("runs");
        end_claims(&runs);
        finished += finished_means_complete(&runs, 1, expected.path(), &what);
        goes_on_to_the_same_bytes(&runs, 1, expected.path(), &what);
        cuts += 1;
        if disk.count() <= at {
            break;
        }
    }
    println!("{:?}: {cuts} power cuts, {finished} of them after the end of the trial", survival(0));
    assert!(cuts > 50 / stride() && finished > 0, "{cuts} {finished}");
}

#[test]
fn power_goes_and_no_name_is_on_the_disk_that_was_not_synced() {
    power_goes(|_| Survival::Nothing);
}

#[test]
fn power_goes_and_all_names_are_on_the_disk() {
    power_goes(|_| Survival::Names);
}

#[test]
fn power_goes_and_some_names_are_on_the_disk() {
    power_goes(|at| Survival::Some(at as u64));
}
