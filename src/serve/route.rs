//! What a request asks for, from its method and address. Nothing here becomes a path: ids have the form of
//! ids, and files come from lists.

use hyper::Method;
use percent_encoding::percent_decode_str;

use crate::runs::folder::{SHOWN, is_id};

/// The files of the page.
pub(super) const ASSETS: [&str; 3] = ["page.js", "plotly.js", "style.css"];
/// The most runs whose curves are asked for at once.
const MOST_IDS: usize = 1_000;

/// What is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Route {
    /// The page; with a token, it is exchanged for a cookie.
    Page { token: Option<String> },
    /// A file of the page.
    Asset(&'static str),
    /// All experiments and studies.
    Overview,
    /// The data of the page.
    Data(Choice),
    /// The same as a file.
    Report(Choice),
    /// The curves of runs.
    Curves(Vec<String>),
    /// Everything about a run.
    Run(String),
    /// A file of its folder.
    RunFile(String, &'static str),
    /// What differs between two runs.
    Diff(String, String),
    /// A study by its name.
    Study(String),
    /// A file of its folder.
    StudyFile(String, String),
    /// What changed since a version.
    Events(Option<u64>),
    /// A note about a run is written.
    Note(String),
}

/// Which runs are chosen.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub(super) struct Choice {
    /// Those of an experiment.
    pub(super) experiment: Option<String>,
    /// Those that match this, in the language of `--where`.
    pub(super) filter: Option<String>,
    /// These; empty: all.
    pub(super) ids: Vec<String>,
}

/// Why a request asks for nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unroutable {
    /// There is nothing at this address.
    NotFound,
    /// It is there, but not for this method; the one that it has.
    Method(&'static str),
    /// It is not an address: an escape that is no UTF-8, or a number that is none.
    Malformed,
}

impl Route {
    /// What a request asks for.
    pub(super) fn of(method: &Method, path: &str, query: &str) -> Result<Route, Unroutable> {
        let query = Query::of(query)?;
        let parts: Vec<String> = path
            .strip_prefix('/')
            .ok_or(Unroutable::NotFound)?
            .split('/')
            .map(decoded)
            .collect::<Result<_, _>>()?;
        let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
        if let ["api", "run", id, "note"] = parts[..] {
            let id = id_of(id)?;
            return match *method == Method::POST {
                true => Ok(Route::Note(id)),
                false => Err(Unroutable::Method("POST")),
            };
        }
        let route = match parts[..] {
            [""] => Route::Page { token: query.first("token") },
            ["assets", name] => Route::Asset(listed(&ASSETS, name)?),
            ["api", "overview"] => Route::Overview,
            ["api", "page"] => Route::Data(query.choice()?),
            ["api", "report"] => Route::Report(query.choice()?),
            ["api", "curves"] => Route::Curves(query.ids()?),
            ["api", "run", id] => Route::Run(id_of(id)?),
            ["api", "run", id, "file", name] => Route::RunFile(id_of(id)?, listed(&SHOWN, name)?),
            ["api", "diff"] => Route::Diff(query.id("a")?, query.id("b")?),
            ["api", "study", name] => Route::Study(name.to_owned()),
            ["api", "study", name, "file", file] => {
                Route::StudyFile(name.to_owned(), file.to_owned())
            }
            ["api", "events"] => Route::Events(query.version()?),
            _ => return Err(Unroutable::NotFound),
        };
        match *method == Method::GET || *method == Method::HEAD {
            true => Ok(route),
            false => Err(Unroutable::Method("GET, HEAD")),
        }
    }

    /// Whether it is data or changes something; else it is the page or a file of it.
    pub(super) fn is_api(&self) -> bool {
        !matches!(self, Route::Page { .. } | Route::Asset(_))
    }
}

/// A text of an address with its escapes read.
fn decoded(text: &str) -> Result<String, Unroutable> {
    let decoded = percent_decode_str(text).decode_utf8().map_err(|_| Unroutable::Malformed)?;
    Ok(decoded.into_owned())
}

fn id_of(text: &str) -> Result<String, Unroutable> {
    if is_id(text) { Ok(text.to_owned()) } else { Err(Unroutable::NotFound) }
}

/// The name as it stands in a list.
fn listed(list: &[&'static str], name: &str) -> Result<&'static str, Unroutable> {
    list.iter().copied().find(|known| *known == name).ok_or(Unroutable::NotFound)
}

/// The part of an address after `?`: names and values, in order.
struct Query(Vec<(String, String)>);

impl Query {
    fn of(query: &str) -> Result<Query, Unroutable> {
        let pairs = query.split('&').filter(|pair| !pair.is_empty()).map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let plain = |text: &str| decoded(&text.replace('+', " "));
            Ok((plain(name)?, plain(value)?))
        });
        Ok(Query(pairs.collect::<Result<_, _>>()?))
    }

    fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        let named = self.0.iter().filter(move |(own, _)| own == name);
        named.map(|(_, value)| value.as_str())
    }

    /// The first value of a name that is not empty.
    fn first(&self, name: &str) -> Option<String> {
        self.all(name).find(|value| !value.is_empty()).map(str::to_owned)
    }

    fn id(&self, name: &str) -> Result<String, Unroutable> {
        id_of(&self.first(name).ok_or(Unroutable::Malformed)?)
    }

    /// Of `ids=a,b,c`.
    fn ids(&self) -> Result<Vec<String>, Unroutable> {
        let ids = self.all("ids").flat_map(|list| list.split(',')).filter(|id| !id.is_empty());
        let ids: Vec<String> = ids.map(id_of).collect::<Result<_, _>>()?;
        if ids.len() > MOST_IDS { Err(Unroutable::Malformed) } else { Ok(ids) }
    }

    fn choice(&self) -> Result<Choice, Unroutable> {
        Ok(Choice {
            experiment: self.first("experiment"),
            filter: self.first("where"),
            ids: self.all("run").map(id_of).collect::<Result<_, _>>()?,
        })
    }

    fn version(&self) -> Result<Option<u64>, Unroutable> {
        let version = self.first("version").map(|version| version.parse());
        version.transpose().map_err(|_| Unroutable::Malformed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "0123456789ab";

    fn get(path: &str) -> Result<Route, Unroutable> {
        let (path, query) = path.split_once('?').unwrap_or((path, ""));
        Route::of(&Method::GET, path, query)
    }

    #[test]
    fn addresses_become_what_they_ask_for() {
        assert_eq!(get("/"), Ok(Route::Page { token: None }));
        assert_eq!(get("/?token=a+b%26"), Ok(Route::Page { token: Some("a b&".to_owned()) }));
        assert_eq!(get("/assets/page.js"), Ok(Route::Asset("page.js")));
        let choice = Choice {
            experiment: Some("cifar 10/β".to_owned()),
            filter: Some("gap > 0.1 && dropout == 0".to_owned()),
            ids: vec![ID.to_owned(), ID.to_owned()],
        };
        let query = format!(
            "experiment=cifar+10%2F%CE%B2&where=gap+%3E+0.1+%26%26+dropout+%3D%3D+0&run={ID}&run={ID}"
        );
        assert_eq!(get(&format!("/api/page?{query}")), Ok(Route::Data(choice.clone())));
        assert_eq!(get(&format!("/api/report?{query}")), Ok(Route::Report(choice)));
        let ids = vec![ID.to_owned(), "ffffffffffff".to_owned()];
        assert_eq!(get(&format!("/api/curves?ids={ID},ffffffffffff")), Ok(Route::Curves(ids)));
        let file = Route::RunFile(ID.to_owned(), "metrics.csv");
        assert_eq!(get(&format!("/api/run/{ID}/file/metrics.csv")), Ok(file));
        assert_eq!(get("/api/events?version=17"), Ok(Route::Events(Some(17))));
        let study = Route::StudyFile("a b".to_owned(), "../x".to_owned());
        assert_eq!(get("/api/study/a%20b/file/..%2Fx"), Ok(study), "it is looked up in a list");
    }

    #[test]
    fn nothing_else_is_anything() {
        for path in [
            "",
            "//",
            "/assets/../page.js",
            "/assets/page.js/",
            "/api",
            "/api/run/../../etc",
            "/api/run/0123456789a",
            "/api/run/0123456789ag",
            &format!("/api/run/{ID}/file/claim-1.json"),
            &format!("/api/run/{ID}/file/checkpoint.safetensors"),
            &format!("/api/run/{ID}/file/..%2f..%2fpasswd"),
            &format!("/api/run/{ID}/file/metrics.csv%00"),
            "/API/overview",
        ] {
            assert_eq!(get(path), Err(Unroutable::NotFound), "{path}");
        }
        for path in [
            "/%ff",
            "/api/events?version=-1",
            "/api/events?version=%F0",
            "/api/diff?a=0123456789ab",
        ] {
            assert_eq!(get(path), Err(Unroutable::Malformed), "{path}");
        }
    }

    #[test]
    fn only_notes_are_written() {
        let note = format!("/api/run/{ID}/note");
        assert_eq!(Route::of(&Method::POST, &note, ""), Ok(Route::Note(ID.to_owned())));
        assert_eq!(Route::of(&Method::GET, &note, ""), Err(Unroutable::Method("POST")));
        for method in [Method::POST, Method::PUT, Method::DELETE, Method::OPTIONS, Method::CONNECT]
        {
            assert_eq!(
                Route::of(&method, "/api/overview", ""),
                Err(Unroutable::Method("GET, HEAD"))
            );
        }
        assert_eq!(Route::of(&Method::HEAD, "/", ""), Ok(Route::Page { token: None }));
    }
}
