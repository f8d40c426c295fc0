//! `portique account`: one person, or many from the agency's file.

use std::io::Write;

use anyhow::Context as _;
use clap::{Args, Subcommand};
use portique_domain::store::StoreError;
use portique_domain::use_cases::provision::create_accounts;
use portique_provisioning::{Cells, Column, person};

use super::{command_tools, import, site_named};
use crate::config::Config;

#[derive(Subcommand)]
pub(super) enum AccountCommand {
    /// Give one person an account; the invitation leaves with the server's next round.
    Create(Box<Create>),
    /// Bring a portal's accounts in line with the agency's file.
    Import(import::Import),
}

#[derive(Args)]
pub(super) struct Create {
    /// The portal's name.
    #[arg(long)]
    portal: String,
    #[arg(long)]
    identifier: String,
    #[arg(long)]
    email: String,
    #[arg(long)]
    rescue_email: Option<String>,
    /// As people write it: 06 12 34 56 78.
    #[arg(long)]
    rescue_phone: Option<String>,
    /// M., Mme, Dr or Pr.
    #[arg(long)]
    civility: Option<String>,
    #[arg(long)]
    given_name: Option<String>,
    #[arg(long)]
    family_name: Option<String>,
    #[arg(long)]
    profession: Option<String>,
    /// RPPS or ADELI number.
    #[arg(long)]
    national_id: Option<String>,
    /// administrateur, donnees-patients.
    #[arg(long)]
    privileges: Option<String>,
    /// Language of mails, fr or en [default: the portal's].
    #[arg(long)]
    language: Option<String>,
}

pub(super) async fn run(
    command: AccountCommand,
    config: &Config,
    out: &mut (dyn Write + Send),
) -> anyhow::Result<()> {
    match command {
        AccountCommand::Create(create) => create_one(&create, config, out).await,
        AccountCommand::Import(arguments) => import::run(&arguments, config, out).await,
    }
}

async fn create_one(create: &Create, config: &Config, out: &mut (dyn Write + Send)) -> anyhow::Result<()> {
    let portal = &site_named(config, &create.portal)?.portal;
    let cells = Cells::default()
        .with(Column::Identifier, &create.identifier)
        .with(Column::Email, &create.email)
        .with_optional(Column::RescueEmail, create.rescue_email.as_deref())
        .with_optional(Column::RescuePhone, create.rescue_phone.as_deref())
        .with_optional(Column::Civility, create.civility.as_deref())
        .with_optional(Column::GivenName, create.given_name.as_deref())
        .with_optional(Column::FamilyName, create.family_name.as_deref())
        .with_optional(Column::Profession, create.profession.as_deref())
        .with_optional(Column::NationalId, create.national_id.as_deref())
        .with_optional(Column::Privileges, create.privileges.as_deref())
        .with_optional(Column::Language, create.language.as_deref());
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
    )
    .context("standard output is closed")
}
