//! A mail server for tests: real sockets, real TLS, answers as told.

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard};

use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncWrite, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::PrivateKeyDer;

/// What the server does with the next mail.
#[derive(Clone, Debug)]
pub(crate) enum Next {
    /// Greets with this line and closes.
    Greet(&'static str),
    /// Answers `RCPT` with this line.
    AtRecipient(&'static str),
    /// Takes the mail's text and answers with this line.
    AtText(&'static str),
    /// Takes the mail's text and closes without an answer.
    Close,
    /// Takes the mail's text and says nothing, ever.
    Silence,
    /// Takes the mail, then closes.
    TakeAndClose,
}

/// How it protects its connections, and for whom.
#[derive(Clone)]
pub(crate) enum Protection {
    /// `STARTTLS` is not even offered.
    Clear,
    StartTls(TlsAcceptor),
    Implicit(TlsAcceptor),
}

/// What it saw.
#[derive(Clone, Debug, Default)]
pub(crate) struct Seen {
    pub(crate) connections: usize,
    /// Each mail taken, headers and all, as it travelled.
    pub(crate) mails: Vec<String>,
    /// Every command heard before TLS, but `EHLO` and `STARTTLS`.
    pub(crate) in_clear: Vec<String>,
    pub(crate) recipients: Vec<String>,
}

struct Conduct {
    protection: Protection,
    /// `AUTH PLAIN`'s answer, in base64; without it nobody sends.
    credentials: Option<&'static str>,
    next: Mutex<VecDeque<Next>>,
    seen: Mutex<Seen>,
}

pub(crate) struct SmtpServer {
    pub(crate) address: SocketAddr,
    conduct: Arc<Conduct>,
    listening: JoinHandle<()>,
}

impl Drop for SmtpServer {
    fn drop(&mut self) {
        self.listening.abort();
    }
}

impl SmtpServer {
    pub(crate) async fn start(protection: Protection, credentials: Option<&'static str>) -> Self {
        Self::start_on("127.0.0.1:0", protection, credentials).await
    }

    pub(crate) async fn start_on(
        address: &str,
        protection: Protection,
        credentials: Option<&'static str>,
    ) -> Self {
        let listener = TcpListener::bind(address).await.expect("a free port");
        let conduct = Arc::new(Conduct {
            protection,
            credentials,
            next: Mutex::default(),
            seen: Mutex::default(),
        });
        let address = listener.local_addr().expect("it is bound");
        let shared = Arc::clone(&conduct);
        let listening = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                lock(&shared.seen).connections += 1;
                tokio::spawn(connection(Arc::clone(&shared), stream));
            }
        });
        Self {
            address,
            conduct,
            listening,
        }
    }

    pub(crate) fn seen(&self) -> Seen {
        lock(&self.conduct.seen).clone()
    }

    pub(crate) fn then(&self, next: impl IntoIterator<Item = Next>) {
        lock(&self.conduct.next).extend(next);
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().expect("no test panics while it holds this")
}

/// An authority made for this test, and a server certificate from it.
pub(crate) struct Authority {
    pub(crate) acceptor: TlsAcceptor,
    /// The authority's certificate.
    pub(crate) ca_file: PathBuf,
}

impl Authority {
    /// `name` distinguishes the file; `host` is whom the server's certificate is for.
    pub(crate) fn new(name: &str, host: &str) -> Self {
        let mut params = CertificateParams::new(vec![]).expect("no name is well formed");
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let ca_key = KeyPair::generate().expect("ring has entropy");
        let ca = params.self_signed(&ca_key).expect("a key of our own");
        let issuer = Issuer::new(params, ca_key);
        let key = KeyPair::generate().expect("ring has entropy");
        let certificate = CertificateParams::new(vec![host.to_owned()])
            .expect("a host's name")
            .signed_by(&key, &issuer)
            .expect("a key of our own");
        let private = PrivateKeyDer::try_from(key.serialize_der()).expect("PKCS 8");
        // Named, since another crate of the workspace may bring a second provider along.
        let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .expect("ring knows both versions of TLS")
            .with_no_client_auth()
            .with_single_cert(vec![certificate.der().clone()], private)
            .expect("the key is the certificate's");
        let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR"));
        let ca_file = folder.join(format!("{name}.pem"));
        std::fs::write(&ca_file, ca.pem()).expect("the folder is for tests to write in");
        Self {
            acceptor: TlsAcceptor::from(Arc::new(config)),
            ca_file,
        }
    }
}

async fn connection(conduct: Arc<Conduct>, stream: TcpStream) {
    match conduct.protection.clone() {
        Protection::Implicit(acceptor) => {
            // A client that refuses the certificate hangs up here.
            if let Ok(stream) = acceptor.accept(stream).await {
                Session::new(&conduct, stream, true).run(true).await;
            }
        }
        Protection::Clear => {
            Session::new(&conduct, stream, false).run(true).await;
        }
        Protection::StartTls(acceptor) => {
            let upgrade = Session::new(&conduct, stream, false).run(true).await;
            if let Some(stream) = upgrade
                && let Ok(stream) = acceptor.accept(stream).await
            {
                Session::new(&conduct, stream, true).run(false).await;
            }
        }
    }
}

struct Session<'a, S> {
    conduct: &'a Conduct,
    stream: BufReader<S>,
    is_protected: bool,
    is_known: bool,
}

impl<'a, S: AsyncRead + AsyncWrite + Unpin> Session<'a, S> {
    fn new(conduct: &'a Conduct, stream: S, is_protected: bool) -> Self {
        Self {
            conduct,
            stream: BufReader::new(stream),
            is_protected,
            is_known: conduct.credentials.is_none(),
        }
    }

    /// Speaks until somebody hangs up; gives the stream back when TLS is to start on it.
    async fn run(mut self, greets: bool) -> Option<S> {
        if greets {
            let refusal = match lock(&self.conduct.next).front() {
                Some(Next::Greet(line)) => Some(*line),
                _ => None,
            };
            if let Some(line) = refusal {
                lock(&self.conduct.next).pop_front();
                self.say(line).await?;
                return None;
            }
            self.say("220 mail.test ESMTP").await?;
        }
        loop {
            let line = self.hear().await?;
            let command = line.split([' ', ':']).next().unwrap_or_default().to_uppercase();
            if !self.is_protected && !["EHLO", "STARTTLS", "QUIT"].contains(&command.as_str()) {
                lock(&self.conduct.seen).in_clear.push(line.clone());
            }
            match command.as_str() {
                "EHLO" => self.introduce().await?,
                "STARTTLS" => {
                    self.say("220 go ahead").await?;
                    return Some(self.stream.into_inner());
                }
                "AUTH" => {
                    self.is_known = self
                        .conduct
                        .credentials
                        .is_some_and(|known| line.ends_with(known));
                    let answer = if self.is_known {
                        "235 welcome"
                    } else {
                        "535 5.7.8 bad credentials"
                    };
                    self.say(answer).await?;
                }
                "MAIL" if !self.is_known => self.say("530 5.7.0 authentication required").await?,
                "RCPT" => self.recipient(line).await?,
                "DATA" => self.text().await?,
                "QUIT" => {
                    self.say("221 bye").await?;
                    return None;
                }
                _ => self.say("250 ok").await?,
            }
        }
    }

    async fn introduce(&mut self) -> Option<()> {
        self.say("250-mail.test").await?;
        if matches!(self.conduct.protection, Protection::StartTls(_)) && !self.is_protected {
            self.say("250-STARTTLS").await?;
        }
        if self.conduct.credentials.is_some() {
            self.say("250-AUTH PLAIN").await?;
        }
        self.say("250 ENHANCEDSTATUSCODES").await
    }

    async fn recipient(&mut self, line: String) -> Option<()> {
        let refusal = match lock(&self.conduct.next).front() {
            Some(Next::AtRecipient(line)) => Some(*line),
            _ => None,
        };
        if let Some(refusal) = refusal {
            lock(&self.conduct.next).pop_front();
            return self.say(refusal).await;
        }
        lock(&self.conduct.seen).recipients.push(line);
        self.say("250 ok").await
    }

    /// Hears a mail's text; `None` hangs up.
    async fn text(&mut self) -> Option<()> {
        self.say("354 go ahead").await?;
        let mut mail = String::new();
        loop {
            let line = self.hear().await?;
            if line == "." {
                break;
            }
            mail.push_str(line.strip_prefix('.').unwrap_or(&line));
            mail.push_str("\r\n");
        }
        let next = lock(&self.conduct.next).pop_front();
        match next {
            Some(Next::AtText(line)) => self.say(line).await,
            Some(Next::Close) => None,
            Some(Next::Silence) => std::future::pending().await,
            Some(Next::TakeAndClose) => {
                lock(&self.conduct.seen).mails.push(mail);
                self.say("250 taken").await?;
                None
            }
            _ => {
                lock(&self.conduct.seen).mails.push(mail);
                self.say("250 taken").await
            }
        }
    }

    async fn say(&mut self, line: &str) -> Option<()> {
        let line = format!("{line}\r\n");
        self.stream.get_mut().write_all(line.as_bytes()).await.ok()?;
        self.stream.get_mut().flush().await.ok()
    }

    async fn hear(&mut self) -> Option<String> {
        let mut line = String::new();
        let length = self.stream.read_line(&mut line).await.ok()?;
        (length > 0).then(|| line.trim_end_matches(['\r', '\n']).to_owned())
    }
}
