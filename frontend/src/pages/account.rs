use leptos::prelude::*;
use portique_shared::Language;
use portique_shared::api::account::AccountView;
use portique_shared::api::screens;
use portique_shared::types::NationalId;

use crate::api;
use crate::components::{Loaded, PasswordForm, icon};
use crate::dom;
use crate::locales::{Text, client, p, phrases, record, security, t, use_lang};
use crate::portal::use_portal;
use crate::title::page_title;

/// «Mon compte»: the person's record, and the change of password at its foot.
#[component]
pub fn Account() -> impl IntoView {
    page_title(Text::Word(|l| client(l).my_account));
    let heading = &use_portal().password_change.heading;
    view! {
        <div class="sheet narrow">
            <h1 tabindex="-1">{t(|l| client(l).my_account)}</h1>
            <section class="panel" aria-labelledby="record-title">
                <div class="headed">
                    <h2 id="record-title">{t(|l| client(l).record)}</h2>
                    <a class="pencil" href=screens::RECORD aria-label=t(|l| record(l).edit)>
                        {icon("#icon-pencil")}
                    </a>
                </div>
                <Loaded from=LocalResource::new(api::account) view=lines />
                <p class="hint">{t(|l| client(l).record_help)}</p>
            </section>
            <section class="panel" aria-labelledby="security-title">
                <h2 id="security-title">{t(|l| security(l).title)}</h2>
                <p>{t(|l| security(l).intro)}</p>
                <p>
                    <a href=screens::SECURITY>{t(|l| security(l).link)}</a>
                </p>
            </section>
            <section class="panel" aria-labelledby="password-title">
                <h2 id="password-title">{p(heading)}</h2>
                <PasswordForm />
            </section>
        </div>
    }
}

fn lines(account: &AccountView) -> AnyView {
    let lang = use_lang();
    let account = account.clone();
    let national_id = account.national_id.map(|id| {
        let label: fn(Language) -> &'static str = match id {
            NationalId::Rpps(_) => |l| client(l).rpps,
            NationalId::Adeli(_) => |l| client(l).adeli,
        };
        line(label, Some(id.number().to_owned()))
    });
    let changed_at = account.password_changed_at.map(|time| {
        let time = dom::local_time(&time);
        view! {
            <div>
                <dt>{t(|l| client(l).password_changed_at)}</dt>
                <dd>{move || phrases::date(lang.get(), time)}</dd>
            </div>
        }
    });
    let privileged = account.privileged.then(|| {
        view! {
            <div>
                <dt>{t(|l| client(l).privileged)}</dt>
                <dd>{t(|l| client(l).privileged_yes)}</dd>
            </div>
        }
    });
    view! {
        <dl class="record">
            {line(|l| client(l).identifier, Some(account.identifier))}
            {line(|l| client(l).civility, account.civility)}
            {line(|l| client(l).given_name, Some(account.given_name))}
            {line(|l| client(l).family_name, Some(account.family_name))}
            {line(|l| client(l).profession, account.profession)}
            {national_id}
            {line(|l| client(l).email, Some(account.email))}
            {line(|l| client(l).rescue_email, account.rescue_email)}
            {line(|l| client(l).rescue_phone, account.rescue_phone.as_deref().map(phrases::phone))}
            {changed_at}
            {privileged}
        </dl>
    }
    .into_any()
}

/// One line of the record; it says so where the record is empty.
fn line(label: fn(Language) -> &'static str, value: Option<String>) -> impl IntoView {
    let none = t(|l| client(l).none);
    let value = value.filter(|value| !value.is_empty());
    let empty = value.is_none();
    view! {
        <div>
            <dt>{t(label)}</dt>
            <dd class:none=empty>
                {move || value.clone().unwrap_or_else(|| none().to_owned())}
            </dd>
        </div>
    }
}
