//! Telling people from programs.

pub mod puzzle;
