use leptos::prelude::*;

/// A button beside a form, or for what is done at once. While it waits for its answer it stays where the focus is, but does
/// nothing.
#[component]
pub fn QuietButton(
    #[prop(into)] label: Signal<&'static str>,
    /// What tells it from others with the same label, for who hears the buttons alone: begins with the label.
    #[prop(optional, into)]
    name: Option<Signal<String>>,
    #[prop(optional, into)] busy: Signal<bool>,
    press: Callback<()>,
) -> impl IntoView {
    view! {
        <button
            type="button"
            class="quiet"
            aria-label=move || name.map(|name| name.get())
            aria-disabled=move || busy.get().then_some("true")
            on:click=move |_| {
                if !busy.get_untracked() {
                    press.run(());
                }
            }
        >
            {label}
        </button>
    }
}
