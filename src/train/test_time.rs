//! Scores of a split from the average of each example's logits over several views of it (test-time
//! augmentation, as in Jordan, 2024, <https://arxiv.org/abs/2404.00498>).

use super::Workers;
use super::evaluate::Score;
use crate::data::{Split, Splits};
use crate::kernel::{BlockedMut, Buffer, blocked_len};
use crate::memory;
use crate::nn::layers::{Mode, Pass};
use crate::nn::{MOST_EVALUATED, Network, cross_entropy_and_predictions};
use crate::runs::evaluation::TestTimeViews;

/// One view of an image, and the weight of its logits.
#[derive(Debug, Clone, Copy, PartialEq)]
struct View {
    shift: isize, // pixels down and right
    is_mirrored: bool,
    weight: f32,
}

fn views_of(views: TestTimeViews) -> Vec<View> {
    let pair = |shift, weight| [false, true].map(|is_mirrored| View { shift, is_mirrored, weight });
    match views {
        TestTimeViews::Mirror => pair(0, 0.5).to_vec(),
        // A window that starts higher shows the image lower.
        TestTimeViews::MirrorAndShift => [pair(0, 0.25), pair(-1, 0.125), pair(1, 0.125)].concat(),
    }
}

/// How often an image is looked at.
pub fn view_count(views: TestTimeViews) -> usize {
    views_of(views).len()
}

/// Scores `split` of images from `views`.
pub(super) fn score(
    network: &mut Network,
    splits: &Splits,
    split: &Split,
    views: TestTimeViews,
    targets: &mut [u16],
    workers: &Workers,
) -> Score {
    let classes = network.out_features();
    let shape = splits.dataset().shape;
    let features = shape.iter().product();
    let batch = network.evaluation_batch();
    let mut gathered = Buffer::zeros(blocked_len(batch, features));
    let mut image = memory::filled(features, 0.0_f32);
    let mut viewed = memory::filled(features, 0.0_f32);
    let mut logits = memory::filled(batch * classes, 0.0_f32);
    let mut predictions = [0; MOST_EVALUATED];
    let (mut loss, mut correct) = (0.0, 0_usize);
    for start in (0..split.len()).step_by(batch) {
        let size = batch.min(split.len() - start);
        let (classes_of, logits) = (&mut targets[..size], &mut logits[..size * classes]);
        let mut images = BlockedMut::new(&mut gathered, size, features);
        splits.gather(split, start..start + size, &mut images, classes_of);
        logits.fill(0.0);
        for view in views_of(views) {
            let mut input = network.input_mut(size);
            for row in 0..size {
                images.row(row).for_each(|(first, piece)| {
                    image[first..first + piece.len()].copy_from_slice(piece);
                });
                look(&image, shape, view, &mut viewed);
                input.row(row).for_each(|(first, piece)| {
                    piece.copy_from_slice(&viewed[first..first + piece.len()]);
                });
            }
            let threads = workers.per_trial();
            let pass = Pass { mode: Mode::Evaluate, batch: size, step: 0, threads };
            let of_view = network.forward(&pass);
            logits
                .iter_mut()
                .zip(of_view)
                .for_each(|(sum, x)| *sum = view.weight.mul_add(*x, *sum));
        }
        let predicted = &mut predictions[..size];
        loss += cross_entropy_and_predictions(logits, classes_of, classes, predicted);
        correct += predicted.iter().zip(&*classes_of).filter(|(p, t)| p == t).count();
    }
    let n = split.len() as f64;
    Score { loss: loss / n, accuracy: correct as f64 / n }
}

/// Writes the view of a channel-first image into `viewed`. Beyond the border, the image is mirrored
/// without repeating its edge.
fn look(image: &[f32], [channels, height, width]: [usize; 3], view: View, viewed: &mut [f32]) {
    for channel in 0..channels {
        for y in 0..height {
            let row =
                &image[(channel * height + reflected(y, view.shift, height)) * width..][..width];
            let out = &mut viewed[(channel * height + y) * width..][..width];
            for (x, value) in out.iter_mut().enumerate() {
                let x = if view.is_mirrored { width - 1 - x } else { x };
                *value = row[reflected(x, view.shift, width)];
            }
        }
    }
}

/// The place `at + shift` of `len` pixels, reflected at the first or last one. One pixel shows itself.
fn reflected(at: usize, shift: isize, len: usize) -> usize {
    let last = len - 1;
    let place = (at as isize + shift).unsigned_abs();
    if place > last { (2 * last).saturating_sub(place) } else { place.min(last) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(shift: isize, is_mirrored: bool) -> Vec<f32> {
        let image: Vec<f32> = (0..6).map(|i| i as f32).collect();
        let mut viewed = vec![f32::NAN; 6];
        look(&image, [1, 2, 3], View { shift, is_mirrored, weight: 1.0 }, &mut viewed);
        viewed
    }

    #[test]
    fn views_are_shifted_and_mirrored_with_reflected_borders() {
        assert_eq!(seen(0, false), [0.0, 1.0, 2.0, 3.0, 4.0, 5.0]);
        assert_eq!(seen(0, true), [2.0, 1.0, 0.0, 5.0, 4.0, 3.0]);
        assert_eq!(seen(1, false), [4.0, 5.0, 4.0, 1.0, 2.0, 1.0]);
        assert_eq!(seen(-1, false), [4.0, 3.0, 4.0, 1.0, 0.0, 1.0]);
        assert_eq!(seen(-1, true), [4.0, 3.0, 4.0, 1.0, 0.0, 1.0]);
    }

    #[test]
    fn weights_sum_to_1() {
        for views in [TestTimeViews::Mirror, TestTimeViews::MirrorAndShift] {
            assert_eq!(views_of(views).iter().map(|view| view.weight).sum::<f32>(), 1.0);
        }
    }
}
