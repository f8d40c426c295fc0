//! Cards, good and bad, judged.

mod authority_lists;
mod bad;
mod bad_lists;
mod bad_subjects;
mod bad_uses;
mod fetching;
mod good;
mod lists;
mod lists_kept;
mod mutated;
mod responders;
mod stage;
mod trust;
mod unsure_responders;
