//! A mail server that takes every mail and keeps none: as in service, an answer leaves as soon as it is looked up.

use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::{JoinHandle, JoinSet};

/// Takes mails on a port of this machine until it is dropped.
pub struct MailServer {
    pub port: u16,
    listening: JoinHandle<()>,
}

impl MailServer {
    pub async fn start() -> anyhow::Result<Self> {
        // The name that the settings give, so that both mean the same address.
        let listener = TcpListener::bind(("localhost", 0)).await?;
        let port = listener.local_addr()?.port();
        let listening = tokio::spawn(async move {
            let mut conversations = JoinSet::new();
            while let Ok((stream, _)) = listener.accept().await {
                conversations.spawn(converse(stream));
            }
        });
        Ok(Self { port, listening })
    }
}

impl Drop for MailServer {
    fn drop(&mut self) {
        self.listening.abort();
    }
}

/// Until the client hangs up. A conversation that fails shows as a mail that was not taken.
async fn converse(stream: TcpStream) -> Option<()> {
    stream.set_nodelay(true).ok()?;
    let (read, mut write) = stream.into_split();
    let mut lines = BufReader::new(read).lines();
    write.write_all(b"220 localhost ESMTP\r\n").await.ok()?;
    let mut in_mail = false;
    while let Some(line) = lines.next_line().await.ok()? {
        let answer = match (in_mail, line.get(..4)) {
            (true, _) if line != "." => continue,
            (false, Some("EHLO")) => "250-localhost\r\n250 8BITMIME\r\n",
            (false, Some("DATA")) => "354 go on\r\n",
            (false, Some("QUIT")) => "221 bye\r\n",
            _ => "250 taken\r\n",
        };
        in_mail = answer.starts_with("354");
        write.write_all(answer.as_bytes()).await.ok()?;
    }
    Some(())
}
