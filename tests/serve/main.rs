//! `runner serve` as its users meet it.

mod page;
