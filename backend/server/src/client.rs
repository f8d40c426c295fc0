//! The client inside the program: its files, precompressed; every other path is a screen.

use std::collections::HashMap;
use std::sync::LazyLock;

use axum::body::Bytes;
use axum::extract::{Request, State};
use axum::http::header::{
    ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, ETAG, HeaderValue, IF_NONE_MATCH, VARY,
};
use axum::http::{HeaderMap, Method, StatusCode};
use axum::response::{IntoResponse, Response};
use portique_shared::api::problem::ErrorCode;
use sha2::{Digest, Sha256};

use crate::config::Picture;
use crate::http::portal::site_of;
use crate::http::problem::ApiError;
use crate::shell;
use crate::state::AppState;

/// A file of the client.
struct File {
    /// Without a leading slash.
    path: &'static str,
    plain: &'static [u8],
    brotli: Option<&'static [u8]>,
    gzip: Option<&'static [u8]>,
}

mod embedded {
    use super::File;

    include!(concat!(env!("OUT_DIR"), "/client.rs"));
}

/// A year: the name changes when the content does.
const FOR_EVER: &str = "public, max-age=31536000, immutable";
/// Names without a hash: kept, but asked about each time.
const ASK_EACH_TIME: &str = "no-cache";

/// First parts of paths under which the client has no screen: what isn't there is told so.
const WITHOUT_SCREENS: [&str; 3] = ["api", "demo", ".well-known"];

struct Served {
    file: &'static File,
    etag: HeaderValue,
}

static BY_PATH: LazyLock<HashMap<&'static str, Served>> = LazyLock::new(|| {
    let served = embedded::FILES.iter().map(|file| {
        let etag = format!("\"{}\"", hex::encode(&Sha256::digest(file.plain)[..12]));
        let etag = HeaderValue::from_str(&etag).expect("hexadecimal digits in quotes");
        (file.path, Served { file, etag })
    });
    served.filter(|(path, _)| *path != "index.html").collect()
});

/// `index.html` as Trunk built it, if the client was built at all.
pub fn built_index() -> Option<&'static str> {
    let index = embedded::FILES.iter().find(|file| file.path == "index.html")?;
    std::str::from_utf8(index.plain).ok()
}

/// Whether the client brings a file at that path. A program built without the client can't tell, and doubts nothing.
pub fn ships(path: &str) -> bool {
    built_index().is_none() || BY_PATH.contains_key(path.trim_start_matches('/'))
}

/// A file of the client, else a screen, whose address the client routes itself.
pub async fn file_or_page(State(state): State<AppState>, request: Request) -> Response {
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return ApiError::new(ErrorCode::MethodNotAllowed).into_response();
    }
    let path = request.uri().path().trim_start_matches('/');
    if let Some(served) = BY_PATH.get(path) {
        return serve(served, request.headers());
    }
    if let Some(picture) =
        site_of(&state.sites, &request).and_then(|site| site.picture(request.uri().path()).cloned())
    {
        return own_picture(picture);
    }
    let last = path.rsplit('/').next().unwrap_or_default();
    let first = path.split('/').next().unwrap_or_default();
    if last.contains('.') || WITHOUT_SCREENS.contains(&first) {
        // The client has no screen with a dot in its last part: a file that isn't there is told so.
        return ApiError::new(ErrorCode::NotFound).into_response();
    }
    let (parts, _) = request.into_parts();
    shell::respond(&state, &parts.uri, &parts.headers).await
}

fn own_picture(picture: Picture) -> Response {
    let headers = [(CONTENT_TYPE, picture.media_type), (CACHE_CONTROL, FOR_EVER)];
    (headers, picture.bytes).into_response()
}

fn serve(served: &Served, request: &HeaderMap) -> Response {
    let Served { file, etag } = served;
    let caching = if has_hashed_name(file.path) {
        FOR_EVER
    } else {
        ASK_EACH_TIME
    };
    if request.get(IF_NONE_MATCH) == Some(etag) {
        return (
            StatusCode::NOT_MODIFIED,
            [
                (ETAG, etag.clone()),
                (CACHE_CONTROL, HeaderValue::from_static(caching)),
            ],
        )
            .into_response();
    }
    let (body, encoding) = encoded(request, file.plain, file.brotli, file.gzip);
    let mut response = Bytes::from_static(body).into_response();
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(media_type(file.path)));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static(caching));
    headers.insert(ETAG, etag.clone());
    headers.insert(VARY, HeaderValue::from_static("accept-encoding"));
    if let Some(encoding) = encoding {
        headers.insert(CONTENT_ENCODING, HeaderValue::from_static(encoding));
    }
    response
}

/// The smallest form that the browser takes, and its `Content-Encoding`.
pub fn encoded<'a>(
    request: &HeaderMap,
    plain: &'a [u8],
    brotli: Option<&'a [u8]>,
    gzip: Option<&'a [u8]>,
) -> (&'a [u8], Option<&'static str>) {
    let accepted = request
        .get(ACCEPT_ENCODING)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    let takes = |name: &str| {
        accepted.split(',').any(|part| {
            let (coding, weight) = part.split_once(';').unwrap_or((part, ""));
            coding.trim() == name && !matches!(weight.trim(), "q=0" | "q=0.0" | "q=0.00" | "q=0.000")
        })
    };
    match (brotli, gzip) {
        (Some(brotli), _) if takes("br") => (brotli, Some("br")),
        (_, Some(gzip)) if takes("gzip") => (gzip, Some("gzip")),
        _ => (plain, None),
    }
}

/// Trunk puts a hash of 64 bits into a name, in hexadecimal without zeroes in front (`client-123456789abcdef.js`, `…_bg.wasm`):
/// 16 digits, one in sixteen times 15, and so on.
fn has_hashed_name(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or_default();
    name.split(['-', '_', '.'])
        .any(|part| (12..=16).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

fn media_type(path: &str) -> &'static str {
    match path.rsplit('.').next().unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "wasm" => "application/wasm",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "json" | "webmanifest" => "application/json",
        "txt" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_with_a_hash_are_kept_for_ever() {
        assert!(has_hashed_name("portique-frontend-1023456789abcdef.js"));
        assert!(has_hashed_name("sign-in-390bf33ad1480a2.js"));
        assert!(has_hashed_name("portique-frontend-0123456789abcdef_bg.wasm"));
        assert!(!has_hashed_name("services/agenda.svg"));
        assert!(!has_hashed_name("favicon.svg"));
    }

    #[test]
    fn the_smallest_form_that_the_browser_takes_is_sent() {
        let mut request = HeaderMap::new();
        let forms = |request: &HeaderMap| encoded(request, b"plain", Some(b"br"), Some(b"gz")).1;
        assert_eq!(forms(&request), None);
        request.insert(
            ACCEPT_ENCODING,
            HeaderValue::from_static("gzip, deflate, br;q=0.9"),
        );
        assert_eq!(forms(&request), Some("br"));
        request.insert(ACCEPT_ENCODING, HeaderValue::from_static("gzip, br;q=0"));
        assert_eq!(forms(&request), Some("gzip"));
    }
}
