//! Issues test cards.
