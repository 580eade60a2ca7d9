//! Runs elementwise loops compiled for the widest registers that the CPU has.

/// Runs `work` compiled for AVX2 where the CPU has it, else as it is. Mark the closure
/// `#[inline(always)]`, or it keeps the code of the baseline. Results cannot differ: the compiler
/// neither reorders floating-point operations nor fuses them by itself.
#[inline(always)]
pub fn vectorise<T>(work: impl FnOnce() -> T) -> T {
    #[cfg(target_arch = "x86_64")]
    {
        #[target_feature(enable = "avx2")]
        fn with_avx2<T>(work: impl FnOnce() -> T) -> T {
            work()
        }
        if std::arch::is_x86_feature_detected!("avx2") {
            // SAFETY: the CPU has AVX2, as checked in the line above.
            return unsafe { with_avx2(work) };
        }
    }
    work()
}
