//! How weights begin, as the file says it.

pub(super) mod draws;

use crate::config::keys::{
    ConfigTable, Entries, Preset, Spec, ValueKind, WhenAbsent, Written, config, number, table,
};
use crate::config::{Range, TableReader};

/// Distribution of the initial weights.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum WeightInit {
    /// N(0, 2 / fan_in) (He et al., 2015).
    He,
    /// N(0, 2 / (fan_in + fan_out)) (Glorot & Bengio, 2010).
    Xavier,
    /// N(0, 1 / fan_in) (LeCun et al., 1998).
    Lecun,
    /// Weights and biases uniform within 1 / sqrt(fan_in) of 0, as PyTorch's layers begin: Kaiming
    /// uniform with a = sqrt(5).
    PytorchDefault,
    /// Rows or columns of length 1 at right angles to each other (Saxe et al., 2014,
    /// <https://arxiv.org/abs/1312.6120>).
    Orthogonal,
    /// Each of the first kernels passes one input channel on (Zagoruyko & Komodakis, 2017,
    /// <https://arxiv.org/abs/1706.00388>); the others as [`WeightInit::PytorchDefault`].
    Dirac,
    /// Directions of the training images' patches, each divided by its deviation; see
    /// `src/train/whitening.rs`.
    Whitening,
    /// N(0, std^2).
    Normal {
        /// Standard deviation, above 0.
        std: f64,
    },
    /// Zeros, for weights that are loaded next; no file can ask for it.
    Zeros,
}

config! {
    /// N(0, std^2).
    struct NormalTable {
        /// N(0, std^2).
        normal: NormalConfig = table("std = 0.01").required(),
    }
}

config! {
    /// N(0, std^2).
    struct NormalConfig {
        /// Standard deviation, above 0.
        std: f64 = number(Range::POSITIVE).required("0.01"),
    }
}

/// What the table may contain.
const EXAMPLE: &str = "normal = { std = 0.01 }";

/// The words of the experiment file with their values and meanings.
const WORDS: &[(&str, WeightInit, &str)] = &[
    ("he", WeightInit::He, "N(0, 2 / fan_in) (He et al., 2015)."),
    ("xavier", WeightInit::Xavier, "N(0, 2 / (fan_in + fan_out)) (Glorot & Bengio, 2010)."),
    ("lecun", WeightInit::Lecun, "N(0, 1 / fan_in) (LeCun et al., 1998)."),
    (
        "pytorch_default",
        WeightInit::PytorchDefault,
        "Weights and biases uniform within 1 / sqrt(fan_in) of 0, as PyTorch's layers begin.",
    ),
    (
        "orthogonal",
        WeightInit::Orthogonal,
        "Rows or columns of length 1 at right angles to each other (Saxe et al., 2014).",
    ),
];

/// The words that only a convolution may have.
const OF_CONVOLUTIONS: &[(&str, WeightInit, &str)] = &[
    (
        "dirac",
        WeightInit::Dirac,
        "Each of the first kernels passes an input channel on; the others as `pytorch_default`.",
    ),
    (
        "whitening",
        WeightInit::Whitening,
        "The first layer: the principal directions of the training images' patches, each divided by its \
         deviation, then their negatives (Jordan, 2024, <https://arxiv.org/abs/2404.00498>).",
    ),
];

/// A word, or a table: `{ normal = { std = 0.01 } }`.
pub(super) fn weight_init(default: WeightInit) -> WeightInitSpec {
    WeightInitSpec { default, of_convolution: false }
}

/// The same for one layer; absent: as the network.
pub(super) fn layer_init() -> LayerInitSpec {
    LayerInitSpec(WeightInitSpec { default: WeightInit::He, of_convolution: false })
}

/// The same for a convolution.
pub(super) fn convolution_init() -> LayerInitSpec {
    LayerInitSpec(WeightInitSpec { default: WeightInit::He, of_convolution: true })
}

/// See [`weight_init`].
pub(super) struct WeightInitSpec {
    default: WeightInit,
    of_convolution: bool,
}

/// See [`layer_init`].
pub(super) struct LayerInitSpec(WeightInitSpec);

impl WeightInit {
    fn written(self) -> Written {
        match self {
            WeightInit::Normal { std } => {
                let table = NormalTable { normal: NormalConfig { std } };
                Written::Table(table.entries())
            }
            word => {
                let mut words = WORDS.iter().chain(OF_CONVOLUTIONS);
                let found = words.find(|(_, choice, _)| *choice == word);
                Written::Text(found.map_or(String::new(), |(name, _, _)| (*name).to_owned()))
            }
        }
    }
}

impl WeightInitSpec {
    fn words(&self) -> impl Iterator<Item = &'static (&'static str, WeightInit, &'static str)> {
        let more = if self.of_convolution { OF_CONVOLUTIONS } else { &[] };
        WORDS.iter().chain(more)
    }

    fn take(&self, table: &mut TableReader<'_>, key: &'static str) -> Option<WeightInit> {
        if table.is_table(key) {
            let NormalTable { normal } =
                table.table(key, |_, _| EXAMPLE.to_owned(), NormalTable::read);
            return Some(WeightInit::Normal { std: normal.std });
        }
        if let Some(found) = table.wrong_word(key) {
            let title = format!("`{}` has the wrong type", table.name(key));
            let label = format!("expected a word or a table, found {found}");
            let help = format!("for example `{key} = \"he\"`, or `{key} = {{ {EXAMPLE} }}`");
            table.error(key, title, label, Some(help));
            table.entry(key);
            return None;
        }
        let of_convolutions = OF_CONVOLUTIONS.iter().map(|(name, ..)| *name);
        let word = of_convolutions
            .filter(|_| !self.of_convolution)
            .find(|name| table.word_there(key) == Some(*name));
        if let Some(word) = word {
            let title = format!("`{}` cannot be `{word}`", table.name(key));
            let label = "only a `conv2d` layer has this choice".to_owned();
            let help = format!(
                "give it to a convolution: `{{ kind = \"conv2d\", weight_init = \"{word}\", ... }}`"
            );
            table.error(key, title, label, Some(help));
            table.entry(key);
            return None;
        }
        let choices: Vec<_> = self.words().map(|(name, choice, _)| (*name, *choice)).collect();
        table.optional_choice(key, &choices)
    }

    fn kind(&self) -> ValueKind {
        let words = self.words().map(|(name, _, words)| (*name, (*words).to_owned()));
        ValueKind::WordsOrTable(words.collect(), NormalTable::facts)
    }
}

impl<Config> Spec<Config, WeightInit> for WeightInitSpec {
    fn read(&self, table: &mut TableReader<'_>, key: &'static str, _: &Config) -> WeightInit {
        self.take(table, key).unwrap_or(self.default)
    }

    fn unset(&self) -> WeightInit {
        self.default
    }

    fn write(&self, key: &'static str, value: &WeightInit, to: &mut Entries) {
        to.add(key, value.written());
    }

    fn facts(&self) -> (ValueKind, Preset) {
        (self.kind(), Preset::Fixed(self.default.written()))
    }
}

impl<Config> Spec<Config, Option<WeightInit>> for LayerInitSpec {
    fn read(
        &self,
        table: &mut TableReader<'_>,
        key: &'static str,
        _: &Config,
    ) -> Option<WeightInit> {
        self.0.take(table, key)
    }

    fn unset(&self) -> Option<WeightInit> {
        None
    }

    fn write(&self, key: &'static str, value: &Option<WeightInit>, to: &mut Entries) {
        if let Some(value) = value {
            to.add(key, value.written());
        }
    }

    fn facts(&self) -> (ValueKind, Preset) {
        (self.0.kind(), Preset::Absent)
    }
}
