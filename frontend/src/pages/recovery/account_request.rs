use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use portique_shared::api::account_request::AccountRequest;
use portique_shared::api::portal::RecoveryScreen;
use portique_shared::api::problem::{FieldProblem, FieldReason};
use portique_shared::api::recovery::RequestTaken;
use portique_shared::professions::LABELS;
use portique_shared::types::{EmailAddress, NationalId};

use super::receipt::Receipt;
use super::taken::Taken;
use super::{Cancel, Plea, focus_on_step};
use crate::api::{self, Outcome};
use crate::components::{
    Alert, Captcha, CaptchaState, CheckField, CheckState, Field, FieldState, Stars, Submit, Trouble,
    renew_captcha, show_first_fault,
};
use crate::locales::faults::Fault;
use crate::locales::{Text, p, recovery, t};
use crate::portal::use_portal;
use crate::title::page_title;

const PROFESSIONS_ID: &str = "professions";

/// «Pas de compte ?»: asking the agency for one.
#[component]
pub fn RequestAccount() -> impl IntoView {
    match Plea::Account.screen(&use_portal().recovery) {
        Some(screen) => view! { <Ask screen /> }.into_any(),
        None => view! { <crate::pages::NotFound /> }.into_any(),
    }
}

/// The form's fields.
#[derive(Clone, Copy)]
struct Fields {
    given_name: FieldState,
    family_name: FieldState,
    profession: FieldState,
    national_id: FieldState,
    email: FieldState,
    consent: CheckState,
}

impl Fields {
    fn empty() -> Self {
        let field = || FieldState::new(String::new());
        Self {
            given_name: field(),
            family_name: field(),
            profession: field(),
            national_id: field(),
            email: field(),
            consent: CheckState::new(),
        }
    }

    fn request(self, captcha: CaptchaState) -> AccountRequest {
        let text = |field: FieldState| field.value.with_untracked(|typed| typed.trim().to_owned());
        AccountRequest {
            given_name: text(self.given_name),
            family_name: text(self.family_name),
            profession: text(self.profession),
            national_id: text(self.national_id),
            email: text(self.email),
            consent: self.consent.ticked.get_untracked(),
            captcha: captcha.answer(),
        }
    }

    /// Notes what is wrong before anything is sent; true when nothing is.
    fn check(self) -> bool {
        let mut good = true;
        for field in [self.given_name, self.family_name, self.profession, self.email] {
            good &= field.require();
        }
        let email = self.email.value.get_untracked();
        if !email.is_empty() && EmailAddress::parse(&email).is_err() {
            self.refuse("email", FieldReason::Malformed);
            good = false;
        }
        let number = self.national_id.value.get_untracked();
        self.national_id.fault.set(None);
        if !number.trim().is_empty() && NationalId::parse(&number).is_err() {
            self.refuse("national_id", FieldReason::Malformed);
            good = false;
        }
        good & self.consent.require()
    }

    /// Notes why a field is refused.
    fn refuse(self, name: &str, reason: FieldReason) {
        let (field, malformed): (_, fn(_) -> _) = match name {
            "given_name" => (self.given_name, |l| recovery(l).name_malformed),
            "family_name" => (self.family_name, |l| recovery(l).name_malformed),
            "profession" => (self.profession, |l| recovery(l).name_malformed),
            "national_id" => (self.national_id, |l| recovery(l).account_national_id_malformed),
            "email" => (self.email, |l| recovery(l).email_malformed),
            "consent" => return self.consent.refuse(),
            _ => return,
        };
        field.fault.set(Some(if reason == FieldReason::Malformed {
            Fault::word(malformed)
        } else {
            Fault::told(reason, "")
        }));
    }
}

#[component]
fn Ask(screen: &'static RecoveryScreen) -> impl IntoView {
    // Kept beyond the form, so that who comes back to it to mend a letter finds what they typed.
    let fields = Fields::empty();
    let receipt = Receipt::of(Plea::Account);
    view! {
        <div class="sheet slim">
            <Show
                when=move || receipt.any()
                fallback=move || view! { <Form screen fields receipt /> }
            >
                <Taken plea=Plea::Account receipt />
            </Show>
        </div>
    }
}

#[component]
fn Form(screen: &'static RecoveryScreen, fields: Fields, receipt: Receipt) -> impl IntoView {
    page_title(Text::Portal(&screen.heading));
    let captcha = CaptchaState::new(screen.captcha);
    let trouble = Trouble::none();
    let answered = move |answer: Outcome<RequestTaken>| match answer {
        Outcome::Done(answer) => {
            receipt.note(answer);
            focus_on_step();
        }
        Outcome::Invalid(problems) => {
            renew_captcha(captcha, &problems);
            for FieldProblem { field, reason } in problems {
                fields.refuse(&field, reason);
            }
            show_first_fault();
        }
        Outcome::Failed(failure) => {
            captcha.renew();
            trouble.tell(failure);
        }
    };
    let ask = Action::new_local(move |request: &AccountRequest| {
        let request = request.clone();
        async move { answered(api::ask_account(&request).await) }
    });
    let pending = ask.pending();
    let send = move || {
        if pending.get_untracked() || trouble.holds() {
            return;
        }
        trouble.clear();
        if fields.check() & captcha.require() {
            ask.dispatch_local(fields.request(captcha));
        } else {
            show_first_fault();
        }
    };
    let on_submit = move |event: SubmitEvent| {
        event.prevent_default();
        send();
    };
    view! {
        <section class="panel">
            <h1 tabindex="-1">{p(&screen.heading)}</h1>
            <p class="intro">{p(&screen.intro)}</p>
            <form class="form" method="post" novalidate on:submit=on_submit>
                <Stars />
                <Alert trouble retry=Callback::new(move |()| send()) />
                <Inputs fields />
                <CheckField
                    name="consent"
                    label=Text::Word(|l| recovery(l).account_consent)
                    help=Text::Word(|l| recovery(l).account_consent_help)
                    state=fields.consent
                />
                <Captcha state=captcha starred=true />
                <div class="actions">
                    <Submit label=Text::Portal(&screen.submit) busy=pending />
                    <Cancel />
                </div>
            </form>
        </section>
    }
}

#[component]
fn Inputs(fields: Fields) -> impl IntoView {
    let professions = LABELS
        .into_iter()
        .map(|name| view! { <option value=name></option> })
        .collect_view();
    view! {
        <div class="pair">
            <Field
                name="given_name"
                label=Text::Word(|l| recovery(l).account_given_name)
                state=fields.given_name
                autocomplete="given-name"
                autocapitalize="words"
                starred=true
            />
            <Field
                name="family_name"
                label=Text::Word(|l| recovery(l).account_family_name)
                state=fields.family_name
                autocomplete="family-name"
                autocapitalize="words"
                starred=true
            />
        </div>
        <Field
            name="profession"
            label=Text::Word(|l| recovery(l).account_profession)
            state=fields.profession
            autocomplete="organization-title"
            autocapitalize="sentences"
            list=PROFESSIONS_ID
            starred=true
            described_by="profession-help"
        >
            <p class="hint" id="profession-help">{t(|l| recovery(l).account_profession_help)}</p>
            <datalist id=PROFESSIONS_ID>{professions}</datalist>
        </Field>
        <Field
            name="national_id"
            label=Text::Word(|l| recovery(l).account_national_id)
            state=fields.national_id
            autocomplete="off"
            optional=true
            described_by="national_id-help"
        >
            <p class="hint" id="national_id-help">{t(|l| recovery(l).account_national_id_help)}</p>
        </Field>
        <Field
            name="email"
            label=Text::Word(|l| recovery(l).account_email)
            state=fields.email
            autocomplete="email"
            inputmode="email"
            starred=true
            described_by="email-help"
        >
            <p class="hint" id="email-help">{t(|l| recovery(l).account_email_help)}</p>
        </Field>
    }
}
