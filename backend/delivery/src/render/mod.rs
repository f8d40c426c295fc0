//! What messages say: a message, a portal and an account become a mail.

mod contact;
mod moment;
mod templates;
mod wrap;

use jiff::Timestamp;
use minijinja::value::Serde;
use portique_domain::account::Account;
use portique_domain::mail::OutgoingMail;
use portique_domain::password::Password;
use portique_domain::portal::{Portal, Sender};
use portique_shared::Language;
use serde::Serialize;
use uuid::Uuid;

use crate::one_line::one_line;
use contact::SupportWords;
use templates::TEMPLATES;

/// A message with all that its words need.
pub enum Content<'a> {
    Invitation {
        password: &'a Password,
        /// When the provisional password ends.
        expires_at: Timestamp,
    },
    PasswordChanged {
        at: Timestamp,
        /// The language of the page that the password was changed on.
        language: Language,
    },
}

impl Content<'_> {
    /// Its folder among the templates.
    const fn folder(&self) -> &'static str {
        match self {
            Self::Invitation { .. } => "invitation",
            Self::PasswordChanged { .. } => "password_changed",
        }
    }

    fn language(&self, account: &Account) -> Language {
        match self {
            Self::Invitation { .. } => account.language,
            Self::PasswordChanged { language, .. } => *language,
        }
    }
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

/// Puts message `id` of the queue into words, as they stand at `now`.
///
/// The mail's `Message-ID` depends on `id` and the portal's host alone, so that each try of one message bears the same.
pub fn render(
    id: Uuid,
    content: &Content<'_>,
    portal: &Portal,
    account: &Account,
    now: Timestamp,
) -> Result<OutgoingMail, RenderError> {
    let language = content.language(account);
    let mut words = Words::new(content, portal, account, language);
    let subject = one_line(&fill(content, "subject", language, &words)?);
    words.subject.clone_from(&subject);
    Ok(OutgoingMail {
        portal: portal.name.clone(),
        message_id: format!("<{id}@{}>", host(&portal.public_url).ok_or(RenderError::NoHost)?),
        from: Sender {
            name: one_line(&portal.sender.name),
            address: portal.sender.address.clone(),
        },
        to: account.record.email.clone(),
        text: wrap::wrap(&fill(content, "txt", language, &words)?),
        html: fill(content, "html", language, &words)?,
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
    identifier: String,
    support: SupportWords,
    /// The provisional password.
    #[serde(skip_serializing_if = "Option::is_none")]
    password: Option<String>,
    /// When the provisional password ends.
    #[serde(skip_serializing_if = "Option::is_none")]
    until: Option<String>,
    /// When the password was changed.
    #[serde(skip_serializing_if = "Option::is_none")]
    changed_at: Option<String>,
}

impl Words {
    fn new(content: &Content<'_>, portal: &Portal, account: &Account, language: Language) -> Self {
        let told = |at| Some(moment::in_words(at, &portal.time_zone, language));
        let (password, until, changed_at) = match content {
            Content::Invitation { password, expires_at } => {
                (Some(password.as_str().to_owned()), told(*expires_at), None)
            }
            Content::PasswordChanged { at, .. } => (None, None, told(*at)),
        };
        Self {
            language: language.tag(),
            subject: String::new(),
            title: one_line(portal.title.get(language)),
            colour: one_line(&portal.colour),
            address: one_line(&portal.public_url),
            identifier: one_line(account.record.identifier.as_str()),
            support: SupportWords::new(&portal.support, language),
            password,
            until,
            changed_at,
        }
    }
}

fn fill(content: &Content<'_>, part: &str, language: Language, words: &Words) -> Result<String, RenderError> {
    let name = format!("{}/{}.{part}", content.folder(), language.tag());
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
