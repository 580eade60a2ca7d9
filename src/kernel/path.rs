//! Which instructions the kernels use: the best of this CPU, or plain Rust where it is asked for.

use std::sync::OnceLock;

static CHOSEN: OnceLock<Path> = OnceLock::new();

/// Instructions of the kernels, all of which give the same bits. A value exists only on a CPU that
/// has them: safe code cannot make one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Path(pub(super) Instructions);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Instructions {
    #[cfg(target_arch = "x86_64")]
    Avx2,
    #[cfg(target_arch = "aarch64")]
    Neon,
    Portable,
}

impl Path {
    /// Plain Rust.
    pub const PORTABLE: Path = Path(Instructions::Portable);

    /// The path of this process: the best, unless [`Path::choose`] chose another.
    pub fn chosen() -> Path {
        *CHOSEN.get_or_init(Path::best)
    }

    /// Makes this the path of the process, unless it has begun to use one.
    pub fn choose(self) {
        CHOSEN.get_or_init(|| self);
    }

    /// The fastest that this CPU can run.
    pub fn best() -> Path {
        #[cfg(target_arch = "x86_64")]
        if std::arch::is_x86_feature_detected!("avx2") && std::arch::is_x86_feature_detected!("fma")
        {
            return Path(Instructions::Avx2);
        }
        #[cfg(target_arch = "aarch64")]
        return Path(Instructions::Neon);
        #[cfg(not(target_arch = "aarch64"))]
        Path::PORTABLE
    }
}
