//! `--open`: the page in the browser of this machine. The address has the token, and the arguments of a program can be
//! read by all users: so the browser is given a file that only this user can read, which goes on to the address.

use std::fs::{self, OpenOptions};
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::{env, process};

use crate::error::{Error, Result};

/// The file, which goes with the server.
#[derive(Debug)]
pub(super) struct OpenedPage(PathBuf);

impl OpenedPage {
    /// Opens the address.
    ///
    /// # Errors
    /// If the file cannot be written or there is no program that opens it.
    pub(super) fn open(url: &str) -> Result<OpenedPage> {
        let name = format!("runner-{}.html", process::id());
        let page = OpenedPage(env::temp_dir().join(name));
        let path = &page.0;
        let mut options = OpenOptions::new();
        let mut file = options
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(path)
            .map_err(Error::io("create", path))?;
        let html = format!(
            "<!DOCTYPE html>\n<meta charset=\"utf-8\">\n<meta http-equiv=\"refresh\" content=\"0; url={url}\">\n\
             <title>runner</title>\n"
        );
        file.write_all(html.as_bytes()).map_err(Error::io("write", path))?;
        let program = if cfg!(target_os = "macos") { "open" } else { "xdg-open" };
        let mut command = Command::new(program);
        command.arg(path).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        command.spawn().map_err(Error::io("start", program))?;
        Ok(page)
    }
}

impl Drop for OpenedPage {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.0); // at worst it stays, and the token is no longer valid
    }
}
