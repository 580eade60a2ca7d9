//! A batch whose examples are mixed in pairs: the partners, the shares and the mixture.

/// Partners, their classes and the shares of a batch.
#[derive(Debug, Clone)]
pub(super) struct Mixing {
    pub(super) partners: Vec<u32>, // [max_batch], rows of the batch
    pub(super) others: Vec<u16>,   // [max_batch]
    pub(super) shares: Vec<f32>,   // [max_batch]
}

impl Mixing {
    pub(super) fn new(max_batch: usize) -> Mixing {
        Mixing {
            partners: vec![0; max_batch],
            others: vec![0; max_batch],
            shares: vec![0.0; max_batch],
        }
    }
}

/// `share` of `own` and the rest of `other`.
#[inline(always)]
pub(super) fn mix(own: &[f32], other: &[f32], share: f32, mixed: &mut [f32]) {
    for ((result, x), y) in mixed.iter_mut().zip(own).zip(other) {
        *result = share.mul_add(*x, (1.0 - share) * y);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hand_worked_mixture() {
        let mut mixed = [0.0; 2];
        mix(&[1.0, 0.5], &[0.0, 1.0], 0.75, &mut mixed);
        assert_eq!(mixed, [0.75, 0.625]);
        mix(&[1.0, 0.5], &[0.0, 1.0], 1.0, &mut mixed);
        assert_eq!(mixed, [1.0, 0.5]);
    }
}
