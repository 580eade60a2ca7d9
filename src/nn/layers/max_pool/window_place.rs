//! The number of a pixel within its window, in a type as small as the window allows.

/// The number that stands for no pixel. As `u8` it is 255; a window with such numbers has at most
/// 225 pixels.
pub(super) const NOBODY: u32 = u32::MAX;

/// The number of a pixel within a window.
pub(super) trait WindowPlace: Copy + Send + Sync {
    fn of(number: u32) -> Self;

    /// The number with as many bits as a gradient.
    fn wide(self) -> u32;
}

impl WindowPlace for u8 {
    #[inline(always)]
    fn of(number: u32) -> u8 {
        number as u8
    }

    #[inline(always)]
    fn wide(self) -> u32 {
        u32::from(self)
    }
}

impl WindowPlace for u32 {
    #[inline(always)]
    fn of(number: u32) -> u32 {
        number
    }

    #[inline(always)]
    fn wide(self) -> u32 {
        self
    }
}
