//! An OCSP responder on a port of this machine.

use std::net::Ipv4Addr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::routing::post;
use portique_domain::clock::Clock;
use portique_test_authority::OcspResponder;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use crate::meter;

/// Answers by the clock of the server that asks, in its process, until it is dropped.
pub struct Responder {
    pub url: String,
    answering: Arc<Answering>,
    serving: JoinHandle<()>,
}

/// What it answered so far.
#[derive(Clone, Copy)]
pub struct Answered {
    pub questions: u64,
    /// The processor's time for signing the answers: the server's process has it, and the product has not.
    pub cpu: Duration,
}

struct Answering {
    responder: OcspResponder,
    clock: Arc<dyn Clock>,
    questions: AtomicU64,
    nanoseconds: AtomicU64,
}

impl Responder {
    pub async fn start(responder: OcspResponder, clock: Arc<dyn Clock>) -> anyhow::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let url = format!("http://{}/ocsp", listener.local_addr()?);
        let answering = Arc::new(Answering {
            responder,
            clock,
            questions: AtomicU64::new(0),
            nanoseconds: AtomicU64::new(0),
        });
        let router = Router::new()
            .route("/ocsp", post(answer))
            .with_state(Arc::clone(&answering));
        let serving = tokio::spawn(async move {
            // One that fails shows as cards that nobody vouches for.
            drop(axum::serve(listener, router).await);
        });
        Ok(Self {
            url,
            answering,
            serving,
        })
    }

    pub fn answered(&self) -> Answered {
        Answered {
            questions: self.answering.questions.load(Ordering::Relaxed),
            cpu: Duration::from_nanos(self.answering.nanoseconds.load(Ordering::Relaxed)),
        }
    }
}

impl Drop for Responder {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

async fn answer(State(answering): State<Arc<Answering>>, request: Bytes) -> Vec<u8> {
    let before = meter::thread_cpu_time();
    let answer = answering.responder.answer(&request, answering.clock.now());
    let took = meter::thread_cpu_time().saturating_sub(before);
    let nanoseconds = u64::try_from(took.as_nanos()).unwrap_or_default();
    answering.questions.fetch_add(1, Ordering::Relaxed);
    answering.nanoseconds.fetch_add(nanoseconds, Ordering::Relaxed);
    answer
}
