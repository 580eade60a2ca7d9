//! Values in, text or pictures out: what a user reads, and what other tools do.

pub mod export;
pub mod html;
pub mod list;
pub mod pictures;
pub mod plots;
pub mod sharing;
pub mod show;
