//! Checks that what a trial takes from other runs suits its data and its network.

use std::path::Path;

use crate::experiment::check::Checker;
use crate::experiment::read_network;
use crate::nn::Module;
use crate::runs::other_run::OtherRun;
use crate::train::{Heads, StartFromConfig, TensorError, fits, head_of};

/// What is wrong with another run: title, label and help.
type Misfit = (String, String, Option<String>);

impl Checker<'_> {
    /// Other runs must not have been trained on what this trial holds out, and must have the classes, columns and
    /// weights that it takes from them. A run that cannot be read was reported with its table; one with another
    /// SHA-256 than the file says is reported when the trial is trained.
    pub(super) fn other_runs(&self) {
        let training = &self.trial.training;
        let read = |run: &str, sha256: Option<&str>| {
            let other = OtherRun::read(Path::new(run)).ok();
            other.filter(|other| sha256.is_none_or(|sha256| sha256 == other.sha256))
        };
        if let Some(start) = &training.start_from
            && let Some(other) = read(&start.run, start.sha256.as_deref())
        {
            let key = "training.start_from.run";
            self.same_division(key, &other);
            self.report_other(key, self.start(start, &other));
        }
        if let Some(distill) = &training.distill_from
            && let Some(other) = read(&distill.run, distill.sha256.as_deref())
        {
            let key = "training.distill_from.run";
            self.same_division(key, &other);
            self.same_scaling(key, &other);
            self.report_other(key, self.teacher(&other));
        }
    }

    fn report_other(&self, key: &str, found: Result<(), Misfit>) {
        if let Err((title, label, help)) = found {
            self.report(key, &format!("`{key}` {title}"), label, help);
        }
    }

    fn same_division(&self, key: &str, other: &OtherRun) {
        if other.divides_otherwise(&self.trial.to_json()["dataset"]) {
            let title = format!("`{key}` may have been trained on held-out examples of this trial");
            let label = "its `[dataset]` divides the same data otherwise".to_owned();
            let help = "train it with the same `[dataset]`, as its trial.toml has it".to_owned();
            self.report(key, &title, label, Some(help));
        }
    }

    fn same_scaling(&self, key: &str, other: &OtherRun) {
        let own = &self.trial.to_json()["dataset"];
        let scaling =
            |table: &serde_json::Value| table["scaling"].as_str().unwrap_or("").to_owned();
        if scaling(&other.dataset) != scaling(own) {
            let title = "the teacher was trained on pixels that are scaled otherwise";
            let (theirs, ours) = (scaling(&other.dataset), scaling(own));
            let label = format!("it has `dataset.scaling = {theirs:?}`, this trial {ours:?}");
            self.report(key, title, label, None);
        }
    }

    /// The modules of this trial; none if they do not fit, which is reported with the network.
    pub(super) fn modules(&self) -> Option<Vec<Module>> {
        let facts = self.trial.dataset.source.facts();
        self.trial.network.modules(facts.shape.into(), facts.classes).ok()
    }

    fn start(&self, start: &StartFromConfig, other: &OtherRun) -> Result<(), Misfit> {
        self.same_features(other)?;
        let Some(modules) = self.modules() else { return Ok(()) };
        let anew = "`new_head = true` begins the last layer anew, for other classes".to_owned();
        if !start.new_head {
            self.same_classes(other, anew.clone())?;
        }
        let their_head = || {
            let network = read_network(&other.trial).ok()?;
            head_of(&network.modules(other.input.into(), other.class_names.len()).ok()?)
        };
        let own = head_of(&modules);
        let (own_head, other_head) = match start.new_head {
            true => (own.clone(), their_head()),
            false => (None, None),
        };
        let heads = Heads { own: own_head.as_deref(), other: other_head.as_deref() };
        fits(&modules, &other.model, heads).map_err(|error| {
            let is_of_head = own.as_deref().is_some_and(|head| error.is_of(head));
            let help = match is_of_head && !start.new_head {
                true => anew,
                false => "state its `[network]`, as its trial.toml has it".to_owned(),
            };
            ("has another network than this trial".to_owned(), error.to_string(), Some(help))
        })
    }

    fn teacher(&self, other: &OtherRun) -> Result<(), Misfit> {
        self.same_features(other)?;
        let help = "choose a teacher that was trained on these classes, in this order";
        self.same_classes(other, help.to_owned())?;
        let title = |what: &str| format!("has a network that does not fit {what}");
        let network =
            read_network(&other.trial).map_err(|error| (title("its file"), error.chain(), None))?;
        let facts = self.trial.dataset.source.facts();
        let modules = network.modules(facts.shape.into(), facts.classes).map_err(|misfit| {
            let label = format!("{}: its network.{} {}", misfit.title, misfit.key, misfit.label);
            (title("this trial's examples"), label, None)
        })?;
        fits(&modules, &other.model, Heads::default()).map_err(|error: TensorError| {
            let help = "choose a teacher that was trained on examples of this size".to_owned();
            (title("this trial's examples"), error.to_string(), Some(help))
        })
    }

    /// The names of published classes are known only with the data: then training says so.
    fn same_classes(&self, other: &OtherRun, help: String) -> Result<(), Misfit> {
        let source = &self.trial.dataset.source;
        let (theirs, own) = (other.class_names.len(), source.facts().classes);
        let label = match source.own() {
            Some(data) => other.other_classes(&data.dataset.class_names),
            None if theirs == own => None,
            None => Some(format!("it has {theirs} classes, this trial {own}")),
        };
        label.map_or(Ok(()), |label| Err(("has other classes".to_owned(), label, Some(help))))
    }

    fn same_features(&self, other: &OtherRun) -> Result<(), Misfit> {
        let source = &self.trial.dataset.source;
        let [_, height, width] = source.facts().shape;
        // Tables of pixels call them one way or the other.
        let own = source.as_kind().own().filter(|_| (height, width) == (1, 1));
        let label = own.and_then(|own| other.other_features(own.features));
        let help = "state the same `dataset.features`, in the same order".to_owned();
        let title = "learned from other columns".to_owned();
        label.map_or(Ok(()), |label| Err((title, label, Some(help))))
    }
}
