//! Every word of the screens, in both languages: a table that the compiler checks. A word missing in one
//! language does not compile.

mod card;
mod en;
pub mod faults;
mod fr;
mod passkey;
pub mod phrases;
mod record;
mod recovery;
mod second_step;
mod security;
mod sessions;
mod words;

use leptos::prelude::*;
use portique_shared::words::ShellWords;
use portique_shared::{Language, Localized};

pub use self::card::{Told, card, detach_named};
pub use self::passkey::passkey;
pub use self::record::record;
pub use self::recovery::recovery;
pub use self::second_step::second_step;
pub use self::security::{codes_left, remove_named, security};
pub use self::sessions::sessions;
use self::words::{ClientWords, CommonWords};

/// The language of the screens, changed live.
#[derive(Clone, Copy)]
pub struct Lang(RwSignal<Language>);

impl Lang {
    pub fn new(language: Language) -> Self {
        Self(RwSignal::new(language))
    }

    pub fn get(self) -> Language {
        self.0.get()
    }

    pub fn get_untracked(self) -> Language {
        self.0.get_untracked()
    }

    pub fn set(self, language: Language) {
        self.0.set(language);
    }
}

/// The words of the static shell.
pub const fn shell(language: Language) -> &'static ShellWords {
    ShellWords::of(language)
}

/// The words of the sign-in page and of every page.
pub const fn common(language: Language) -> &'static CommonWords {
    match language {
        Language::Fr => &fr::COMMON,
        Language::En => &en::COMMON,
    }
}

/// The words of the other screens.
pub const fn client(language: Language) -> &'static ClientWords {
    match language {
        Language::Fr => &fr::CLIENT,
        Language::En => &en::CLIENT,
    }
}

/// Keeps `<html lang>` true.
pub fn follow_language() {
    let lang = use_lang();
    Effect::new(move |_| {
        if let Some(root) = crate::dom::document().document_element() {
            // Setting a plain attribute cannot fail.
            let _ = root.set_attribute("lang", lang.get().tag());
        }
    });
}

pub fn use_lang() -> Lang {
    expect_context()
}

/// A text of a screen before its language is known: Portique's own, or the portal's.
///
/// One type for all, and [`Text::show`] one closure for all, so that each text costs the client a pointer and not
/// a copy of Leptos's code.
#[derive(Clone, Copy)]
pub enum Text {
    Word(fn(Language) -> &'static str),
    Portal(&'static Localized),
}

impl Text {
    pub fn get(self, language: Language) -> &'static str {
        match self {
            Self::Word(pick) => pick(language),
            Self::Portal(localized) => localized.get(language),
        }
    }

    /// The text as a view or an attribute, following the language.
    pub fn show(self) -> impl Fn() -> &'static str + Copy + Send + Sync + 'static {
        let lang = use_lang();
        move || self.get(lang.get())
    }
}

/// One of Portique's own words, following the language.
pub fn t(pick: fn(Language) -> &'static str) -> impl Fn() -> &'static str + Copy + Send + Sync + 'static {
    Text::Word(pick).show()
}

/// One of the portal's own texts, following the language.
pub fn p(localized: &'static Localized) -> impl Fn() -> &'static str + Copy + Send + Sync + 'static {
    Text::Portal(localized).show()
}
