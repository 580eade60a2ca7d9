//! Checks that each group of parameters selects some, in one sense only, and that something is trained.

use super::Checker;
use crate::nn::{ParamPlace, param_places};
use crate::optim::{GroupConfig, UpdateRule};

impl Checker<'_> {
    /// Every group of parameters must name some that are in no group before it, and leave something to train.
    pub(super) fn parameter_groups(&self, is_of_run: bool) {
        let Some(modules) = self.modules() else { return };
        let all = param_places(&modules);
        // A run may be of a time when groups of what its layers keep were not refused.
        let is_free = |place: &&ParamPlace| is_of_run || !place.is_fixed;
        let places: Vec<ParamPlace> = all.iter().filter(is_free).cloned().collect();
        let names = self.trial.network.layer_names();
        let optimizer = &self.trial.optimizer;
        let by_path = optimizer.clone().normalized(&names).groups; // as it is trained
        let mut left = places.clone();
        for (i, (group, by_path)) in optimizer.groups.iter().zip(&by_path).enumerate() {
            let key = format!("optimizer.groups.{i}.parameters");
            let is_ambiguous = |group: &GroupConfig| group.is_ambiguous(&names, &all);
            if is_ambiguous(group) || is_ambiguous(by_path) {
                let title =
                    format!("`parameters = {:?}` may mean several things", group.parameters);
                let label = "it is a layer's name, and stands for other parameters too".to_owned();
                let help = "give the layer another name, in `network.layers` and here".to_owned();
                self.report(&key, &title, label, Some(help));
                continue;
            }
            let before = left.len();
            left.retain(|place| !by_path.selects(place));
            if left.len() == before {
                let label = if places.iter().any(|place| by_path.selects(place)) {
                    "earlier groups have all of these"
                } else if all.iter().any(|place| by_path.selects(place)) {
                    "its layers do not train these: `scale` or `shift` of `batch_norm` is `false`"
                } else if by_path != group {
                    "the layer of this name has no parameters"
                } else {
                    "no parameter is called so"
                };
                let help = "`all`, `weights`, `biases`, `norms`, `first`, `head`, a kind of layer, or a \
                            layer's name, with `.weight` or `.bias` behind it if need be";
                let title = "a group without parameters";
                self.report(&key, title, label.to_owned(), Some(help.to_owned()));
            }
        }
        if !is_of_run && !places.is_empty() {
            self.trained(&places, &by_path);
        }
    }

    /// What is trained at all is trained in the first epoch.
    fn trained(&self, places: &[ParamPlace], groups: &[GroupConfig]) {
        let is_trained = |place: &&ParamPlace| {
            let group = groups.iter().find(|group| group.selects(place));
            group.is_none_or(|group| group.is_trained_in(0))
        };
        let is_hidden = |place: &ParamPlace| {
            place.is_of_product && place.tensor == "weight" && !place.is_of_head
        };
        let mut trained = places.iter().filter(is_trained).peekable();
        if trained.peek().is_none() {
            let label = "no parameter is trained in any epoch".to_owned();
            let help =
                "leave a group without `trainable = false` or `trainable_epochs = 0`".to_owned();
            self.report("optimizer.groups", "nothing is trained", label, Some(help));
        } else if matches!(self.trial.optimizer.rule, UpdateRule::Muon(_))
            && !trained.any(is_hidden)
        {
            let title = "`muon` has no hidden weight to train";
            let label = "it is for the weights of all layers but the last; here everything takes steps of \
                         `nesterov`, and `learning_rate` has no effect";
            let help =
                "add a hidden layer, or use `nesterov` with `others_learning_rate` as its rate";
            self.report("optimizer.kind", title, label.to_owned(), Some(help.to_owned()));
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::experiment::{Experiment, MAX_TRIALS};

    const LAYERS: &str = r#"
        { kind = "flatten" },
        { kind = "linear", units = 8, name = "hidden" },
        { kind = "relu", name = "bend" },
        { kind = "residual", name = "block", layers = [{ kind = "linear", units = 8, name = "stem" }] },
        { kind = "linear", name = "last" },
    "#;

    /// The groups of the only trial, or what is wrong.
    fn groups(layers: &str, groups: &str) -> Result<Vec<String>, String> {
        let text = format!(
            "dataset = {{ kind = 'synthetic' }}\ntraining = {{ epochs = 1 }}\n\
             network = {{ kind = 'layers', layers = [{layers}] }}\n\
             optimizer = {{ kind = 'sgd', groups = [{groups}] }}"
        );
        let path = std::path::Path::new("test.toml");
        let experiment = Experiment::from_bytes(path, text.as_bytes(), &[], MAX_TRIALS, false);
        let trial = experiment.map_err(|error| error.to_string())?.trials.remove(0);
        Ok(trial.optimizer.groups.into_iter().map(|group| group.parameters).collect())
    }

    #[test]
    fn a_layer_is_named_wherever_it_is() {
        let cases = [
            ("hidden", "layers.1"),
            ("hidden.bias", "layers.1.bias"),
            ("stem.weight", "layers.3.layers.0.weight"),
            ("block", "layers.3"),
        ];
        for (name, path) in cases {
            let group = format!("{{ parameters = '{name}', trainable = false }}");
            assert_eq!(groups(LAYERS, &group).unwrap(), [path]);
        }
    }

    #[test]
    fn a_group_that_selects_nothing_says_why() {
        let problem = |list: &str| groups(LAYERS, list).unwrap_err();
        let of_relu = problem("{ parameters = 'bend' }");
        assert!(of_relu.contains("the layer of this name has no parameters"), "{of_relu}");
        let unknown = problem("{ parameters = 'norms' }");
        assert!(unknown.contains("no parameter is called so"), "{unknown}");
        let taken = problem("{ parameters = 'block' }, { parameters = 'stem.bias' }");
        assert!(taken.contains("earlier groups have all of these"), "{taken}");
    }

    #[test]
    fn something_must_be_trained_at_some_time() {
        for group in ["trainable = false", "trainable_epochs = 0"] {
            let error = groups(LAYERS, &format!("{{ parameters = 'all', {group} }}")).unwrap_err();
            assert!(error.contains("nothing is trained"), "{error}");
        }
        let weights = "{ parameters = 'weights', trainable = false }";
        assert!(groups(LAYERS, weights).is_ok(), "the biases are");
        let later = "{ parameters = 'all', trainable_epochs = 1 }";
        assert!(groups(LAYERS, later).is_ok());
    }

    #[test]
    fn muon_needs_a_hidden_weight() {
        let of_muon = |layers: &str, groups: &str| {
            let text = format!(
                "dataset = {{ kind = 'synthetic' }}\ntraining = {{ epochs = 1 }}\n\
                 network = {{ kind = 'layers', layers = [{layers}] }}\n\
                 optimizer = {{ kind = 'muon', groups = [{groups}] }}"
            );
            let path = std::path::Path::new("test.toml");
            let read = Experiment::from_bytes(path, text.as_bytes(), &[], MAX_TRIALS, false);
            read.map_or_else(|error| error.to_string(), |_| String::new())
        };
        let single = of_muon("{ kind = 'flatten' }, { kind = 'linear' }", "");
        assert!(single.contains("`muon` has no hidden weight to train"), "{single}");
        assert!(single.contains("use `nesterov`"), "{single}");
        assert_eq!(of_muon(LAYERS, ""), "");
        let frozen = ["hidden", "stem"]
            .map(|name| format!("{{ parameters = '{name}.weight', trainable = false }}"));
        assert!(of_muon(LAYERS, &frozen.join(", ")).contains("`muon` has no hidden weight"));
        assert_eq!(of_muon(LAYERS, &frozen[0]), "");
    }

    #[test]
    fn what_layers_keep_is_not_what_a_group_trains() {
        let kept = "{ kind = 'flatten' }, { kind = 'linear', units = 4 }, \
                    { kind = 'batch_norm', scale = false, shift = false }, { kind = 'linear', name = 'last' }";
        let factor = "{ parameters = 'norms.weight', learning_rate_factor = 64.0 }";
        let error = groups(kept, factor).unwrap_err();
        assert!(error.contains("`scale` or `shift` of `batch_norm` is `false`"), "{error}");
        assert!(groups(&kept.replace("scale = false", "scale = true"), factor).is_ok());
        let error = groups(kept, "{ parameters = 'linear', trainable = false }").unwrap_err();
        assert!(error.contains("nothing is trained"), "{error}");
    }

    #[test]
    fn a_name_that_is_also_another_word_is_refused_only_in_a_group() {
        let called = |name: &str| LAYERS.replace("\"hidden\"", &format!("{name:?}"));
        for name in ["head", "linear", "weights"] {
            let error = groups(&called(name), &format!("{{ parameters = '{name}' }}")).unwrap_err();
            assert!(error.contains("may mean several things"), "{error}");
            assert!(error.contains("give the layer another name"), "{error}");
            assert_eq!(groups(&called(name), "{ parameters = 'last' }").unwrap(), ["layers.4"]);
        }
        for meant in ["layers.4", "last"] {
            let group = format!("{{ parameters = '{meant}' }}");
            assert!(groups(&called("layers.4"), &group).is_err(), "trial.toml could not be read");
        }
    }
}
