//! Memory that is asked for before it is needed: the CPU fetches it while it computes.

/// Bytes of a cache line.
const LINE: usize = 64;

/// Asks the CPU to bring `elements` near, so that a later use need not wait for the memory. Changes nothing else.
#[inline(always)]
pub fn prefetch<T>(elements: &[T]) {
    #[cfg(target_arch = "x86_64")]
    {
        use std::arch::x86_64::{_MM_HINT_T1, _mm_prefetch};

        let bytes = size_of_val(elements);
        let start = elements.as_ptr().cast::<i8>();
        for at in (0..bytes).step_by(LINE) {
            // SAFETY: a prefetch reads nothing that the program could see and never faults; the address lies within
            // the slice. SSE, which it needs, is part of x86-64.
            unsafe { _mm_prefetch::<_MM_HINT_T1>(start.add(at)) };
        }
    }
    #[cfg(not(target_arch = "x86_64"))]
    let _ = (elements, LINE); // Rust has no stable prefetch for other CPUs.
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prefetching_changes_nothing() {
        let all: Vec<u16> = (0..103).collect();
        prefetch(&all);
        prefetch::<f32>(&[]);
        assert!(all.iter().copied().eq(0..103));
    }
}
