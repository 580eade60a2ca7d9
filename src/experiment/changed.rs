//! A trial with a few changed settings: what a `[[variant]]` of its own file makes of it.

use std::path::Path;

use super::{Experiment, Trial};
use crate::error::{Error, Result};

impl Trial {
    /// The trial with these values (TOML) of dotted keys. As in a `[[variant]]`, a table whose `kind`
    /// changes is replaced.
    ///
    /// # Errors
    /// [`Error::Experiment`] if an experiment file could not say so, or if nothing changes.
    pub fn changed<'a>(
        &self,
        changes: impl IntoIterator<Item = (&'a str, &'a str)>,
    ) -> Result<Trial> {
        let mut text = format!("{}\n[[variant]]\n", self.to_toml());
        for (key, value) in changes {
            text.push_str(&format!("{key} = {value}\n"));
        }
        let read = Experiment::from_bytes(Path::new("trial.toml"), text.as_bytes(), &[], 2, false);
        match read?.trials.pop() {
            Some(trial) => Ok(trial),
            None => Err(Error::Unexpected("an experiment without trials".to_owned())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn trial() -> Trial {
        let text = "dataset.kind = 'synthetic'\ntraining.epochs = 2\noptimizer.kind = 'sgd'\n\
                    network = { kind = 'mlp', hidden_sizes = [3], dropout = 0.5 }";
        let read = Experiment::from_bytes(Path::new("a.toml"), text.as_bytes(), &[], 1, false);
        read.unwrap().trials.remove(0)
    }

    #[test]
    fn only_what_is_changed_changes() {
        let changes = [("network.dropout", "0.2"), ("augmentation.cutout.size", "8")];
        let changed = trial().changed(changes).unwrap();
        let mut expected = trial().to_json();
        expected["network"]["dropout"] = 0.2.into();
        expected["augmentation"]["cutout"]["size"] = 8.into();
        assert_eq!(changed.to_json(), expected);
        let convnet = trial().changed([("network.kind", "'simple_convnet'")]).unwrap();
        assert_eq!(convnet.to_json()["network"]["dropout"], 0.0);
    }

    #[test]
    fn what_a_file_could_not_say_and_what_changes_nothing_is_an_error() {
        for (key, value) in
            [("network.depth", "8"), ("network.dropout", "2"), ("network.dropout", "0.5")]
        {
            assert!(matches!(trial().changed([(key, value)]), Err(Error::Experiment(_))), "{key}");
        }
    }
}
