//! `index.html`: one for each portal, language and kind of screen, rendered and compressed when the server starts.
//!
//! The sign-in screen is painted by this page before WebAssembly arrives; the client then takes its place unseen.

mod compact;
mod hashes;
mod render;

use std::collections::HashMap;
use std::io::Write as _;

use axum::extract::State;
use axum::http::header::{
    CACHE_CONTROL, CONTENT_ENCODING, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderValue, VARY,
};
use axum::http::{HeaderMap, Uri};
use axum::response::{IntoResponse, Response};
use portique_domain::portal::PortalName;
use portique_domain::use_cases::session::find;
use portique_shared::Language;
use portique_shared::api::problem::ErrorCode;
use portique_shared::api::screens;

use crate::http::cookie;
use crate::http::envelope::page_policy;
use crate::http::language::language_of;
use crate::http::portal::host_of;
use crate::http::problem::ApiError;
use crate::site::{Site, Sites};
use crate::state::AppState;

/// Brotli's level for pages made at start: near the best, in milliseconds.
const BROTLI_LEVEL: u32 = 9;

/// The pages, ready to be sent.
pub struct Shells(HashMap<Key, Page>);

#[derive(Clone, PartialEq, Eq, Hash)]
struct Key {
    portal: PortalName,
    language: Language,
    /// Whether the page paints the sign-in form, or only the frame around a screen.
    sign_in: bool,
}

struct Page {
    plain: Vec<u8>,
    brotli: Vec<u8>,
    gzip: Vec<u8>,
    policy: HeaderValue,
}

impl Shells {
    /// Renders every page.
    pub fn render(sites: &Sites) -> anyhow::Result<Self> {
        let renderer = render::Renderer::new()?;
        let mut pages = HashMap::new();
        for site in sites.iter() {
            for language in Language::ALL {
                for sign_in in [true, false] {
                    let html = renderer.page(site, language, sign_in)?;
                    let key = Key {
                        portal: site.portal.name.clone(),
                        language,
                        sign_in,
                    };
                    pages.insert(key, Page::new(html)?);
                }
            }
        }
        Ok(Self(pages))
    }
}

impl Page {
    fn new(html: String) -> anyhow::Result<Self> {
        let policy = page_policy(&hashes::inline(&html, "script"), &hashes::inline(&html, "style"));
        let plain = html.into_bytes();
        let mut brotli = Vec::new();
        brotli::CompressorWriter::new(&mut brotli, 4096, BROTLI_LEVEL, 22).write_all(&plain)?;
        let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        gzip.write_all(&plain)?;
        Ok(Self {
            brotli,
            gzip: gzip.finish()?,
            policy: HeaderValue::from_str(&policy)?,
            plain,
        })
    }
}

/// `GET /`.
pub async fn page(State(state): State<AppState>, uri: Uri, headers: HeaderMap) -> Response {
    respond(&state, &uri, &headers).await
}

/// The page for the request's portal, language and path.
pub async fn respond(state: &AppState, uri: &Uri, request: &HeaderMap) -> Response {
    let site = host_of(uri, request).and_then(|host| state.sites.by_host(host));
    let Some(site) = site else {
        return ApiError::new(ErrorCode::UnknownPortal).into_response();
    };
    let key = Key {
        portal: site.portal.name.clone(),
        language: language_of(request),
        sign_in: paints_sign_in(state, site, uri.path(), request).await,
    };
    let Some(page) = state.shells.0.get(&key) else {
        return ApiError::detailed(ErrorCode::Internal, "a page was not rendered at start").into_response();
    };
    let (body, encoding) = crate::client::encoded(request, &page.plain, Some(&page.brotli), Some(&page.gzip));
    let mut response = body.to_vec().into_response();
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(
        VARY,
        HeaderValue::from_static("accept-encoding, accept-language, cookie"),
    );
    headers.insert(CONTENT_SECURITY_POLICY, page.policy.clone());
    if let Some(encoding) = encoding {
        headers.insert(CONTENT_ENCODING, HeaderValue::from_static(encoding));
    }
    response
}

/// The sign-in form stands at its own address, and at the home's for who has no live session. The two kinds of page load
/// different bundles of the client.
async fn paints_sign_in(state: &AppState, site: &Site, path: &str, request: &HeaderMap) -> bool {
    match path {
        screens::SIGN_IN => true,
        screens::HOME => match cookie::session_token(site, request) {
            // A database that fails is told by the API's answers: the page itself is sent all the same.
            Some(token) => !matches!(find(&state.tools, &site.portal, &token).await, Ok(Some(_))),
            None => true,
        },
        _ => false,
    }
}

/// Hashes of a page's inline styles, for pages that are no shell.
pub fn inline_style_hashes(html: &str) -> Vec<String> {
    hashes::inline(html, "style")
}
