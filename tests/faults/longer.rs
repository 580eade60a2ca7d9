//! The same of a trial that goes on from a shorter run: the shorter one is only read, and the longer one
//! ends in the bytes of training from scratch.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use runner::runs::folder::RealDisk;
use runner::sweep::JobOutcome;

use crate::failing::{FailingDisk, Fault};
use crate::power::{PowerCut, Survival};
use crate::sweep::{end_claims, jobs, longer_jobs, record, results, sweep};
use crate::{folder, stride};

/// A runs folder with the shorter run finished.
fn with_shorter(runs: &Path) {
    let outcomes = sweep(&jobs(1), runs, Arc::new(RealDisk)).expect("nothing fails");
    assert_eq!(outcomes, [JobOutcome::Finished]);
}

/// The results of both runs, each trained from scratch.
fn expected() -> BTreeMap<String, Vec<u8>> {
    let (short, long) = (folder(), folder());
    with_shorter(short.path());
    sweep(&longer_jobs(), long.path(), Arc::new(RealDisk)).expect("nothing fails");
    let mut expected = results(short.path());
    expected.append(&mut results(long.path()));
    expected
}

#[track_caller]
fn goes_on(runs: &Path, expected: &BTreeMap<String, Vec<u8>>, what: &str) {
    end_claims(runs);
    let outcomes = sweep(&longer_jobs(), runs, Arc::new(RealDisk))
        .unwrap_or_else(|error| panic!("{what}: {}", error.chain()));
    let is_done = |o: &JobOutcome| matches!(o, JobOutcome::Finished | JobOutcome::Cached);
    assert!(outcomes.iter().all(is_done), "{what}: {outcomes:?}");
    let record = record(runs, &longer_jobs()[0].id).expect("it is finished");
    assert_eq!(record["continued_from"]["step"], 6, "{what}");
    let found = results(runs);
    let differs = |name: &&String| found.get(*name) != expected.get(*name);
    let different: Vec<_> = expected.keys().filter(differs).collect();
    assert!(different.is_empty(), "{what}: {different:?}");
}

#[test]
fn each_operation_of_a_longer_trial_fails_once() {
    let expected = expected();
    for (first, fault) in [(0, Fault::Once), (4, Fault::Half)] {
        for at in (first..).step_by(stride()) {
            let runs = folder();
            with_shorter(runs.path());
            let disk = Arc::new(FailingDisk::new(at, fault));
            let _ = sweep(&longer_jobs(), runs.path(), Arc::clone(&disk) as _);
            goes_on(runs.path(), &expected, &format!("{fault:?} at operation {at}"));
            if disk.count() <= at {
                assert!(at > 50, "{at}");
                break; // the whole sweep needs fewer operations
            }
        }
    }
}

#[test]
fn power_goes_before_each_operation_of_a_longer_trial() {
    let expected = expected();
    for at in (2..).step_by(stride()) {
        let survival = [Survival::Nothing, Survival::Names, Survival::Some(at as u64)][at % 3];
        let (before, after) = (folder(), folder());
        let runs = before.path().join("runs");
        with_shorter(&runs);
        let disk = Arc::new(PowerCut::new(at, before.path()));
        let _ = sweep(&longer_jobs(), &runs, Arc::clone(&disk) as _); // nobody is there to hear of it
        disk.survivors(after.path(), survival);
        let runs = after.path().join("runs");
        with_shorter(&runs); // was on the disk long before
        goes_on(&runs, &expected, &format!("power cut before operation {at}"));
        if disk.count() <= at {
            assert!(at > 50, "{at}");
            break;
        }
    }
}
