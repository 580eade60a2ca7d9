//! The page and its files, made once, with hashes by which browsers know them again.

use bytes::Bytes;
use hyper::header::HeaderValue;
use sha2::{Digest, Sha256};

use crate::error::{Error, Result};
use crate::output::html::{assets, live_page};
use crate::runs::folder::hex;

/// The page and its files.
#[derive(Debug)]
pub(super) struct Assets {
    page: Bytes,
    files: Vec<(&'static str, Bytes, HeaderValue)>,
}

impl Assets {
    pub(super) fn new() -> Result<Assets> {
        let file = |(name, text): (&'static str, &'static str)| {
            let tag = format!("\"{}\"", &hex(&Sha256::digest(text))[..32]);
            let tag = HeaderValue::from_str(&tag)
                .map_err(|e| Error::Unexpected(format!("a hash is not a header: {e}")))?;
            Ok((name, Bytes::from_static(text.as_bytes()), tag))
        };
        let files = assets().into_iter().map(file).collect::<Result<Vec<_>>>()?;
        Ok(Assets { page: live_page()?.into(), files })
    }

    pub(super) fn page(&self) -> Bytes {
        self.page.clone()
    }

    pub(super) fn get(&self, name: &str) -> Option<(Bytes, &HeaderValue)> {
        let file = self.files.iter().find(|(own, ..)| *own == name);
        file.map(|(_, bytes, tag)| (bytes.clone(), tag))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::serve::route::ASSETS;

    #[test]
    fn every_file_that_is_routed_is_there_and_the_page_loads_no_other() {
        let assets = Assets::new().unwrap();
        assert!(ASSETS.iter().all(|name| assets.get(name).is_some()));
        assert_eq!(assets.files.len(), ASSETS.len());
        let page = String::from_utf8(assets.page().to_vec()).unwrap();
        let addresses = page.split(['"', '\'']).filter(|text| text.starts_with('/'));
        let mut loaded: Vec<&str> =
            addresses.filter_map(|text| text.strip_prefix("/assets/")).collect();
        loaded.sort_unstable();
        assert_eq!(loaded, ASSETS);
        assert!(!page.contains("<script>") && !page.contains("<style>") && !page.contains("://"));
    }
}
