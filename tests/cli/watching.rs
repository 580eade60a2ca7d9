//! `watch` where it cannot show anything; where it can, see `tests/watch`.

use crate::experiments::trial;
use crate::workspace::Workspace;

#[test]
fn without_a_terminal_it_says_so() {
    let ran = Workspace::with(&trial(1)).run(&["watch", "experiment.toml"]);
    assert_eq!(ran.code, Some(2), "{}", ran.err);
    assert!(
        ran.err.contains("the live view needs a terminal") && ran.out.is_empty(),
        "{}",
        ran.err
    );
}
