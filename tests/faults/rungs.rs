//! The same of a trial that pauses at a rung, was on its way to its end when the power went, and is then
//! asked for the rung again: what a search that is over leaves behind is nothing `lost`, and no run that is
//! `paused` with the rows or the best weights of a later epoch.

use std::sync::Arc;

use runner::runs::folder::{Disk, RealDisk};
use runner::sweep::{Job, JobOutcome};

use crate::power::{PowerCut, Survival};
use crate::sweep::{end_claims, longer_jobs, record, results, sweep};
use crate::{folder, stride};

const RUNG: u64 = 2;

/// The job of six epochs, to the rung.
fn to_rung() -> Vec<Job> {
    longer_jobs().into_iter().map(|job| Job { until_epoch: Some(RUNG), ..job }).collect()
}

#[test]
fn power_goes_before_each_operation_of_a_run_that_went_past_its_rung() {
    let id = &longer_jobs()[0].id;
    let (paused, whole) = (folder(), folder());
    let disk = || -> Arc<dyn Disk> { Arc::new(RealDisk) };
    let outcomes = sweep(&to_rung(), paused.path(), disk()).expect("nothing fails");
    assert_eq!(outcomes, [JobOutcome::Paused(RUNG)]);
    assert_eq!(record(paused.path(), id).expect("a record")["until_epoch"], RUNG);
    sweep(&longer_jobs(), whole.path(), disk()).expect("nothing fails");
    assert!(record(whole.path(), id).expect("a record")["until_epoch"].is_null());
    let (mut paused_again, mut went_on) = (0, 0);
    for at in (2..).step_by(stride()) {
        let survival = [Survival::Nothing, Survival::Names, Survival::Some(at as u64)][at % 3];
        let (before, after) = (folder(), folder());
        let cut = Arc::new(PowerCut::new(at, before.path()));
        for jobs in [to_rung(), longer_jobs()] {
            if cut.count() > at {
                break; // without power nothing more is begun
            }
            let _ = sweep(&jobs, &before.path().join("runs"), Arc::clone(&cut) as _);
        }
        cut.survivors(after.path(), survival);
        let runs = &after.path().join("runs");
        end_claims(runs);
        for _ in 0..2 {
            let outcomes = sweep(&to_rung(), runs, disk()).expect("nothing fails");
            let record = record(runs, id).expect("it was taken up");
            match record["state"].as_str() {
                Some("paused") => {
                    assert_eq!(outcomes, [JobOutcome::Paused(RUNG)], "at {at}");
                    assert!(
                        results(runs) == results(paused.path()),
                        "at {at}: later rows or weights"
                    );
                    paused_again += 1;
                }
                Some("interrupted") => {
                    assert!(record["last"]["epoch"].as_u64() > Some(RUNG), "at {at}: {record}");
                    assert!(record["until_epoch"].is_null(), "at {at}: it goes on to its end");
                    went_on += 1;
                }
                Some("finished") => assert_eq!(outcomes, [JobOutcome::Cached], "at {at}"),
                other => panic!("at {at}: {other:?}"),
            }
        }
        sweep(&longer_jobs(), runs, disk()).expect("nothing fails");
        assert!(results(runs) == results(whole.path()), "at {at}");
        if cut.count() <= at {
            break;
        }
    }
    assert!(paused_again > 4 && went_on > 4, "{paused_again}, {went_on}");
}
