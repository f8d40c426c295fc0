//! A bar on the terminal for long tasks; nothing where there is no terminal.

use indicatif::{ProgressBar, ProgressStyle};
use portique_provisioning::{Phase, Progress};

/// Draws how far an import is, on standard error.
pub(super) struct Bar(ProgressBar);

impl Bar {
    pub(super) fn new() -> Self {
        let bar = ProgressBar::new(0);
        // The template is a constant that indicatif reads.
        if let Ok(style) = ProgressStyle::with_template("{msg:<38} {bar:30} {percent:>3} %") {
            bar.set_style(style);
        }
        Self(bar)
    }

    pub(super) fn finish(&self) {
        self.0.finish_and_clear();
    }
}

impl Progress for Bar {
    fn step(&self, phase: Phase, done: u64, total: u64) {
        let message = phase.to_string();
        if self.0.message() != message {
            self.0.set_message(message);
        }
        self.0.set_length(total);
        self.0.set_position(done);
    }
}
