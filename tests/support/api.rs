//! A permitted caller of the HTTP interface: an API key's bearer token and the calls that tests need.

use crate::http::{Answer, Connection, JSON};
use serde_json::{Value, json};
use std::io;

/// A caller with a bearer token.
pub struct Api {
    connection: Connection,
    bearer: String,
}

impl Api {
    /// Exchanges an API key for a bearer token.
    pub async fn open(port: u16, key: &str) -> Api {
        let mut connection = Connection::new(port);
        let key = [("x-api-key", key)];
        let issued = connection.send("POST", "/api/arthr/apiKeys/issue", &key, "").await;
        let issued = issued.expect("an answer").expect(200).json();
        assert!(issued["ttl"].as_i64().is_some_and(|ttl| ttl > 0), "{issued}");
        let token = issued["token"].as_str().expect("a token");
        Api { connection, bearer: format!("Bearer {token}") }
    }

    /// The value of its `authorization` header.
    #[must_use]
    pub fn bearer(&self) -> &str {
        &self.bearer
    }

    /// Sends a request; a body makes it a JSON one.
    ///
    /// # Errors
    /// When the server goes away before its answer is complete.
    pub async fn call(
        &mut self,
        method: &str,
        path: &str,
        body: Option<&Value>,
    ) -> io::Result<Answer> {
        let permitted = ("authorization", self.bearer.as_str());
        match body {
            Some(body) => {
                self.connection.send(method, path, &[permitted, JSON], body.to_string()).await
            }
            None => self.connection.send(method, path, &[permitted], "").await,
        }
    }

    /// Reads a resource that must be there.
    pub async fn get(&mut self, path: &str) -> Value {
        self.call("GET", path, None).await.expect("an answer").expect(200).json()
    }

    /// Posts lines of JSON and gives the lines that come back.
    pub async fn send_lines(&mut self, path: &str, lines: &str) -> String {
        let headers =
            [("authorization", self.bearer.as_str()), ("content-type", "application/jsonl")];
        let sent = self.connection.send("POST", path, &headers, lines.to_owned()).await;
        sent.expect("an answer").expect(200).text().to_string()
    }

    /// Posts JSON and expects success.
    pub async fn post(&mut self, path: &str, body: &Value) -> Value {
        let answer = self.call("POST", path, Some(body)).await.expect("an answer");
        assert!((200..300).contains(&answer.status), "POST {path}: {}", answer.text());
        if answer.body.is_empty() { Value::Null } else { answer.json() }
    }

    /// Deploys a definition written in YAML and returns it.
    pub async fn deploy(&mut self, name: &str, yaml: &str) -> Value {
        let data = data_encoding::BASE64.encode(yaml.as_bytes());
        let body = json!({
            "name": name,
            "resources": {"yaml": {"data": data, "type": "YAML"}},
            "processDefinitionType": "VERIFICATION",
            "creationOption": "Save & Deploy",
        });
        self.post("/api/process-manager/processDefinitions", &body).await
    }

    /// Makes a token for a definition; `more` says what limits it.
    pub async fn token(&mut self, name: &str, definition: &str, more: Value) -> Value {
        let mut body = json!({
            "name": name,
            "processDefnName": definition,
            "processDefnVersion": 1,
            "status": "ACTIVE",
            "type": "UNLIMITED",
        });
        for (member, value) in more.as_object().cloned().unwrap_or_default() {
            body[member] = value;
        }
        self.post("/api/process-manager/processTokens", &body).await
    }

    /// An unlimited token for a definition, by its identifier.
    pub async fn unlimited_token(&mut self, definition: &str) -> String {
        let token = self.token(&format!("tests of {definition}"), definition, Value::Null).await;
        token["id"].as_str().expect("a token").to_owned()
    }

    /// How often a token was used, by its own word.
    pub async fn uses(&mut self, token: &str) -> u64 {
        let token = self.get(&format!("/api/process-manager/processTokens/{token}")).await;
        token["counter"].as_u64().expect("a counter")
    }

    /// Creates an instance.
    ///
    /// # Errors
    /// When the server goes away before its answer is complete.
    pub async fn create(&mut self, token: &str, parameters: &Value) -> io::Result<Answer> {
        let path = format!("/api/process-manager/processInstances/create?pt={token}");
        self.call("POST", &path, Some(parameters)).await
    }

    /// The status of an instance.
    pub async fn status(&mut self, instance: &str) -> String {
        let found = self.get(&format!("/api/process-manager/processInstances/{instance}")).await;
        found["status"].as_str().expect("a status").to_owned()
    }
}
