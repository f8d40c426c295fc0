use super::{Changer, SecurityError};
use crate::audit::AuditAction;
use crate::outbox::SecurityChange;
use crate::recovery_code::{RECOVERY_CODES, RecoveryCode, RecoveryCodeText};
use crate::use_cases::Tools;

/// Makes ten recovery codes, which are shown once; those that were made before are good for nothing then.
pub async fn make_recovery_codes(
    tools: &Tools,
    changer: Changer<'_>,
) -> Result<Vec<RecoveryCodeText>, SecurityError> {
    let now = tools.clock.now();
    changer.may_change(tools, now).await?;
    let record = &changer.session.account.record;
    if !changer.portal.second_factor.recovery_codes.covers(record) {
        return Err(SecurityError::NotOffered);
    }
    let entropy = tools.entropy.as_ref();
    let mut turn = tools.hasher.turn()?;
    let (mut texts, mut kept) = (Vec::new(), Vec::new());
    for slot in 0..RECOVERY_CODES {
        let text = RecoveryCodeText::generate(slot, entropy);
        kept.push(RecoveryCode {
            slot,
            hash: turn.hash(&text.secret(), entropy).await?,
            made_at: now,
            used_at: None,
        });
        texts.push(text);
    }
    drop(turn);
    let (mut unit, account) = changer.begin(tools).await?;
    unit.replace_recovery_codes(account.id, &kept).await?;
    let told = (
        AuditAction::RecoveryCodesMade,
        "recovery_code",
        SecurityChange::RecoveryCodesMade,
    );
    changer.finish(tools, unit, &account, told, now).await?;
    Ok(texts)
}
