//! What the tile kernels need from a vector register.

/// A register of [`Lanes::COUNT`] elements. All operations round as IEEE 754 says, lane by lane.
///
/// # Safety
/// Every function needs the CPU features of its implementation.
pub(super) trait Lanes: Copy {
    /// Elements of a register, at most [`MOST_LANES`].
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

    /// `self - other`.
    unsafe fn sub(self, other: Self) -> Self;

    /// `self * factor + addend`, rounded once.
    unsafe fn mul_add(self, factor: Self, addend: Self) -> Self;

    /// Zero where a lane is at most `limit`, else the lane. NaN stays, and with a limit of NaN all
    /// lanes stay.
    unsafe fn zero_up_to(self, limit: Self) -> Self;

    /// The first `count` elements at `from`, then zeros.
    ///
    /// # Safety
    /// `count` is below `COUNT`, and `count` elements can be read at `from`.
    #[inline(always)]
    unsafe fn load_first(from: *const f32, count: usize) -> Self {
        let mut elements = [0.0; MOST_LANES];
        // SAFETY: the array holds `COUNT` elements, of which the first `count` are read.
        unsafe {
            std::ptr::copy_nonoverlapping(from, elements.as_mut_ptr(), count);
            Self::load(elements.as_ptr())
        }
    }

    /// Writes the first `count` elements.
    ///
    /// # Safety
    /// `count` is below `COUNT`, and `count` elements can be written at `to`.
    #[inline(always)]
    unsafe fn store_first(self, to: *mut f32, count: usize) {
        let mut elements = [0.0; MOST_LANES];
        // SAFETY: the array holds `COUNT` elements, of which the first `count` are copied.
        unsafe {
            self.store(elements.as_mut_ptr());
            std::ptr::copy_nonoverlapping(elements.as_ptr(), to, count);
        }
    }
}

/// Elements of the widest register.
pub(super) const MOST_LANES: usize = 16;

/// Work on registers of any width.
pub(super) trait Wide {
    /// Does the work.
    ///
    /// # Safety
    /// The caller keeps the promise of the implementation, and the CPU has the features of `V`.
    unsafe fn run<V: Lanes>(self);
}
