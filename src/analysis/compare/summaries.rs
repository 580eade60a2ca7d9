//! The summaries of a config's figures over its seeds, each computed when it is first asked for.

use std::cell::OnceCell;

use crate::runs::figures::Figure;
use crate::stats::Summary;

/// The summary of each figure, computed on demand.
#[derive(Debug, Clone, Default)]
pub(super) struct Summaries([OnceCell<Option<Summary>>; Figure::ALL.len()]);

impl Summaries {
    pub(super) fn of(
        &self,
        figure: Figure,
        summary: impl FnOnce() -> Option<Summary>,
    ) -> Option<Summary> {
        *self.0[figure as usize].get_or_init(summary)
    }
}
