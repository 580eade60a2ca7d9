//! Matrix product and vector maths: the only place with SIMD or `unsafe`.
//!
//! Every path gives the same bits: products accumulate over K in one order with fused
//! multiply-add, whatever the CPU; elementwise loops use only operations that IEEE 754 defines
//! exactly, so that wider registers cannot change a result.

#![allow(unsafe_code)]

#[cfg(target_arch = "x86_64")]
mod avx2;
mod portable;
mod product;
mod tile;
mod vectorise;

pub use product::{Matrix, product};
pub use vectorise::vectorise;
