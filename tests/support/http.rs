//! One kept-alive HTTP/1.1 connection to the server under test.

use http_body_util::{BodyExt, Full};
use hyper::body::Bytes;
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper::header::{HOST, HeaderMap};
use hyper::{Request, StatusCode};
use hyper_util::rt::TokioIo;
use serde_json::Value;
use std::io;
use tokio::net::TcpStream;

/// A connection, opened on the first request and again after it broke.
pub struct Connection {
    port: u16,
    sender: Option<SendRequest<Full<Bytes>>>,
}

/// What came back, read to its end.
#[derive(Debug, Clone)]
pub struct Answer {
    /// The status code as a number.
    pub status: u16,
    /// All header fields.
    pub headers: HeaderMap,
    /// The body's bytes.
    pub body: Bytes,
}

impl Connection {
    /// A connection to a port of this machine; nothing is sent yet.
    #[must_use]
    pub fn new(port: u16) -> Connection {
        Connection { port, sender: None }
    }

    /// Sends one request and reads the whole answer.
    ///
    /// # Errors
    /// When the server cannot be reached or goes away before its answer is complete: then nobody
    /// knows whether the request was carried out.
    pub async fn send(
        &mut self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: impl Into<Bytes>,
    ) -> io::Result<Answer> {
        let mut request = Request::builder().method(method).uri(path);
        request = request.header(HOST, format!("localhost:{}", self.port));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(Full::new(body.into())).map_err(io::Error::other)?;
        let mut sender = self.sender().await?;
        let answer = sender.send_request(request).await.map_err(io::Error::other)?;
        let (head, body) = answer.into_parts();
        let body = body.collect().await.map_err(io::Error::other)?.to_bytes();
        self.sender = Some(sender);
        Ok(Answer { status: head.status.as_u16(), headers: head.headers, body })
    }

    async fn sender(&mut self) -> io::Result<SendRequest<Full<Bytes>>> {
        if let Some(mut sender) = self.sender.take()
            && sender.ready().await.is_ok()
        {
            return Ok(sender);
        }
        let stream = TcpStream::connect(("127.0.0.1", self.port)).await?;
        stream.set_nodelay(true)?;
        let (sender, connection) =
            handshake(TokioIo::new(stream)).await.map_err(io::Error::other)?;
        tokio::spawn(connection);
        Ok(sender)
    }
}

impl Answer {
    /// The body as JSON.
    #[must_use]
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    /// The body as text.
    #[must_use]
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// A header field as text, empty when it is absent.
    #[must_use]
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// The answer itself, after a look at its status.
    #[must_use]
    #[track_caller]
    pub fn expect(self, status: u16) -> Answer {
        let known = StatusCode::from_u16(status).expect("a status code");
        assert_eq!(self.status, known.as_u16(), "{}", self.text());
        self
    }

    /// The `name=value` pairs of the cookies that the answer sets.
    pub fn cookies(&self) -> impl Iterator<Item = (String, String)> {
        let set = self.headers.get_all("set-cookie").iter().filter_map(|value| value.to_str().ok());
        set.filter_map(|cookie| {
            let pair = cookie.split(';').next()?;
            let (name, value) = pair.split_once('=')?;
            Some((name.trim().to_owned(), value.trim().to_owned()))
        })
    }
}

/// The one header that a JSON body needs.
pub const JSON: (&str, &str) = ("content-type", "application/json");
