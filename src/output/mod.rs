//! Values in, text or pictures out: for users and for other tools.

pub mod diagnosis;
pub mod explain;
pub mod export;
pub mod html;
pub mod list;
pub mod pictures;
pub mod plots;
mod png_bytes;
pub mod sharing;
pub mod show;
