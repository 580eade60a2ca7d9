//! Groups of parameters with a learning rate or weight decay of their own, or that are not trained; as
//! PyTorch's parameter groups and `requires_grad`.

use super::optimizer::{Optimizer, Step};
use crate::config::keys::{WhenAbsent, config, flag, number, text, whole};
use crate::config::{Range, TableReader};
use crate::kernel::{Effort, Matrix, Rows, Slices};
use crate::nn::{Learning, Network, ParamPlace, Update};

config! {
    /// One group of parameters.
    pub struct GroupConfig {
        /// Which: `all`, `weights` and `biases` (of linear layers and convolutions), `norms`, the `first`
        /// or the last (`head`) layer with weights, a kind of layer, or the name of a layer; `.weight` or
        /// `.bias` behind it means these tensors only.
        pub parameters: String = text().required("\"batch_norm.bias\""),
        /// Times `optimizer.learning_rate`.
        pub learning_rate_factor: f64 = number(Range::POSITIVE).or(1.0),
        /// Their weight decay, whatever `weight_decay_on` says; absent: as for the others.
        pub weight_decay: Option<f64> = number(Range::NOT_NEGATIVE).optional(),
        /// Whether they are trained at all.
        pub trainable: bool = flag().or(true),
        /// They are trained in so many first epochs only.
        pub trainable_epochs: Option<u64> = whole(0).optional(),
    }
    then GroupConfig::checked
}

impl GroupConfig {
    fn checked(self, table: &mut TableReader<'_>) -> GroupConfig {
        if !self.trainable && self.trainable_epochs.is_some() {
            let title = "a group has both `trainable = false` and `trainable_epochs`".to_owned();
            table.error("trainable_epochs", title, "remove one of the two".to_owned(), None);
        }
        self
    }

    /// Whether a parameter belongs to it, if to no group before it.
    pub fn selects(&self, place: &ParamPlace) -> bool {
        let which = self.parameters.as_str();
        let of_tensor = ["weight", "bias"].into_iter().find_map(|tensor| {
            let layers = which.strip_suffix(tensor)?.strip_suffix('.')?;
            Some((layers, tensor))
        });
        match of_tensor {
            Some((layers, tensor)) => place.tensor == tensor && is_of(layers, place),
            None => is_of(which, place),
        }
    }

    /// Whether it is trained in the epoch numbered `epoch`, from 0.
    pub fn is_trained_in(&self, epoch: u64) -> bool {
        self.trainable && self.trainable_epochs.is_none_or(|epochs| epoch < epochs)
    }

    /// What it says with the paths of layers instead of their names: once for each layer that it may mean
    /// among `names`, which have their paths beside them.
    pub fn by_path(&self, names: &[(String, String)]) -> Vec<GroupConfig> {
        let with_path = |(name, path): &(String, String)| {
            let rest = self.parameters.strip_prefix(name.as_str())?;
            let is_it = ["", ".weight", ".bias"].contains(&rest);
            let parameters = format!("layers.{path}{rest}");
            is_it.then(|| GroupConfig { parameters, ..self.clone() })
        };
        names.iter().filter_map(with_path).collect()
    }

    /// Whether what it says means several things that select different parameters among `places`: a layer and
    /// also a word or a kind of layer, or two layers. A word or kind that selects none is no such thing.
    pub fn is_ambiguous(&self, names: &[(String, String)], places: &[ParamPlace]) -> bool {
        let selected = |group: &GroupConfig| -> Vec<bool> {
            places.iter().map(|place| group.selects(place)).collect()
        };
        let as_word = selected(self);
        let mut meanings: Vec<_> = self.by_path(names).iter().map(selected).collect();
        meanings.extend(as_word.contains(&true).then_some(as_word));
        meanings.windows(2).any(|two| two[0] != two[1])
    }
}

fn is_of(layers: &str, place: &ParamPlace) -> bool {
    match layers {
        "all" => true,
        "weights" => place.is_of_product && place.tensor == "weight",
        "biases" => place.is_of_product && place.tensor == "bias",
        "norms" => place.is_of_norm,
        "first" => place.is_of_first,
        "head" => place.is_of_head,
        _ => {
            let path = layers.strip_prefix("layers.");
            layers == place.kind || path.is_some_and(|path| is_within(path, &place.path))
        }
    }
}

/// Whether a layer at `path` is the one at `outer` or within it.
fn is_within(outer: &str, path: &str) -> bool {
    path.strip_prefix(outer).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

/// The group of each parameter, and which groups are trained when.
#[derive(Debug, Clone)]
pub struct Grouping {
    groups: Vec<GroupConfig>,
    decays_all: bool,
    of_params: Vec<Option<usize>>, // in PyTorch's order
    of_head: Vec<bool>,            // in the same order
}

impl Grouping {
    pub(super) fn new(groups: &[GroupConfig], decays_all: bool, places: &[ParamPlace]) -> Grouping {
        let group_of = |place| groups.iter().position(|group| group.selects(place));
        let of_params = places.iter().map(group_of).collect();
        let of_head = places.iter().map(|place| place.is_of_head).collect();
        Grouping { groups: groups.to_vec(), decays_all, of_params, of_head }
    }

    /// Says to each parameter of `network` how it learns in the epoch numbered `epoch`, from 0.
    pub fn begin_epoch(&self, network: &mut Network, epoch: u64) {
        network.visit_params(&mut |position, param| {
            let number = self.of_params[position];
            let group = number.map(|number| &self.groups[number]);
            let has_own_decay = group.is_some_and(|group| group.weight_decay.is_some());
            param.learning = Learning {
                decays: self.decays_all || has_own_decay || param.is_weight,
                group: number,
                is_hidden: param.is_weight && !self.of_head[position],
                panels: param.learning.panels,
                is_trained: !param.is_fixed && group.is_none_or(|group| group.is_trained_in(epoch)),
            };
        });
    }
}

/// The update rule of one group.
pub(super) struct GroupRule {
    pub(super) rule: Box<dyn Optimizer>,
    pub(super) learning_rate_factor: f64,
}

/// An update rule for the parameters of each group, and one for the rest.
pub(super) struct GroupedRules {
    rest: Box<dyn Optimizer>,
    groups: Vec<GroupRule>,
}

impl GroupedRules {
    pub(super) fn new(rest: Box<dyn Optimizer>, groups: Vec<GroupRule>) -> GroupedRules {
        GroupedRules { rest, groups }
    }

    fn of(&self, learning: Learning) -> &dyn Optimizer {
        learning.group.map_or(&*self.rest, |number| &*self.groups[number].rule)
    }
}

impl Update for GroupedRules {
    fn update(&self, slices: Slices<'_>, grad: &[f32], learning: Learning) {
        self.of(learning).update(slices, grad, learning);
    }

    fn update_by_product(
        &self,
        input: Rows<'_>,
        grad_output: Matrix<'_>,
        slices: Slices<'_>,
        learning: Learning,
        effort: Effort,
    ) {
        self.of(learning).update_by_product(input, grad_output, slices, learning, effort);
    }
}

impl Optimizer for GroupedRules {
    fn state_names(&self) -> &'static [&'static str] {
        self.rest.state_names()
    }

    fn begin_step(&mut self, step: Step) {
        self.rest.begin_step(step);
        for GroupRule { rule, learning_rate_factor } in &mut self.groups {
            let learning_rate = step.learning_rate * *learning_rate_factor;
            rule.begin_step(Step { learning_rate, ..step });
        }
    }
}

#[cfg(test)]
mod tests;
