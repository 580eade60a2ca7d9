//! Datasets as a user meets them: reading, fetching over HTTP, taking from disk, `runner data`.
//! All archives are small ones made here; nothing is downloaded.

mod command;
mod download;
mod import;
mod read;
mod server;
mod small;
mod unpack;
