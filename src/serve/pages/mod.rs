//! The answers that are read from the runs: each a function of what is served.

pub(super) mod files;
pub(super) mod note;
pub(super) mod run;
pub(super) mod study;

use std::sync::atomic::Ordering;

use bytes::Bytes;
use serde::Serialize;

use crate::analysis::rungs::{HalvedRuns, Rungs};
use crate::error::{Error, Result};
use crate::output::html::{MOST_WITH_CURVES, ReportSource, curves_json, page_json, report_html};
use crate::runs::read::{read_record, read_rows};
use crate::runs::timing::seconds_by_epoch;
use crate::serve::answer::{Answer, HTML, JSON, answer, as_attachment, json};
use crate::serve::body::AnswerBody;
use crate::serve::overview::ExperimentEntry;
use crate::serve::route::Choice;
use crate::serve::served::{Chosen, Served, no_run};
use crate::serve::source::ServedHalving;

/// Experiments and studies.
pub(super) fn overview(served: &Served) -> Result<Answer> {
    #[derive(Serialize)]
    struct Overview<'a> {
        version: u64,
        experiments: Vec<&'a ExperimentEntry>,
        studies: Vec<study::StudyEntry>,
    }
    let version = served.events.version();
    let studies = study::entries(served);
    let overview = served.overview();
    let mut experiments: Vec<&ExperimentEntry> = overview.values().collect();
    experiments.sort_by(|a, b| (b.live, &b.updated).cmp(&(a.live, &a.updated)));
    text_of(&Overview { version, experiments, studies }).map(json)
}

/// The data of the page.
pub(super) fn data(served: &Served, choice: &Choice) -> Result<Answer> {
    let mut chosen = served.chosen(choice)?;
    match chosen.records.len() <= MOST_WITH_CURVES {
        true => chosen = chosen.with_files(),
        false => served.has_freed.store(true, Ordering::Relaxed), // once it is sent
    }
    let rungs = rungs(served, choice, &mut chosen);
    let pieces = page_json(&source(&chosen, choice, &rungs, true), chosen.version)?;
    let pieces = pieces.take().map(Bytes::from).collect();
    Ok(answer(hyper::StatusCode::OK, JSON, AnswerBody::List(pieces)))
}

/// The page as a file.
pub(super) fn report(served: &Served, choice: &Choice) -> Result<Answer> {
    let mut chosen = served.chosen(choice)?.with_files();
    let rungs = rungs(served, choice, &mut chosen);
    let html = report_html(&source(&chosen, choice, &rungs, false))?;
    let page = answer(hyper::StatusCode::OK, HTML, AnswerBody::of(html));
    let name = choice.experiment.as_deref().unwrap_or("report");
    Ok(as_attachment(page, &format!("{name}.html")))
}

/// The rungs of an experiment that halves, if its file is known; what keeps them waiting goes to the messages.
fn rungs(served: &Served, choice: &Choice, chosen: &mut Chosen) -> Vec<Rungs> {
    let file = choice.experiment.as_deref().and_then(|name| served.file_of(name));
    let Some(ServedHalving { halving, runs_dir }) = file.and_then(|file| file.halving.as_ref())
    else {
        return Vec::new();
    };
    let rungs = Rungs::of(&HalvedRuns { halving, runs_dir });
    chosen.messages.extend(rungs.problems.iter().cloned());
    vec![rungs]
}

/// As for `runner report`; `is_own`: for the eyes of the owner of the runs.
fn source<'a>(
    chosen: &'a Chosen,
    choice: &'a Choice,
    rungs: &'a [Rungs],
    is_own: bool,
) -> ReportSource<'a> {
    ReportSource {
        records: &chosen.records,
        folders: &chosen.folders,
        messages: &chosen.messages,
        title: choice.experiment.as_deref(),
        rungs,
        written: &chosen.written,
        with_machine: is_own,
    }
}

/// The curves of runs, by id.
pub(super) fn curves(served: &Served, ids: &[String]) -> Result<Answer> {
    let mut text = "{".to_owned();
    for id in ids {
        let folder = served.folder(id)?;
        let record = read_record(&folder)?.ok_or_else(|| no_run(id))?;
        let rows = read_rows(&record, &folder)?;
        let seconds = seconds_by_epoch(&folder);
        let curves = curves_json(&rows, &|epoch| seconds.get(&epoch).copied())?;
        let comma = if text.len() > 1 { "," } else { "" };
        text.push_str(&format!("{comma}\"{id}\":{curves}"));
    }
    text.push('}');
    Ok(json(text))
}

/// As JSON.
pub(super) fn text_of<T: Serialize>(value: &T) -> Result<String> {
    serde_json::to_string(value).map_err(|e| Error::Unexpected(format!("cannot write JSON: {e}")))
}
