//! One TOML file -> an experiment -> its trials, with errors that point at the line, and ids.

mod trial;

pub use trial::Trial;
