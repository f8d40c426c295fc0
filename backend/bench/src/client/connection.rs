//! As much HTTP as asking one's own server takes: whole requests out, `Content-Length` in.

use std::io;
use std::net::{IpAddr, SocketAddr};

use anyhow::Context as _;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};

/// A connection that is kept open.
pub struct Connection<S = TcpStream> {
    stream: S,
    received: Vec<u8>,
}

/// An answer; it stays in the connection until the next.
pub struct Answer<'a> {
    pub status: u16,
    head: &'a [u8],
    pub body: &'a [u8],
}

impl Answer<'_> {
    /// The first value of a header, by its name in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        let lines = std::str::from_utf8(self.head).ok()?.lines();
        lines
            .filter_map(|line| line.split_once(':'))
            .find(|(key, _)| key.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.trim())
    }
}

/// Connects, from the address given.
pub async fn connect(to: SocketAddr, from: IpAddr) -> io::Result<TcpStream> {
    let socket = TcpSocket::new_v4()?;
    socket.bind((from, 0).into())?;
    let stream = socket.connect(to).await?;
    stream.set_nodelay(true)?;
    Ok(stream)
}

impl Connection {
    /// Connects, from the address given.
    pub async fn open(to: SocketAddr, from: IpAddr) -> io::Result<Self> {
        Ok(Self::over(connect(to, from).await?))
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> Connection<S> {
    /// Over what is open already.
    pub fn over(stream: S) -> Self {
        Self {
            stream,
            received: Vec::with_capacity(4096),
        }
    }

    /// Sends a whole request and reads the whole answer.
    pub async fn ask(&mut self, request: &[u8]) -> anyhow::Result<Answer<'_>> {
        self.stream.write_all(request).await?;
        // TLS holds back what it was given until it is told to send it.
        self.stream.flush().await?;
        self.received.clear();
        let head = loop {
            if let Some(head) = Head::read(&self.received)? {
                break head;
            }
            self.more().await?;
        };
        while self.received.len() < head.length + head.body {
            self.more().await?;
        }
        Ok(Answer {
            status: head.status,
            head: &self.received[..head.length],
            body: &self.received[head.length..],
        })
    }

    async fn more(&mut self) -> anyhow::Result<()> {
        let read = self.stream.read_buf(&mut self.received).await?;
        anyhow::ensure!(read > 0, "the server closed the connection");
        Ok(())
    }
}

#[derive(Debug, PartialEq, Eq)]
struct Head {
    status: u16,
    /// Bytes up to the body.
    length: usize,
    /// Bytes of the body.
    body: usize,
}

impl Head {
    /// The head of an answer, if all of it is there.
    fn read(received: &[u8]) -> anyhow::Result<Option<Self>> {
        let Some(end) = received.windows(4).position(|bytes| bytes == b"\r\n\r\n") else {
            return Ok(None);
        };
        let text = std::str::from_utf8(&received[..end])?;
        let status = text.get(9..12).context("an answer without a status")?.parse()?;
        let body = text
            .lines()
            .filter_map(|line| line.split_once(':'))
            .find(|(name, _)| name.eq_ignore_ascii_case("content-length"))
            .context("an answer without its length")?
            .1
            .trim()
            .parse()?;
        Ok(Some(Self {
            status,
            length: end + 4,
            body,
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_head_is_read_once_it_is_whole() {
        let answer = b"HTTP/1.1 401 Unauthorized\r\nContent-Length: 2\r\n\r\n{}";
        let head = Head::read(answer).unwrap().unwrap();
        assert_eq!((head.status, head.body), (401, 2));
        assert_eq!(&answer[head.length..], b"{}");
        assert_eq!(Head::read(&answer[..40]).unwrap(), None);
    }

    #[test]
    fn a_header_is_found_whatever_its_case() {
        let answer = Answer {
            status: 303,
            head: b"HTTP/1.1 303 See Other\r\nLocation: https://a.example/b#c\r\n\r\n",
            body: b"",
        };
        assert_eq!(answer.header("location"), Some("https://a.example/b#c"));
        assert_eq!(answer.header("set-cookie"), None);
    }

    #[test]
    fn an_answer_of_unknown_length_is_refused() {
        assert!(Head::read(b"HTTP/1.1 200 OK\r\n\r\n").is_err());
    }
}
