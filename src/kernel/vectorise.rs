//! Runs elementwise loops compiled for the CPU's widest registers.

use super::path::KernelPath;

/// Runs `work` compiled for AVX-512, or for AVX2 and FMA, if the path has them; otherwise
/// unchanged. Mark the closure `#[inline(always)]`: otherwise it is compiled for the baseline CPU.
/// Results cannot differ, because the compiler neither reorders floating-point operations nor fuses
/// them by itself.
#[inline(always)]
pub fn vectorise<T>(work: impl FnOnce() -> T) -> T {
    match KernelPath::chosen().0 {
        #[cfg(target_arch = "x86_64")]
        super::path::Instructions::Avx512 => {
            #[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx2,fma")]
            fn with_avx512<T>(work: impl FnOnce() -> T) -> T {
                work()
            }
            // SAFETY: the path exists only on a CPU that has these features.
            unsafe { with_avx512(work) }
        }
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
