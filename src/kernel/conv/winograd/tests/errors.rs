//! How large the errors are, and which tiles are taken.

use crate::kernel::conv::ConvGeometry;
use crate::kernel::conv::geometry::Algorithm;
use crate::kernel::conv::tests::Setup;
use crate::kernel::conv::winograd::Winograd;
use crate::kernel::conv::winograd::tiling::Tiling;
use crate::kernel::conv::winograd::transforms::Lines;
use crate::rng::{Purpose, stream};

/// How many times as large as those of plain sums the errors of the passes are.
fn error_ratios<const M: usize, const SIDE: usize>(geometry: ConvGeometry, batch: usize) -> [f64; 3]
where
    Tiling<M, SIDE>: Lines<M, SIDE>,
{
    let setup = Setup::new(geometry, batch, &mut stream(1, Purpose::WeightInit, 8, 0));
    let mut setup = setup.by(Winograd::<M, SIDE>::new(geometry));
    let errors = setup.relative_errors();
    let direct = setup.direct().relative_errors();
    [0, 1, 2].map(|pass| errors[pass] / direct[pass])
}

/// The rounding promise of docs/networks.md.
#[test]
fn errors_are_a_few_times_those_of_plain_sums() {
    // (pixels of a side, channels in and out, batch)
    let cases = [(31, (24, 64), 2), (15, (64, 64), 2), (7, (256, 256), 1), (32, (16, 16), 2)];
    for (side, (in_channels, out_channels), batch) in cases {
        let geometry = ConvGeometry {
            height: side,
            width: side,
            in_channels,
            out_channels,
            kernel_size: [3, 3],
            stride: 1,
            padding: 1,
        };
        let small = error_ratios::<2, 4>(geometry, batch);
        let large = error_ratios::<4, 6>(geometry, batch);
        println!("{geometry:?}: {small:.2?}, {large:.2?}");
        assert!(small.iter().all(|ratio| *ratio < 2.0), "{small:?} {geometry:?}");
        assert!(large.iter().all(|ratio| *ratio < 6.0), "{large:?} {geometry:?}");
    }
}

/// Which tiles are taken: see `ConvGeometry::algorithm`.
#[test]
fn large_tiles_are_taken_where_they_multiply_less() {
    let algorithm = |side| {
        let geometry = ConvGeometry {
            height: side,
            width: side,
            in_channels: 16,
            out_channels: 16,
            kernel_size: [3, 3],
            stride: 1,
            padding: 1,
        };
        match geometry.algorithm() {
            Algorithm::Direct => 0,
            Algorithm::Winograd2 => 2,
            Algorithm::Winograd4 => 4,
        }
    };
    let sides = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 15, 16, 31, 32];
    assert_eq!(sides.map(algorithm), [0, 0, 4, 4, 2, 2, 4, 4, 4, 4, 4, 4, 4, 4]);
}
