use core::time::Duration;

use leptos::prelude::*;

use crate::dom;
use crate::session::is_milestone;

/// A wait that counts down, once a second.
#[derive(Clone, Copy)]
pub struct Wait {
    /// Seconds left; 0 when there is nothing to wait for.
    left: RwSignal<u32>,
    /// When the wait ends, in milliseconds since 1970: a page asleep for a while counts right all the same.
    until: StoredValue<i64>,
}

impl Wait {
    /// Nothing to wait for yet.
    pub fn new() -> Self {
        let wait = Self {
            left: RwSignal::new(0),
            until: StoredValue::new(0),
        };
        let ticking = set_interval_with_handle(move || wait.tick(), Duration::from_secs(1));
        if let Ok(ticking) = ticking {
            on_cleanup(move || ticking.clear());
        }
        wait
    }

    /// Begins anew.
    pub fn start(self, seconds: u32) {
        self.until.set_value(dom::now() + i64::from(seconds) * 1000);
        self.left.set(seconds);
    }

    /// Seconds left, tracked.
    pub fn left(self) -> u32 {
        self.left.get()
    }

    /// The same, untracked.
    pub fn left_untracked(self) -> u32 {
        self.left.get_untracked()
    }

    /// The remaining time that was last to be said aloud: not each second, which would drown everything else.
    pub fn milestones(self) -> RwSignal<Option<u32>> {
        let said = RwSignal::new(None);
        Effect::new(move |before: Option<u32>| {
            let left = self.left();
            let ends = left == 0 && before.is_some_and(|before| before > 0);
            if ends || (left > 0 && is_milestone(before.filter(|before| *before > 0), left)) {
                said.set(Some(left));
            }
            left
        });
        said
    }

    /// A tick that was under way when the wait's owner went finds nothing left.
    fn tick(self) {
        if self.left.try_get_untracked().is_some_and(|left| left > 0) {
            let left = (self.until.get_value() - dom::now() + 999) / 1000;
            self.left.set(u32::try_from(left).unwrap_or(0));
        }
    }
}
