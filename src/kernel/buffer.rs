//! Memory for SIMD: aligned to cache lines, so that no register load spans two.

use std::ops::{Deref, DerefMut};

use crate::memory;

/// One cache line.
#[derive(Debug, Clone, Copy)]
#[repr(C, align(64))]
struct Line([f32; 16]);

/// A slice of `f32` of fixed length that begins at a cache line.
#[derive(Debug, Clone, Default)]
pub struct Buffer {
    lines: Vec<Line>,
    len: usize,
}

impl Buffer {
    /// `len` elements of `value`. Unwinds to `memory::catch` if the system refuses the memory.
    pub fn filled(len: usize, value: f32) -> Buffer {
        Buffer { lines: memory::filled(len.div_ceil(16), Line([value; 16])), len }
    }

    /// `len` zeros.
    pub fn zeros(len: usize) -> Buffer {
        Buffer::filled(len, 0.0)
    }
}

impl Deref for Buffer {
    type Target = [f32];

    fn deref(&self) -> &[f32] {
        // SAFETY: the lines are `repr(C)` arrays of initialised `f32` without padding (their size,
        // 64, is their alignment), one after the other, and hold `len` or more of them.
        unsafe { std::slice::from_raw_parts(self.lines.as_ptr().cast(), self.len) }
    }
}

impl DerefMut for Buffer {
    fn deref_mut(&mut self) -> &mut [f32] {
        // SAFETY: as in `deref`, and `self` is borrowed mutably.
        unsafe { std::slice::from_raw_parts_mut(self.lines.as_mut_ptr().cast(), self.len) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn holds_its_elements_at_a_cache_line() {
        for len in [0, 1, 16, 17, 100] {
            let mut buffer = Buffer::filled(len, 2.0);
            assert_eq!(*buffer, vec![2.0; len]);
            assert_eq!(buffer.as_ptr() as usize % 64, 0);
            buffer.fill(3.0);
            assert_eq!(*buffer.clone(), vec![3.0; len]);
        }
    }
}
