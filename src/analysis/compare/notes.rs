//! The lines under a comparison: the ranking figure, what was left out, what the seeds cannot tell
//! apart.

use std::collections::BTreeSet;

use crate::analysis::comparability::Incomparable;
use crate::analysis::compare::configs::{Config, Configs};
use crate::few::{Between, FEW_LINES, few_lines, first_few};
use crate::runs::figures::Figure;
use crate::runs::record::{RunRecord, RunState};
use crate::runs::trial_tables::ReplicateName;
use crate::stats::Spread;

/// Units of the table as people see it.
pub(super) fn legend(configs: &Configs, spread: Spread) -> String {
    let any_sealed = configs.list.iter().any(Config::is_sealed);
    let any_open = configs.list.iter().any(|config| config.over(Figure::TestAccuracy).is_some());
    let units = match (any_sealed, any_open) {
        (true, true) => {
            "accuracies in %, gap (train - test), gap to val (train - val) and fall (best test - test) \
             in points"
        }
        (true, false) => "accuracies in %, gap to val (train - val) in points",
        (false, _) => "accuracies in %, gap (train - test) and fall (best test - test) in points",
    };
    let has_spread = configs.list.iter().any(|c| c.finished > 1);
    let over = match configs.list.iter().any(|config| config.folds().is_some()) {
        true => "the folds of n runs",
        false => "n seeds",
    };
    let plus_minus = match spread {
        _ if !has_spread => String::new(),
        Spread::Interval => format!(", ± 95 % interval of the mean over {over}"),
        Spread::Std => format!(", ± standard deviation over {over}"),
    };
    let agree =
        if configs.list.iter().any(agrees_somewhere) { ", no ± where they agree" } else { "" };
    format!("{units}{plus_minus}{agree}")
}

/// Whether the seeds of a config agree in a figure of the table.
fn agrees_somewhere(config: &Config) -> bool {
    use Figure::{Fall, Gap, TestAccuracy, TrainAccuracy, ValAccuracy, ValGap};
    let figures = [TrainAccuracy, ValAccuracy, TestAccuracy, Gap, ValGap, Fall];
    let summaries = figures.iter().map(|figure| config.over(*figure)).chain([config.best_test()]);
    summaries.flatten().any(|summary| summary.agrees())
}

/// All notes. The configs are in the order of the table; `sorted_by` names the column that the
/// user chose instead of `ranked_by`.
pub(super) fn lines(configs: &Configs, ranked_by: Figure, sorted_by: Option<&str>) -> Vec<String> {
    let finished = configs.list.iter().filter(|c| c.finished > 0).count();
    let mut lines = Vec::new();
    if finished > 1 {
        lines.push(order(configs, ranked_by, sorted_by));
    }
    lines.extend(stopped_early(&configs.list));
    lines.extend(not_averaged(&configs.list));
    lines.extend(weights(&configs.list));
    lines.extend(test_reads(&configs.list));
    lines.extend(folds(&configs.list));
    lines.extend(capped(left_out(&configs.list)));
    lines.extend(capped(missing_seeds(&configs.list)));
    lines.extend(capped(missing_classes(&configs.list)));
    lines
}

/// How the rows are ordered, and whether that is a ranking.
pub(super) fn order(configs: &Configs, ranked_by: Figure, sorted_by: Option<&str>) -> String {
    let Some(Incomparable { why, .. }) = configs.problem(ranked_by) else {
        return ranking(ranked_by, sorted_by);
    };
    let accuracy = || ranked_by.kind().words.to_owned();
    format!("sorted by {}, but {why}", sorted_by.map_or_else(accuracy, str::to_owned))
}

fn ranking(ranked_by: Figure, sorted_by: Option<&str>) -> String {
    let seen = "the choice itself has seen the test set";
    let ranks_on_test = sorted_by.is_some_and(|name| {
        matches!(name, "test" | "test_accuracy") || name.starts_with("best_test")
    });
    match (sorted_by, ranked_by == Figure::ValAccuracy) {
        (None, true) => "ranked by validation accuracy".to_owned(),
        (None, false) => format!("ranked by test accuracy: {seen}"),
        (Some(name), true) if ranks_on_test => {
            format!("ranked by {name}: {seen}; the best is named by validation accuracy")
        }
        (Some(name), true) => {
            format!("sorted by {name}; the best is named by validation accuracy")
        }
        (Some(name), false) => {
            format!("sorted by {name}; the best is named by test accuracy: {seen}")
        }
    }
}

/// Runs that early stopping ended: their last epochs are not those of the others.
fn stopped_early(configs: &[Config]) -> Option<String> {
    let runs = configs.iter().flat_map(|config| &config.runs);
    let finished: Vec<_> = runs.filter(|run| run.state == RunState::Finished).collect();
    let stopped = finished.iter().filter_map(|run| Some((run, run.stopped_early?.epoch)));
    let are_last = stopped.clone().all(|(run, end)| run.last.is_some_and(|last| last.epoch == end));
    let epochs: Vec<u64> = stopped.map(|(_, epoch)| epoch).collect();
    let (least, most) = (epochs.iter().min()?, epochs.iter().max()?);
    let after = match least == most {
        true => format!("epoch {least}"),
        false => format!("{least} to {most} epochs"),
    };
    let of = format!("{} of {}", epochs.len(), finished.len());
    let of_which = if are_last { "; figures are of the last epoch trained" } else { "" };
    Some(format!("early stopping ended {of} runs after {after}{of_which}"))
}

/// Runs that early stopping ended before `training.swa` began.
fn not_averaged(configs: &[Config]) -> Option<String> {
    let runs = configs.iter().flat_map(|config| &config.runs);
    let start = |run: &RunRecord| run.trial.pointer("/training/swa/start_epoch")?.as_u64();
    let with_swa: Vec<(u64, &RunRecord)> = runs
        .filter(|run| run.state == RunState::Finished)
        .filter_map(|run| Some((start(run)?, &**run)))
        .collect();
    let is_over_before = |(start, run): &&(u64, &RunRecord)| {
        run.stopped_early.is_some_and(|stopped| stopped.epoch <= *start)
    };
    let (count, of) = (with_swa.iter().filter(is_over_before).count(), with_swa.len());
    (count > 0).then(|| {
        format!(
            "early stopping ended {count} of {of} runs with swa before its first average: their weights are \
             those without it"
        )
    })
}

/// Which weights the figures are of, if that could be misread: averages, or not those that the run
/// keeps as its model.
pub(super) fn weights(configs: &[Config]) -> Vec<String> {
    let runs = configs.iter().flat_map(|config| &config.runs);
    let finished: Vec<_> = runs.filter(|run| run.state == RunState::Finished).collect();
    let all = finished.len();
    let count = |is: &dyn Fn(&RunRecord) -> bool| finished.iter().filter(|run| is(run)).count();
    let is_elsewhere = |run: &RunRecord| match (run.model_epoch, run.last) {
        (Some(epoch), Some(last)) => epoch != last.epoch,
        _ => false,
    };
    let mut lines = Vec::new();
    match count(&is_elsewhere) {
        0 => (),
        some => lines.push(format!(
            "restore_best kept the weights of another epoch in {some} of {all} runs: these figures \
             are not those of model.safetensors; `--epoch model` shows those"
        )),
    }
    match count(&RunRecord::has_averages) {
        0 => (),
        some if some == all => {
            lines.push("figures are of averages of the weights (ema_decay)".to_owned())
        }
        some => lines.push(format!(
            "figures of {some} of {all} runs are of averages of the weights (ema_decay)"
        )),
    }
    lines
}

/// How often the test set was read for the finished runs: at every evaluated epoch, or each time a
/// sealed set was unsealed.
pub(super) fn test_reads(configs: &[Config]) -> Vec<String> {
    let runs = || configs.iter().flat_map(|config| &config.runs);
    let finished = |sealed: bool| {
        runs().filter(move |run| run.state == RunState::Finished && run.is_sealed() == sealed)
    };
    let reads = |sealed| finished(sealed).map(|run| run.test_read_count()).sum::<u64>();
    let mut lines = Vec::new();
    if let count @ 1.. = finished(false).count() {
        let what = if count == 1 { "this run" } else { "these runs" };
        lines.push(format!("test set read {} times in training {what}", reads(false)));
    }
    if let count @ 1.. = finished(true).count() {
        let who = if count == 1 { "this run".to_owned() } else { format!("these {count} runs") };
        lines.push(match reads(true) {
            0 => format!("test set sealed: never read by {who}"),
            1 => format!("test set sealed: read once by {who}"),
            reads => format!("test set sealed: read {reads} times by {who}"),
        });
    }
    lines
}

/// Runs that no mean includes.
pub(super) fn left_out(configs: &[Config]) -> Vec<String> {
    let incomplete = configs.iter().filter(|c| c.unfinished() > 0);
    incomplete
        .map(|config| {
            let count_of = |state| config.states.iter().filter(|s| **s == state).count();
            let (failed, diverged) = (count_of(RunState::Failed), count_of(RunState::Diverged));
            let waiting = config.unfinished() - failed - diverged;
            let is = if waiting == 1 { "is" } else { "are" };
            let parts = [
                (waiting, format!("{is} not finished")),
                (failed, "failed".to_owned()),
                (diverged, "diverged".to_owned()),
            ];
            let parts = parts.into_iter().filter(|(count, _)| *count > 0);
            left_out_line(config, &parts.collect::<Vec<_>>())
        })
        .collect()
}

fn left_out_line(config: &Config, parts: &[(usize, String)]) -> String {
    let (total, label) = (config.states.len(), &config.label);
    let (first, what) = &parts[0];
    let mut line = match total {
        1 => format!("the run of {label} {what}"),
        _ => format!("{first} of {total} runs of {label} {what}"),
    };
    for (count, what) in &parts[1..] {
        line.push_str(&format!(", {count} {what}"));
    }
    // The remaining ones may be the lucky ones.
    let flatters = total > config.unfinished() && config.states.contains(&RunState::Diverged);
    line + if flatters { ": left out, which may flatter its mean" } else { ": left out" }
}

/// What folds have in common, and what is done about it.
fn folds(configs: &[Config]) -> Vec<String> {
    let of = |config: &Config| config.folds().map(|[_, of]| of);
    let Some(parts) = configs.iter().find_map(of) else { return Vec::new() };
    let mut lines = vec![format!(
        "folds share training examples, so their spread is too small: for J folds, the variance of a mean is taken \
         to be 1/J + 1/{} of that of a fold instead of 1/J (Nadeau & Bengio, 2003); seeds of a fold are averaged \
         first; figures of the test set hold for these training examples",
        parts - 1
    )];
    let single =
        configs.iter().filter(|config| config.folds().is_some_and(|[there, _]| there == 1));
    let labels: Vec<&str> = single.map(|config| &*config.label).collect();
    if let Some(few) = first_few(&labels, FEW_LINES, Between::Semicolons) {
        lines.push(format!("one fold shows no spread, whatever its seeds: {few}"));
    }
    lines
}

/// Configs without a run for a seed, or a fold, that others have: their means are over different ones.
fn missing_seeds(configs: &[Config]) -> Vec<String> {
    // The baseline may have more of them, so that changes are shown sooner.
    let is_judged = configs.iter().any(|config| config.change.is_some());
    let counts = |config: &&Config| !(is_judged && config.is_baseline);
    let counted = configs.iter().filter(counts);
    let all: BTreeSet<ReplicateName> = counted.flat_map(|c| c.replicates.iter().copied()).collect();
    let lacking = configs.iter().filter(|c| !all.is_subset(&c.replicates));
    lacking
        .map(|config| {
            let missing: Vec<&ReplicateName> = all.difference(&config.replicates).collect();
            if missing.iter().any(|which| which.fold.is_some()) {
                let missing: Vec<String> = missing.iter().map(|which| which.to_string()).collect();
                let few = first_few(&missing, FEW_LINES, Between::Semicolons).unwrap_or_default();
                return format!("{} has no run with {few}, unlike others", config.label);
            }
            let noun = if missing.len() == 1 { "seed" } else { "seeds" };
            let shown = missing.iter().take(FEW_LINES).map(|which| which.seed.to_string());
            let shown = shown.collect::<Vec<_>>().join(", ");
            let dots = if missing.len() > FEW_LINES { ", ..." } else { "" };
            format!("{} has no run with {noun} {shown}{dots}, unlike others", config.label)
        })
        .collect()
}

/// Splits that lack classes, so their figures do not describe all classes. Reported once if it is
/// the same for all configs.
pub(super) fn missing_classes(configs: &[Config]) -> Vec<String> {
    let of = |config: &Config| {
        let lines = config.runs.iter().flat_map(|run| run.missing_classes());
        lines.collect::<BTreeSet<String>>()
    };
    let all: Vec<BTreeSet<String>> = configs.iter().map(of).collect();
    match all.first() {
        Some(first) if all.iter().all(|lines| lines == first) => first.iter().cloned().collect(),
        _ => {
            let of_each = configs.iter().zip(&all).flat_map(|(config, lines)| {
                lines.iter().map(|line| format!("{}: {line}", config.label))
            });
            of_each.collect()
        }
    }
}

pub(crate) fn capped(lines: Vec<String>) -> Vec<String> {
    few_lines(lines, |more| format!("and {more} more configs likewise"))
}
