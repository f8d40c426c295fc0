use leptos::prelude::*;
use portique_shared::api::recovery::RequestTaken;
use serde::{Deserialize, Serialize};

use super::Plea;
use crate::dom;

/// What the server took down. A page that is loaded anew, as a phone does to one that was left for the mail, or come back
/// to, finds it in its own entry of the tab's history, and counts on from there.
#[derive(Clone, Copy)]
pub struct Receipt {
    plea: Plea,
    taken: RwSignal<Option<RequestTaken>>,
}

impl Receipt {
    /// The receipt that the page's entry keeps for this plea, if any.
    pub fn of(plea: Plea) -> Self {
        let kept = dom::kept().and_then(|text| Kept::read(&text)?.shown(plea.path(), dom::now()));
        Self {
            plea,
            taken: RwSignal::new(kept),
        }
    }

    /// Whether there is one, tracked.
    pub fn any(self) -> bool {
        self.taken.with(Option::is_some)
    }

    /// Something of it, tracked.
    pub fn read<T>(self, pick: impl FnOnce(&RequestTaken) -> T) -> Option<T> {
        self.taken.with(|taken| taken.as_ref().map(pick))
    }

    /// The same, untracked; nothing once the page was left.
    pub fn read_untracked<T>(self, pick: impl FnOnce(&RequestTaken) -> T) -> Option<T> {
        self.taken
            .try_with_untracked(|taken| taken.as_ref().map(pick))
            .flatten()
    }

    /// Shows and keeps what the server answered.
    pub fn note(self, taken: RequestTaken) {
        // An answer that comes when the page was left is none of the entry's that is shown now.
        if self.taken.try_set(Some(taken.clone())).is_none() {
            dom::keep(Kept::of(self.plea.path(), taken, dom::now()).written().as_deref());
        }
    }

    /// Goes back to the form.
    pub fn forget(self) {
        self.taken.set(None);
        dom::keep(None);
    }
}

/// As the history keeps it.
#[derive(Serialize, Deserialize)]
struct Kept {
    /// Where it was asked. The router shows another screen before that one's entry begins, so that the entry alone does
    /// not tell which screen's it is.
    path: String,
    /// When it was answered, in milliseconds since 1970.
    at: i64,
    taken: RequestTaken,
}

impl Kept {
    fn of(path: &str, taken: RequestTaken, at: i64) -> Self {
        Self {
            path: path.to_owned(),
            at,
            taken,
        }
    }

    /// What is kept may be another page's: a link's token.
    fn read(text: &str) -> Option<Self> {
        serde_json::from_str(text).ok()
    }

    fn written(&self) -> Option<String> {
        serde_json::to_string(self).ok()
    }

    /// What there is to show at `now`; nothing of what was asked elsewhere.
    fn shown(self, path: &str, now: i64) -> Option<RequestTaken> {
        // The machine's clock may have been turned back meanwhile.
        let passed = u32::try_from((now - self.at).max(0) / 1000).unwrap_or(u32::MAX);
        let resend_after = self.taken.resend_after.map(|wait| wait.saturating_sub(passed));
        (self.path == path).then_some(RequestTaken {
            resend_after,
            ..self.taken
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PASSWORD: &str = "/api/recovery/password";

    fn taken(resend_after: Option<u32>) -> RequestTaken {
        RequestTaken {
            reference: "K7QM2XPA".into(),
            masked_address: Some("…@exemple.fr".into()),
            resend_after,
        }
    }

    fn shown(kept: RequestTaken, milliseconds_later: i64) -> Option<RequestTaken> {
        let written = Kept::of(PASSWORD, kept, 5_000).written()?;
        Kept::read(&written)?.shown(PASSWORD, 5_000 + milliseconds_later)
    }

    #[test]
    fn the_wait_goes_on_while_the_page_is_away() {
        assert_eq!(shown(taken(Some(60)), 0), Some(taken(Some(60))));
        assert_eq!(shown(taken(Some(60)), 20_900), Some(taken(Some(40))));
        assert_eq!(shown(taken(Some(60)), 86_400_000), Some(taken(Some(0))));
        assert_eq!(shown(taken(None), 20_000), Some(taken(None)));
    }

    #[test]
    fn a_clock_that_was_turned_back_does_not_lengthen_the_wait() {
        assert_eq!(shown(taken(Some(60)), -3_600_000), Some(taken(Some(60))));
    }

    #[test]
    fn another_screen_shows_nothing_of_it() {
        let kept = Kept::of(PASSWORD, taken(Some(60)), 0);
        assert_eq!(kept.shown("/api/recovery/identifier", 0), None);
        assert!(Kept::read("0f1e2d3c4b5a").is_none());
    }
}
