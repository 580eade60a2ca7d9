//! What has changed, in order: each event has a number, the version that the data have with it. The last ones
//! are kept, so that a page whose connection was lost is told what it missed.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use tokio::sync::watch;

/// The most events, and bytes of them, that are kept.
const MOST_EVENTS: usize = 4_096;
const MOST_BYTES: usize = 4 << 20;
/// How long a look at the folders may take that is still believed to end.
const LATELY: Duration = Duration::from_secs(20);

/// What an event is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum EventKind {
    /// A run has new rows.
    Rows,
    /// A run's state or notes changed.
    Run,
    /// Runs came or went.
    Runs,
    /// An experiment's line of the overview changed.
    Overview,
}

impl EventKind {
    fn name(self) -> &'static str {
        match self {
            EventKind::Rows => "rows",
            EventKind::Run => "run",
            EventKind::Runs => "runs",
            EventKind::Overview => "overview",
        }
    }
}

/// The events of a server.
#[derive(Debug)]
pub(super) struct Events {
    kept: Mutex<Kept>,
    newest: watch::Sender<u64>,
}

#[derive(Debug)]
struct Kept {
    events: VecDeque<(u64, Arc<str>)>,
    bytes: usize,
    /// The version before the oldest event that is kept.
    since: u64,
}

/// What a page is sent that has this version.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct News {
    /// The events as text, in order.
    pub(super) texts: Vec<Arc<str>>,
    /// The version after them.
    pub(super) version: u64,
}

impl Default for Events {
    /// The first version is the time in milliseconds: a page of a server that ran before has an older one.
    fn default() -> Events {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |now| now.as_millis());
        Events::from_version(u64::try_from(now).unwrap_or(0))
    }
}

impl Events {
    fn from_version(version: u64) -> Events {
        let kept = Kept { events: VecDeque::new(), bytes: 0, since: version };
        Events { kept: Mutex::new(kept), newest: watch::Sender::new(version) }
    }

    /// The version of the data now.
    pub(super) fn version(&self) -> u64 {
        *self.newest.borrow()
    }

    /// Adds an event; `json` has no line break.
    pub(super) fn add(&self, kind: EventKind, json: &str) {
        let mut kept = self.kept();
        let version = self.version() + 1;
        let text: Arc<str> = text(kind, version, json).into();
        kept.bytes += text.len();
        kept.events.push_back((version, text));
        while kept.events.len() > MOST_EVENTS || kept.bytes > MOST_BYTES {
            let Some((version, text)) = kept.events.pop_front() else { break };
            kept.bytes -= text.len();
            kept.since = version;
        }
        self.newest.send_replace(version);
    }

    /// What came after a version. If that is not known any more, everything is to be asked for anew.
    pub(super) fn after(&self, version: u64) -> News {
        let kept = self.kept();
        let newest = self.version();
        if version < kept.since || version > newest {
            let anew = text(EventKind::Runs, newest, "{}").into();
            return News { texts: vec![anew], version: newest };
        }
        let new = kept.events.iter().filter(|(own, _)| *own > version);
        News { texts: new.map(|(_, text)| Arc::clone(text)).collect(), version: newest }
    }

    /// Tells of each new version.
    pub(super) fn subscribe(&self) -> watch::Receiver<u64> {
        self.newest.subscribe()
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// An event as browsers read it (HTML Living Standard, 9.2, server-sent events).
fn text(kind: EventKind, version: u64, json: &str) -> String {
    debug_assert!(!json.contains(['\n', '\r']), "an event has one line of data");
    format!("id: {version}\nevent: {}\ndata: {json}\n\n", kind.name())
}

/// What a page is sent while nothing changes. That nothing does is known only if the folders were looked at lately:
/// else it is sent a comment, by which a lost connection is noticed, and says itself that it hears nothing.
pub(super) fn sign_of_life(last_look: Option<Instant>) -> &'static str {
    match last_look.is_some_and(|at| at.elapsed() < LATELY) {
        true => "event: beat\ndata: {}\n\n",
        false => ": \n\n",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(news: &News) -> Vec<&str> {
        news.texts.iter().map(|text| &**text).collect()
    }

    #[test]
    fn a_page_is_told_what_it_missed() {
        let events = Events::from_version(100);
        assert_eq!(events.after(100), News { texts: vec![], version: 100 });
        events.add(EventKind::Rows, r#"{"a":1}"#);
        events.add(EventKind::Overview, "{}");
        let news = events.after(100);
        let expected =
            ["id: 101\nevent: rows\ndata: {\"a\":1}\n\n", "id: 102\nevent: overview\ndata: {}\n\n"];
        assert_eq!((texts(&news), news.version), (expected.to_vec(), 102));
        assert_eq!(texts(&events.after(101)), expected[1..]);
    }

    #[test]
    fn a_version_that_is_not_known_means_everything_anew() {
        let events = Events::from_version(100);
        let anew = ["id: 100\nevent: runs\ndata: {}\n\n"];
        assert_eq!(texts(&events.after(99)), anew, "of a server that ran before");
        assert_eq!(texts(&events.after(101)), anew, "of no server");
        for _ in 0..=MOST_EVENTS {
            events.add(EventKind::Run, "{}");
        }
        assert_eq!(events.after(100).texts.len(), 1);
        assert_eq!(events.after(101).texts.len(), MOST_EVENTS);
        events.add(EventKind::Rows, &"0".repeat(MOST_BYTES));
        let news = events.after(101);
        assert!(texts(&news)[0].contains("event: runs"), "what is kept has a limit in bytes");
    }

    #[test]
    fn whoever_waits_is_woken() {
        let events = Events::default();
        let mut waiting = events.subscribe();
        assert!(!waiting.has_changed().unwrap());
        events.add(EventKind::Runs, "{}");
        assert!(waiting.has_changed().unwrap());
        assert_eq!(*waiting.borrow_and_update(), events.version());
    }
    #[test]
    fn a_server_that_has_not_looked_for_long_does_not_say_that_it_sees_everything() {
        let now = Instant::now();
        assert_eq!(sign_of_life(Some(now)), "event: beat\ndata: {}\n\n");
        assert_eq!(sign_of_life(now.checked_sub(2 * LATELY)), ": \n\n");
        assert_eq!(sign_of_life(None), ": \n\n");
    }
}
