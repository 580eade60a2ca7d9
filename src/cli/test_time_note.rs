//! A note on trials that ask for a figure of the test split which they keep sealed. Apart, because it is no error:
//! `runner study` seals the test set of any file.

use crate::messages::say;
use crate::sweep::Job;
use crate::train::TestReads;

/// Says that `evaluation.test_time` gives no figure, if that is so for any of `jobs`.
pub(super) fn say_sealed_test_time(jobs: &[Job], quiet: bool) {
    let is_sealed = |job: &Job| {
        let evaluation = &job.trial.evaluation;
        evaluation.test == TestReads::Sealed && evaluation.test_time.is_some()
    };
    if !quiet && jobs.iter().any(is_sealed) {
        say(
            "note: `evaluation.test_time` gives no figure while `evaluation.test = \"sealed\"`: the test set is read \
             with single images, and only `evaluation.json` has the score, of the validation split",
        );
    }
}
