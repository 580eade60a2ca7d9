//! Rank correlation.

/// Spearman's rank correlation, from -1 to 1; 0 if one of them does not vary. Equal numbers share their mean rank
/// (Spearman, 1904, <https://doi.org/10.2307/1412159>).
pub fn spearman(xs: &[f64], ys: &[f64]) -> f64 {
    pearson(&ranks(xs), &ranks(ys))
}

/// Ranks from 0; equal numbers share their mean rank.
fn ranks(numbers: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..numbers.len()).collect();
    order.sort_by(|a, b| numbers[*a].total_cmp(&numbers[*b]));
    let mut ranks = vec![0.0; numbers.len()];
    let mut first = 0;
    for group in order.chunk_by(|a, b| numbers[*a] == numbers[*b]) {
        let rank = first as f64 + (group.len() - 1) as f64 / 2.0;
        group.iter().for_each(|index| ranks[*index] = rank);
        first += group.len();
    }
    ranks
}

/// 0 if one of them does not vary.
fn pearson(xs: &[f64], ys: &[f64]) -> f64 {
    let mean = |numbers: &[f64]| numbers.iter().sum::<f64>() / numbers.len() as f64;
    let (x_mean, y_mean) = (mean(xs), mean(ys));
    let pairs = || xs.iter().zip(ys).map(|(x, y)| (x - x_mean, y - y_mean));
    let products: f64 = pairs().map(|(x, y)| x * y).sum();
    let squares: f64 =
        pairs().map(|(x, _)| x * x).sum::<f64>() * pairs().map(|(_, y)| y * y).sum::<f64>();
    if squares > 0.0 { products / squares.sqrt() } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ties_share_their_rank() {
        assert_eq!(ranks(&[2.0, 1.0, 4.0, 4.0, 9.0, 3.0]), [1.0, 0.0, 3.5, 3.5, 5.0, 2.0]);
        // scipy.stats.spearmanr([1, 2, 3, 4, 5, 6], [2, 1, 4, 4, 9, 3])
        let seen = spearman(&[1.0, 2.0, 3.0, 4.0, 5.0, 6.0], &[2.0, 1.0, 4.0, 4.0, 9.0, 3.0]);
        assert!((seen - 0.579_771_0).abs() < 1e-6, "{seen}");
    }

    #[test]
    fn endless_numbers_have_ranks_too() {
        let worst = f64::NEG_INFINITY;
        assert_eq!(spearman(&[worst, worst, 1.0, 2.0], &[worst, worst, 1.0, 2.0]), 1.0);
        assert_eq!(spearman(&[1.0, 2.0], &[3.0, 3.0]), 0.0);
    }
}
