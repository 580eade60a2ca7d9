//! Matrix products and vector maths: the only place with SIMD or `unsafe`.
//!
//! Every path gives the same bits: each element of a product sums over K in one order with fused
//! multiply-add, whatever the CPU, tile or thread; elementwise loops use only operations that IEEE
//! 754 defines exactly, so wider registers cannot change a result.

#![allow(unsafe_code)]

mod across;
#[cfg(target_arch = "x86_64")]
mod avx2;
#[cfg(target_arch = "x86_64")]
mod avx512;
mod buffer;
mod conv;
mod give_back;
mod gradient;
mod huge_pages;
mod lanes;
mod math;
#[cfg(target_arch = "aarch64")]
mod neon;
mod panels;
mod path;
mod peak;
mod portable;
mod prefetch;
mod product;
mod rows;
mod rule;
mod run;
mod split;
#[cfg(test)]
mod tests;
mod tile;
mod transpose;
mod vectorise;

pub use buffer::Buffer;
pub use conv::{Conv, ConvGeometry, ConvGradients, Epilogue, convolution, may_be_winograd};
pub use give_back::give_back_memory;
pub use gradient::{product_at, product_at_update};
pub use huge_pages::HugePages;
pub use math::{erf, exp, gelu, gelu_and_slope, gelu_slope, sigmoid, tanh};
pub use panels::{Matrix, Panels};
pub use path::{Effort, KernelPath};
pub use peak::fma_peak;
pub use prefetch::prefetch;
pub use product::{product, product_bt};
pub use rows::{BlockedMut, Rows, blocked_len};
pub use rule::{Rule, update};
pub use split::{RowsMut, Slices, split_rows, split_rows_with};
pub use tile::K_BLOCK;
pub use vectorise::vectorise;
