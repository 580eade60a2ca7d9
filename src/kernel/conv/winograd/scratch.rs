//! A thread's memory for transforming tiles: one buffer for all convolutions, so that it stays in
//! the cache. A thread allocates it when it first helps with a convolution, possibly in the middle
//! of a training.

use std::cell::RefCell;

use crate::kernel::buffer::Buffer;

thread_local! {
    static SCRATCH: RefCell<Buffer> = RefCell::default();
}

/// Calls `work` with `len` elements of any value. `work` must not call this again.
pub(super) fn with_scratch<T>(len: usize, work: impl FnOnce(&mut [f32]) -> T) -> T {
    SCRATCH.with_borrow_mut(|scratch| {
        if scratch.len() < len {
            drop(std::mem::take(scratch)); // the old buffer goes before the new one comes
            *scratch = Buffer::zeros(len);
        }
        work(&mut scratch[..len])
    })
}
