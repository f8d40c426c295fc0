//! The estimator beside the threads that serve everybody.

/// The estimator failed on a password, or the server is stopping. Without the failure's own words, which may quote the
/// password.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the password could not be judged")]
pub struct Unjudged;

/// Does on a thread of its own what takes a processor some milliseconds. Not on the hashing threads: a panic of the
/// estimator would end one of them, here it ends one request.
pub(crate) async fn aside<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, Unjudged> {
    tokio::task::spawn_blocking(work).await.map_err(|_| Unjudged)
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::channel;

    use super::*;

    #[tokio::test]
    async fn the_thread_that_serves_goes_on_meanwhile() {
        let (say, said) = channel();
        let work = aside(move || said.recv().unwrap());
        let goes_on = async { say.send("served").unwrap() };
        // On the serving thread the work would wait for ever for what comes after it.
        assert_eq!(tokio::join!(work, goes_on).0, Ok("served"));
    }

    #[tokio::test]
    async fn what_fails_ends_one_request() {
        let failed: Result<(), Unjudged> = aside(|| panic!("an odd password")).await;
        assert_eq!(failed, Err(Unjudged));
    }
}
