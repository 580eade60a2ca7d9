//! Dashed lines, which plotters cannot draw on all of its backends.

use crate::output::plots::pixel::Pixel;

/// Cuts a path that goes to the right into dashes of a width with gaps between them, in pixels. Along a
/// curve that trembles, dashes of a length would be narrow and run into each other.
pub(super) fn dashes(pixels: &[Pixel], dash: f64, gap: f64) -> Vec<Vec<Pixel>> {
    let Some(&Pixel { x: start, .. }) = pixels.first() else {
        return Vec::new();
    };
    let period = dash + gap;
    // Which dash an x belongs to, and whether it is in the gap after it.
    let piece_of = |x: i32| {
        let walked = f64::from(x - start);
        ((walked / period) as usize, walked % period > dash)
    };
    let mut pieces: Vec<(usize, Vec<Pixel>)> = Vec::new();
    for pair in pixels.windows(2) {
        let (Pixel { x: x0, y: y0 }, Pixel { x: x1, y: y1 }) = (pair[0], pair[1]);
        // From pixel to pixel: a long stretch has several dashes in it.
        for x in x0..=x1 {
            let share = if x1 > x0 { f64::from(x - x0) / f64::from(x1 - x0) } else { 1.0 };
            let here = Pixel::new(x, y0 + (share * f64::from(y1 - y0)).round() as i32);
            let (piece, is_gap) = piece_of(x);
            match pieces.last_mut() {
                _ if is_gap => {}
                Some((last, points)) if *last == piece => points.push(here),
                _ => pieces.push((piece, vec![here])),
            }
        }
    }
    let pieces = pieces.into_iter().map(|(_, points)| corners(&points));
    pieces.filter(|piece| piece.len() > 1).collect()
}

/// Without the points in the middle of straight level stretches.
fn corners(points: &[Pixel]) -> Vec<Pixel> {
    let is_corner = |at: usize| {
        let is_end = at == 0 || at + 1 == points.len();
        is_end || points[at - 1].y != points[at].y || points[at + 1].y != points[at].y
    };
    (0..points.len()).filter(|at| is_corner(*at)).map(|at| points[at]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dashes_cover_a_path_but_for_its_gaps() {
        let pieces = dashes(&[0, 30, 60].map(|x| Pixel::new(x, 0)), 14.0, 8.0);
        let ends: Vec<(i32, i32)> =
            pieces.iter().map(|piece| (piece[0].x, piece[piece.len() - 1].x)).collect();
        assert_eq!(ends, [(0, 14), (22, 36), (44, 58)]);
        assert_eq!(pieces[0].len(), 2, "{pieces:?}");
        let trembling: Vec<Pixel> = (0..60).map(|x| Pixel::new(x, x % 2 * 20)).collect();
        assert_eq!(dashes(&trembling, 14.0, 8.0).len(), 3);
        assert!(dashes(&[Pixel::new(3, 3)], 14.0, 8.0).is_empty());
        assert!(dashes(&[], 14.0, 8.0).is_empty());
    }
}
