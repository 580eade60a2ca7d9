//! Work that goes over elements in the widest registers of a path, without being a product.

use super::lanes::Lanes;
use super::path::{Instructions, Path};
use super::portable;

/// Work on registers of any width.
pub(super) trait Wide {
    /// Does it.
    ///
    /// # Safety
    /// The promise of the implementation; the CPU has the features of `V`.
    unsafe fn run<V: Lanes>(self);
}

/// Does `work` in the widest registers of `path`.
///
/// # Safety
/// The promise of `work`.
#[inline]
pub(super) unsafe fn run_wide<W: Wide>(path: Path, work: W) {
    // SAFETY: the caller's promise; and a path is only made on a CPU that has its features.
    unsafe {
        match path.0 {
            #[cfg(target_arch = "x86_64")]
            Instructions::Avx512 => super::avx512::run_wide(work),
            #[cfg(target_arch = "x86_64")]
            Instructions::Avx2 => super::avx2::run_wide(work),
            #[cfg(target_arch = "aarch64")]
            Instructions::Neon => super::neon::run_wide(work),
            Instructions::Portable => portable::run_wide(work),
        }
    }
}
