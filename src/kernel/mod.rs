//! Matrix product and vector maths: the only place with SIMD or `unsafe`.
