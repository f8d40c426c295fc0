use leptos::prelude::*;
use portique_shared::api::problem::FieldProblem;

use super::captcha::{CAPTCHA, CaptchaState};
use super::icon::icon;
use crate::locales::{Text, common, t};

/// What becomes of the captcha of a form that was refused: an answer that the server came to is used up.
pub fn renew_captcha(captcha: CaptchaState, problems: &[FieldProblem]) {
    if problems.iter().any(|refused| refused.field == CAPTCHA) {
        captcha.refuse();
    } else if problems
        .iter()
        .any(|refused| refused.reason.is_judged_after_the_captcha())
    {
        captcha.renew();
    }
}

/// A form's button. It stays where the focus is while the answer is awaited, but does nothing.
#[component]
pub fn Submit(label: Text, #[prop(into)] busy: Signal<bool>) -> impl IntoView {
    let words = label.show();
    let sending = t(|l| common(l).sending);
    view! {
        <button type="submit" class="primary" aria-disabled=move || busy.get().then_some("true")>
            {icon("#icon-wait")}
            <span>{move || if busy.get() { sending() } else { words() }}</span>
        </button>
    }
}
