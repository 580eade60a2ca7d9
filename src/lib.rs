//! Experiment runner for small networks, driven by TOML files.
//!
//! An experiment file becomes a list of trials ([`experiment`]), each with an id made from
//! everything that decides its result. [`sweep`] takes the trials that have no finished run, builds
//! dataset, network and optimizer from their configs ([`data`], [`nn`], [`optim`]), and trains them
//! in parallel with the one loop in [`train`]. The results are in run folders, which [`runs`] owns.
//! [`remedies`] has the changes that may raise test accuracy, each with its reason.
//! [`study`] asks a fixed series of questions about one config. [`serve`] shows runs in a browser while they train.
//! [`analysis`] compares them, with [`stats`] and [`table`], and [`output`] shows the result.
//! Imports point downward only in the order listed below.

#![cfg_attr(test, allow(clippy::disallowed_methods, reason = "tests compare with tolerances"))]

#[allow(clippy::disallowed_methods, reason = "what is shown and judged has no promised bits")]
pub mod cli;

#[cfg(feature = "fuzzing")]
#[doc(hidden)]
pub mod fuzzing;

#[allow(clippy::disallowed_methods, reason = "what is shown and judged has no promised bits")]
pub mod study;

pub mod sweep;

#[allow(clippy::disallowed_methods, reason = "what is shown and judged has no promised bits")]
pub mod serve;

#[allow(clippy::disallowed_methods, reason = "what is shown and judged has no promised bits")]
pub mod output;

#[allow(clippy::disallowed_methods, reason = "what is shown and judged has no promised bits")]
pub mod analysis;

pub mod remedies;

pub mod experiment;

pub mod train;

pub mod optim;

pub mod nn;

pub mod data;

pub mod runs;

#[allow(clippy::disallowed_methods, reason = "what is shown and judged has no promised bits")]
pub mod table;

#[allow(clippy::disallowed_methods, reason = "what is shown and judged has no promised bits")]
pub mod stats;

pub mod config;

pub mod kernel;

pub mod rng;

mod threads;

mod messages;

mod shell;

mod escape;
mod few;

pub mod error;

pub mod memory;

pub use error::{Error, Result};
