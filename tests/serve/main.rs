//! `runner serve` through the binary: clients that speak HTTP by hand, so that they can also speak it badly.

mod client;
mod events;
mod limits;
mod notes;
mod page;
mod pages;
mod process;
mod security;
mod sweeps;
