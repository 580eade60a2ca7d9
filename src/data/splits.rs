//! The examples of one trial: which of a dataset train, validate and test; they are scaled when read.

use std::sync::Arc;

use super::division::Division;
use super::label_noise::given_labels;
use super::{Dataset, DatasetConfig, Examples, Numbers, Scaling};
use crate::error::Result;
use crate::kernel::{BlockedMut, prefetch, vectorise};
use crate::runs::input_record::{ChannelScale, WideScale};

/// Train, validation and test examples over a dataset that all trials share.
#[derive(Debug, Clone)]
pub struct Splits {
    dataset: Arc<Dataset>,
    /// Examples to train on, in the order of the file.
    pub train: Split,
    /// Examples held out of the training examples, in the order of the file; may be empty.
    pub validation: Split,
    /// Test examples, in the order of the file.
    pub test: Split,
    /// How pixels become inputs.
    pub scale: ChannelScale,
}

/// Positions of a split's examples among the dataset's training or test examples.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Split {
    from_test: bool,
    positions: Vec<u32>,
    /// Their labels where `label_noise` gives some of them other ones than the dataset's.
    given: Option<Vec<u16>>,
}

impl Split {
    /// Number of examples.
    pub fn len(&self) -> usize {
        self.positions.len()
    }

    /// Whether it has no examples.
    pub fn is_empty(&self) -> bool {
        self.positions.is_empty()
    }
}

impl Splits {
    /// Divides `dataset` as `config` says.
    ///
    /// # Errors
    /// If a class would be left without an example to train on.
    pub fn new(dataset: Arc<Dataset>, config: &DatasetConfig) -> Result<Splits> {
        let Division { train, validation, test_examples } = Division::new(&dataset, config)?;
        let test = (0..test_examples as u32).collect();
        let scale = ChannelScale::new(config.scaling, &dataset, &train);
        let given = (config.label_noise > 0.0).then(|| {
            let (labels, classes) = (&dataset.train.labels, dataset.class_names.len());
            given_labels(labels, &train, classes, config.label_noise, config.subset_seed)
        });
        Ok(Splits {
            dataset,
            train: Split { from_test: false, positions: train, given },
            validation: Split { from_test: false, positions: validation, given: None },
            test: Split { from_test: true, positions: test, given: None },
            scale,
        })
    }

    /// The classes of a split's examples.
    pub fn labels(&self, split: &Split) -> impl Iterator<Item = u16> {
        (0..split.len()).map(|pick| self.label(split, pick))
    }

    /// The dataset behind the splits.
    pub fn dataset(&self) -> &Dataset {
        &self.dataset
    }

    /// Writes the scaled pixels of the split's examples `picks` into `inputs` `[picks, features]` and
    /// their labels into `targets`.
    pub fn gather(
        &self,
        split: &Split,
        picks: impl Iterator<Item = usize>,
        inputs: &mut BlockedMut<'_>,
        targets: &mut [u16],
    ) {
        if let Some(numbers) = &self.dataset.numbers {
            return self.gather_numbers(numbers, split, picks, inputs, targets);
        }
        let features = self.dataset.features();
        let examples = self.examples(split);
        vectorise(
            #[inline(always)]
            || {
                let pixels_of = |pick: usize| {
                    &examples.pixels[split.positions[pick] as usize * features..][..features]
                };
                let mut picks = picks.peekable();
                for (row, target) in targets.iter_mut().enumerate() {
                    let Some(pick) = picks.next() else { break };
                    if let Some(next) = picks.peek() {
                        prefetch(pixels_of(*next)); // drawn from anywhere in memory
                    }
                    *target = self.label(split, pick);
                    let pixels = pixels_of(pick);
                    for (first, piece) in inputs.row(row) {
                        let pixels = &pixels[first..first + piece.len()];
                        self.scale.apply(first, pixels, piece, features);
                    }
                }
            },
        );
    }

    /// [`Splits::gather`] for features that are not pixels.
    fn gather_numbers(
        &self,
        numbers: &Numbers,
        split: &Split,
        picks: impl Iterator<Item = usize>,
        inputs: &mut BlockedMut<'_>,
        targets: &mut [u16],
    ) {
        let features = self.dataset.features();
        let part = usize::from(split.from_test);
        let narrow = &numbers.narrow[part];
        for ((row, target), pick) in targets.iter_mut().enumerate().zip(picks) {
            let position = split.positions[pick] as usize;
            *target = self.label(split, pick);
            let narrow = &narrow[position * features..][..features];
            let wide = |i: usize| numbers.wide[i].values[part][position];
            self.scale.write_numbers(narrow, wide, inputs, row);
        }
    }

    /// The pixels of the split's example `pick`, channel-first; empty if features are not pixels.
    pub fn pixels(&self, split: &Split, pick: usize) -> &[u8] {
        if self.dataset.numbers.is_some() {
            return &[];
        }
        let features = self.dataset.features();
        &self.examples(split).pixels[split.positions[pick] as usize * features..][..features]
    }

    /// The class of the split's example `pick`.
    pub fn label(&self, split: &Split, pick: usize) -> u16 {
        split.given.as_ref().map_or_else(|| self.own_label(split, pick), |given| given[pick])
    }

    /// The class that the dataset gives the split's example `pick`.
    fn own_label(&self, split: &Split, pick: usize) -> u16 {
        self.examples(split).labels[split.positions[pick] as usize]
    }

    /// Whether `label_noise` gave training examples other classes than the dataset's.
    pub fn has_noise(&self) -> bool {
        self.train.given.is_some()
    }

    /// Whether `label_noise` gave the split's example `pick` another class than the dataset's.
    pub fn is_noisy(&self, split: &Split, pick: usize) -> bool {
        self.label(split, pick) != self.own_label(split, pick)
    }

    /// The index of the split's example `pick` among the dataset's training or test examples.
    pub fn position(&self, split: &Split, pick: usize) -> u64 {
        u64::from(split.positions[pick])
    }

    fn examples(&self, split: &Split) -> &Examples {
        if split.from_test { &self.dataset.test } else { &self.dataset.train }
    }
}

impl ChannelScale {
    fn new(scaling: Scaling, dataset: &Dataset, train: &[u32]) -> ChannelScale {
        let channels = 0..dataset.shape[0];
        let (moments, wide): (Vec<(f32, f32)>, _) = match (scaling, &dataset.numbers) {
            (Scaling::Unit, _) => (vec![(0.0, 1.0); channels.len()], Vec::new()),
            (Scaling::Standardize, None) => {
                (channels.map(|channel| moments(dataset, train, channel)).collect(), Vec::new())
            }
            (Scaling::Standardize, Some(numbers)) => {
                let [narrow, _] = &numbers.narrow;
                let columns = channels.len();
                let of_column = |column| column_moments(narrow, columns, train, column);
                let wide = numbers.wide.iter().map(|wide| {
                    let (mean, std) = wide.moments(train);
                    WideScale { channel: wide.column, mean, std }
                });
                (channels.map(of_column).collect(), wide.collect())
            }
        };
        let (mut mean, mut std): (Vec<f32>, Vec<f32>) = moments.into_iter().unzip();
        for WideScale { channel, mean: of_mean, std: of_std } in &wide {
            (mean[*channel], std[*channel]) = (*of_mean as f32, *of_std as f32);
        }
        ChannelScale { mean, std, wide }
    }

    /// Scales `pixels` of one channel.
    #[inline(always)]
    pub(super) fn of_channel(&self, channel: usize, pixels: &[u8], scaled: &mut [f32]) {
        scale(pixels, scaled, self.mean[channel], 1.0 / self.std[channel]);
    }

    /// `x / 255`, whatever the scaling.
    #[inline(always)]
    pub(super) fn unit(pixels: &[u8], values: &mut [f32]) {
        scale(pixels, values, 0.0, 1.0);
    }

    /// The pixels `[channels, height, width]` that scale to `values`, rounded.
    pub fn to_pixels(&self, values: &[f32]) -> Vec<u8> {
        let plane = values.len() / self.mean.len();
        let channels = self.mean.iter().zip(&self.std).zip(values.chunks_exact(plane));
        let pixels = channels.flat_map(|((mean, std), of_channel)| {
            of_channel.iter().map(move |x| (255.0 * x.mul_add(*std, *mean) + 0.5) as u8) // saturates
        });
        pixels.collect()
    }

    /// Scales values of one channel that are already `x / 255`.
    pub(super) fn apply_to_unit(&self, channel: usize, values: &mut [f32]) {
        let (mean, inverse_std) = (self.mean[channel], 1.0 / self.std[channel]);
        vectorise(
            #[inline(always)]
            || values.iter_mut().for_each(|x| *x = (*x - mean) * inverse_std),
        );
    }

    /// Writes an example's `pixels` `[features]`, scaled, into a row of `inputs`.
    pub fn write_pixels(&self, pixels: &[u8], inputs: &mut BlockedMut<'_>, row: usize) {
        let features = pixels.len();
        vectorise(
            #[inline(always)]
            || {
                for (first, piece) in inputs.row(row) {
                    let pixels = &pixels[first..first + piece.len()];
                    self.apply(first, pixels, piece, features);
                }
            },
        );
    }

    /// Writes an example's scaled numbers, one per channel, into a row of `inputs`: `narrow`
    /// `[features]` has them in 32 bits, `wide(i)` gives the value of the scale's i-th wide column
    /// in 64 bits.
    pub fn write_numbers(
        &self,
        narrow: &[f32],
        wide: impl Fn(usize) -> f64,
        inputs: &mut BlockedMut<'_>,
        row: usize,
    ) {
        let mut columns = self.wide.iter().enumerate().peekable();
        for (first, piece) in inputs.row(row) {
            for (i, scaled) in piece.iter_mut().enumerate() {
                let channel = first + i;
                *scaled = (narrow[channel] - self.mean[channel]) / self.std[channel];
            }
            let end = first + piece.len();
            while let Some((i, column)) = columns.next_if(|(_, column)| column.channel < end) {
                piece[column.channel - first] = column.scaled(wide(i));
            }
        }
    }

    /// Scales `pixels`, which start at feature `first` of `features`, into `scaled`.
    #[inline(always)]
    fn apply(&self, first: usize, pixels: &[u8], scaled: &mut [f32], features: usize) {
        let plane = features / self.mean.len();
        let (mut at, mut pixels, mut scaled) = (first, pixels, scaled);
        while !pixels.is_empty() {
            let channel = at / plane;
            let here = pixels.len().min((channel + 1) * plane - at);
            let (now, later) = pixels.split_at(here);
            let (out, out_later) = scaled.split_at_mut(here);
            scale(now, out, self.mean[channel], 1.0 / self.std[channel]);
            (at, pixels, scaled) = (at + here, later, out_later);
        }
    }
}

impl WideScale {
    /// Rounded to 32 bits only after offset and spread are removed.
    fn scaled(&self, number: f64) -> f32 {
        ((number - self.mean) / self.std) as f32
    }
}

/// `(x / 255 - mean) · inverse_std`. The quotient is correctly rounded without a division, because
/// the reciprocal has two parts.
#[inline(always)]
fn scale(pixels: &[u8], scaled: &mut [f32], mean: f32, inverse_std: f32) {
    const RECIPROCAL: f32 = 1.0 / 255.0;
    const REST: f32 = (1.0 / 255.0 - RECIPROCAL as f64) as f32;
    let unit = |pixel: u8| {
        let x = f32::from(pixel);
        x.mul_add(RECIPROCAL, x * REST)
    };
    if mean == 0.0 && inverse_std == 1.0 {
        scaled.iter_mut().zip(pixels).for_each(|(out, pixel)| *out = unit(*pixel));
    } else {
        for (out, pixel) in scaled.iter_mut().zip(pixels) {
            *out = (unit(*pixel) - mean) * inverse_std;
        }
    }
}

/// Mean and standard deviation of a column over the training split, summed in 64 bits in the order of
/// the split.
fn column_moments(numbers: &[f32], columns: usize, train: &[u32], column: usize) -> (f32, f32) {
    let value = |&position: &u32| f64::from(numbers[position as usize * columns + column]);
    let n = train.len() as f64;
    let mean = train.iter().map(value).sum::<f64>() / n;
    let square = |position| (value(position) - mean) * (value(position) - mean);
    let std = (train.iter().map(square).sum::<f64>() / n).sqrt() as f32;
    // A constant column is only centred, whatever its variance after rounding.
    let is_constant = train.iter().all(|position| value(position) == value(&train[0]));
    (mean as f32, if is_constant || !std.is_normal() { 1.0 } else { std })
}

/// Mean and standard deviation of a channel's pixels / 255 over the training split; the sums are
/// integers, so their order does not matter.
fn moments(dataset: &Dataset, train: &[u32], channel: usize) -> (f32, f32) {
    let plane = dataset.shape[1] * dataset.shape[2];
    let (mut sum, mut squares) = (0u64, 0u64);
    for &position in train {
        let start = position as usize * dataset.features() + channel * plane;
        for &pixel in &dataset.train.pixels[start..start + plane] {
            sum += u64::from(pixel);
            squares += u64::from(pixel) * u64::from(pixel);
        }
    }
    let n = (train.len() * plane) as f64;
    let mean = sum as f64 / n;
    let variance = squares as f64 / n - mean * mean;
    // A constant channel is only centred.
    let std = if variance > 0.0 { variance.sqrt() / 255.0 } else { 1.0 };
    ((mean / 255.0) as f32, std as f32)
}

#[cfg(test)]
mod tests;
