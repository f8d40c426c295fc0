//! A mail server of a few lines: it takes what it is given.

use std::sync::{Arc, Mutex, MutexGuard};

use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};

/// Takes mails on a port until it is dropped.
pub struct MailServer {
    mails: Arc<Mutex<Vec<String>>>,
    listening: tokio::task::JoinHandle<()>,
}

impl Drop for MailServer {
    fn drop(&mut self) {
        self.listening.abort();
    }
}

impl MailServer {
    pub async fn start(port: u16) -> Self {
        Self::with(port, true).await
    }

    /// One that reads mails to their end and never says that it has them.
    pub async fn silent(port: u16) -> Self {
        Self::with(port, false).await
    }

    async fn with(port: u16, answers: bool) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", port))
            .await
            .expect("the port was free");
        let mails = Arc::new(Mutex::default());
        let kept = Arc::clone(&mails);
        let listening = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(converse(stream, Arc::clone(&kept), answers));
            }
        });
        Self { mails, listening }
    }

    /// Every mail read to its end, headers and all.
    pub fn mails(&self) -> Vec<String> {
        lock(&self.mails).clone()
    }
}

fn lock(mails: &Mutex<Vec<String>>) -> MutexGuard<'_, Vec<String>> {
    mails.lock().expect("no test panics while it holds this")
}

/// Ends with the connection, whatever ends that.
async fn converse(stream: TcpStream, mails: Arc<Mutex<Vec<String>>>, answers: bool) -> Option<()> {
    let (read, mut write) = stream.into_split();
    let mut lines = BufReader::new(read).lines();
    write.write_all(b"220 test ESMTP\r\n").await.ok()?;
    while let Some(line) = lines.next_line().await.ok()? {
        let verb = line.split([' ', ':']).next().unwrap_or_default().to_uppercase();
        let answer = match verb.as_str() {
            "EHLO" | "HELO" => "250-test\r\n250 8BITMIME\r\n",
            "DATA" => {
                write.write_all(b"354 go on\r\n").await.ok()?;
                let mut mail = String::new();
                loop {
                    let line = lines.next_line().await.ok()??;
                    if line == "." {
                        break;
                    }
                    mail.push_str(&line);
                    mail.push('\n');
                }
                lock(&mails).push(mail);
                if !answers {
                    std::future::pending::<()>().await;
                }
                "250 taken\r\n"
            }
            "QUIT" => "221 bye\r\n",
            _ => "250 ok\r\n",
        };
        write.write_all(answer.as_bytes()).await.ok()?;
    }
    Some(())
}
