//! A portal's colours, and whether text on them can be read (WCAG 2.2, 1.4.3).

use core::fmt;

/// Least contrast of text, by WCAG AA.
const LEAST_CONTRAST: f64 = 4.5;

/// A colour written `#rrggbb`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Colour([u8; 3]);

pub const WHITE: Colour = Colour([255; 3]);
/// The darkest background of the dark scheme's surfaces, on which the colour serves as text.
pub const NIGHT: Colour = Colour([0x1d, 0x23, 0x2b]);

impl Colour {
    pub fn parse(text: &str) -> Option<Self> {
        let digits = text.strip_prefix('#').filter(|digits| digits.len() == 6)?;
        let mut bytes = [0; 3];
        hex::decode_to_slice(digits, &mut bytes).ok()?;
        Some(Self(bytes))
    }

    /// Whether text in the other colour can be read on this one, or the reverse.
    pub fn is_legible_with(self, other: Self) -> bool {
        self.contrast(other) >= LEAST_CONTRAST
    }

    /// From 1 (none) to 21 (black and white).
    fn contrast(self, other: Self) -> f64 {
        let (a, b) = (self.luminance(), other.luminance());
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    fn luminance(self) -> f64 {
        let [red, green, blue] = self.0.map(|channel| {
            let value = f64::from(channel) / 255.0;
            if value <= 0.04045 {
                value / 12.92
            } else {
                ((value + 0.055) / 1.055).powf(2.4)
            }
        });
        0.2126 * red + 0.7152 * green + 0.0722 * blue
    }
}

impl fmt::Display for Colour {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "#{}", hex::encode(self.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn legibility_is_reckoned_as_wcag_does() {
        let grey = |text| Colour::parse(text).unwrap();
        assert!(grey("#767676").is_legible_with(WHITE));
        assert!(!grey("#777777").is_legible_with(WHITE));
        assert_eq!(Colour::parse("#12345"), None);
        assert_eq!(Colour::parse("red"), None);
    }
}
