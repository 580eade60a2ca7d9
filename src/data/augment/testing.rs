//! The numbers of torchvision that tests compare with.

use serde_json::Value;

/// Those of `tests/parity/make_augmentation.py`.
pub(super) fn fixtures() -> Value {
    serde_json::from_str(include_str!("../../../tests/parity/augmentation.json")).unwrap()
}

/// A list of numbers in the fixtures.
pub(super) fn numbers(value: &Value) -> Vec<f32> {
    let items = value.as_array().unwrap_or_else(|| panic!("no list: {value}"));
    items.iter().map(|x| x.as_f64().unwrap() as f32).collect()
}

/// Equal up to a few rounding errors of numbers from 0 to 1.
#[track_caller]
pub(super) fn assert_close(ours: &[f32], theirs: &[f32], what: &str) {
    assert_near(ours, theirs, 1e-6, what);
}

/// Equal up to `tolerance`.
#[track_caller]
pub(super) fn assert_near(ours: &[f32], theirs: &[f32], tolerance: f32, what: &str) {
    assert_eq!(ours.len(), theirs.len(), "{what}");
    for (i, (a, b)) in ours.iter().zip(theirs).enumerate() {
        assert!((a - b).abs() <= tolerance, "{what}[{i}]: {a}, expected {b}");
    }
}
