//! What messages say: a letter and a portal become a mail.

mod change;
mod contact;
mod content;
mod moment;
mod quoted;
mod templates;
mod wrap;

use jiff::Timestamp;
use minijinja::value::Serde;
use portique_domain::link::LinkToken;
use portique_domain::mail::OutgoingMail;
use portique_domain::portal::{Portal, Sender};
use portique_domain::reference::Reference;
use portique_shared::api::screens;
use portique_shared::types::EmailAddress;
use portique_shared::{Language, Localized};
use serde::Serialize;
use uuid::Uuid;

use crate::one_line::one_line;
use contact::SupportWords;
pub use content::Content;
pub use moment::in_words;
pub use quoted::Quoted;
use quoted::quoted;
use templates::TEMPLATES;

/// A mail before it is put into words.
pub struct Letter<'a> {
    pub to: &'a EmailAddress,
    pub language: Language,
    /// Of the request that it answers, as the page showed it and the agency knows it.
    pub reference: Option<&'a Reference>,
    pub content: Content<'a>,
}

/// Why a message can't be put into words; no other try would help.
#[derive(Debug, thiserror::Error)]
pub enum RenderError {
    #[error("the portal's public_url has no host (expected https://host)")]
    NoHost,
    /// Holds the template's name and line only: an error's own words might quote what was to be rendered.
    #[error("the template {name} failed at line {line}: {kind}")]
    Template { name: String, line: usize, kind: String },
}

/// Puts message `id` of the queue into words, as they stand at `now`; `quotes` is what it may quote of the portal's pages.
///
/// The mail's `Message-ID` depends on `id` and the portal's host alone, so that each try of one message bears the same.
pub fn render(
    id: Uuid,
    letter: &Letter<'_>,
    portal: &Portal,
    quotes: &Quoted,
    now: Timestamp,
) -> Result<OutgoingMail, RenderError> {
    let mut words = Words::new(letter, portal, quotes);
    let subject = one_line(&fill(letter, "subject", &words)?);
    words.subject.clone_from(&subject);
    Ok(OutgoingMail {
        portal: portal.name.clone(),
        message_id: format!("<{id}@{}>", host(&portal.public_url).ok_or(RenderError::NoHost)?),
        from: Sender {
            name: one_line(&portal.sender.name),
            address: portal.sender.address.clone(),
        },
        to: letter.to.clone(),
        text: wrap::wrap(&fill(letter, "txt", &words)?),
        html: fill(letter, "html", &words)?,
        subject: subject.replace('\u{a0}', " "),
        at: now,
    })
}

/// What the templates know. All of it is one-line text: no name ends a header or starts a line of its own.
#[derive(Serialize)]
struct Words {
    language: &'static str,
    /// The mail's own subject, for the HTML part's title.
    subject: String,
    /// The portal's name.
    title: String,
    colour: String,
    /// Where to sign in.
    address: String,
    support: SupportWords,
    /// As the page showed it: `K7QM-2XPA`.
    #[serde(skip_serializing_if = "Option::is_none")]
    reference: Option<String>,
    #[serde(flatten)]
    own: OwnWords,
}

/// What only some messages say.
#[derive(Default, Serialize)]
struct OwnWords {
    #[serde(skip_serializing_if = "Option::is_none")]
    identifier: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    identifiers: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    links: Vec<LinkWords>,
    /// The provisional password.
    #[serde(skip_serializing_if = "Option::is_none")]
    password: Option<String>,
    /// Whether the invitation answers a request for an account.
    #[serde(skip_serializing_if = "Option::is_none")]
    accepted: Option<bool>,
    /// Where the portal sends another invitation to whoever asks.
    #[serde(skip_serializing_if = "Option::is_none")]
    first_connection: Option<LinkedPage>,
    /// What the sign-in page calls a lost password.
    #[serde(skip_serializing_if = "Option::is_none")]
    lost_password: Option<String>,
    /// A one-time code.
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<String>,
    /// When the provisional password, the code or the link ends.
    #[serde(skip_serializing_if = "Option::is_none")]
    until: Option<String>,
    /// What was changed of that which opens the account: a sentence.
    #[serde(skip_serializing_if = "Option::is_none")]
    change: Option<String>,
    /// When the password, or what else opens the account, was changed.
    #[serde(skip_serializing_if = "Option::is_none")]
    changed_at: Option<String>,
    /// What the mail asks to follow, or offers.
    #[serde(skip_serializing_if = "Option::is_none")]
    link: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    asked_account: Option<bool>,
    /// The reference of a request that brought nothing new.
    #[serde(skip_serializing_if = "Option::is_none")]
    shown: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
}

#[derive(Serialize)]
struct LinkWords {
    identifier: String,
    address: String,
}

/// A page of the portal, by the name under which the sign-in page links to it.
#[derive(Serialize)]
struct LinkedPage {
    name: String,
    address: String,
}

impl Words {
    fn new(letter: &Letter<'_>, portal: &Portal, quotes: &Quoted) -> Self {
        Self {
            language: letter.language.tag(),
            subject: String::new(),
            title: one_line(portal.title.get(letter.language)),
            colour: one_line(&portal.colour),
            address: one_line(&portal.public_url),
            support: SupportWords::new(&portal.support, letter.language),
            reference: letter.reference.map(ToString::to_string),
            own: OwnWords::new(letter, portal, quotes),
        }
    }
}

impl OwnWords {
    fn new(letter: &Letter<'_>, portal: &Portal, quotes: &Quoted) -> Self {
        let named = |link: &Option<Localized>| link.as_ref().map(|link| quoted(link, letter.language));
        let told = |at| Some(in_words(at, &portal.time_zone, letter.language));
        let page = |screen: &str| [&one_line(&portal.public_url), screen].concat();
        let link = |screen: &str, token: &LinkToken| [&page(screen), "#", token.as_str()].concat();
        match &letter.content {
            Content::Invitation {
                identifier,
                password,
                expires_at,
                accepted,
            } => Self {
                identifier: Some(one_line(identifier)),
                password: Some(password.as_str().to_owned()),
                accepted: Some(*accepted),
                first_connection: named(&quotes.first_connection).map(|name| LinkedPage {
                    name,
                    address: page(screens::FIRST_CONNECTION),
                }),
                until: told(*expires_at),
                ..Self::default()
            },
            Content::PasswordChanged { identifier, at } => Self {
                identifier: Some(one_line(identifier)),
                changed_at: told(*at),
                ..Self::default()
            },
            Content::SecurityChanged {
                identifier,
                change,
                at,
            } => Self {
                identifier: Some(one_line(identifier)),
                change: Some(one_line(&change::sentence(change, letter.language))),
                changed_at: told(*at),
                ..Self::default()
            },
            Content::SignInCode { code, expires_at } | Content::ContactCode { code, expires_at } => Self {
                code: Some(code.to_string()),
                until: told(*expires_at),
                ..Self::default()
            },
            Content::PasswordLinks { links, expires_at } => Self {
                links: links
                    .iter()
                    .map(|own| LinkWords {
                        identifier: one_line(&own.identifier),
                        address: link(screens::NEW_PASSWORD, &own.token),
                    })
                    .collect(),
                until: told(*expires_at),
                ..Self::default()
            },
            Content::Identifiers {
                identifiers,
                asked_account,
            } => Self {
                identifiers: identifiers.iter().map(|text| one_line(text)).collect(),
                asked_account: Some(*asked_account),
                lost_password: named(&quotes.lost_password),
                ..Self::default()
            },
            Content::AddressProof { token, expires_at } => Self {
                link: Some(link(screens::CONFIRM_ACCOUNT_REQUEST, token)),
                until: told(*expires_at),
                ..Self::default()
            },
            Content::RequestWaiting { shown } => Self {
                shown: Some(shown.to_string()),
                ..Self::default()
            },
            Content::RequestRefused { reason } => Self {
                link: portal
                    .recovery
                    .account_request
                    .map(|_| page(screens::REQUEST_ACCOUNT)),
                reason: Some(one_line(reason)),
                ..Self::default()
            },
        }
    }
}

fn fill(letter: &Letter<'_>, part: &str, words: &Words) -> Result<String, RenderError> {
    let name = format!("{}/{}.{part}", letter.content.folder(), letter.language.tag());
    TEMPLATES
        .get_template(&name)
        .and_then(|template| template.render(Serde(words)))
        .map_err(|error| RenderError::Template {
            line: error.line().unwrap_or_default(),
            kind: error.kind().to_string(),
            name,
        })
}

/// The host of an address such as `https://paca.example.org:8443/path`, without its port.
fn host(url: &str) -> Option<&str> {
    let (_, rest) = url.split_once("://")?;
    let authority = rest.split(['/', '?', '#']).next()?;
    let host = match authority.split_once(']') {
        Some((literal, _)) => &authority[..=literal.len()],
        None => authority.split(':').next()?,
    };
    let well_formed = !host.is_empty()
        && host
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"-._:[]".contains(&byte));
    well_formed.then_some(host)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_host_of_a_portal_is_read_from_its_address() {
        for (url, expected) in [
            ("https://paca.example.org", Some("paca.example.org")),
            ("http://paca.localhost:8080", Some("paca.localhost")),
            ("http://[::1]:8080/x", Some("[::1]")),
            ("paca.example.org", None),
            ("https://", None),
            ("https://a>\r\nBcc: b", None),
        ] {
            assert_eq!(host(url), expected, "{url:?}");
        }
    }
}
