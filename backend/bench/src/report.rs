//! What was measured, line by line.

use std::fmt::Display;
use std::io::{self, Write};

use crate::statistics::Samples;

/// What a ratio is held to.
#[derive(Clone, Copy)]
pub enum Target {
    AtMost(f64),
    AtLeast(f64),
}

pub fn title(text: impl Display) -> io::Result<()> {
    writeln!(io::stdout(), "\n{text}")
}

/// A figure with its unit.
pub fn line(name: &str, figure: impl Display, unit: &str) -> io::Result<()> {
    writeln!(io::stdout(), "  {name:<44} {figure} {unit}")
}

/// A ratio, and whether it is what it should be. A miss is told, not punished: the machine may have been busy.
pub fn ratio(name: &str, samples: &Samples, target: Target) -> io::Result<()> {
    let median = samples.median();
    let (words, met) = match target {
        Target::AtMost(bound) => (format!("at most {bound:.2}"), median <= bound),
        Target::AtLeast(bound) => (format!("at least {bound:.2}"), median >= bound),
    };
    let verdict = if met { "met" } else { "MISSED" };
    line(name, samples, &format!("  {words}: {verdict}"))
}
