use leptos::prelude::*;

use super::Word;
use crate::locales::use_lang;

/// What became of a section's last change, said aloud too.
#[derive(Clone, Copy)]
pub(super) struct Saying {
    done: RwSignal<Option<Word>>,
    refused: RwSignal<Option<Word>>,
}

impl Saying {
    pub(super) fn nothing() -> Self {
        Self {
            done: RwSignal::new(None),
            refused: RwSignal::new(None),
        }
    }

    pub(super) fn clear(self) {
        self.done.set(None);
        self.refused.set(None);
    }

    pub(super) fn say(self, word: Word) {
        self.refused.set(None);
        self.done.set(Some(word));
    }

    pub(super) fn refuse(self, word: Word) {
        self.done.set(None);
        self.refused.set(Some(word));
    }

    /// Where it is read.
    pub(super) fn show(self) -> impl IntoView {
        let lang = use_lang();
        let words = move |word: RwSignal<Option<Word>>| move || word.get().map(|word| word(lang.get()));
        view! {
            <p class="resent" role="status">
                {words(self.done)}
            </p>
            <p class="fault" role="alert">
                {words(self.refused)}
            </p>
        }
    }
}
