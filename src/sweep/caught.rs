//! How a trial may end other than with its result: refused memory, or a bug.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::error::{Error, Result};
use crate::memory;

/// The result of `work`; refused memory and a bug are errors like any other failure. After a panic,
/// the state that `work` was changing must only be read.
///
/// # Errors
/// That of `work`, or what it was unwound with.
pub(super) fn caught<T>(work: impl FnOnce() -> Result<T>) -> Result<T> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|panic| {
        Err(memory::shortage(&*panic).map_or_else(|| bug(&*panic), Error::Memory))
    })
}

fn bug(panic: &(dyn Any + Send)) -> Error {
    let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
    let text = text.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_default();
    Error::Unexpected(format!("a bug in this program: {text}"))
}
