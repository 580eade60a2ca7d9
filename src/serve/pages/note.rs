//! The only thing that the server writes: notes and tags, as `runner note` does.

use serde::Deserialize;

use crate::error::{Error, Result};
use crate::output::html::entry_json;
use crate::runs::notes::NoteChange;
use crate::runs::read::read_record;
use crate::serve::answer::{Answer, json};
use crate::serve::changes::{Changes, take_over};
use crate::serve::served::{Served, no_run};

/// The longest note in bytes.
const LONGEST: usize = 16 << 10;

/// What a page sends: one of these.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Sent {
    text: Option<String>,
    tag: Option<String>,
    untag: Option<String>,
}

/// Writes what was sent about a run, and tells the other pages; the run as it is then.
pub(in crate::serve) fn write(served: &Served, id: &str, sent: &[u8]) -> Result<Answer> {
    let sent: Sent = serde_json::from_slice(sent).map_err(|e| {
        Error::Usage(format!("a note is {{\"text\"}}, {{\"tag\"}} or {{\"untag\"}}: {e}"))
    })?;
    let text = sent.text.unwrap_or_default();
    if text.len() > LONGEST {
        return Err(Error::Usage(format!("a note has at most {LONGEST} bytes")));
    }
    let change = NoteChange {
        text,
        tags: sent.tag.into_iter().collect(),
        untags: sent.untag.into_iter().collect(),
    };
    let folder = served.folder(id)?;
    change.write(id, &folder)?;
    let record = read_record(&folder)?.ok_or_else(|| no_run(id))?;
    let entry = entry_json(&record, &served.experiments_of(&record), true)?;
    // At once: the turn of the folder may be half a minute away.
    let mut changes = Changes::default();
    changes.records.insert(id.to_owned(), (folder, served.kept(record)));
    take_over(served, changes).tell(served);
    Ok(json(entry))
}
