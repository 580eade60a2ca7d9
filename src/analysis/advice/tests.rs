//! Advice from curves.
