//! A setting that names one of the activation functions, with its default numbers.

use crate::config::TableReader;
use crate::config::keys::{Entries, Kinds, Preset, Spec, ValueKind, Written, paragraph};
use crate::nn::layers::LayerConfig;

/// The word of an activation function.
pub(super) fn activation(default: LayerConfig) -> ActivationWord {
    ActivationWord(default)
}

/// See [`activation`].
pub(super) struct ActivationWord(LayerConfig);

/// The functions with their words and meanings.
fn all() -> impl Iterator<Item = (&'static str, LayerConfig, String)> {
    let kinds = LayerConfig::KINDS.iter();
    let all = kinds.map(|kind| (kind.name, (kind.unset)(), paragraph(kind.words)));
    all.filter(|(_, layer, _)| layer.role().is_activation())
}

impl<Config> Spec<Config, LayerConfig> for ActivationWord {
    fn read(&self, table: &mut TableReader<'_>, key: &'static str, _: &Config) -> LayerConfig {
        let functions: Vec<_> = all().collect();
        let words: Vec<(&str, usize)> =
            functions.iter().enumerate().map(|(place, (name, _, _))| (*name, place)).collect();
        let chosen = table.optional_choice(key, &words);
        chosen.map_or_else(|| self.0.clone(), |place| functions[place].1.clone())
    }

    fn unset(&self) -> LayerConfig {
        self.0.clone()
    }

    fn write(&self, key: &'static str, value: &LayerConfig, to: &mut Entries) {
        to.add(key, Written::Text(value.kind().to_owned()));
    }

    fn facts(&self) -> (ValueKind, Preset) {
        let words = all().map(|(name, _, words)| (name, words)).collect();
        (ValueKind::Words(words), Preset::Fixed(Written::Text(self.0.kind().to_owned())))
    }
}
