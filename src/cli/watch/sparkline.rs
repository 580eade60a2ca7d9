//! A curve in one line of text: a block for each part of the training, as high as the accuracy there.

const BLOCKS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

/// An epoch, counted from 1, and the accuracy there; finite.
pub(super) type Point = (u64, f32);

/// The lowest and the highest accuracy of all curves together. They share it, so that the higher block is the
/// better trial.
pub(super) fn range<'a>(points: impl Iterator<Item = &'a Point>) -> [f32; 2] {
    let start = [f32::INFINITY, f32::NEG_INFINITY];
    points.fold(start, |[low, high], (_, value)| [low.min(*value), high.max(*value)])
}

/// `width` characters for all `epochs`; empty where the training has not come.
pub(super) fn sparkline(points: &[Point], epochs: u64, width: usize, range: [f32; 2]) -> String {
    let reached = points.last().map_or(0, |(epoch, _)| u128::from(*epoch));
    let (epochs, parts) = (u128::from(epochs), width as u128);
    let blocks = (0..parts).map(|part| {
        if part * epochs >= reached * parts {
            return ' ';
        }
        let end = |(epoch, _): &Point| u128::from(*epoch) * parts < (part + 1) * epochs;
        let place = points.partition_point(end).min(points.len() - 1);
        block(points[place].1, range)
    });
    blocks.collect()
}

fn block(value: f32, [low, high]: [f32; 2]) -> char {
    let share = (value - low) / (high - low); // NaN of a curve without any change
    let share = if share.is_finite() { share.clamp(0.0, 1.0) } else { 0.5 };
    BLOCKS[(share * (BLOCKS.len() - 1) as f32).round() as usize]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_of_the_training_have_the_accuracy_at_their_end() {
        let points: Vec<Point> = (1..=8).map(|epoch| (epoch, epoch as f32)).collect();
        assert_eq!(range(points.iter()), [1.0, 8.0]);
        assert_eq!(sparkline(&points, 8, 8, [1.0, 8.0]), "▁▂▃▄▅▆▇█");
        assert_eq!(sparkline(&points, 16, 8, [1.0, 8.0]), "▂▄▆█    ");
        assert_eq!(sparkline(&points[..2], 2, 6, [1.0, 2.0]), "▁▁▁███");
        assert_eq!(sparkline(&points[..1], 200, 5, [1.0, 8.0]), "▁    ", "it has begun");
    }

    #[test]
    fn no_points_are_no_block_and_equal_ones_are_in_the_middle() {
        assert_eq!(sparkline(&[], 3, 4, range([].iter())), "    ");
        assert_eq!(sparkline(&[(3, 0.5)], 3, 2, [0.5, 0.5]), "▅▅");
        assert_eq!(sparkline(&[(u64::MAX, f32::MAX)], 1, 3, [f32::MIN, f32::MAX]), "▅▅▅");
        assert_eq!(sparkline(&[(1, 0.1)], u64::MAX, 0, [0.0, 1.0]), "");
    }
}
