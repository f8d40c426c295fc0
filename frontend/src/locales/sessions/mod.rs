//! The words of «Mes sessions»: a table of their own.

mod en;
mod fr;

use portique_shared::Language;

pub struct SessionsWords {
    pub title: &'static str,
    pub intro: &'static str,
    /// Beside the one that the person looks with.
    pub current: &'static str,
    pub unknown_browser: &'static str,
    /// Between a browser and its system, with its spaces.
    on: &'static str,
    /// Followed by a day and an hour, and by a place.
    pub last_used: &'static str,
    pub started: &'static str,
    pub local: &'static str,
    /// Followed by an address.
    pub address: &'static str,
    /// Where it was not written down.
    pub nowhere: &'static str,
    pub end: &'static str,
    pub end_others: &'static str,
    pub ended: &'static str,
    pub others_ended: &'static str,
    /// Browsers that stand in for the second step.
    pub browsers: &'static str,
    pub browsers_intro: &'static str,
    /// Beside the one that the person looks with.
    pub current_browser: &'static str,
    /// Followed by a day and an hour.
    pub until: &'static str,
    pub forget: &'static str,
    pub forgotten: &'static str,
}

impl SessionsWords {
    /// «Firefox sur Windows».
    pub fn browser(&self, family: Option<&str>, system: Option<&str>) -> String {
        let family = family.unwrap_or(self.unknown_browser);
        match system {
            Some(system) => [family, self.on, system].concat(),
            None => family.to_owned(),
        }
    }
}

pub const fn sessions(language: Language) -> &'static SessionsWords {
    match language {
        Language::Fr => &fr::SESSIONS,
        Language::En => &en::SESSIONS,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_browser_is_named_as_far_as_it_is_known() {
        let words = sessions(Language::Fr);
        assert_eq!(
            words.browser(Some("Firefox"), Some("Windows")),
            "Firefox sur Windows"
        );
        assert_eq!(words.browser(None, Some("Linux")), "Navigateur inconnu sur Linux");
        assert_eq!(words.browser(Some("Edge"), None), "Edge");
        assert_eq!(sessions(Language::En).browser(None, None), "Unknown browser");
    }
}
