//! A judgement from several views of each example.

use serde::{Deserialize, Serialize};

use crate::config::keys::words;

words! {
    /// The views of an example whose logits are averaged.
    pub enum TestTimeViews {
        /// The image and its mirror image.
        Mirror = "mirror",
        /// Those, and both shifted by one pixel up and left, and down and right (with half the weight, beyond
        /// the border mirrored).
        MirrorAndShift = "mirror_and_shift",
    }
}

/// Loss and accuracy from the average of the views' logits.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TestTimeScore {
    /// Which views, as in the experiment file.
    pub views: String,
    /// Mean cross-entropy per example.
    pub loss: f32,
    /// Fraction of examples whose class is predicted.
    pub accuracy: f32,
}
