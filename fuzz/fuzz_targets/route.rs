//! What a browser, or whoever pretends to be one, asks the server for: method, address and query. Ids have the form of
//! ids and files come from lists, whatever is escaped how.
#![no_main]

use libfuzzer_sys::fuzz_target;
use runner::runs::folder::{SHOWN, is_id};
use runner_fuzz::parts;

fuzz_target!(|data: &[u8]| {
    let [method, target] = parts::<2>(data);
    let target = String::from_utf8_lossy(target);
    let (path, query) = target.split_once('?').unwrap_or((&target, ""));
    for name in runner::fuzzing::request(method, path, query) {
        let is_of_page = ["page.js", "plotly.js", "style.css"].contains(&name.as_str());
        assert!(is_id(&name) || is_of_page || SHOWN.contains(&name.as_str()), "{name:?}");
    }
});
