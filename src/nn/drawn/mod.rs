//! Networks drawn at random, all of which can be trained: they test combinations of layers, which
//! the tests of single layers cannot.

mod draw;
mod reference;
mod tests;

pub use draw::{DrawnNetwork, draw};
pub use reference::{EPS, Example, Reference, moments, number_at, pixels};
