use super::redeem::{Redeemed, redeem};
use super::whose::opened;
use super::{CardError, Returned};
use crate::account::Account;
use crate::audit::AuditResult;
use crate::card_ceremony::CardPurpose;
use crate::portal::CardSettings;
use crate::session::{Session, SessionOf, SessionToken};
use crate::use_cases::Tools;
use crate::use_cases::security::SecurityError;
use crate::use_cases::sign_in::SignedIn;

/// Who is signed in proves anew who they are by their card alone, where it counts as two factors: those who have no password must
/// be able to change what opens their account too. The session bears another token afterwards and lives no longer.
pub async fn prove(tools: &Tools, returned: Returned<'_>, of: &SessionOf) -> Result<SignedIn, CardError> {
    let portal = returned.portal;
    let offered = portal.card.as_ref().is_some_and(CardSettings::is_two_factors);
    if !offered {
        return Err(CardError::NotOffered);
    }
    let now = tools.clock.now();
    let purpose = CardPurpose::Proof;
    let redeemed = redeem(tools, returned, purpose, Some(of.session.token), now).await?;
    let Redeemed {
        card: shown,
        certificate,
    } = redeemed;
    let mut unit = tools.store.begin().await?;
    let found = opened(unit.as_mut(), &portal.name, &shown.number).await?;
    let same = |account: &Account| account.id == of.account.id && account.password == of.account.password;
    let Some(account) = found.ok().filter(same) else {
        let told = returned.event(purpose, Some(of.account.id), AuditResult::CardOfAnother, now);
        unit.audit(&[told.of(certificate)]).await?;
        unit.commit().await?;
        return Err(CardError::OfAnother { number: shown.number });
    };
    let token = SessionToken::generate(tools.entropy.as_ref());
    if !unit.renew_session(of.session.token, token.hash(), now).await? {
        return Err(SecurityError::SessionEnded.into());
    }
    let done = returned.event(purpose, Some(account.id), AuditResult::Success, now);
    unit.audit(&[done.of(certificate)]).await?;
    unit.commit().await?;
    let session = Session {
        token: token.hash(),
        proved_at: Some(now),
        ..of.session.clone()
    };
    Ok(SignedIn {
        token,
        session: SessionOf { session, account },
        remembered: None,
    })
}
