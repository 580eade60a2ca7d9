//! The CPU's peak, measured with independent multiply-adds: the benchmark compares the kernels with
//! it.

use std::time::Instant;

use super::lanes::{Lanes, MOST_LANES};
use super::path::{Instructions, KernelPath};

/// Floating-point operations per second of one thread that only does fused multiply-adds in the
/// registers of `path`, a multiply-add counted as two.
pub fn fma_peak(path: KernelPath) -> f64 {
    const ROUNDS: u32 = 2_000_000;
    let started = Instant::now();
    // Independent sums: as many as there are registers for, and more than the latency of a fused
    // multiply-add times the number of units for it.
    let elements = match path.0 {
        #[cfg(target_arch = "x86_64")]
        Instructions::Avx512 => {
            #[target_feature(enable = "avx512f")]
            fn run(rounds: u32) -> usize {
                // SAFETY: this function has the feature.
                unsafe { multiply_add::<std::arch::x86_64::__m512, 24>(rounds) }
            }
            // SAFETY: the path exists only on a CPU that has it.
            unsafe { run(ROUNDS) }
        }
        #[cfg(target_arch = "x86_64")]
        Instructions::Avx2 => {
            #[target_feature(enable = "avx2,fma")]
            fn run(rounds: u32) -> usize {
                // SAFETY: this function has the features.
                unsafe { multiply_add::<std::arch::x86_64::__m256, 12>(rounds) }
            }
            // SAFETY: the path exists only on a CPU that has them.
            unsafe { run(ROUNDS) }
        }
        #[cfg(target_arch = "aarch64")]
        // SAFETY: NEON is in the baseline.
        Instructions::Neon => unsafe {
            multiply_add::<std::arch::aarch64::float32x4_t, 24>(ROUNDS)
        },
        // SAFETY: plain Rust needs no CPU feature.
        Instructions::Portable => unsafe { multiply_add::<[f32; 4], 12>(ROUNDS) },
    };
    2.0 * elements as f64 * f64::from(ROUNDS) / started.elapsed().as_secs_f64()
}

/// Makes `rounds` multiply-adds in each of `SUMS` registers; returns how many elements these have.
///
/// # Safety
/// The CPU has the features of `V`.
#[inline(always)]
unsafe fn multiply_add<V: Lanes, const SUMS: usize>(rounds: u32) -> usize {
    // SAFETY: the CPU has the features, as the caller says; the sums are stored where there is room.
    unsafe {
        let (factor, addend) = (V::splat(0.999), V::splat(0.001));
        let mut sums = [V::splat(0.5); SUMS];
        for _ in 0..rounds {
            for sum in &mut sums {
                *sum = sum.mul_add(factor, addend);
            }
        }
        let mut total = [0.0; MOST_LANES];
        let sum = sums.iter().fold(V::splat(0.0), |so_far, sum| so_far.add(*sum));
        sum.store(total.as_mut_ptr());
        std::hint::black_box(total);
    }
    SUMS * V::COUNT
}
