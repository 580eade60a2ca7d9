//! A picture in memory.

/// A decoded picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DecodedPicture {
    /// Width in pixels, at least 1.
    pub width: usize,
    /// Height in pixels, at least 1.
    pub height: usize,
    /// `[height, width, 3]`: red, green, blue.
    pub rgb: Vec<u8>,
}
