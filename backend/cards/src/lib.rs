//! Judges the certificates of professional cards.
