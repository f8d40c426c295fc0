use leptos::prelude::*;
use leptos::task::spawn_local;
use portique_shared::api::problem::ErrorCode;

use super::{GiveUp, Otherwise, Step, go_on};
use crate::api::{self, Failure};
use crate::components::{Ceremony, CeremonyAlert, PasskeyButton, SECOND_STEP};
use crate::locales::{Text, passkey, t};
use crate::{dom, webauthn};

/// The person's passkey, in the place of a code.
#[component]
pub(super) fn Passkey(step: Step) -> impl IntoView {
    let ceremony = Ceremony::new(&SECOND_STEP);
    let press = Callback::new(move |()| {
        if ceremony.begin() {
            spawn_local(sign(step, ceremony));
        }
    });
    request_animation_frame(|| dom::focus_in_place("main h1"));
    view! {
        <section class="panel">
            <h1 tabindex="-1">{t(|l| passkey(l).second_step_title)}</h1>
            <CeremonyAlert ceremony retry=press />
            <p>{t(|l| passkey(l).second_step)}</p>
            <div class="actions">
                <PasskeyButton label=Text::Word(|l| passkey(l).use_mine) ceremony press />
                <GiveUp step />
            </div>
            <Otherwise step />
        </section>
    }
}

async fn sign(step: Step, ceremony: Ceremony) {
    let failed = |failure: Failure| {
        let ended =
            matches!(&failure, Failure::Refused(refusal) if refusal.code == ErrorCode::SecondStepEnded);
        if ended {
            step.tell(failure, ceremony.trouble);
        } else {
            ceremony.failed(failure);
        }
    };
    let options = match api::passkey_second_step_options().await {
        Ok(options) => options,
        Err(failure) => return failed(failure),
    };
    let signed = match webauthn::get(&options).await {
        Ok(signed) => signed,
        Err(end) => return ceremony.ended(end),
    };
    match api::enter_passkey(&signed).await {
        Ok(()) => go_on(),
        Err(failure) => failed(failure),
    }
}
