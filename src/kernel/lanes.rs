//! What the tile kernel needs of a vector register.

/// A register of [`Lanes::COUNT`] elements. All operations round as IEEE 754 says, lane by lane.
///
/// # Safety
/// Every function needs the CPU features of its implementation.
pub(super) trait Lanes: Copy {
    /// Elements of a register.
    const COUNT: usize;

    /// The same value in each lane.
    unsafe fn splat(value: f32) -> Self;

    /// # Safety
    /// `COUNT` elements can be read at `from`.
    unsafe fn load(from: *const f32) -> Self;

    /// # Safety
    /// `COUNT` elements can be written at `to`.
    unsafe fn store(self, to: *mut f32);

    /// `self + other`.
    unsafe fn add(self, other: Self) -> Self;

    /// `self * factor + addend`, rounded once.
    unsafe fn mul_add(self, factor: Self, addend: Self) -> Self;
}
