//! Reads the `[dataset]` table.

use crate::config::TableReader;
use crate::config::keys::{Entries, Kinds, Preset, Scalar, Spec, ValueKind, Written, word};
use crate::escape::escape_controls;

use super::subset::share_of;
use super::{DatasetConfig, DatasetSource, Loss, Scaling};

/// The most columns that a message names.
const MOST_NAMED: usize = 12;

/// How pixels become numbers: the default depends on the dataset's kind.
pub(super) fn scaling() -> ScalingSpec {
    ScalingSpec
}

/// See [`scaling`].
pub(super) struct ScalingSpec;

impl Spec<DatasetConfig, Scaling> for ScalingSpec {
    fn read(
        &self,
        table: &mut TableReader<'_>,
        key: &'static str,
        so_far: &DatasetConfig,
    ) -> Scaling {
        word().take(table, key).unwrap_or_else(|| so_far.source.as_kind().default_scaling())
    }

    fn unset(&self) -> Scaling {
        Scaling::Unit
    }

    fn write(&self, key: &'static str, value: &Scaling, to: &mut Entries) {
        to.add(key, Written::Text(value.name().to_owned()));
    }

    fn facts(&self) -> (ValueKind, Preset) {
        let unit = Written::Text(Scaling::Unit.name().to_owned());
        (word::<Scaling>().kind(), Preset::Fixed(unit))
    }
}

impl DatasetConfig {
    pub(super) fn checked(self, table: &mut TableReader<'_>) -> DatasetConfig {
        let config = self.with_own_validation(table);
        config.check_scaling(table);
        config.check_folds(table);
        config
    }

    /// Takes the validation examples that the data itself names.
    fn with_own_validation(self, table: &TableReader<'_>) -> DatasetConfig {
        let given = self.own_validation();
        if given == 0 {
            return self;
        }
        let title = "the validation examples are already separate";
        let label = format!("the data has {given} of its own");
        let help = Some("remove the key".to_owned());
        let is_other = table.has("validation_examples") && self.validation_examples != given;
        if is_other {
            table.error("validation_examples", title.to_owned(), label.clone(), help.clone());
        }
        if self.split_seed != 0 {
            table.error("split_seed", title.to_owned(), label.clone(), help.clone());
        }
        if self.folds.is_some() {
            table.error("folds", title.to_owned(), label, help);
            return self;
        }
        DatasetConfig { validation_examples: given, ..self }
    }

    /// How many validation examples the data itself names; 0 if they are drawn.
    pub fn own_validation(&self) -> usize {
        self.source.own().map_or(0, |own| own.dataset.validation)
    }

    fn check_scaling(&self, table: &mut TableReader<'_>) {
        let spoilt = self.rounded_columns(Loss::Shape);
        if !spoilt.is_empty() {
            let title = "columns cannot be used unscaled".to_owned();
            let label = format!("32 bits cannot hold {}", spoilt.join(", "));
            let help = "use \"standardize\", which removes mean and deviation in 64 bits; or leave \
                        them out of `features`";
            table.error("scaling", title, label, Some(help.to_owned()));
        }
    }

    /// Which part validates is stated in one way.
    fn check_folds(&self, table: &mut TableReader<'_>) {
        match (self.folds, self.fold) {
            (None, Some(fold)) => {
                let title = "`fold` is a part of `folds`".to_owned();
                let label = format!("part {fold} of how many?");
                table.error("fold", title, label, Some("such as `folds = 5`".to_owned()));
            }
            (Some(folds), _) if self.validation_examples > 0 => {
                let title = "`folds` and `validation_examples` exclude each other".to_owned();
                let label = "both say which examples validate".to_owned();
                let help = format!(
                    "remove one of them: with `folds = {folds}`, a part of the training examples validates"
                );
                table.error("folds", title, label, Some(help));
            }
            (Some(folds), Some(fold)) if fold >= folds => {
                let title = "there is no such part".to_owned();
                let label =
                    format!("parts are counted from 0: the last of {folds} is {}", folds - 1);
                table.error("fold", title, label, None);
            }
            _ => {}
        }
    }

    /// Notes about the data, a line each.
    pub fn notes(&self) -> Vec<String> {
        let mut notes = self.source.own().map_or(Vec::new(), |own| own.notes.clone());
        let rounded = self.rounded_columns(Loss::Distinctions);
        if !rounded.is_empty() {
            let columns = rounded.join(", ");
            notes.push(format!(
                "with dataset.scaling = \"unit\", different values of {columns} become equal"
            ));
        }
        notes
    }

    /// The columns that need 64 bits for this reason but do not get them; up to [`MOST_NAMED`].
    fn rounded_columns(&self, reason: Loss) -> Vec<String> {
        let (Some(own), Scaling::Unit) = (self.source.as_kind().own(), self.scaling) else {
            return Vec::new();
        };
        let numbers = own.data.and_then(|own| own.dataset.numbers.as_ref());
        let scales = numbers.map_or(&[][..], |numbers| &numbers.wide);
        let names = own.features;
        let columns = scales.iter().filter(|wide| wide.loss == reason).take(MOST_NAMED);
        columns
            .filter_map(|wide| names.get(wide.column))
            .map(|name| format!("`{}`", escape_controls(name)))
            .collect()
    }

    /// Normalises "all of them" to absent, and the seed of no draw, so that it has one id.
    pub fn normalized(self) -> DatasetConfig {
        let facts = self.source.facts();
        DatasetConfig {
            train_examples: self.train_examples.filter(|&n| n != facts.train_examples),
            test_examples: self.test_examples.filter(|&n| n != facts.test_examples),
            subset_seed: if self.train_fraction == 1.0 && self.label_noise == 0.0 {
                0
            } else {
                self.subset_seed
            },
            ..self
        }
    }

    /// Whether the validation examples are drawn in proportion to classes whose sizes may differ,
    /// as far as the config alone tells. With equal sizes, every version draws the same number of
    /// each.
    pub fn draws_in_proportion(&self) -> bool {
        let facts = self.source.facts();
        let part = self.train_examples.filter(|&n| n != facts.train_examples);
        self.validation_examples > 0 && !self.source.as_kind().has_equal_classes(part)
    }

    /// Training examples before holding out the validation examples, and those that are trained on:
    /// the share of what is left after that; 0 if nothing is left.
    pub fn train_sizes(&self) -> (usize, usize) {
        (self.used_examples(), share_of(self.train_fraction, self.before_share()))
    }

    /// Test examples that are used.
    pub fn tested(&self) -> usize {
        self.test_examples.unwrap_or(self.source.facts().test_examples)
    }

    /// Training examples of which a share is trained on: those that are not held out.
    pub fn before_share(&self) -> usize {
        self.used_examples().saturating_sub(self.held_out())
    }
}

/// How many examples are trained on with these settings, if `kind` is published data.
pub fn trained_examples(
    kind: &str,
    train_examples: Option<usize>,
    validation_examples: usize,
    train_fraction: f64,
) -> Option<usize> {
    let known = DatasetSource::KINDS.iter().find(|known| known.name == kind)?;
    let source = (known.unset)();
    if source.as_kind().own().is_some() {
        return None;
    }
    let unset = DatasetConfig::default();
    let config =
        DatasetConfig { source, train_examples, validation_examples, train_fraction, ..unset };
    Some(config.train_sizes().1)
}

/// Whether `kind` has the same number of training examples of each class, among all or the first
/// ones, as far as that is known without the data.
pub fn has_equal_classes(kind: &str, train_examples: Option<usize>) -> bool {
    let known = DatasetSource::KINDS.iter().find(|known| known.name == kind);
    known.is_some_and(|known| (known.unset)().as_kind().has_equal_classes(train_examples))
}
