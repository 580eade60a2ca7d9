//! Trials that take something from another run: its weights to start from, or its answers to learn.

use std::path::Path;

use crate::config::keys::{WhenAbsent, config, flag, number, path, text};
use crate::config::{Range, TableReader};
use crate::runs::other_run::OtherRun;

config! {
    /// The table `start_from`: the weights of another run instead of random ones.
    pub struct StartFromConfig {
        /// The folder of the finished run.
        pub run: String = path().required("\"runs/6f1b0c2d9e8a\""),
        /// The SHA-256 of its network's table and its weights, which decides the run id; filled in.
        pub sha256: Option<String> = text().optional(),
        /// Whether the last layer starts anew, for other classes.
        pub new_head: bool = flag().or(false),
    }
    then StartFromConfig::checked
}

config! {
    /// The table `distill_from`: another run's answers as targets (Hinton et al., 2015,
    /// <https://arxiv.org/abs/1503.02531>).
    pub struct DistillConfig {
        /// The folder of the finished run: the teacher.
        pub run: String = path().required("\"runs/6f1b0c2d9e8a\""),
        /// The SHA-256 of its network's table and its weights, which decides the run id; filled in.
        pub sha256: Option<String> = text().optional(),
        /// Both networks' logits are divided by this before they are compared; above 1, small probabilities
        /// count more.
        pub temperature: f64 = number(Range::TEMPERATURE).or(4.0),
        /// Share of the teacher's answers in the loss, in [0, 1]; the rest is that of the classes.
        pub weight: f64 = number(Range::PROBABILITY).or(0.9),
    }
    then DistillConfig::checked
}

impl StartFromConfig {
    fn checked(mut self, table: &mut TableReader<'_>) -> StartFromConfig {
        fill_in(&self.run, &mut self.sha256, table);
        self
    }
}

impl DistillConfig {
    fn checked(mut self, table: &mut TableReader<'_>) -> DistillConfig {
        fill_in(&self.run, &mut self.sha256, table);
        self
    }
}

/// Fills in the hash of the run's content, unless it is there: then it is compared when the trial is trained.
fn fill_in(run: &str, sha256: &mut Option<String>, table: &TableReader<'_>) {
    if sha256.is_some() || table.has_errors() {
        return;
    }
    match OtherRun::read(Path::new(run)) {
        Ok(read) => *sha256 = Some(read.sha256),
        Err(error) => {
            let title = format!("`{}` names no finished run", table.name("run"));
            let help = "give the folder of a finished run: `runner list` shows them".to_owned();
            table.error("run", title, error.chain(), Some(help));
        }
    }
}
