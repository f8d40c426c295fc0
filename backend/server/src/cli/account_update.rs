//! `portique account update`: one record corrected, as an import of one row would.

use std::io::Write;

use anyhow::Context as _;
use clap::Args;
use portique_domain::use_cases::administer::find;
use portique_provisioning::{Column, Finding, Mode, Outcome, People};

use super::account::{RecordOptions, Who};
use super::progress::Bar;
use super::stuck::warn_if_stuck;
use super::{command_tools, site_named};
use crate::config::Config;

#[derive(Args)]
pub(super) struct Update {
    #[command(flatten)]
    who: Who,
    /// Where mails to the person go from now on.
    #[arg(long)]
    email: Option<String>,
    #[command(flatten)]
    more: RecordOptions,
}

/// Changes what was given and nothing else; an empty text empties the field.
pub(super) async fn run(
    update: &Update,
    config: &Config,
    out: &mut (dyn Write + Send),
) -> anyhow::Result<()> {
    let Update { who, email, more } = update;
    let portal = &site_named(config, &who.portal)?.portal;
    let tools = command_tools(config).await?;
    let account = find(&tools, portal, &who.identifier)
        .await
        .with_context(|| who.identifier.clone())?;
    let record = &account.record;
    let email = email.as_deref().unwrap_or(record.email.as_str());
    // The names that stay say that it is the same person, whatever else changes.
    let mut cells = vec![
        (Column::Identifier, record.identifier.as_str()),
        (Column::Email, email),
        (Column::GivenName, record.given_name.as_str()),
        (Column::FamilyName, record.family_name.as_str()),
    ];
    for (column, text) in more.given() {
        cells.retain(|(known, _)| *known != column);
        cells.push((column, text));
    }
    let bar = Bar::new();
    let people = People::read(table(&cells).as_bytes(), portal.language, &bar)?.emptying_contacts();
    let plan = people.compare(tools.store.as_ref(), portal, &bar).await?;
    let report = plan.apply(&tools, portal, Mode::AllOrNothing, &bar).await?;
    bar.finish();
    if report.outcome != Outcome::Complete {
        let wrong: Vec<String> = report.errors().map(without_line).collect();
        anyhow::bail!("{}: nothing was changed:\n{}", who.identifier, wrong.join("\n"));
    }
    let changed: Vec<&str> = report
        .updates
        .iter()
        .flat_map(|(_, columns)| columns.iter().map(Column::name))
        .collect();
    if changed.is_empty() {
        writeln!(out, "{}: nothing changed", who.identifier)?;
        return Ok(());
    }
    let invited = account.password.is_provisional() && changed.contains(&Column::Email.name());
    writeln!(
        out,
        "{}: changed {}{}",
        who.identifier,
        changed.join(", "),
        if invited {
            "; another invitation is queued"
        } else {
            ""
        }
    )?;
    warn_if_stuck(&tools, portal, &who.identifier, out).await
}

/// A file of one row.
fn table(cells: &[(Column, &str)]) -> String {
    let line = |texts: Vec<&str>| {
        let quoted: Vec<String> = texts
            .iter()
            .map(|text| format!("\"{}\"", text.replace('"', "\"\"")))
            .collect();
        quoted.join(";")
    };
    let (columns, texts): (Vec<&str>, Vec<&str>) = cells
        .iter()
        .map(|(column, text)| (column.french_name(), *text))
        .unzip();
    format!("{}\n{}\n", line(columns), line(texts))
}

/// Nobody wrote the line that it would name.
fn without_line(finding: &Finding) -> String {
    Finding {
        line: None,
        ..finding.clone()
    }
    .to_string()
}
