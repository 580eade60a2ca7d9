//! A million addresses of no sense: what they name has the form of ids or is in a list, and nothing panics.
//! `RUNNER_REQUESTS=1000000 cargo test --lib serve::thrown` tries so many; the fuzz target `route` asks the same.

use hyper::Method;

use crate::runs::folder::{SHOWN, is_id};
use crate::serve::route::{ASSETS, Route};

/// Tried unless the variable says otherwise.
const FEW: u64 = 20_000;
/// What is right, and what is put into it.
const ADDRESSES: [&str; 9] = [
    "/",
    "/?token=0123456789abcdef",
    "/assets/page.js",
    "/api/page?experiment=a+b&where=gap%20%3E%200.1&run=0123456789ab",
    "/api/curves?ids=0123456789ab,ba9876543210",
    "/api/run/0123456789ab/file/metrics.csv",
    "/api/diff?a=0123456789ab&b=ba9876543210",
    "/api/study/name/file/report.html",
    "/api/events?version=12",
];
const PIECES: [&str; 14] = [
    "..",
    "/",
    "%2f",
    "%2e",
    "%00",
    "%",
    "%zz",
    "%ff",
    "?",
    "&",
    "=",
    "\u{fffd}",
    "run.json",
    "99999999999999999999",
];

/// Xorshift (Marsaglia, 2003): the same addresses each time.
struct Draw(u64);

impl Draw {
    fn below(&mut self, count: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as usize % count
    }

    fn address(&mut self) -> String {
        let mut address: Vec<char> = ADDRESSES[self.below(ADDRESSES.len())].chars().collect();
        for _ in 0..self.below(5) {
            let at = self.below(address.len() + 1);
            match self.below(4) {
                0 => drop(address.splice(at..at, PIECES[self.below(PIECES.len())].chars())),
                1 => address.truncate(at),
                2 => address.extend_from_within(at..),
                _ => address.insert(at, char::from(self.below(256) as u8)),
            }
        }
        address.into_iter().collect()
    }
}

#[test]
fn no_address_names_what_is_not_listed() {
    let wanted = std::env::var("RUNNER_REQUESTS").ok().and_then(|count| count.parse().ok());
    let count: u64 = wanted.unwrap_or(FEW);
    let mut draw = Draw(0x9e37_79b9_7f4a_7c15);
    let mut routed = 0;
    for _ in 0..count {
        let address = draw.address();
        let method = [Method::GET, Method::HEAD, Method::POST, Method::PUT][draw.below(4)].clone();
        let (path, query) = address.split_once('?').unwrap_or((&address, ""));
        let Ok(route) = Route::of(&method, path, query) else { continue };
        routed += 1;
        let ids = match route {
            Route::Asset(name) => {
                assert!(ASSETS.contains(&name), "{address:?}");
                Vec::new()
            }
            Route::RunFile(id, name) => {
                assert!(SHOWN.contains(&name), "{address:?}");
                vec![id]
            }
            Route::Run(id) | Route::Note(id) => vec![id],
            Route::Diff(a, b) => vec![a, b],
            Route::Curves(ids) => ids,
            Route::Data(choice) | Route::Report(choice) => choice.ids,
            _ => Vec::new(),
        };
        assert!(ids.iter().all(|id| is_id(id)), "{address:?} names {ids:?}");
    }
    println!("{count} addresses, {routed} of them ask for something");
    assert!(routed > count / 10, "most of them are refused at once: {routed} of {count}");
}
