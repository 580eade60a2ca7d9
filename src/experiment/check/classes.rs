//! Checks that every class is among the training examples.

use super::Checker;
use crate::runs::class_counts::named_classes;

impl Checker<'_> {
    /// For published datasets the sizes decide; for the user's own data, which was read, the labels
    /// do.
    pub(super) fn classes(&self) {
        let dataset = &self.trial.dataset;
        let classes = dataset.source.facts().classes;
        let (train, left) = (dataset.train_sizes().0, dataset.before_share());
        if let Some(missing) = self.missing_among_first(train) {
            let key = "dataset.train_examples";
            let title = format!("`{key}` leaves a class without a training example");
            let label = format!("none of the first {train} belongs to {missing}");
            let help = "the first examples are taken in file order: shuffle the lines, or take \
                        more of them";
            self.report(key, &title, label, Some(help.to_owned()));
        } else if train < classes {
            let key = "dataset.train_examples";
            let title = format!("`{key}` leaves a class without a training example");
            self.report(key, &title, format!("there are {classes} classes"), None);
        } else if let Some((folds, single)) = dataset.folds.zip(self.with_one_of_first(train)) {
            let key = "dataset.folds";
            let title = format!("`{key}` leaves a class without a training example");
            let label = format!("one of the {folds} parts holds out the only example of {single}");
            let help =
                "every class needs two examples: add one, or leave the class out of the data";
            self.report(key, &title, label, Some(help.to_owned()));
        } else if left < classes && dataset.folds.is_some() {
            let key = "dataset.folds";
            let title = format!("`{key}` leaves a class without a training example");
            let label =
                format!("{left} of {train} are left for training, but there are {classes} classes");
            self.report(key, &title, label, None);
        } else if left < classes {
            let key = "dataset.validation_examples";
            let title = format!("`{key}` leaves a class without a training example");
            let label =
                format!("{left} of {train} are left for training, but there are {classes} classes");
            self.report(key, &title, label, Some(format!("at most {}", train - classes)));
        }
    }

    /// The names of classes that do not occur in the first training examples of the user's own data.
    fn missing_among_first(&self, train: usize) -> Option<String> {
        self.with_count_among_first(train, 0)
    }

    /// The names of classes that occur once in the first training examples of the user's own data.
    fn with_one_of_first(&self, train: usize) -> Option<String> {
        self.with_count_among_first(train, 1)
    }

    fn with_count_among_first(&self, train: usize, wanted: usize) -> Option<String> {
        let dataset = &self.trial.dataset.source.own()?.dataset;
        let labels = dataset.train.labels.get(..train)?;
        let mut counts = vec![0; dataset.class_names.len()];
        labels.iter().for_each(|label| counts[usize::from(*label)] += 1);
        let found: Vec<usize> = (0..counts.len()).filter(|c| counts[*c] == wanted).collect();
        (!found.is_empty()).then(|| named_classes(&found, &dataset.class_names))
    }
}
