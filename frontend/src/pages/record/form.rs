use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use portique_shared::api::contacts::{ContactsRequest, ContactsView};
use portique_shared::api::problem::{ErrorCode, FieldProblem, FieldReason};
use portique_shared::types::EmailAddress;

use super::field::ContactField;
use super::{Page, Word};
use crate::api::{self, Failure, Outcome};
use crate::components::{Alert, FieldState, Submit, Trouble, show_first_fault};
use crate::locales::faults::Fault;
use crate::locales::{Text, client, phrases, record, t};
use crate::portal::use_portal;

/// What was typed.
#[derive(Clone, Copy)]
struct Fields {
    email: FieldState,
    phone: FieldState,
    phone_offered: bool,
}

impl Fields {
    /// What the record holds.
    fn new(view: &ContactsView) -> Self {
        let known = |text: &Option<String>| text.clone().unwrap_or_default();
        Self {
            email: FieldState::new(known(&view.rescue_email)),
            phone: FieldState::new(phrases::phone(&known(&view.rescue_phone))),
            phone_offered: view.phone_offered,
        }
    }

    fn request(self) -> ContactsRequest {
        ContactsRequest {
            rescue_email: Some(self.email.value.get_untracked()),
            rescue_phone: self.phone_offered.then(|| self.phone.value.get_untracked()),
        }
    }

    /// Notes what is wrong before anything is sent; true when nothing is.
    fn check(self) -> bool {
        let written = self.email.value.with_untracked(|typed| {
            let typed = typed.trim();
            typed.is_empty() || EmailAddress::parse(typed).is_ok()
        });
        self.email
            .fault
            .set((!written).then(|| Fault::word(|l| record(l).email_malformed)));
        written
    }

    /// Says beside what was emptied that it can't be removed; false where nothing was.
    fn refuse_removal(self, page: Page) -> bool {
        let mut emptied = false;
        page.view.with_untracked(|before| {
            let before = before.as_ref();
            let kept = [
                (self.email, before.and_then(|before| before.rescue_email.as_ref())),
                (self.phone, before.and_then(|before| before.rescue_phone.as_ref())),
            ];
            for (field, known) in kept {
                let empty = field.value.with_untracked(|typed| typed.trim().is_empty());
                if empty && known.is_some() {
                    emptied = true;
                    field.fault.set(Some(Fault::word(|l| record(l).factor_needed)));
                }
            }
        });
        if emptied {
            show_first_fault();
        }
        emptied
    }

    fn refuse(self, problems: Vec<FieldProblem>) {
        for FieldProblem { field, reason } in problems {
            let is_phone = field == "rescue_phone";
            let word: Option<Word> = match reason {
                FieldReason::Malformed if is_phone => Some(|l| record(l).phone_malformed),
                FieldReason::Malformed => Some(|l| record(l).email_malformed),
                FieldReason::NotMobile => Some(|l| record(l).not_mobile),
                FieldReason::MainAddress => Some(|l| record(l).main_address),
                _ => None,
            };
            let state = if is_phone { self.phone } else { self.email };
            state
                .fault
                .set(Some(word.map_or_else(|| Fault::told(reason, ""), Fault::word)));
        }
        show_first_fault();
    }
}

/// «E-mail de secours», «Téléphone de secours», «Mettre à jour».
#[component]
pub(super) fn Form(page: Page) -> impl IntoView {
    let known = page.view.get_untracked();
    let Some(known) = known else {
        return ().into_any();
    };
    let fields = Fields::new(&known);
    let agencys_phone = known.rescue_phone.as_deref().map(phrases::phone);
    let intro = if fields.phone_offered {
        t(|l| record(l).intro)
    } else {
        t(|l| record(l).intro_mail)
    };
    let trouble = Trouble::none();
    let answered = move |answer: Outcome<ContactsView>| match answer {
        Outcome::Done(view) => {
            let same = page.view.with_untracked(|before| {
                before.as_ref().is_some_and(|before| {
                    view.pending.is_empty()
                        && before.rescue_email == view.rescue_email
                        && before.rescue_phone == view.rescue_phone
                })
            });
            let word: Word = if same {
                |l| record(l).unchanged
            } else {
                |l| record(l).updated
            };
            page.moved_on(view, word);
        }
        Outcome::Invalid(problems) => fields.refuse(problems),
        Outcome::Failed(Failure::Refused(refusal)) if refusal.code == ErrorCode::FactorNeeded => {
            if !fields.refuse_removal(page) {
                page.say(|l| record(l).factor_needed, false);
            }
        }
        Outcome::Failed(failure) => page.tell(failure, trouble),
    };
    let update = Action::new_local(move |request: &ContactsRequest| {
        let request = request.clone();
        async move { answered(api::update_contacts(&request).await) }
    });
    let pending = update.pending();
    let send = move || {
        if pending.get_untracked() || trouble.holds() {
            return;
        }
        trouble.clear();
        page.said.set(None);
        if fields.check() {
            update.dispatch_local(fields.request());
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
            <p class="lead">{intro}</p>
            <form class="form" method="post" novalidate on:submit=on_submit>
                <Alert trouble retry=Callback::new(move |()| send()) />
                <ContactField
                    name="rescue_email"
                    kind="email"
                    label=Text::Word(|l| client(l).rescue_email)
                    help=Text::Word(|l| record(l).email_help)
                    state=fields.email
                />
                <Phone fields agencys=agencys_phone />
                <Submit label=Text::Word(|l| record(l).update) busy=pending />
            </form>
            <KeptByTheAgency />
        </section>
    }
    .into_any()
}

/// The telephone's field; what the agency has, where the portal sends no SMS.
#[component]
fn Phone(fields: Fields, agencys: Option<String>) -> impl IntoView {
    if fields.phone_offered {
        return view! {
            <ContactField
                name="rescue_phone"
                kind="tel"
                label=Text::Word(|l| client(l).rescue_phone)
                help=Text::Word(|l| record(l).phone_help)
                state=fields.phone
            />
        }
        .into_any();
    }
    agencys
        .map(|phone| {
            view! {
                <div class="field">
                    <p>
                        <strong>{t(|l| client(l).rescue_phone)}</strong>
                    </p>
                    <p>{phone}</p>
                    <p class="hint">{t(|l| record(l).phone_not_offered)}</p>
                </div>
            }
        })
        .into_any()
}

/// Whom to ask to correct the rest.
#[component]
fn KeptByTheAgency() -> impl IntoView {
    let support = &use_portal().support;
    view! {
        <p class="hint">
            {t(|l| record(l).agency)} " "
            <a href=["tel:", &support.phone_link].concat()>{support.phone.as_str()}</a> " "
            {t(|l| record(l).or)} " "
            <a href=["mailto:", &support.email].concat()>{support.email.as_str()}</a> "."
        </p>
    }
}
