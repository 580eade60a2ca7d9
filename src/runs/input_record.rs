//! What the network's input is, as in `run.json`: 32-bit numbers except for table columns that are
//! scaled in 64 bits.

use serde::{Deserialize, Serialize};

/// What the network's input is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(into = "Stored", try_from = "Stored")]
pub struct InputRecord {
    /// Channels, height, width.
    pub shape: [usize; 3],
    /// How a channel becomes input: the mean is subtracted from x / 255 (or from the number itself
    /// in a CSV file), and the difference is divided by the deviation.
    pub scale: ChannelScale,
    /// The columns of a table in which `true` and `false` stand for 1 and 0, in order.
    pub words: Vec<usize>,
}

/// `(x / 255 - mean) / std`, per channel.
#[derive(Debug, Clone, PartialEq)]
pub struct ChannelScale {
    /// Subtracted; 0 for `unit`.
    pub mean: Vec<f32>,
    /// Divided by; 1 for `unit`.
    pub std: Vec<f32>,
    /// The columns of a table that are scaled in 64 bits, in order, instead of by `mean` and `std`.
    pub wide: Vec<WideScale>,
}

/// `(x - mean) / std` of a column, in 64 bits.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct WideScale {
    /// The column.
    pub channel: usize,
    /// Subtracted.
    pub mean: f64,
    /// Divided by.
    pub std: f64,
}

/// The layout in the file.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Stored {
    shape: [usize; 3],
    mean: Vec<StoredMoment>,
    std: Vec<StoredMoment>,
    /// Channels whose mean and deviation have 64 bits, and which are scaled in 64 bits.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    columns_in_64_bits: Vec<usize>,
    /// Columns of `true` and `false`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    columns_of_words: Vec<usize>,
}

/// A mean or a deviation; read as 64 bits, because only the rest of the file says how many bits it
/// has.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
#[serde(untagged)]
enum StoredMoment {
    #[serde(skip_deserializing)]
    Narrow(f32),
    Wide(f64),
}

impl InputRecord {
    /// Mean and standard deviation of each channel, as in Python and JSON.
    pub(crate) fn moments(&self) -> [Vec<f64>; 2] {
        let ChannelScale { mean: means, std: stds, wide } = &self.scale;
        let in_64_bits =
            |values: &[f32]| values.iter().map(|x| f64::from(*x)).collect::<Vec<f64>>();
        let mut moments = [in_64_bits(means), in_64_bits(stds)];
        for WideScale { channel, mean, std } in wide {
            (moments[0][*channel], moments[1][*channel]) = (*mean, *std);
        }
        moments
    }

    /// Whether a channel is scaled in 64 bits.
    fn is_wide(&self, channel: usize) -> bool {
        self.scale.wide.iter().any(|wide| wide.channel == channel)
    }
}

impl From<InputRecord> for Stored {
    fn from(input: InputRecord) -> Stored {
        let [mean, std] = input.moments();
        let moment = |(channel, value)| match input.is_wide(channel) {
            true => StoredMoment::Wide(value),
            false => StoredMoment::Narrow(value as f32),
        };
        Stored {
            shape: input.shape,
            mean: mean.into_iter().enumerate().map(moment).collect(),
            std: std.into_iter().enumerate().map(moment).collect(),
            columns_in_64_bits: input.scale.wide.iter().map(|wide| wide.channel).collect(),
            columns_of_words: input.words,
        }
    }
}

impl TryFrom<Stored> for InputRecord {
    type Error = WrongColumn;

    fn try_from(stored: Stored) -> Result<InputRecord, WrongColumn> {
        let Stored { shape, mean, std, columns_in_64_bits, columns_of_words: words } = stored;
        let wide = columns_in_64_bits.into_iter().map(|channel| {
            let (mean, std) = (mean.get(channel), std.get(channel));
            let (mean, std) = mean.zip(std).ok_or(WrongColumn(channel))?;
            Ok(WideScale { channel, mean: mean.wide(), std: std.wide() })
        });
        let wide = wide.collect::<Result<Vec<_>, _>>()?;
        let narrow =
            |moments: Vec<StoredMoment>| moments.into_iter().map(StoredMoment::narrow).collect();
        Ok(InputRecord {
            shape,
            scale: ChannelScale { mean: narrow(mean), std: narrow(std), wide },
            words,
        })
    }
}

/// A 64-bit column that is not among the input's columns.
#[derive(Debug, thiserror::Error)]
#[error("`columns_in_64_bits` of `input` names column {0}, which does not exist")]
struct WrongColumn(usize);

impl StoredMoment {
    fn wide(&self) -> f64 {
        match *self {
            StoredMoment::Narrow(value) => f64::from(value),
            StoredMoment::Wide(value) => value,
        }
    }

    fn narrow(self) -> f32 {
        match self {
            StoredMoment::Narrow(value) => value,
            StoredMoment::Wide(value) => nearest_f32(value),
        }
    }
}

/// The 32-bit number whose shortest text reads as `value`. That is `value` in 32 bits, except
/// exactly between two such numbers: there its text decides, which was not exactly between
/// (7.038531e-26).
fn nearest_f32(value: f64) -> f32 {
    let near = value as f32;
    let other = if value > f64::from(near) { near.next_up() } else { near.next_down() };
    let [error, of_other] = [near, other].map(|x| (f64::from(x) - value).abs());
    let is_of_other = || other.to_string().parse() == Ok(value);
    if error > 0.0 && error == of_other && is_of_other() { other } else { near }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_stored_to_the_bit() {
        let wide = WideScale { channel: 1, mean: 1_700_000_025_000.123, std: 0.1 };
        let scale = ChannelScale {
            mean: vec![0.1, 1.7e12, 1e-45],
            std: vec![0.3, 0.1, 3.4e38],
            wide: vec![wide],
        };
        let input = InputRecord { shape: [3, 1, 1], scale, words: vec![2] };
        let text = serde_json::to_string(&input).unwrap();
        assert_eq!(
            text,
            "{\"shape\":[3,1,1],\"mean\":[0.1,1700000025000.123,1e-45],\"std\":[0.3,0.1,3.4e+38],\
             \"columns_in_64_bits\":[1],\"columns_of_words\":[2]}"
        );
        assert_eq!(serde_json::from_str::<InputRecord>(&text).unwrap(), input);
        let narrow = "{\"shape\":[1,1,1],\"mean\":[0.1],\"std\":[0.3]}";
        let read: InputRecord = serde_json::from_str(narrow).unwrap();
        assert_eq!(read.scale.mean, [0.1]);
        assert_eq!(serde_json::to_string(&read).unwrap(), narrow);
        assert_eq!(nearest_f32(7.038531e-26).to_bits(), 0x15ae_43fd);
        assert_ne!((7.038531e-26_f64 as f32).to_bits(), 0x15ae_43fd, "rounded twice");
        let wrong = text.replace("[1],", "[7],");
        let problem = serde_json::from_str::<InputRecord>(&wrong).unwrap_err().to_string();
        assert!(problem.contains("names column 7"), "{problem}");
    }
}
