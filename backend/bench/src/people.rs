//! The people of the measurements, on the one portal of the measurements.

use std::net::Ipv4Addr;

use anyhow::Context as _;
use portique_domain::account::{
    Account, AccountId, AccountStatus, Civility, PasswordState, Privileges, Record,
};
use portique_domain::browser::Browser;
use portique_domain::entropy::new_id;
use portique_domain::password::{Password, PasswordHash};
use portique_domain::portal::{PortalName, SessionLifetimes};
use portique_domain::session::{Session, SessionScope, Visitor};
use portique_domain::use_cases::Tools;
use portique_shared::Language;
use portique_shared::types::{EmailAddress, Identifier, NationalId, PhoneNumber};
use tokio::task::JoinSet;

/// Hashes under way at once while accounts are made: enough for any machine, fewer than the pool's queue takes.
const AT_ONCE: usize = 32;

/// The identifier of person `number`.
pub fn identifier(number: usize) -> String {
    format!("personne.{number}")
}

/// The address of who has this identifier, or would have it.
pub fn email(identifier: &str) -> String {
    format!("{identifier}@exemple.example")
}

/// Their telephone.
fn phone(number: usize) -> anyhow::Result<PhoneNumber> {
    Ok(PhoneNumber::parse(&format!("+336{:08}", 12_000_000 + number))?)
}

/// Their password.
pub fn password(number: usize) -> String {
    format!("Portique#2026-{number}")
}

/// Gives `count` people accounts, each with a hash of their own.
pub async fn create(tools: &Tools, portal: &PortalName, count: usize) -> anyhow::Result<Vec<Account>> {
    let mut hashing = JoinSet::new();
    let mut accounts = Vec::with_capacity(count);
    for number in 0..count {
        if hashing.len() >= AT_ONCE
            && let Some(done) = hashing.join_next().await
        {
            accounts.push(done??);
        }
        hashing.spawn(account(tools.clone(), portal.clone(), number));
    }
    while let Some(done) = hashing.join_next().await {
        accounts.push(done??);
    }
    insert(tools, &accounts).await?;
    Ok(accounts)
}

/// Gives `count` people accounts with one hash for all, where nobody signs in.
pub async fn create_alike(tools: &Tools, portal: &PortalName, count: usize) -> anyhow::Result<Vec<Account>> {
    let accounts = alike(tools, portal, count).await?;
    insert(tools, &accounts).await?;
    Ok(accounts)
}

/// The same, one for each of these national numbers: where people sign in without a password.
pub async fn create_numbered(
    tools: &Tools,
    portal: &PortalName,
    numbers: &[NationalId],
) -> anyhow::Result<()> {
    let mut accounts = alike(tools, portal, numbers.len()).await?;
    for (account, number) in accounts.iter_mut().zip(numbers) {
        account.record.national_id = Some(number.clone());
    }
    insert(tools, &accounts).await
}

async fn alike(tools: &Tools, portal: &PortalName, count: usize) -> anyhow::Result<Vec<Account>> {
    let first = account(tools.clone(), portal.clone(), 0).await?;
    let hash = first.password.hash().cloned().context("it was given one")?;
    (0..count)
        .map(|number| with_hash(tools, portal.clone(), number, hash.clone()))
        .collect()
}

async fn insert(tools: &Tools, accounts: &[Account]) -> anyhow::Result<()> {
    let mut unit = tools.store.begin().await?;
    unit.insert_accounts(accounts).await?;
    unit.commit().await?;
    Ok(())
}

async fn account(tools: Tools, portal: PortalName, number: usize) -> anyhow::Result<Account> {
    let password = Password::new(&password(number));
    let hash = tools
        .hasher
        .turn()?
        .hash(&password, tools.entropy.as_ref())
        .await?;
    with_hash(&tools, portal, number, hash)
}

fn with_hash(
    tools: &Tools,
    portal: PortalName,
    number: usize,
    hash: PasswordHash,
) -> anyhow::Result<Account> {
    let now = tools.clock.now();
    let identifier = identifier(number);
    Ok(Account {
        id: AccountId(new_id(tools.entropy.as_ref(), now)),
        portal,
        record: Record {
            email: EmailAddress::parse(&email(&identifier))?,
            identifier: Identifier::parse(&identifier)?,
            rescue_email: None,
            rescue_phone: Some(phone(number)?),
            civility: Some(Civility::Doctor),
            given_name: "Jeanne".into(),
            family_name: "Martin".into(),
            profession: Some("Médecin".into()),
            national_id: None,
            privileges: Privileges::default(),
        },
        status: AccountStatus::Active,
        password: PasswordState::Definitive {
            hash,
            changed_at: now,
        },
        language: Language::Fr,
        created_at: now,
        wants_second_factor: false,
        last_sign_in_at: Some(now),
    })
}

/// Starts a session for each account; gives the cookies' values.
pub async fn start_sessions(
    tools: &Tools,
    lifetimes: SessionLifetimes,
    accounts: &[Account],
) -> anyhow::Result<Vec<String>> {
    let now = tools.clock.now();
    let visitor = Visitor {
        address: Ipv4Addr::LOCALHOST.into(),
        browser: Browser::default(),
    };
    let mut tokens = Vec::with_capacity(accounts.len());
    let mut unit = tools.store.begin().await?;
    for account in accounts {
        let entropy = tools.entropy.as_ref();
        let (token, session) = Session::start(entropy, account, SessionScope::Full, visitor, lifetimes, now);
        unit.insert_session(&session).await?;
        tokens.push(token.as_str().to_owned());
    }
    unit.commit().await?;
    Ok(tokens)
}
