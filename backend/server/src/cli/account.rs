//! `portique account`: one person, or many from the agency's file.

use std::io::Write;

use anyhow::Context as _;
use clap::{Args, Subcommand};
use portique_domain::account::AccountStatus;
use portique_domain::store::StoreError;
use portique_domain::use_cases::administer::{invite_again, reset_factors, set_status};
use portique_domain::use_cases::provision::create_accounts;
use portique_provisioning::{Cells, Column, person};

use super::stuck::warn_if_stuck;
use super::{account_seen, account_update, command_tools, count, import, site_named};
use crate::config::Config;

#[derive(Subcommand)]
pub(super) enum AccountCommand {
    /// Give one person an account; the invitation leaves with the server's next round.
    Create(Box<Create>),
    /// Bring a portal's accounts in line with the agency's file.
    Import(import::Import),
    /// Send another invitation to somebody whose first one is lost or too old; the older password dies.
    Invite(Who),
    /// Correct a person's record; where the address was wrong, another invitation leaves.
    Update(Box<account_update::Update>),
    /// List a portal's accounts.
    List(account_seen::List),
    /// Show one account.
    Show(account_seen::Show),
    /// Close an account; its sessions end at once.
    Disable(Who),
    /// Open a disabled account again.
    Enable(Who),
    /// Take away the authenticators and recovery codes of somebody who lost them, and forget their wrong codes. Make sure first
    /// who asks: from then on the account opens with what the portal sends.
    ResetFactors(Who),
}

/// One account.
#[derive(Args)]
pub(super) struct Who {
    /// The portal's name.
    #[arg(long)]
    pub(super) portal: String,
    /// What the person signs in with; case and accents do not count.
    #[arg(long)]
    pub(super) identifier: String,
}

#[derive(Args)]
pub(super) struct Create {
    /// The portal's name.
    #[arg(long)]
    portal: String,
    /// What the person will sign in with: 1 to 128 characters without spaces.
    #[arg(long)]
    identifier: String,
    /// Where mails to the person go, the invitation first.
    #[arg(long)]
    email: String,
    #[command(flatten)]
    more: RecordOptions,
    /// Language of mails, fr or en [default: the portal's].
    #[arg(long)]
    language: Option<String>,
}

/// What else a record may hold.
#[derive(Args)]
pub(super) struct RecordOptions {
    /// Where one-time codes go, and told of changes; never where the invitation goes.
    #[arg(long)]
    rescue_email: Option<String>,
    /// As people write it: 06 12 34 56 78.
    #[arg(long)]
    rescue_phone: Option<String>,
    /// M., Mme (Mlle is read as Mme), Dr or Pr.
    #[arg(long)]
    civility: Option<String>,
    #[arg(long)]
    given_name: Option<String>,
    #[arg(long)]
    family_name: Option<String>,
    /// As the national directory labels it: Médecin, Infirmier.
    #[arg(long)]
    profession: Option<String>,
    /// RPPS or ADELI number.
    #[arg(long)]
    national_id: Option<String>,
    /// administrateur, donnees-patients.
    #[arg(long)]
    privileges: Option<String>,
}

impl RecordOptions {
    /// Those that were given, by column.
    pub(super) fn given(&self) -> impl Iterator<Item = (Column, &str)> {
        [
            (Column::RescueEmail, &self.rescue_email),
            (Column::RescuePhone, &self.rescue_phone),
            (Column::Civility, &self.civility),
            (Column::GivenName, &self.given_name),
            (Column::FamilyName, &self.family_name),
            (Column::Profession, &self.profession),
            (Column::NationalId, &self.national_id),
            (Column::Privileges, &self.privileges),
        ]
        .into_iter()
        .filter_map(|(column, text)| Some((column, text.as_deref()?)))
    }
}

pub(super) async fn run(
    command: AccountCommand,
    config: &Config,
    out: &mut (dyn Write + Send),
) -> anyhow::Result<()> {
    match command {
        AccountCommand::Create(create) => create_one(&create, config, out).await,
        AccountCommand::Import(arguments) => import::run(&arguments, config, out).await,
        AccountCommand::Invite(who) => invite(&who, config, out).await,
        AccountCommand::Update(update) => account_update::run(&update, config, out).await,
        AccountCommand::List(list) => account_seen::list(&list, config, out).await,
        AccountCommand::Show(show) => account_seen::show(&show, config, out).await,
        AccountCommand::Disable(who) => set(&who, AccountStatus::Disabled, config, out).await,
        AccountCommand::Enable(who) => set(&who, AccountStatus::Active, config, out).await,
        AccountCommand::ResetFactors(who) => reset(&who, config, out).await,
    }
}

async fn create_one(create: &Create, config: &Config, out: &mut (dyn Write + Send)) -> anyhow::Result<()> {
    let portal = &site_named(config, &create.portal)?.portal;
    let cells = Cells::default()
        .with(Column::Identifier, &create.identifier)
        .with(Column::Email, &create.email)
        .with_optional(Column::Language, create.language.as_deref());
    let cells = create
        .more
        .given()
        .fold(cells, |cells, (column, text)| cells.with(column, text));
    let new = person(&cells, portal.language).map_err(|findings| {
        let lines: Vec<String> = findings.iter().map(ToString::to_string).collect();
        anyhow::anyhow!("no account was created:\n{}", lines.join("\n"))
    })?;
    let tools = command_tools(config).await?;
    create_accounts(&tools, portal, &[new])
        .await
        .map_err(|error| match error {
            StoreError::Conflict => anyhow::anyhow!(
                "the identifier «{}» is taken on {} (case and accents do not count)",
                create.identifier,
                portal.name
            ),
            StoreError::Database(_) => error.into(),
        })?;
    writeln!(
        out,
        "{}: account created on {}; the invitation is queued",
        create.identifier, portal.name
    )?;
    warn_if_stuck(&tools, portal, &create.identifier, out).await
}

async fn invite(who: &Who, config: &Config, out: &mut (dyn Write + Send)) -> anyhow::Result<()> {
    let portal = &site_named(config, &who.portal)?.portal;
    let tools = command_tools(config).await?;
    invite_again(&tools, portal, &who.identifier)
        .await
        .with_context(|| who.identifier.clone())?;
    writeln!(out, "{}: another invitation is queued", who.identifier)?;
    Ok(())
}

async fn reset(who: &Who, config: &Config, out: &mut (dyn Write + Send)) -> anyhow::Result<()> {
    let portal = &site_named(config, &who.portal)?.portal;
    let tools = command_tools(config).await?;
    let taken = reset_factors(&tools, portal, &who.identifier)
        .await
        .with_context(|| who.identifier.clone())?;
    writeln!(
        out,
        "{}: {} and {} removed; wrong tries forgotten, signed out everywhere, and told by mail",
        who.identifier,
        count(taken.authenticators, "authenticator"),
        count(taken.recovery_codes, "recovery code")
    )?;
    Ok(())
}

async fn set(
    who: &Who,
    status: AccountStatus,
    config: &Config,
    out: &mut (dyn Write + Send),
) -> anyhow::Result<()> {
    let portal = &site_named(config, &who.portal)?.portal;
    let tools = command_tools(config).await?;
    let changed = set_status(&tools, portal, &who.identifier, status)
        .await
        .with_context(|| who.identifier.clone())?;
    let done = match (status, changed) {
        (AccountStatus::Active, true) => "enabled",
        (AccountStatus::Disabled, true) => "disabled, and signed out everywhere",
        (AccountStatus::Active, false) => "nothing changed, it is not disabled",
        (AccountStatus::Disabled, false) => "nothing changed, it is disabled already",
    };
    writeln!(out, "{}: {done}", who.identifier)?;
    Ok(())
}
