//! The first difference between two `test_predictions.npy`.

use super::{AGAIN, RUN};
use crate::runs::npy::npy_values;

/// Names the example with both classes. The files differ.
pub(super) fn first_difference(run: &[u8], again: &[u8]) -> Option<String> {
    let again = npy_values(again)?; // this program has just written it
    let Some(run) = npy_values(run) else {
        return Some(format!("is not a whole array of classes {RUN}"));
    };
    if run.len() != again.len() {
        return Some(format!("examples: {} {RUN}, {} {AGAIN}", run.len(), again.len()));
    }
    let at = run.iter().zip(&again).position(|(class, again)| class != again)?;
    let (in_run, in_again) = (run[at], again[at]);
    Some(format!("example {at} (from 0): class {in_run} {RUN}, {in_again} {AGAIN}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::runs::npy::npy;

    #[test]
    fn example_is_named_with_both_classes() {
        let again = npy(&[1, 2, 3]);
        let difference = |run: &[u8]| first_difference(run, &again).unwrap();
        let expected = "example 1 (from 0): class 0 in the run, 2 trained again";
        assert_eq!(difference(&npy(&[1, 0, 0])), expected);
        assert_eq!(difference(&npy(&[1])), "examples: 1 in the run, 3 trained again");
        assert_eq!(difference(b""), "is not a whole array of classes in the run");
    }
}
