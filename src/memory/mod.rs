//! Memory: how much the system has for this process, and large allocations that it may refuse. A
//! trial or a file that is too large ends with an error that says so, and never ends the process.

mod system;

use std::any::Any;
use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

pub(crate) use system::System;

/// The maximum memory, and what limits it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Room {
    /// Its size.
    pub bytes: u64,
    /// What bounds it.
    pub bound: MemoryBound,
}

/// What limits the memory of a process.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MemoryBound {
    /// The memory of the machine, and what it can swap out.
    Machine,
    /// A control group: the limit of a container or a job.
    Group,
    /// A limit of the process, as set by `ulimit -v`.
    Process,
}

/// Why memory is short.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shortage {
    /// More is needed than the machine can ever provide.
    TooLarge {
        /// Bytes that are needed.
        needs: u64,
        /// What there is.
        room: Room,
    },
    /// The system refused an allocation.
    Refused {
        /// Its bytes.
        bytes: u64,
    },
}

impl fmt::Display for Shortage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Shortage::TooLarge { needs, room } => {
                let there = if room.bytes < 2_000_000_000 && *needs < 2_000_000_000 {
                    let megabytes = |bytes: u64| bytes / 1_000_000;
                    let needs = needs.div_ceil(1_000_000);
                    write!(
                        f,
                        "needs {needs} MB of memory, but {} MB are available",
                        megabytes(room.bytes)
                    )
                } else {
                    let gigabytes = |bytes: u64| bytes / 1_000_000_000;
                    let needs = needs.div_ceil(1_000_000_000);
                    write!(
                        f,
                        "needs {needs} GB of memory, but {} GB are available",
                        gigabytes(room.bytes)
                    )
                };
                there?;
                f.write_str(match room.bound {
                    MemoryBound::Machine => "",
                    MemoryBound::Group => " (the limit of its control group or container)",
                    MemoryBound::Process => " (the limit of the process, see ulimit -v)",
                })
            }
            Shortage::Refused { bytes } => {
                write!(f, "the system refused {} MB of memory", bytes.div_ceil(1_000_000))
            }
        }
    }
}

/// Refuses a need that exceeds what the system has for this process, whatever else runs. Currently
/// free memory does not matter, because a result must not depend on it.
///
/// # Errors
/// [`Shortage::TooLarge`] with both numbers.
pub fn check(needs: u64) -> Result<(), Shortage> {
    check_in(room(), needs)
}

/// The maximum memory; none if the system does not report it.
pub fn room() -> Option<Room> {
    System::here().limit()
}

/// Like [`check`], for a room that was queried once and is used many times.
///
/// # Errors
/// [`Shortage::TooLarge`] with both numbers.
pub fn check_in(room: Option<Room>, needs: u64) -> Result<(), Shortage> {
    match room {
        Some(room) if needs > room.bytes => Err(Shortage::TooLarge { needs, room }),
        _ => Ok(()),
    }
}

/// `len` elements of `value`; unwinds to [`catch`] if the system refuses the memory.
pub(crate) fn filled<T: Clone>(len: usize, value: T) -> Vec<T> {
    let mut elements = with_capacity(len);
    elements.resize(len, value);
    elements
}

/// Like [`check`], but also refuses what the system does not grant now: for readers that would
/// otherwise end the process.
///
/// # Errors
/// Why memory is short.
pub(crate) fn check_now(bytes: u64) -> Result<(), Shortage> {
    check(bytes)?;
    let len = usize::try_from(bytes).unwrap_or(usize::MAX);
    let reserved = Vec::<u8>::new().try_reserve_exact(len);
    reserved.map_err(|_| Shortage::Refused { bytes })
}

/// Room for `len` elements; unwinds to [`catch`] if the system refuses the memory.
pub(crate) fn with_capacity<T>(len: usize) -> Vec<T> {
    let mut elements = Vec::new();
    if elements.try_reserve_exact(len).is_err() {
        refuse(len.saturating_mul(size_of::<T>()));
    }
    elements
}

/// A copy; unwinds to [`catch`] if the system refuses the memory.
pub(crate) fn copy_of<T: Clone>(elements: &[T]) -> Vec<T> {
    let mut copy = with_capacity(elements.len());
    copy.extend_from_slice(elements);
    copy
}

/// Unwinds to [`catch`] if the system refuses this much memory now, for code that would otherwise
/// end the process.
pub(crate) fn expect(bytes: usize) {
    drop(with_capacity::<u8>(bytes));
}

/// Unwinds to [`catch`], because constructors return plain values and their size is the only thing
/// that can go wrong. It is not a panic: no hook is called and nothing is printed.
fn refuse(bytes: usize) -> ! {
    resume_unwind(Box::new(Refused { bytes: bytes as u64 }))
}

/// The payload of the unwinding.
struct Refused {
    bytes: u64,
}

/// The result of `work`, or that the system refused memory for it. State that `work` was changing
/// must not be used after that.
///
/// # Errors
/// That of `work`, or the [`Shortage`].
pub(crate) fn catch<T, E: From<Shortage>>(work: impl FnOnce() -> Result<T, E>) -> Result<T, E> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|panic| match shortage(&*panic) {
        Some(shortage) => Err(shortage.into()),
        None => resume_unwind(panic),
    })
}

/// The refused memory behind an unwinding; none for a panic.
pub(crate) fn shortage(panic: &(dyn Any + Send)) -> Option<Shortage> {
    let refused = panic.downcast_ref::<Refused>()?;
    Some(Shortage::Refused { bytes: refused.bytes })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_that_is_refused_is_an_error_and_no_abort() {
        let whole = catch::<_, Shortage>(|| Ok(filled(3, 1.5_f32)));
        assert_eq!(whole.expect("there is so much"), [1.5; 3]);
        for bytes in [usize::MAX / 8, isize::MAX as usize] {
            let refused = catch(|| Ok(filled(bytes, 0_u8)));
            let expected = Shortage::Refused { bytes: bytes as u64 };
            assert_eq!(refused, Err(expected));
            let asked = catch(|| {
                expect(bytes);
                Ok(())
            });
            assert_eq!(asked, Err(expected));
        }
        let divided = catch::<_, Shortage>(|| {
            let (_, large) = crate::threads::join(|| 1, || filled(usize::MAX / 8, 0.0_f32));
            Ok(large)
        });
        let expected = Shortage::Refused { bytes: (usize::MAX / 8) as u64 * 4 };
        assert_eq!(divided, Err(expected), "also on another thread");
    }

    #[test]
    fn both_numbers_are_said_in_one_unit() {
        let text = |needs, bytes, bound| {
            Shortage::TooLarge { needs, room: Room { bytes, bound } }.to_string()
        };
        assert_eq!(
            text(786_000_000_001, 24_900_000_000, MemoryBound::Machine),
            "needs 787 GB of memory, but 24 GB are available"
        );
        assert_eq!(
            text(600_000_000, 500_000_000, MemoryBound::Group),
            "needs 600 MB of memory, but 500 MB are available (the limit of its control group or container)"
        );
    }
}
