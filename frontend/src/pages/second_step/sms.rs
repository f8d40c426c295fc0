//! What is said of SMS: that none can be sent now, or why none is offered; and the code that the browser reads out of one.

use leptos::prelude::*;
use leptos::task::spawn_local;
use portique_shared::api::second_step::{Destination, NoSms};

use super::Step;
use super::ways::Way;
use crate::components::{FieldState, icon};
use crate::locales::{phrases, second_step, t, use_lang};
use crate::portal::use_portal;
use crate::web_otp::{self, Listening};

/// Says that no SMS can be sent for now, and until when.
#[component]
pub(super) fn SmsSpent(step: Step) -> impl IntoView {
    let lang = use_lang();
    let until = move || {
        let words = second_step(lang.get());
        [
            words.sms_again,
            " ",
            &phrases::remaining(step.sms_wait.left()),
            ".",
        ]
        .concat()
    };
    let spent = step.sms_spent();
    move || {
        spent.get().then(|| {
            view! {
                <div class="alert" id="sms-spent" tabindex="-1">
                    {icon("#icon-alert")}
                    <div>
                        <p role="alert">
                            <strong>{t(|l| second_step(l).sms_spent)}</strong>
                        </p>
                        <p>{instead(step)}</p>
                        <p>{until}</p>
                    </div>
                </div>
            }
        })
    }
}

/// What the person can do without an SMS: only what they are offered.
fn instead(step: Step) -> AnyView {
    let ways = untrack(|| step.ways());
    if ways.iter().any(Way::is_by_mail) {
        return t(|l| second_step(l).sms_spent_mail).into_any();
    }
    if Way::instead_of_sms(&ways).is_some() {
        return t(|l| second_step(l).sms_spent_other).into_any();
    }
    let support = &use_portal().support;
    view! {
        {t(|l| second_step(l).sms_spent_call)}
        " "
        <a href=["tel:", &support.phone_link].concat()>{support.phone.as_str()}</a>
        "."
    }
    .into_any()
}

/// Where a phone can be put on record, where the portal would send SMS to one.
#[component]
pub(super) fn NoSmsHint(step: Step) -> impl IntoView {
    let words = move || {
        let why = step.view.with(|view| view.as_ref().and_then(|view| view.no_sms));
        why.map(|why| match why {
            NoSms::NoPhone => t(|l| second_step(l).no_phone)(),
            NoSms::OtherPhone => t(|l| second_step(l).other_phone)(),
        })
    };
    move || words().map(|words| view! { <p class="hint no-sms">{words}</p> })
}

/// Puts the code of the SMS that was sent last into the field. It is not sent by itself: on a phone that is lent, or beside a
/// sign-in that somebody else began, the person should see what is about to happen; «Valider» is one touch away.
#[component]
pub(super) fn ReadFromSms(step: Step, code: FieldState) -> impl IntoView {
    let lang = use_lang();
    let read = RwSignal::new(false);
    let by_sms = Memo::new(move |_| {
        step.view.with(|view| {
            let sent = view.as_ref()?.sent.as_ref()?;
            (sent.to == Destination::RescuePhone && sent.expires_in > 0).then(|| sent.reference.clone())
        })
    });
    // The wait for the SMS before ends with the next one's, and with the page.
    let listening = StoredValue::new_local(None::<Listening>);
    Effect::new(move |_| {
        listening.set_value(None);
        read.set(false);
        if by_sms.get().is_none() {
            return;
        }
        let Some((wait, coming)) = web_otp::listen() else {
            return;
        };
        listening.set_value(Some(wait));
        spawn_local(async move {
            // The page may have been left meanwhile.
            if let (Some(text), Some(_)) = (coming.await, code.value.try_get_untracked()) {
                code.value.set(text);
                code.fault.set(None);
                read.set(true);
            }
        });
    });
    view! {
        <p class="hint" id="code-read" role="status">
            {move || read.get().then(|| second_step(lang.get()).code_read)}
        </p>
    }
}
