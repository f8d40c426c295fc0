//! Captchas: given out, and verified once.

use core::net::IpAddr;

use jiff::SignedDuration;
use portique_shared::api::captcha::{CaptchaAnswer, CaptchaKind};
use sha2::{Digest, Sha256};

use super::{Tools, tries};
use crate::captcha::puzzle::Puzzle;
use crate::captcha::{Captcha, LIFETIME};
use crate::entropy::random_bytes;
use crate::portal::{Portal, PortalName};
use crate::store::StoreError;
use crate::throttle::{Blocked, ThrottleKey, ThrottleKind};

#[derive(Debug, thiserror::Error)]
pub enum CaptchaError {
    /// Missing, wrong, used, too old: a new challenge is needed.
    #[error("the captcha's answer is refused")]
    Refused,
    #[error("too many captchas")]
    Blocked { retry_after: SignedDuration },
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<Blocked> for CaptchaError {
    fn from(Blocked { retry_after }: Blocked) -> Self {
        Self::Blocked { retry_after }
    }
}

/// A picture to be drawn, and the name under which its answer is awaited.
pub struct Picture {
    pub id: String,
    pub puzzle: Puzzle,
}

/// Makes a puzzle out of `icons` icons and writes its answer down.
pub async fn new_picture(
    tools: &Tools,
    portal: &Portal,
    address: IpAddr,
    icons: usize,
) -> Result<Picture, CaptchaError> {
    let now = tools.clock.now();
    let entropy = tools.entropy.as_ref();
    let puzzle = Puzzle::generate(entropy, icons);
    let id = hex::encode(random_bytes::<16>(entropy));
    let captcha = Captcha {
        key: key(&portal.name, id.as_bytes()),
        answer: u8::try_from(puzzle.odd).ok(),
        expires_at: now + LIFETIME,
    };
    let mut unit = tools.store.begin().await?;
    let given = tries::reserve(unit.as_mut(), &given_out(portal, address), now).await?;
    if given.is_ok() {
        unit.insert_captcha(&captcha).await?;
    }
    unit.commit().await?;
    given?;
    Ok(Picture { id, puzzle })
}

/// Verifies an answer. Right or wrong, its challenge is used up; where a picture is asked for, a proof of work will do too.
pub(super) async fn verify(
    tools: &Tools,
    portal: &Portal,
    address: IpAddr,
    kind: CaptchaKind,
    answer: Option<&CaptchaAnswer>,
) -> Result<(), CaptchaError> {
    let Some(answer) = answer else {
        return Err(CaptchaError::Refused);
    };
    match (answer, kind) {
        (CaptchaAnswer::Picture { id, cell }, CaptchaKind::Picture) => {
            verify_picture(tools, portal, address, id, *cell).await
        }
        // Where the portal shows no picture, none is taken.
        (CaptchaAnswer::Picture { .. }, CaptchaKind::Proof) => Err(CaptchaError::Refused),
        (CaptchaAnswer::Proof { payload }, _) => super::proof::verify(tools, portal, payload).await,
    }
}

/// Counted as wrong before it is known, like a password: fifty clicks at one instant are fifty clicks.
async fn verify_picture(
    tools: &Tools,
    portal: &Portal,
    address: IpAddr,
    id: &str,
    cell: u8,
) -> Result<(), CaptchaError> {
    let now = tools.clock.now();
    let wrong = ThrottleKey::client(ThrottleKind::CaptchaWrong, &portal.name, address);
    let mut unit = tools.store.begin().await?;
    let counted = tries::reserve(unit.as_mut(), &[wrong], now).await?;
    // Burnt even by who is sent away: else it could be tried again once the delay is over.
    let taken = unit.take_captcha(key(&portal.name, id.as_bytes())).await?;
    let right = taken.is_some_and(|captcha| now < captcha.expires_at && captcha.answer == Some(cell));
    if let (Ok(counted), true) = (&counted, right) {
        tries::forgive(unit.as_mut(), counted).await?;
    }
    unit.commit().await?;
    counted?;
    if right { Ok(()) } else { Err(CaptchaError::Refused) }
}

pub(super) fn given_out(portal: &Portal, address: IpAddr) -> [ThrottleKey; 2] {
    [
        ThrottleKey::client(ThrottleKind::CaptchaAddress, &portal.name, address),
        ThrottleKey::portal(ThrottleKind::CaptchaPortal, &portal.name),
    ]
}

/// Under what a challenge is written down: nothing given out on one portal is good on another.
pub(super) fn key(portal: &PortalName, name: &[u8]) -> [u8; 32] {
    let mut hash = Sha256::new();
    hash.update(portal.as_str().as_bytes());
    hash.update([0]);
    hash.update(name);
    hash.finalize().into()
}
