//! Networks drawn at random, every one of which can be trained: what the tests of layers alone cannot see is
//! how layers stand beside each other.

mod draw;
mod reference;
mod tests;

pub use draw::{DrawnNetwork, draw};
pub use reference::{EPS, Example, Reference, moments, number_at, pixels};
