//! `portique account list` and `portique account show`: what the operator may see of people. Never a password's hash.

use std::io::Write;

use anyhow::Context as _;
use clap::{Args, ValueEnum};
use jiff::Timestamp;
use portique_domain::account::{Account, AccountId, AccountStatus, PasswordState};
use portique_domain::authenticator::Factors;
use portique_domain::masking::{first_letter_and_domain, phone};
use portique_domain::use_cases::administer::find;
use uuid::Uuid;

use super::stuck::stuck;
use super::{command_tools, count, site_named};
use crate::config::Config;

#[derive(Args)]
pub(super) struct List {
    /// The portal's name.
    #[arg(long)]
    portal: String,
    /// Only those in this status.
    #[arg(long)]
    status: Option<Status>,
    /// At most this many.
    #[arg(long, default_value_t = 100)]
    limit: u64,
}

#[derive(Clone, Copy, ValueEnum)]
enum Status {
    Active,
    Disabled,
}

#[derive(Args)]
pub(super) struct Show {
    /// The portal's name.
    #[arg(long, requires = "identifier", required_unless_present = "id")]
    portal: Option<String>,
    /// What the person signs in with; case and accents do not count.
    #[arg(long, requires = "portal", required_unless_present = "id")]
    identifier: Option<String>,
    /// As the audit trail names accounts.
    #[arg(long, conflicts_with_all = ["portal", "identifier"])]
    id: Option<Uuid>,
}

pub(super) async fn list(list: &List, config: &Config, out: &mut (dyn Write + Send)) -> anyhow::Result<()> {
    let portal = &site_named(config, &list.portal)?.portal;
    let tools = command_tools(config).await?;
    let status = list.status.map(|status| match status {
        Status::Active => AccountStatus::Active,
        Status::Disabled => AccountStatus::Disabled,
    });
    let accounts = tools.store.accounts(&portal.name, status, list.limit).await?;
    for account in &accounts {
        writeln!(
            out,
            "{:<24} {:<32} {:<8} password {:<12} last sign-in {}",
            account.record.identifier.as_str(),
            account.record.display_name(),
            status_word(account.status),
            password_word(&account.password),
            moment(account.last_sign_in_at)
        )?;
    }
    writeln!(out, "{}", count(accounts.len(), "account"))?;
    Ok(())
}

pub(super) async fn show(show: &Show, config: &Config, out: &mut (dyn Write + Send)) -> anyhow::Result<()> {
    let account = match (show.id, &show.portal, &show.identifier) {
        (Some(id), ..) => {
            let tools = command_tools(config).await?;
            let found = tools.store.account(AccountId(id)).await?;
            (
                found.with_context(|| format!("no account has the id {id}"))?,
                tools,
            )
        }
        (None, Some(portal), Some(identifier)) => {
            let portal = &site_named(config, portal)?.portal;
            let tools = command_tools(config).await?;
            let found = find(&tools, portal, identifier).await;
            (found.with_context(|| identifier.clone())?, tools)
        }
        _ => anyhow::bail!("expected --portal and --identifier, or --id"),
    };
    let (account, tools) = account;
    for (name, value) in lines(&account, tools.clock.now()) {
        writeln!(out, "{name:<13} {value}")?;
    }
    let held = tools.store.factors(account.id).await?;
    writeln!(out, "{:<13} {}", "second factor", factors(&account, &held))?;
    // An account may be of a portal whose file is gone.
    if let Some(site) = config.sites.by_name(&account.portal)
        && let Some(stuck) = stuck(&site.portal, &account, &held)
    {
        writeln!(out, "{:<13} {stuck}", "warning")?;
    }
    Ok(())
}

fn lines(account: &Account, now: Timestamp) -> Vec<(&'static str, String)> {
    let record = &account.record;
    let or_none = |value: Option<String>| value.unwrap_or_else(|| "none".to_owned());
    vec![
        ("identifier", record.identifier.to_string()),
        ("portal", account.portal.to_string()),
        ("id", account.id.0.to_string()),
        ("name", record.display_name()),
        ("e-mail", first_letter_and_domain(&record.email)),
        (
            "rescue e-mail",
            or_none(record.rescue_email.as_ref().map(first_letter_and_domain)),
        ),
        ("rescue phone", or_none(record.rescue_phone.as_ref().map(phone))),
        ("profession", or_none(record.profession.clone())),
        (
            "number",
            or_none(record.national_id.as_ref().map(|id| id.number().to_owned())),
        ),
        (
            "privileges",
            or_none(record.privileges.any().then(|| record.privileges.to_string())),
        ),
        ("status", status_word(account.status).to_owned()),
        ("password", password(&account.password, now)),
        ("created", moment(Some(account.created_at))),
        ("last sign-in", moment(account.last_sign_in_at)),
    ]
}

/// What the person has to prove who they are a second time, beside what is sent to them.
fn factors(account: &Account, held: &Factors) -> String {
    let passkeys = held.authenticators.iter().filter(|held| held.means.is_passkey());
    let passkeys = passkeys.count();
    let apps = held.authenticators.len() - passkeys;
    let asked = match (account.record.privileges.any(), account.wants_second_factor) {
        (true, _) => "always asked (privileged)",
        (false, true) => "always asked (the person's choice)",
        (false, false) => "asked as the portal says",
    };
    format!(
        "{asked}; {}, {}, {} left",
        count(apps, "application"),
        count(passkeys, "passkey"),
        count(held.recovery_codes_left(), "recovery code")
    )
}

fn password(state: &PasswordState, now: Timestamp) -> String {
    match state {
        PasswordState::None => "none: no invitation has left yet".to_owned(),
        PasswordState::Provisional { expires_at, .. } if *expires_at <= now => {
            format!("provisional, ended {}", moment(Some(*expires_at)))
        }
        PasswordState::Provisional { expires_at, .. } => {
            format!("provisional, until {}", moment(Some(*expires_at)))
        }
        PasswordState::Definitive { changed_at, .. } => {
            format!("chosen by the person, {}", moment(Some(*changed_at)))
        }
    }
}

const fn status_word(status: AccountStatus) -> &'static str {
    match status {
        AccountStatus::Active => "active",
        AccountStatus::Disabled => "disabled",
    }
}

const fn password_word(state: &PasswordState) -> &'static str {
    match state {
        PasswordState::None => "none",
        PasswordState::Provisional { .. } => "provisional",
        PasswordState::Definitive { .. } => "chosen",
    }
}

/// To the second, in UTC, as everywhere else on the command line.
fn moment(at: Option<Timestamp>) -> String {
    at.map_or_else(|| "never".to_owned(), |at| format!("{at:.0}"))
}
