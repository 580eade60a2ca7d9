//! Which instructions the kernels use, and how many threads: the best of this CPU, or plain Rust if
//! requested.

use std::sync::OnceLock;

static CHOSEN: OnceLock<KernelPath> = OnceLock::new();

#[cfg(test)]
thread_local! {
    static WITHIN: std::cell::Cell<Option<KernelPath>> = const { std::cell::Cell::new(None) };
}

/// Instructions of the kernels, all of which give the same bits. A value exists only on a CPU that
/// has these instructions: safe code cannot create any other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KernelPath(pub(super) Instructions);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Instructions {
    #[cfg(target_arch = "x86_64")]
    Avx512,
    #[cfg(target_arch = "x86_64")]
    Avx2,
    #[cfg(target_arch = "aarch64")]
    Neon,
    Portable,
}

impl KernelPath {
    /// Plain Rust.
    pub const PORTABLE: KernelPath = KernelPath(Instructions::Portable);

    /// The path of this process: the best, unless [`KernelPath::choose`] chose another.
    pub fn chosen() -> KernelPath {
        #[cfg(test)]
        if let Some(path) = WITHIN.get() {
            return path;
        }
        *CHOSEN.get_or_init(KernelPath::best)
    }

    /// Makes this the path of this thread during `work`.
    #[cfg(test)]
    pub(crate) fn within<T>(self, work: impl FnOnce() -> T) -> T {
        WITHIN.set(Some(self));
        let result = work();
        WITHIN.set(None);
        result
    }

    /// Makes this the path of the process, unless the process already uses one.
    pub fn choose(self) {
        CHOSEN.get_or_init(|| self);
    }

    /// The fastest that this CPU can run.
    pub fn best() -> KernelPath {
        KernelPath::available().next().unwrap_or(KernelPath::PORTABLE)
    }

    /// The second fastest; plain Rust on a CPU with only one special path.
    pub fn second_best() -> KernelPath {
        KernelPath::available().nth(1).unwrap_or(KernelPath::PORTABLE)
    }

    /// All that this CPU can run, the fastest first.
    pub fn available() -> impl Iterator<Item = KernelPath> {
        use Instructions::*;
        #[cfg(target_arch = "x86_64")]
        let native = [Avx512, Avx2];
        #[cfg(target_arch = "aarch64")]
        let native = [Neon];
        #[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
        let native = [];
        native.into_iter().chain([Portable]).filter(|path| path.is_available()).map(KernelPath)
    }

    /// Rows of a tile over panels of `width` columns: enough sums to hide the latency of FMA.
    pub(super) fn tile_rows(self, width: usize) -> usize {
        match self.0 {
            #[cfg(target_arch = "x86_64")]
            Instructions::Avx512 => 12,
            _ if width == 16 => 6,
            _ => 12,
        }
    }

    /// Elements of the widest register.
    pub(super) fn lanes(self) -> usize {
        match self.0 {
            #[cfg(target_arch = "x86_64")]
            Instructions::Avx512 => 16,
            #[cfg(target_arch = "x86_64")]
            Instructions::Avx2 => 8,
            _ => 4,
        }
    }

    /// Registers for sums: three quarters of all.
    pub(super) fn sums(self) -> usize {
        match self.0 {
            #[cfg(target_arch = "x86_64")]
            Instructions::Avx2 => 12,
            _ => 24,
        }
    }

    /// Adjacent panels of 16 columns that a tile takes together.
    pub(super) fn tile_panels(self) -> usize {
        match self.0 {
            #[cfg(target_arch = "x86_64")]
            Instructions::Avx512 => 2,
            _ => 1,
        }
    }
}

/// How many threads may work on a product, and with which instructions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Effort {
    /// At most this many threads of the current rayon pool.
    pub threads: usize,
    /// The instructions.
    pub path: KernelPath,
}

impl Effort {
    /// One thread, the process's path.
    pub fn single() -> Effort {
        Effort { threads: 1, path: KernelPath::chosen() }
    }
}

impl Instructions {
    fn is_available(self) -> bool {
        #[cfg(target_arch = "x86_64")]
        use std::arch::is_x86_feature_detected as detected;
        match self {
            #[cfg(target_arch = "x86_64")]
            Instructions::Avx512 => {
                detected!("avx512f")
                    && detected!("avx512bw")
                    && detected!("avx512dq")
                    && detected!("avx512vl")
                    && detected!("avx2")
                    && detected!("fma")
            }
            #[cfg(target_arch = "x86_64")]
            Instructions::Avx2 => detected!("avx2") && detected!("fma"),
            #[cfg(target_arch = "aarch64")]
            Instructions::Neon => true,
            Instructions::Portable => true,
        }
    }
}
