//! The figures that an answer is about.

use crate::analysis::compare::configs::Config;
use crate::runs::figures::Figure;

/// The split that the answer is about: test, or validation if a config keeps its test set sealed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Measure {
    pub(super) score: Figure,
    pub(super) gap: Figure,
}

impl Measure {
    /// The figures of these configs.
    pub(super) fn of<'a>(configs: impl IntoIterator<Item = &'a Config<'a>>) -> Measure {
        match configs.into_iter().any(|config| config.is_sealed()) {
            true => Measure { score: Figure::ValAccuracy, gap: Figure::ValGap },
            false => Measure { score: Figure::TestAccuracy, gap: Figure::Gap },
        }
    }

    /// As in column names.
    pub(super) fn split(self) -> &'static str {
        self.score.kind().short
    }

    /// As in sentences: `test accuracy`.
    pub(super) fn words(self) -> &'static str {
        self.score.kind().words
    }
}
