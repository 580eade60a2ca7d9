//! What a seed does to all configs, by least squares: the normal equations of a table of configs and seeds in
//! which runs may be missing.

use std::collections::BTreeSet;

use crate::stats::folds::Observations;
use crate::stats::many_to_one::{Block, Replicate};

/// Figures by config and seed, the seeds by position.
pub(super) struct Table {
    pub(super) rows: Vec<Vec<(usize, f64)>>,
    pub(super) means: Vec<f64>,
    pub(super) seeds: usize,
}

impl Table {
    /// The figures whose differences from the baseline's can be told: those that seeds and configs link to it.
    pub(super) fn of(configs: &[Observations]) -> Table {
        let configs: Vec<&[Replicate]> = configs.iter().map(|runs| &runs.list[..]).collect();
        let has_figure = |run: &&Replicate| run.value.is_finite();
        let mut linked = vec![false; configs.len()];
        let mut seeds: BTreeSet<Block> =
            configs[0].iter().filter(has_figure).map(Replicate::block).collect();
        linked[0] = true;
        while let Some(next) = (0..configs.len()).find(|i| {
            let mut runs = configs[*i].iter().filter(has_figure);
            !linked[*i] && runs.any(|run| seeds.contains(&run.block()))
        }) {
            linked[next] = true;
            seeds.extend(configs[next].iter().filter(has_figure).map(Replicate::block));
        }
        let seeds: Vec<Block> = seeds.into_iter().collect();
        let entry = |run: &Replicate| {
            let seed = seeds.binary_search(&run.block()).ok()?;
            run.value.is_finite().then_some((seed, run.value))
        };
        let rows: Vec<Vec<(usize, f64)>> =
            configs.iter().map(|runs| runs.iter().filter_map(entry).collect()).collect();
        let mean = |row: &Vec<(usize, f64)>| {
            row.iter().map(|(_, value)| value).sum::<f64>() / row.len() as f64
        };
        let means = rows.iter().map(mean).collect();
        Table { rows, means, seeds: seeds.len() }
    }

    /// Covariance of the effects of the seeds, in variances of a run, once those of the configs are taken
    /// out; the last seed's effect is 0.
    pub(super) fn inverse(&self) -> Vec<Vec<f64>> {
        let mut normal = vec![vec![0.0; self.seeds]; self.seeds];
        for row in &self.rows {
            let each = 1.0 / row.len() as f64;
            for (a, _) in row {
                normal[*a][*a] += 1.0;
                for (b, _) in row {
                    normal[*a][*b] -= each;
                }
            }
        }
        invert(normal)
    }

    pub(super) fn effects(&self, inverse: &[Vec<f64>]) -> Vec<f64> {
        let mut sums = vec![0.0; self.seeds];
        for (row, mean) in self.rows.iter().zip(&self.means) {
            for (seed, value) in row {
                sums[*seed] += value - mean;
            }
        }
        inverse.iter().map(|of_seed| dot(of_seed, &sums)).collect()
    }
}

/// The share of each seed in the mean of a row.
pub(super) fn part_of(row: &[(usize, f64)], seeds: usize) -> Vec<f64> {
    let mut part = vec![0.0; seeds];
    for (seed, _) in row {
        part[*seed] = 1.0 / row.len() as f64;
    }
    part
}

pub(super) fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(x, y)| x * y).sum()
}

pub(super) fn quadratic(matrix: &[Vec<f64>], vector: &[f64]) -> f64 {
    matrix.iter().zip(vector).map(|(row, x)| x * dot(row, vector)).sum()
}

/// Inverse of all but the last row and column, which become 0, by Gauss and Jordan; the matrix is symmetric
/// and, without the last, positive definite, so that no pivot need be sought.
fn invert(mut matrix: Vec<Vec<f64>>) -> Vec<Vec<f64>> {
    let size = matrix.len();
    let free = size.saturating_sub(1);
    let mut inverse = vec![vec![0.0; size]; size];
    (0..free).for_each(|i| inverse[i][i] = 1.0);
    for i in 0..free {
        let pivot = matrix[i][i];
        for column in 0..free {
            matrix[i][column] /= pivot;
            inverse[i][column] /= pivot;
        }
        let (of_i, inverse_of_i) = (matrix[i].clone(), inverse[i].clone());
        for row in (0..free).filter(|row| *row != i) {
            let factor = matrix[row][i];
            for column in 0..free {
                matrix[row][column] -= factor * of_i[column];
                inverse[row][column] -= factor * inverse_of_i[column];
            }
        }
    }
    inverse
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inverse_times_matrix_is_one() {
        let matrix = vec![vec![4.0, -1.0, -3.0], vec![-1.0, 3.0, -2.0], vec![-3.0, -2.0, 5.0]];
        let inverse = invert(matrix.clone());
        for (i, row) in matrix.iter().take(2).enumerate() {
            for (j, of_inverse) in inverse.iter().take(2).enumerate() {
                let product = dot(&row[..2], &of_inverse[..2]); // the inverse is symmetric
                assert!((product - f64::from(u8::from(i == j))).abs() < 1e-12);
                assert_eq!((of_inverse[2], inverse[2][j]), (0.0, 0.0));
            }
        }
        assert!(invert(Vec::new()).is_empty());
    }
}
