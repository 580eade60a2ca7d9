//! Initial weights.

use crate::config::keys::{
    ConfigTable, Entries, Preset, Spec, ValueKind, WhenAbsent, Written, config, number, table,
};
use crate::config::{Range, TableReader};
use crate::rng::Stream;

/// Distribution of the initial weights.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum WeightInit {
    /// N(0, 2 / fan_in) (He et al., 2015).
    He,
    /// N(0, 2 / (fan_in + fan_out)) (Glorot & Bengio, 2010).
    Xavier,
    /// N(0, 1 / fan_in) (LeCun et al., 1998).
    Lecun,
    /// N(0, std^2).
    Normal {
        /// Standard deviation, above 0.
        std: f64,
    },
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
const WORDS: [(&str, WeightInit, &str); 3] = [
    ("he", WeightInit::He, "N(0, 2 / fan_in) (He et al., 2015)."),
    ("xavier", WeightInit::Xavier, "N(0, 2 / (fan_in + fan_out)) (Glorot & Bengio, 2010)."),
    ("lecun", WeightInit::Lecun, "N(0, 1 / fan_in) (LeCun et al., 1998)."),
];

/// A word, or a table: `{ normal = { std = 0.01 } }`.
pub(super) fn weight_init(default: WeightInit) -> WeightInitSpec {
    WeightInitSpec(default)
}

/// See [`weight_init`].
pub(super) struct WeightInitSpec(WeightInit);

impl WeightInit {
    fn written(self) -> Written {
        match self {
            WeightInit::Normal { std } => {
                let table = NormalTable { normal: NormalConfig { std } };
                Written::Table(table.entries())
            }
            word => {
                let found = WORDS.iter().find(|(_, choice, _)| *choice == word);
                Written::Text(found.map_or(String::new(), |(name, _, _)| (*name).to_owned()))
            }
        }
    }
}

impl<Config> Spec<Config, WeightInit> for WeightInitSpec {
    fn read(&self, table: &mut TableReader<'_>, key: &'static str, _: &Config) -> WeightInit {
        if table.is_table(key) {
            let NormalTable { normal } =
                table.table(key, |_, _| EXAMPLE.to_owned(), NormalTable::read);
            return WeightInit::Normal { std: normal.std };
        }
        if let Some(found) = table.wrong_word(key) {
            let title = format!("`{}` has the wrong type", table.name(key));
            let label = format!("expected a word or a table, found {found}");
            let help = format!("for example `{key} = \"he\"`, or `{key} = {{ {EXAMPLE} }}`");
            table.error(key, title, label, Some(help));
            table.entry(key);
            return self.0;
        }
        let choices = WORDS.map(|(name, choice, _)| (name, choice));
        table.optional_choice(key, &choices).unwrap_or(self.0)
    }

    fn unset(&self) -> WeightInit {
        self.0
    }

    fn write(&self, key: &'static str, value: &WeightInit, to: &mut Entries) {
        to.add(key, value.written());
    }

    fn facts(&self) -> (ValueKind, Preset) {
        let words = WORDS.iter().map(|(name, _, words)| (*name, (*words).to_owned()));
        let kind = ValueKind::WordsOrTable(words.collect(), NormalTable::facts);
        (kind, Preset::Fixed(self.0.written()))
    }
}

/// Fills `weights` with independent draws from the normal distribution of `weight_init`.
pub(super) fn fill(
    weights: &mut [f32],
    weight_init: WeightInit,
    fan_in: usize,
    fan_out: usize,
    stream: &mut Stream,
) {
    let std = std_of(weight_init, fan_in, fan_out);
    for weight in weights {
        *weight = (std * stream.normal()) as f32;
    }
}

fn std_of(weight_init: WeightInit, fan_in: usize, fan_out: usize) -> f64 {
    match weight_init {
        WeightInit::He => (2.0 / fan_in as f64).sqrt(),
        WeightInit::Xavier => (2.0 / (fan_in + fan_out) as f64).sqrt(),
        WeightInit::Lecun => (1.0 / fan_in as f64).sqrt(),
        WeightInit::Normal { std } => std,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::{Purpose, stream};

    #[test]
    fn weights_have_the_variance_that_the_name_says() {
        let variance_of = |weight_init| {
            let mut weights = vec![0.0f32; 100_000];
            let mut stream = stream(3, Purpose::WeightInit, 0, 0);
            fill(&mut weights, weight_init, 50, 150, &mut stream);
            weights.iter().map(|&w| f64::from(w) * f64::from(w)).sum::<f64>() / 1e5
        };
        let cases = [
            (WeightInit::He, 2.0 / 50.0),
            (WeightInit::Xavier, 2.0 / 200.0),
            (WeightInit::Lecun, 1.0 / 50.0),
            (WeightInit::Normal { std: 0.01 }, 0.0001),
        ];
        for (weight_init, expected) in cases {
            let ratio = variance_of(weight_init) / expected;
            // 5 standard deviations of the variance of 100,000 normal draws.
            assert!((ratio - 1.0).abs() < 0.023, "{weight_init:?}: {ratio}");
        }
    }
}
