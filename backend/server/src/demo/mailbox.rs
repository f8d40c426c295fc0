//! `GET /demo/mailbox`: what would have left, to be read.

use axum::extract::State;
use axum::http::header::CONTENT_SECURITY_POLICY;
use axum::response::{Html, IntoResponse};
use minijinja::Environment;
use minijinja::value::Serde;
use portique_delivery::mailbox::DemoMessage;
use portique_delivery::render::in_words;
use portique_domain::outbox::Channel;
use portique_shared::Language;
use portique_shared::api::problem::ErrorCode;
use serde::Serialize;

use super::{STYLE, demo};
use crate::http::envelope::page_policy;
use crate::http::language::PageLanguage;
use crate::http::problem::ApiError;
use crate::site::{Site, Sites};
use crate::state::AppState;

const TEMPLATE: &str = include_str!("../../templates/mailbox.html");

/// The mailbox, newest message first, in the browser's language; moments are in the portals' own time.
pub async fn mailbox_page(
    State(state): State<AppState>,
    PageLanguage(language): PageLanguage,
) -> Result<impl IntoResponse, ApiError> {
    let kept = demo(&state)?.mailbox.list();
    let messages = kept.iter().enumerate().rev();
    let page = Page {
        language: language.tag(),
        cards: demo(&state)?.cards.is_some(),
        words: Words::of(language),
        portals: state
            .sites
            .iter()
            .map(|site| PortalLink::new(site, language))
            .collect(),
        messages: messages
            .map(|(number, message)| Row::new(number, message, &state.sites, language))
            .collect(),
    };
    let mut templates = Environment::new();
    let page = templates
        .add_template("demo.css", STYLE)
        .and_then(|()| templates.add_template("mailbox.html", TEMPLATE))
        .and_then(|()| templates.get_template("mailbox.html"))
        .and_then(|template| template.render(Serde(&page)))
        .map_err(|error| ApiError::detailed(ErrorCode::Internal, error))?;
    let policy = page_policy(&[], &crate::shell::inline_style_hashes(&page)) + "; frame-src 'self'";
    Ok(([(CONTENT_SECURITY_POLICY, policy)], Html(page)))
}

#[derive(Serialize)]
struct Page {
    language: &'static str,
    /// Whether there are sample cards to import.
    cards: bool,
    words: Words,
    portals: Vec<PortalLink>,
    messages: Vec<Row>,
}

#[derive(Serialize)]
struct PortalLink {
    title: String,
    address: String,
}

impl PortalLink {
    fn new(site: &Site, language: Language) -> Self {
        Self {
            title: site.portal.title.get(language).to_owned(),
            address: site.portal.public_url.clone(),
        }
    }
}

#[derive(Serialize)]
struct Row {
    /// In the mailbox, the oldest being 0.
    number: usize,
    portal: PortalLink,
    to: String,
    /// An SMS has no HTML.
    by_mail: bool,
    subject: String,
    text: String,
    /// RFC 3339.
    at: String,
    at_in_words: String,
}

impl Row {
    fn new(number: usize, message: &DemoMessage, sites: &Sites, language: Language) -> Self {
        let site = sites.by_name(&message.portal);
        let in_its_time = |site: &Site| in_words(message.at, &site.portal.time_zone, language);
        Self {
            number,
            portal: site.map_or_else(
                || PortalLink {
                    title: message.portal.to_string(),
                    address: "/".to_owned(),
                },
                |site| PortalLink::new(site, language),
            ),
            to: message.to.clone(),
            by_mail: message.channel == Channel::Mail,
            subject: match message.channel {
                Channel::Mail => message.subject.clone(),
                Channel::Sms => "SMS".to_owned(),
            },
            text: message.text.clone(),
            at: message.at.to_string(),
            at_in_words: site.map_or_else(|| message.at.to_string(), |site| in_its_time(site)),
        }
    }
}

/// The page's own words.
#[derive(Serialize)]
struct Words {
    title: &'static str,
    intro: &'static str,
    refresh: &'static str,
    portals: &'static str,
    alone: &'static str,
    none: &'static str,
    cards: &'static str,
}

impl Words {
    const fn of(language: Language) -> Self {
        match language {
            Language::Fr => Self {
                title: "Messages de la démonstration",
                intro: "Ces messages seraient partis ; ils restent ici, le plus récent d’abord.",
                refresh: "Actualiser",
                portals: "Retour aux portails",
                alone: "Voir le message seul",
                none: "Aucun message pour l’instant.",
                cards: "Cartes CPS d’essai",
            },
            Language::En => Self {
                title: "The demo’s messages",
                intro: "These messages would have left; they stay here, newest first.",
                refresh: "Refresh",
                portals: "Back to the portals",
                alone: "See the message by itself",
                none: "No message yet.",
                cards: "Sample CPS cards",
            },
        }
    }
}
