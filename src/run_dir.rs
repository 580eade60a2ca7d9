//! Paths, atomic writes and claims of run folders: knows bytes, not networks.
