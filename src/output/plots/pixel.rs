//! Places in a picture, in the backend's pixels from its upper left corner. plotters takes pairs of numbers.

/// One pixel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Pixel {
    pub(super) x: i32,
    pub(super) y: i32,
}

impl Pixel {
    pub(super) fn new(x: i32, y: i32) -> Pixel {
        Pixel { x, y }
    }

    /// The same as plotters takes it.
    pub(super) fn coord(self) -> (i32, i32) {
        (self.x, self.y)
    }
}

/// Where a rectangle has its corners.
#[derive(Debug, Clone, Copy)]
pub(super) struct Corners {
    pub(super) left: i32,
    pub(super) top: i32,
    pub(super) right: i32,
    pub(super) bottom: i32,
}

impl Corners {
    /// The rectangle without a border of this width.
    pub(super) fn without(self, border: i32) -> Corners {
        Corners {
            left: self.left + border,
            top: self.top + border,
            right: self.right - border,
            bottom: self.bottom - border,
        }
    }

    pub(super) fn middle(self) -> Pixel {
        Pixel::new((self.left + self.right) / 2, (self.top + self.bottom) / 2)
    }

    /// The upper left and the lower right one, as plotters takes them.
    pub(super) fn coords(self) -> [(i32, i32); 2] {
        [(self.left, self.top), (self.right, self.bottom)]
    }
}
