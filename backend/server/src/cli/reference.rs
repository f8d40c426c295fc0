//! `portique reference`: what became of a request for help, for whoever is asked about it.
//!
//! Nothing is told that would let the asker do what the mail lets its reader do: no token, no password, no whole address.

use std::collections::BTreeMap;
use std::io::Write;

use clap::Subcommand;
use portique_domain::account::Account;
use portique_domain::application::{AccountRequest, RequestState};
use portique_domain::masking::{first_letter_and_domain, phone};
use portique_domain::outbox::{Channel, DeliveryState, KEPT, Message, QueuedMessage};
use portique_domain::portal::PortalName;
use portique_domain::recovery::Wish;
use portique_domain::reference::Reference;
use portique_domain::use_cases::Tools;
use portique_domain::use_cases::trace::trace;
use portique_shared::types::EmailAddress;

use super::{command_tools, count, read_reference, site_named};
use crate::config::Config;

#[derive(Subcommand)]
pub(super) enum ReferenceCommand {
    /// Tell what was asked for under a reference, whether it was looked up, and what became of the mails that answered.
    Show {
        /// Only on this portal.
        #[arg(long)]
        portal: Option<String>,
        /// As the person reads it out: K7QM-2XPA. Capitals, spaces and dashes do not count.
        #[arg(required = true, num_args = 1..)]
        reference: Vec<String>,
    },
}

/// What one portal knows under a reference.
#[derive(Default)]
struct Known {
    messages: Vec<(QueuedMessage, Message)>,
    request: Option<AccountRequest>,
}

/// A line's beginning, and the rest of it.
type Line = (&'static str, String);

pub(super) async fn run(
    command: &ReferenceCommand,
    config: &Config,
    out: &mut (dyn Write + Send),
) -> anyhow::Result<()> {
    let ReferenceCommand::Show { portal, reference } = command;
    let reference = read_reference(&reference.join(" "))?;
    let site = portal
        .as_deref()
        .map(|name| site_named(config, name))
        .transpose()?;
    let only = site.map(|site| &site.portal.name);
    let tools = command_tools(config).await?;
    let trace = trace(&tools, only, &reference).await?;
    let mut known: BTreeMap<PortalName, Known> = BTreeMap::new();
    for (message, content) in trace.messages {
        let portal = message.portal.clone();
        known.entry(portal).or_default().messages.push((message, content));
    }
    for site in config.sites.iter() {
        let name = &site.portal.name;
        if only.is_some_and(|only| only != name) {
            continue;
        }
        if let Some(request) = tools.store.account_request(name, &reference).await? {
            known.entry(name.clone()).or_default().request = Some(request);
        }
    }
    anyhow::ensure!(!known.is_empty(), unknown(&reference, trace.unopened));
    let mut lines = vec![("reference", reference.to_string())];
    for (portal, known) in &known {
        lines.push(("portal", portal.to_string()));
        lines.extend(told(&tools, known).await?);
    }
    if trace.unopened > 0 {
        lines.push(("besides", sealed(trace.unopened)));
    }
    for (name, value) in lines {
        writeln!(out, "{name:<10} {value}")?;
    }
    Ok(())
}

fn unknown(reference: &Reference, unopened: usize) -> String {
    let days = KEPT.as_hours() / 24;
    let mut text = format!(
        "no message carries the reference {reference} (any more): what is done with goes after {days} days; \
         have it read again, letter by letter"
    );
    if unopened > 0 {
        text.push_str("\nbesides, ");
        text.push_str(&sealed(unopened));
    }
    text
}

/// Of messages whose key was taken out of the settings.
fn sealed(unopened: usize) -> String {
    format!(
        "{} can't be opened, for want of the key: it may be told there",
        count(unopened, "message")
    )
}

async fn told(tools: &Tools, known: &Known) -> anyhow::Result<Vec<Line>> {
    let mut lines = Vec::new();
    if !known
        .messages
        .iter()
        .any(|(_, content)| matches!(content, Message::Asked { .. }))
    {
        lines.push(("asked", "not in the queue any more".to_owned()));
    }
    for (message, content) in &known.messages {
        if let Message::Asked { wish, .. } = content {
            lines.push(("asked", asked(message, wish)));
            lines.push(("looked up", looked_up(message)));
        } else {
            let account = match message.account {
                Some(id) => tools.store.account(id).await?,
                None => None,
            };
            lines.push((message.channel.word(), mail(message, content, account.as_ref())));
        }
    }
    if let Some(request) = &known.request {
        lines.push(("request", request_words(request)));
    }
    Ok(lines)
}

fn asked(message: &QueuedMessage, wish: &Wish) -> String {
    let what = match wish {
        Wish::Password { .. } => "a link to a new password",
        Wish::Identifier { .. } => "a reminder of the identifier",
        Wish::Invitation { .. } => "the invitation once more",
        Wish::Account(_) => "an account",
    };
    // What is typed in an identifier's place may be anything, a password too: only addresses are told.
    let address = match wish {
        Wish::Password { subject, .. } => EmailAddress::parse(subject).ok(),
        Wish::Identifier { email } | Wish::Invitation { email } => Some(email.clone()),
        Wish::Account(application) => Some(application.email.clone()),
    };
    let typed = address.map(|address| format!(", with the address {}", first_letter_and_domain(&address)));
    format!("{:.0}, {what}{}", message.created_at, typed.unwrap_or_default())
}

fn looked_up(message: &QueuedMessage) -> String {
    match message.state {
        DeliveryState::Queued => format!("not yet; {}", waiting(message)),
        DeliveryState::Sent => format!("{:.0}{}", message.due_at, noted(message)),
        DeliveryState::Dead => given_up(message),
    }
}

fn mail(message: &QueuedMessage, content: &Message, account: Option<&Account>) -> String {
    let what = match content {
        Message::Invitation { .. } => "the invitation".to_owned(),
        Message::PasswordLinks { .. } => "the link to a new password".to_owned(),
        Message::SignInCode { .. } => "the one-time code of a sign-in".to_owned(),
        Message::ContactCode { .. } => "the code that proves a new rescue address or telephone".to_owned(),
        Message::Identifiers {
            asked_account: true, ..
        } => "the identifier: there is an account already".to_owned(),
        Message::Identifiers { .. } => "the identifier".to_owned(),
        Message::AddressProof { .. } => "the link that proves the address".to_owned(),
        Message::RequestWaiting { known_as, .. } => format!("that the request {known_as} waits already"),
        Message::RequestRefused { .. } => "the agency's refusal".to_owned(),
        Message::PasswordChanged { .. } | Message::SecurityChanged { .. } | Message::Asked { .. } => {
            message.kind.clone()
        }
    };
    let by_sms = message.channel == Channel::Sms;
    let number = account
        .filter(|_| by_sms)
        .and_then(|account| account.record.rescue_phone.as_ref());
    let address = content.destination(account).map(first_letter_and_domain);
    let address = address.or(number.map(phone));
    let whom = address.unwrap_or_else(|| "nobody any more".to_owned());
    let whose = account.map(|account| format!(" ({})", account.record.identifier));
    let became = match message.state {
        DeliveryState::Queued => waiting(message),
        DeliveryState::Sent if message.last_error.is_some() => {
            format!("{:.0}{}", message.due_at, noted(message))
        }
        DeliveryState::Sent => format!(
            "the {} took it {:.0}, after {}{}",
            if by_sms { "SMS gateway" } else { "mail server" },
            message.due_at,
            tries(message),
            reported(message)
        ),
        DeliveryState::Dead => given_up(message),
    };
    format!("{what}, to {whom}{}: {became}", whose.unwrap_or_default())
}

/// What the gateway told of an SMS afterwards.
fn reported(message: &QueuedMessage) -> String {
    let Some(reported) = &message.reported else {
        return String::new();
    };
    let code = reported.report.code.as_ref().map(|code| format!(" ({code})"));
    format!(
        "; {}{} by its report of {:.0}",
        reported.report.state.word(),
        code.unwrap_or_default(),
        reported.at
    )
}

fn waiting(message: &QueuedMessage) -> String {
    let begun = if message.attempts == 0 {
        String::new()
    } else {
        format!(", after {}", tries(message))
    };
    let trouble = message
        .last_error
        .as_ref()
        .map(|error| format!("; last error: {error}"));
    format!(
        "it waits, due {:.0}{begun}{}",
        message.due_at,
        trouble.unwrap_or_default()
    )
}

fn given_up(message: &QueuedMessage) -> String {
    format!(
        "given up {:.0}, after {}{}; «portique outbox retry {}» takes it up again",
        message.due_at,
        tries(message),
        noted(message),
        message.id
    )
}

/// `2 tries`, `1 try`.
fn tries(message: &QueuedMessage) -> String {
    match message.attempts {
        1 => "1 try".to_owned(),
        several => format!("{several} tries"),
    }
}

/// What was written down of the last try, if anything was.
fn noted(message: &QueuedMessage) -> String {
    let note = message.last_error.as_ref().map(|note| format!(": {note}"));
    note.unwrap_or_default()
}

fn request_words(request: &AccountRequest) -> String {
    let decided = request
        .decided_at
        .map(|at| format!(" {at:.0}"))
        .unwrap_or_default();
    match request.state {
        RequestState::Unproved => "the address is not proved yet: nobody followed its link".to_owned(),
        RequestState::Waiting => "waits for the agency's decision".to_owned(),
        RequestState::Accepted => format!("accepted{decided}"),
        RequestState::Refused => format!("refused{decided}"),
    }
}
