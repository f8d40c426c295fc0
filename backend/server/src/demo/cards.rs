//! `GET /demo/cards`: sample cards to import, and how to.

use std::path::PathBuf;

use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderValue};
use axum::response::{Html, IntoResponse};
use minijinja::Environment;
use minijinja::value::Serde;
use portique_shared::Language;
use portique_shared::api::portal::WayKind;
use portique_shared::api::problem::ErrorCode;
use serde::Serialize;

use super::{STYLE, demo};
use crate::http::envelope::page_policy;
use crate::http::language::PageLanguage;
use crate::http::problem::ApiError;
use crate::state::AppState;

const TEMPLATE: &str = include_str!("../../templates/demo-cards.html");

/// Under which address each is given, and what it shows: name of its file, French, English.
const CARDS: [(&str, &str, &str); 9] = [
    (
        "praticienne",
        "Jeanne Martin\u{a0}: ouvre le compte «\u{a0}praticien\u{a0}»",
        "Jeanne Martin: opens the account “praticien”",
    ),
    (
        "sans-compte",
        "Paul Durand\u{a0}: une carte valable, mais aucun compte",
        "Paul Durand: a good card, but no account",
    ),
    ("expiree", "Une carte expirée", "A card that has expired"),
    (
        "pas-encore-valable",
        "Une carte dont la validité n’a pas encore commencé",
        "A card whose validity has not begun yet",
    ),
    (
        "revoquee",
        "Une carte perdue, donc révoquée",
        "A card that was lost, and revoked",
    ),
    (
        "signature",
        "Le certificat de signature d’une carte, à la place de celui d’authentification",
        "A card’s certificate for signing, in the place of the one for authentication",
    ),
    (
        "sans-contact",
        "Une carte lue sans contact, donc sans code",
        "A card read without contact, hence without a PIN code",
    ),
    (
        "organisation",
        "Le certificat d’un établissement",
        "An organisation’s certificate",
    ),
    ("test", "Une carte de test", "A test card"),
];

/// The root of the card host's own certificate.
const ROOT: &str = "racine.pem";

/// The cards and how to import one, in the browser's language.
pub async fn cards_page(
    State(state): State<AppState>,
    PageLanguage(language): PageLanguage,
) -> Result<impl IntoResponse, ApiError> {
    folder(&state)?;
    let portals = state.sites.iter().filter_map(|site| {
        let mut ways = site.view.sign_in.ways.iter();
        ways.any(|way| way.kind == WayKind::Card).then(|| PortalLink {
            title: site.portal.title.get(language).to_owned(),
            address: site.portal.public_url.clone(),
        })
    });
    let page = Page {
        language: language.tag(),
        portals: portals.collect(),
        cards: CARDS
            .iter()
            .map(|(name, french, english)| Card {
                file: format!("{name}.p12"),
                words: match language {
                    Language::Fr => french,
                    Language::En => english,
                },
            })
            .collect(),
        root: ROOT,
    };
    let mut templates = Environment::new();
    let page = templates
        .add_template("demo.css", STYLE)
        .and_then(|()| templates.add_template("demo-cards.html", TEMPLATE))
        .and_then(|()| templates.get_template("demo-cards.html"))
        .and_then(|template| template.render(Serde(&page)))
        .map_err(|error| ApiError::detailed(ErrorCode::Internal, error))?;
    let policy = page_policy(&[], &crate::shell::inline_style_hashes(&page));
    Ok(([(CONTENT_SECURITY_POLICY, policy)], Html(page)))
}

/// `GET /demo/cards/{file}`: a card, or the root of the card host's certificate.
pub async fn card_file(
    State(state): State<AppState>,
    file: Result<Path<String>, PathRejection>,
) -> Result<impl IntoResponse, ApiError> {
    let not_found = || ApiError::new(ErrorCode::NotFound);
    let Path(file) = file.map_err(|_| not_found())?;
    let folder = folder(&state)?;
    // Only these names reach the disk.
    let (path, kind) = if file == ROOT {
        (folder.join("server").join(ROOT), "application/x-x509-ca-cert")
    } else {
        let known = |name: &str| file.strip_suffix(".p12") == Some(name);
        let (name, ..) = CARDS
            .into_iter()
            .find(|(name, ..)| known(name))
            .ok_or_else(not_found)?;
        (
            folder.join("cards").join(format!("{name}.p12")),
            "application/x-pkcs12",
        )
    };
    let bytes = tokio::fs::read(path)
        .await
        .map_err(|error| ApiError::detailed(ErrorCode::Internal, error))?;
    let headers = [
        (CONTENT_TYPE, HeaderValue::from_static(kind)),
        (CONTENT_DISPOSITION, HeaderValue::from_static("attachment")),
    ];
    Ok((headers, bytes))
}

fn folder(state: &AppState) -> Result<PathBuf, ApiError> {
    demo(state)?
        .cards
        .clone()
        .ok_or_else(|| ApiError::new(ErrorCode::NotFound))
}

#[derive(Serialize)]
struct Page {
    language: &'static str,
    /// Those that take cards.
    portals: Vec<PortalLink>,
    cards: Vec<Card>,
    root: &'static str,
}

#[derive(Serialize)]
struct PortalLink {
    title: String,
    address: String,
}

#[derive(Serialize)]
struct Card {
    file: String,
    words: &'static str,
}
