//! The shape of one example between two layers.

use std::fmt;

/// Channels, height and width; a vector has height and width 1. In memory the channel is last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Shape {
    /// Channels of an image, or features of a vector.
    pub channels: usize,
    /// Rows of an image.
    pub height: usize,
    /// Columns of an image.
    pub width: usize,
}

impl Shape {
    /// A vector of `features`.
    pub const fn vector(features: usize) -> Shape {
        Shape { channels: features, height: 1, width: 1 }
    }

    /// Numbers of one example.
    pub fn features(self) -> usize {
        self.channels.saturating_mul(self.positions())
    }

    /// Pixels of an image, 1 for a vector.
    pub fn positions(self) -> usize {
        self.height.saturating_mul(self.width)
    }

    /// Whether height and width are 1.
    pub fn is_vector(self) -> bool {
        self.positions() == 1
    }
}

impl From<[usize; 3]> for Shape {
    fn from([channels, height, width]: [usize; 3]) -> Shape {
        Shape { channels, height, width }
    }
}

impl fmt::Display for Shape {
    /// `64 x 16 x 16` (channels, height, width) or `64`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.is_vector() {
            true => write!(f, "{}", self.channels),
            false => write!(f, "{} x {} x {}", self.channels, self.height, self.width),
        }
    }
}
