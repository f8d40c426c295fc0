//! Cards, good and bad, judged.

mod bad;
mod bad_subjects;
mod fetching;
mod good;
mod lists;
mod mutated;
mod responders;
mod stage;
mod trust;
