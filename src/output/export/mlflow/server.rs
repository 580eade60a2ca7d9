//! Requests to a tracking server of MLflow
//! (<https://mlflow.org/docs/latest/api_reference/rest-api.html>), version 2.0 of its API.

use std::time::Duration;

use serde_json::Value;
use ureq::Agent;

use crate::data::{Address, DownloadLimits, client};
use crate::error::{Error, Result};

/// The part of an address below the server's.
const API: &str = "api/2.0/mlflow";
/// More than any answer that is asked for here.
const MOST_ANSWER_BYTES: u64 = 1 << 24;
/// Characters of a foreign answer that an error shows.
const MOST_SHOWN: usize = 300;
/// What a server says where nothing has the name that is asked for.
const NOT_THERE: &str = "RESOURCE_DOES_NOT_EXIST";

/// A tracking server.
pub(super) struct Server {
    agent: Agent,
    base: Address,
}

/// What a server answered.
pub(super) enum Answer {
    /// What was asked for.
    Given(Value),
    /// There is nothing of that name.
    NotThere,
}

impl Server {
    /// The server at an address, `http://127.0.0.1:5000`.
    ///
    /// # Errors
    /// If it is not an address of HTTP.
    pub(super) fn at(url: &str) -> Result<Server> {
        if !["http://", "https://"].iter().any(|scheme| url.starts_with(scheme)) {
            return Err(Error::Usage(format!(
                "--to mlflow needs the address of a server: -o http://127.0.0.1:5000, for example, not {url}"
            )));
        }
        let limits = DownloadLimits { read_timeout: Duration::from_secs(60), ..Default::default() };
        Ok(Server { agent: client(&limits, url), base: Address::new(url.to_owned()) })
    }

    /// As it is shown: without a password.
    pub(super) fn shown(&self) -> &str {
        &self.base.shown
    }

    /// Sends `body` to an endpoint, such as `runs/create`; what it answers has to be there.
    ///
    /// # Errors
    /// If the server cannot be reached, or refuses.
    pub(super) fn post(&self, endpoint: &str, body: &Value) -> Result<Value> {
        match self.send(endpoint, Some(body))? {
            Answer::Given(answer) => Ok(answer),
            Answer::NotThere => Err(self.failed(endpoint, NOT_THERE)),
        }
    }

    /// Asks an endpoint, with what follows its name in the address.
    ///
    /// # Errors
    /// As [`Server::post`].
    pub(super) fn get(&self, endpoint: &str) -> Result<Answer> {
        self.send(endpoint, None)
    }

    fn send(&self, endpoint: &str, body: Option<&Value>) -> Result<Answer> {
        let address = Address::below(&self.base.url, &format!("{API}/{endpoint}"));
        let sent = match body {
            Some(body) => self
                .agent
                .post(&address.url)
                .header("Content-Type", "application/json")
                .send(body.to_string()),
            None => self.agent.get(&address.url).call(),
        };
        let mut answer =
            sent.map_err(|e| self.failed(endpoint, &address.cleaned(&e.to_string())))?;
        let status = answer.status();
        let text = answer.body_mut().with_config().limit(MOST_ANSWER_BYTES).read_to_string();
        let text = text.map_err(|e| self.failed(endpoint, &address.cleaned(&e.to_string())))?;
        let value: Option<Value> = serde_json::from_str(&text).ok();
        let code = value.as_ref().and_then(|value| value["error_code"].as_str());
        match (status.is_success(), value.as_ref()) {
            (true, Some(_)) => Ok(Answer::Given(value.unwrap_or_default())),
            (false, _) if code == Some(NOT_THERE) => Ok(Answer::NotThere),
            _ => {
                let message = value.as_ref().and_then(|value| value["message"].as_str());
                let said = message.unwrap_or(&text).trim();
                let short: String = said.chars().take(MOST_SHOWN).collect();
                let is_server = if value.is_some() { "" } else { "; is it a server of MLflow?" };
                Err(self.failed(endpoint, &format!("it answered {status}: {short}{is_server}")))
            }
        }
    }

    fn failed(&self, endpoint: &str, problem: &str) -> Error {
        let endpoint = endpoint.split('?').next().unwrap_or_default();
        Error::Unexpected(format!("{} did not take {endpoint}: {problem}", self.base))
    }
}
