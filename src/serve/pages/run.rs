//! One run in full, and two side by side.

use std::path::Path;

use crate::analysis::diff::{DiffFormat, DiffedRun, diff};
use crate::error::Result;
use crate::output::html::{RunCommand, run_json};
use crate::runs::folder::runs_dir_flag;
use crate::runs::metrics::MetricsRow;
use crate::runs::read::{read_record, read_rows};
use crate::runs::record::{RunRecord, RunState};
use crate::runs::run_files::RunFolder;
use crate::runs::timing::seconds_by_epoch;
use crate::serve::answer::{Answer, json};
use crate::serve::served::{Served, no_run};
use crate::shell::path_word;

/// Everything about a run.
pub(in crate::serve) fn page(served: &Served, id: &str) -> Result<Answer> {
    let folder = served.folder(id)?;
    let record = read_record(&folder)?.ok_or_else(|| no_run(id))?;
    let seconds = seconds_by_epoch(&folder);
    let commands = commands(&record, &folder);
    let run = RunFolder { record: &record, path: &folder };
    run_json(run, &|epoch| seconds.get(&epoch).copied(), &commands).map(json)
}

/// What differs between two runs, as `runner diff --format json` writes it.
pub(in crate::serve) fn difference(served: &Served, a: &str, b: &str) -> Result<Answer> {
    let read = |id: &str| -> Result<(RunRecord, Vec<MetricsRow>)> {
        let folder = served.folder(id)?;
        let record = read_record(&folder)?.ok_or_else(|| no_run(id))?;
        let rows = read_rows(&record, &folder)?;
        Ok((record, rows))
    };
    let ((a, rows_a), (b, rows_b)) = (read(a)?, read(b)?);
    let a = DiffedRun { record: &a, rows: &rows_a };
    let b = DiffedRun { record: &b, rows: &rows_b };
    diff(a, b).render(DiffFormat::Json, None).map(json)
}

/// What can be done with a run on a terminal.
fn commands(record: &RunRecord, folder: &Path) -> Vec<RunCommand> {
    let word = path_word(folder);
    let flag = folder.parent().map_or_else(String::new, runs_dir_flag);
    let id = &record.id;
    let show = RunCommand { what: "show it", command: format!("runner show {word}") };
    let again = match record.state {
        RunState::Finished | RunState::Diverged => Some(RunCommand {
            what: "train it again and compare every byte",
            command: format!("runner verify {word}"),
        }),
        RunState::Running => None,
        _ => {
            Some(RunCommand { what: "go on with it", command: format!("runner resume{flag} {id}") })
        }
    };
    let trial = path_word(&folder.join(crate::runs::folder::file::TRIAL));
    let repeat = RunCommand {
        what: "train it somewhere else",
        command: format!("runner run --runs-dir OTHER_RUNS {trial}"),
    };
    let predict = (record.state == RunState::Finished).then(|| RunCommand {
        what: "classify your own pictures",
        command: format!("runner predict {word} PICTURES"),
    });
    [show].into_iter().chain(again).chain([repeat]).chain(predict).collect()
}
