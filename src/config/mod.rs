//! The spanned TOML tree, the reader that collects every error of it, and their rendering.
//!
//! A text becomes a tree in which each key and value remembers where it was written
//! ([`parse_document`]); configs are read from it with a [`TableReader`], which records problems as
//! [`Diagnostic`]s and continues, so that all errors of a file are shown at once. It knows nothing
//! of networks.

mod diagnostic;
mod files;
mod foreign;
pub mod keys;
mod parse;
mod path;
mod range;
mod reader;
mod render;
mod source;
mod suggest;
mod tables;
mod tree;
mod values;
mod wanted;

pub use diagnostic::{Diagnostic, Problems};
#[cfg(test)]
pub(crate) use foreign::all_meanings;
pub(crate) use foreign::squashed;
pub use foreign::{Meaning, meanings};
pub use parse::{has_few_parts, line_of_override, parse_document, parse_override};
pub use path::NoElement;
pub use range::{Bound, Range};
pub use reader::{TableReader, quoted_list};
pub use render::render;
pub use source::{Origin, Source};
pub use suggest::{KeyMeant, UnknownKey, choice_help, nearest};
pub use tables::{ANY_ELEMENT, MOST_ELEMENTS, is_name, too_many_elements};
pub use tree::{Entry, Node, TomlTable, Value};
pub use wanted::WantedType;
