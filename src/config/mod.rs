//! The spanned TOML tree, the reader that collects every error of it, and their rendering.
