//! Runs elementwise loops compiled for the widest registers that the CPU has.

use super::path::Path;

/// Runs `work` compiled for AVX2 and FMA where the path has them, else as it is. Mark the closure
/// `#[inline(always)]`, or it keeps the code of the baseline. Results cannot differ: the compiler
/// neither reorders floating-point operations nor fuses them by itself.
#[inline(always)]
pub fn vectorise<T>(work: impl FnOnce() -> T) -> T {
    match Path::chosen().0 {
        #[cfg(target_arch = "x86_64")]
        super::path::Instructions::Avx2 => {
            #[target_feature(enable = "avx2,fma")]
            fn with_avx2<T>(work: impl FnOnce() -> T) -> T {
                work()
            }
            // SAFETY: the path exists only on a CPU that has AVX2 and FMA.
            unsafe { with_avx2(work) }
        }
        _ => work(),
    }
}

/// Asks for the cache lines of `data`, for use a microsecond from now. Of no influence on any result.
#[inline(always)]
pub fn prefetch<T>(data: &[T]) {
    #[cfg(target_arch = "x86_64")]
    for line in data.chunks((64 / size_of::<T>()).max(1)) {
        use std::arch::x86_64::{_MM_HINT_T0, _mm_prefetch};
        // SAFETY: a prefetch reads nothing that the program sees; every x86-64 CPU has it.
        unsafe { _mm_prefetch::<_MM_HINT_T0>(line.as_ptr().cast()) }
    }
    #[cfg(not(target_arch = "x86_64"))]
    let _ = data;
}
