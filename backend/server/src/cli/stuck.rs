//! Warns of people who have no second factor that their portal takes: nobody but the operator can help them.

use std::io::Write;

use portique_domain::account::Account;
use portique_domain::authenticator::Factors;
use portique_domain::portal::Portal;
use portique_domain::second_step::Stuck;
use portique_domain::use_cases::Tools;
use portique_domain::use_cases::administer::find;

/// How the account's person is stuck, if they are.
pub(super) fn stuck(portal: &Portal, account: &Account, held: &Factors) -> Option<Stuck> {
    let wanted = account.wants_second_factor;
    Stuck::of(&portal.second_factor, &account.record, wanted, held)
}

/// A line about whoever was just given an account, or another record, if they are stuck.
pub(super) async fn warn_if_stuck(
    tools: &Tools,
    portal: &Portal,
    identifier: &str,
    out: &mut (dyn Write + Send),
) -> anyhow::Result<()> {
    let account = find(tools, portal, identifier).await?;
    let held = tools.store.factors(account.id).await?;
    if let Some(stuck) = stuck(portal, &account, &held) {
        writeln!(out, "warning: {identifier} {stuck}")?;
    }
    Ok(())
}
