//! How lists and answers are fetched over HTTP.

use portique_cards::{Fetch, FetchError, Fetched, HttpFetch, MAX_ANSWER_BYTES, Version};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

/// A server that answers once, and hands back what it was asked.
async fn server(answer: Vec<u8>) -> (String, JoinHandle<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let url = format!("http://{}/list.crl", listener.local_addr().expect("an address"));
    let asked = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.expect("somebody calls");
        let mut asked = Vec::new();
        let mut piece = [0; 4096];
        while !asked.windows(4).any(|end| end == b"\r\n\r\n") || asked.ends_with(b"content-length: 3\r\n\r\n")
        {
            let length = stream.read(&mut piece).await.expect("a request");
            asked.extend_from_slice(&piece[..length]);
        }
        // Whoever has read enough hangs up: that is no fault of the server's.
        drop(stream.write_all(&answer).await);
        drop(stream.shutdown().await);
        String::from_utf8_lossy(&asked).into_owned()
    });
    (url, asked)
}

fn answer(head: &str, body: &[u8]) -> Vec<u8> {
    let mut answer = format!("HTTP/1.1 {head}\r\nContent-Length: {}\r\n\r\n", body.len()).into_bytes();
    answer.extend_from_slice(body);
    answer
}

#[tokio::test]
async fn a_file_comes_with_its_version_and_is_not_sent_twice() {
    let fetch = HttpFetch::new().expect("a client");
    let (url, _) = server(answer(
        "200 OK\r\nETag: \"7\"\r\nLast-Modified: Mon, 01 Jun 2026 10:00:00 GMT",
        b"list",
    ))
    .await;
    let fetched = fetch.get(&url, &Version::default()).await;
    let version = Version {
        etag: Some("\"7\"".into()),
        last_modified: Some("Mon, 01 Jun 2026 10:00:00 GMT".into()),
    };
    let file = Fetched::File {
        bytes: b"list".to_vec(),
        version: version.clone(),
    };
    assert_eq!(fetched, Ok(file));
    let (url, asked) = server(answer("304 Not Modified", b"")).await;
    assert_eq!(fetch.get(&url, &version).await, Ok(Fetched::Unchanged));
    let asked = asked.await.expect("a request").to_lowercase();
    assert!(
        asked.contains("if-none-match: \"7\"") && asked.contains("if-modified-since: mon, 01 jun"),
        "{asked}"
    );
}

#[tokio::test]
async fn no_redirect_is_followed_and_no_other_status_is_an_answer() {
    let fetch = HttpFetch::new().expect("a client");
    for (head, status) in [
        ("302 Found\r\nLocation: http://127.0.0.1:9/", 302),
        ("404 Not Found", 404),
        ("304 Not Modified", 304),
        ("206 Partial Content", 206),
    ] {
        let (url, _) = server(answer(head, b"")).await;
        assert_eq!(
            fetch.get(&url, &Version::default()).await,
            Err(FetchError::Status(status))
        );
    }
}

#[tokio::test]
async fn a_question_is_posted_and_its_answer_is_bounded() {
    let fetch = HttpFetch::new().expect("a client");
    let (url, asked) = server(answer("200 OK", b"answer")).await;
    assert_eq!(fetch.ask(&url, b"ask".to_vec()).await, Ok(b"answer".to_vec()));
    let asked = asked.await.expect("a request").to_lowercase();
    assert!(
        asked.starts_with("post /list.crl") && asked.contains("application/ocsp-request"),
        "{asked}"
    );
    assert!(asked.ends_with("ask"), "{asked}");

    let (url, _) = server(answer("200 OK", &vec![0; MAX_ANSWER_BYTES + 1])).await;
    assert_eq!(fetch.ask(&url, b"ask".to_vec()).await, Err(FetchError::TooLarge));
    // One that does not announce its length is stopped on the way.
    let mut endless = b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n".to_vec();
    endless.resize(MAX_ANSWER_BYTES * 2, b'x');
    let (url, _) = server(endless).await;
    assert_eq!(fetch.ask(&url, b"ask".to_vec()).await, Err(FetchError::TooLarge));
}

#[tokio::test]
async fn where_a_proxy_is_named_it_is_the_way_out() {
    let (proxy, asked) = server(answer("200 OK", b"list")).await;
    let fetch = HttpFetch::through(proxy.trim_end_matches("/list.crl")).expect("a client");
    let fetched = fetch
        .get("http://lists.example/people.crl", &Version::default())
        .await;
    assert!(fetched.is_ok(), "{fetched:?}");
    let asked = asked.await.expect("a request");
    assert!(
        asked.starts_with("GET http://lists.example/people.crl"),
        "{asked}"
    );
}

#[tokio::test]
async fn where_nobody_listens_or_the_answer_breaks_off_nothing_is_fetched() {
    let fetch = HttpFetch::new().expect("a client");
    let gone = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let url = format!("http://{}/", gone.local_addr().expect("an address"));
    drop(gone);
    assert_eq!(
        fetch.get(&url, &Version::default()).await,
        Err(FetchError::Connect)
    );
    let mut short = answer("200 OK", b"a whole list");
    short.truncate(short.len() - 4);
    let (url, _) = server(short).await;
    assert_eq!(
        fetch.get(&url, &Version::default()).await,
        Err(FetchError::Broken)
    );
}
