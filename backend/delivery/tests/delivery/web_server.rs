//! A gateway that writes down what it is asked and answers as it is told.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// One request, as it came.
#[derive(Clone, Debug)]
pub(crate) struct Asked {
    /// `POST /path?query`.
    pub(crate) line: String,
    /// Names in lower case.
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: String,
}

impl Asked {
    pub(crate) fn header(&self, name: &str) -> &str {
        let found = self.headers.iter().find(|(key, _)| key == name);
        found.map_or("", |(_, value)| value)
    }
}

pub(crate) struct WebServer {
    pub(crate) url: String,
    asked: Arc<Mutex<Vec<Asked>>>,
}

impl WebServer {
    /// Answers with these, in order: a status line's end (`200 OK`), headers, a body. Whoever comes after waits for ever.
    pub(crate) async fn answering(
        answers: impl IntoIterator<Item = (&'static str, &'static str, String)>,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port is free");
        let url = format!("http://{}", listener.local_addr().expect("it is bound"));
        let asked = Arc::<Mutex<Vec<Asked>>>::default();
        let mut answers: VecDeque<_> = answers.into_iter().collect();
        let seen = Arc::clone(&asked);
        tokio::spawn(async move {
            let mut waiting = Vec::new();
            while let Ok((mut stream, _)) = listener.accept().await {
                let request = read(&mut stream).await;
                seen.lock()
                    .expect("nobody panics while they hold this")
                    .push(request);
                let Some((status, headers, body)) = answers.pop_front() else {
                    waiting.push(stream);
                    continue;
                };
                let answer = format!(
                    "HTTP/1.1 {status}\r\n{headers}content-length: {}\r\nconnection: close\r\n\r\n{body}",
                    body.len()
                );
                // The client may have gone.
                let _ = stream.write_all(answer.as_bytes()).await;
            }
        });
        Self { url, asked }
    }

    /// Answers the same, again and again.
    pub(crate) async fn always(status: &'static str, body: &str) -> Self {
        Self::answering((0..20).map(|_| (status, "", body.to_owned()))).await
    }

    pub(crate) fn asked(&self) -> Vec<Asked> {
        self.asked
            .lock()
            .expect("nobody panics while they hold this")
            .clone()
    }
}

async fn read(stream: &mut TcpStream) -> Asked {
    let mut text = Vec::new();
    let head = loop {
        let at = text.windows(4).position(|four| four == b"\r\n\r\n");
        if let Some(at) = at {
            break at;
        }
        let mut piece = [0; 4096];
        let read = stream.read(&mut piece).await.expect("the client writes");
        assert!(read > 0, "the client went away");
        text.extend_from_slice(&piece[..read]);
    };
    let mut body = text.split_off(head + 4);
    let head = String::from_utf8(text).expect("a head is ASCII");
    let mut lines = head.trim_end().split("\r\n");
    let line = lines.next().unwrap_or_default();
    let headers: Vec<(String, String)> = lines
        .filter_map(|line| line.split_once(": "))
        .map(|(name, value)| (name.to_lowercase(), value.to_owned()))
        .collect();
    let length = headers.iter().find(|(name, _)| name == "content-length");
    let length: usize = length.map_or(0, |(_, value)| value.parse().expect("a number"));
    while body.len() < length {
        let mut piece = [0; 4096];
        let read = stream.read(&mut piece).await.expect("the client writes");
        assert!(read > 0, "the client went away");
        body.extend_from_slice(&piece[..read]);
    }
    Asked {
        line: line.trim_end_matches(" HTTP/1.1").to_owned(),
        headers,
        body: String::from_utf8(body).expect("a body is UTF-8"),
    }
}
