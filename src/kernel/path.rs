//! Which instructions the kernels use: the best of this CPU, or plain Rust where it is asked for.

use std::sync::OnceLock;

/// The environment variable that chooses the path: `auto` or `portable`.
pub const PATH_VARIABLE: &str = "RUNNER_KERNEL";

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

    /// The path of this process: the best, unless the variable says `portable`.
    pub fn chosen() -> Path {
        static CHOSEN: OnceLock<Path> = OnceLock::new();
        *CHOSEN.get_or_init(|| Path::from_environment().unwrap_or_else(|_| Path::best()))
    }

    /// What the environment variable asks for.
    ///
    /// # Errors
    /// If it is neither of the words it may be.
    pub fn from_environment() -> Result<Path, String> {
        match std::env::var_os(PATH_VARIABLE) {
            None => Ok(Path::best()),
            Some(word) if word == "auto" => Ok(Path::best()),
            Some(word) if word == "portable" => Ok(Path::PORTABLE),
            Some(word) => Err(format!("{PATH_VARIABLE} is {word:?}, expected auto or portable")),
        }
    }

    /// The fastest that this CPU can run.
    pub fn best() -> Path {
        #[cfg(target_arch = "x86_64")]
        if super::avx2::available() {
            return Path(Instructions::Avx2);
        }
        #[cfg(target_arch = "aarch64")]
        return Path(Instructions::Neon);
        #[cfg(not(target_arch = "aarch64"))]
        Path::PORTABLE
    }

    /// What the instructions are called.
    pub fn name(self) -> &'static str {
        match self.0 {
            #[cfg(target_arch = "x86_64")]
            Instructions::Avx2 => "AVX2 and FMA",
            #[cfg(target_arch = "aarch64")]
            Instructions::Neon => "NEON",
            Instructions::Portable => "portable",
        }
    }
}
