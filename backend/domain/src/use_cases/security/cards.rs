use jiff::Timestamp;

use super::{Changer, SecurityError};
use crate::account::{Account, AccountId};
use crate::audit::{AuditAction, AuditResult};
use crate::card_ceremony::{AccountCard, AccountCardId, CardPurpose, MOST_CARDS, ShownCard};
use crate::entropy::new_id;
use crate::masking;
use crate::outbox::SecurityChange;
use crate::store::{StoreError, UnitOfWork};
use crate::use_cases::Tools;
use crate::use_cases::card::{
    Begun, CardError, FACTOR, Redeemed, Returned, bears_another_number, begin, redeem,
};

/// The cards that the session's person attached, the oldest first.
pub async fn cards(tools: &Tools, account: AccountId) -> Result<Vec<AccountCard>, StoreError> {
    tools.store.account_cards(account).await
}

/// Begins to attach a card.
///
/// # Errors
/// [`SecurityError::ProofRequired`], before a card is shown in vain; [`SecurityError::TooMany`]; what [`begin`] refuses.
pub async fn begin_card(tools: &Tools, changer: Changer<'_>) -> Result<Begun, CardError> {
    changer.may_change(tools, tools.clock.now()).await?;
    let session = &changer.session.session;
    if cards(tools, session.account).await?.len() >= MOST_CARDS {
        return Err(SecurityError::TooMany.into());
    }
    begin(
        tools,
        changer.portal,
        CardPurpose::Attach,
        Some(session.token),
        changer.address,
    )
    .await
}

/// Attaches the card that was shown: it signs in from then on. One that is attached already stays as it is.
///
/// # Errors
/// [`CardError::Refused`] for a certificate that is none of a good card; [`CardError::OfAnother`] where the person's record bears
/// another number; [`CardError::Taken`] where another account has it, by its record or because its person attached it.
pub async fn attach_card(
    tools: &Tools,
    changer: Changer<'_>,
    returned: Returned<'_>,
) -> Result<(), CardError> {
    let now = tools.clock.now();
    changer.has_proved(now)?;
    if changer.portal.card.is_none() {
        return Err(CardError::NotOffered);
    }
    let session = Some(changer.session.session.token);
    let redeemed = redeem(tools, returned, CardPurpose::Attach, session, now).await?;
    let Redeemed {
        card: shown,
        certificate,
    } = redeemed;
    let (mut unit, account) = changer.begin(tools).await?;
    let refusal = match standing(unit.as_mut(), &account, &shown).await? {
        Standing::Free => None,
        Standing::Attached => return Ok(()),
        Standing::OfAnother => Some(CardError::OfAnother {
            number: shown.number.clone(),
        }),
        Standing::Taken => Some(CardError::Taken {
            number: shown.number.clone(),
        }),
    };
    let told = returned.event(
        CardPurpose::Attach,
        Some(account.id),
        AuditResult::CardOfAnother,
        now,
    );
    let told = told.of(certificate);
    if let Some(refusal) = refusal {
        unit.audit(&[told]).await?;
        unit.commit().await?;
        return Err(refusal);
    }
    if unit.account_cards(account.id).await?.len() >= MOST_CARDS {
        return Err(SecurityError::TooMany.into());
    }
    let card = attached(tools, &account, shown, now);
    match unit.insert_account_card(&card).await {
        // Somebody else was faster. What was begun is undone, and can write nothing down any more.
        Err(StoreError::Conflict) => {
            drop(unit);
            let mut unit = tools.store.begin().await?;
            unit.audit(&[told]).await?;
            unit.commit().await?;
            return Err(CardError::Taken { number: card.number });
        }
        other => other?,
    }
    let change = SecurityChange::CardAttached {
        number: masking::national_number(&card.number),
    };
    let told = (AuditAction::FactorAdded, FACTOR, change);
    changer.finish(tools, unit, &account, told, now).await?;
    Ok(())
}

/// Detaches a card: it opens the account no more, unless the record bears its number.
///
/// # Errors
/// [`SecurityError::NotFound`] when the person has no such.
pub async fn detach_card(
    tools: &Tools,
    changer: Changer<'_>,
    id: AccountCardId,
) -> Result<(), SecurityError> {
    let now = tools.clock.now();
    changer.has_proved(now)?;
    let (mut unit, account) = changer.begin(tools).await?;
    let mut held = unit.account_cards(account.id).await?.into_iter();
    let card = held.find(|card| card.id == id).ok_or(SecurityError::NotFound)?;
    if !unit.delete_account_card(account.id, id).await? {
        return Err(SecurityError::NotFound);
    }
    // One of them may be this card's.
    unit.delete_pending_sign_ins_of(account.id).await?;
    let change = SecurityChange::CardDetached {
        number: masking::national_number(&card.number),
    };
    let told = (AuditAction::FactorRemoved, FACTOR, change);
    changer.finish(tools, unit, &account, told, now).await?;
    Ok(())
}

/// How a card stands to an account that it is to be attached to.
enum Standing {
    Free,
    /// To this very account.
    Attached,
    /// Another number than the record's.
    OfAnother,
    Taken,
}

async fn standing(
    unit: &mut dyn UnitOfWork,
    account: &Account,
    shown: &ShownCard,
) -> Result<Standing, StoreError> {
    let number = &shown.number;
    if bears_another_number(account, number) {
        return Ok(Standing::OfAnother);
    }
    let numbered = unit.accounts_by_number(&account.portal, number).await?;
    let others = numbered.iter().any(|numbered| numbered.id != account.id);
    let own = numbered.iter().any(|numbered| numbered.id == account.id);
    let attached = unit.account_card(&account.portal, number).await?;
    Ok(match attached {
        Some(card) if card.account == account.id => Standing::Attached,
        Some(_) => Standing::Taken,
        // Where the agency has a person twice, attaching the card says which of the two it opens.
        None if others && !own => Standing::Taken,
        None => Standing::Free,
    })
}

fn attached(tools: &Tools, account: &Account, shown: ShownCard, now: Timestamp) -> AccountCard {
    AccountCard {
        id: AccountCardId(new_id(tools.entropy.as_ref(), now)),
        account: account.id,
        portal: account.portal.clone(),
        number: shown.number,
        family_name: shown.family_name,
        given_name: shown.given_name,
        attached_at: now,
        last_used_at: None,
    }
}
