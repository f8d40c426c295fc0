//! Colours: one ground and one tone of edges for all, and for each cell an ink of its own: 16 at most, half a byte a pixel.

use portique_domain::captcha::puzzle::SHADES;

use crate::png::Rgb;

/// A light panel, opaque: it reads the same on a light page and on a dark one.
const GROUND: Rgb = [0xee, 0xf2, 0xf6];

/// Slightly different inks, one a shade.
const INKS: [Rgb; SHADES] = [
    [0x2b, 0x3a, 0x55],
    [0x2a, 0x46, 0x52],
    [0x3d, 0x3a, 0x5c],
    [0x2d, 0x48, 0x45],
    [0x46, 0x3c, 0x4e],
    [0x3b, 0x45, 0x4f],
    [0x27, 0x40, 0x63],
    [0x49, 0x42, 0x42],
];

/// Half way from the ground to the inks' mean. At twice the screen's pixels one tone makes edges smooth; each more
/// would make files a tenth larger.
const EDGE: Rgb = [0x92, 0x99, 0xa3];

/// The ground's place in the [`palette`].
pub const GROUND_INDEX: u8 = 0;

/// The edges' place in the [`palette`].
pub const EDGE_INDEX: u8 = 1;

/// The place in the [`palette`] of a cell's ink.
pub fn index(cell: usize) -> u8 {
    EDGE_INDEX + 1 + u8::try_from(cell).expect("a picture has few cells")
}

/// The colours of a picture whose cells are inked with these shades.
pub fn palette(shades: &[usize]) -> Vec<Rgb> {
    let inks = shades.iter().map(|shade| INKS[*shade]);
    [GROUND, EDGE].into_iter().chain(inks).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Relative luminance, as WCAG 2.2 defines it.
    fn luminance(colour: Rgb) -> f64 {
        let [red, green, blue] = colour.map(|channel| {
            let channel = f64::from(channel) / 255.0;
            if channel <= 0.040_45 {
                channel / 12.92
            } else {
                ((channel + 0.055) / 1.055).powf(2.4)
            }
        });
        0.2126 * red + 0.7152 * green + 0.0722 * blue
    }

    #[test]
    fn every_ink_stands_out_seven_to_one_from_the_ground() {
        for ink in INKS {
            let contrast = (luminance(GROUND) + 0.05) / (luminance(ink) + 0.05);
            assert!(contrast >= 7.0, "{ink:x?}: {contrast:.1}");
        }
    }

    #[test]
    fn no_two_inks_are_one_and_none_stands_out_from_the_others() {
        for (index, one) in INKS.iter().enumerate() {
            for other in &INKS[..index] {
                assert_ne!(one, other);
                let apart = (luminance(*one) + 0.05) / (luminance(*other) + 0.05);
                assert!((0.7..1.4).contains(&apart), "{one:x?} and {other:x?}: {apart:.2}");
            }
        }
    }

    #[test]
    fn the_edges_tone_lies_between_the_ground_and_every_ink() {
        for ink in INKS {
            for channel in 0..3 {
                assert!(
                    (ink[channel]..GROUND[channel]).contains(&EDGE[channel]),
                    "{ink:x?}"
                );
            }
        }
    }

    #[test]
    fn the_palette_holds_each_colour_where_its_index_says_and_no_more_than_sixteen() {
        let shades: Vec<usize> = (0..SHADES).rev().collect();
        let colours = palette(&shades);
        assert_eq!(colours[usize::from(GROUND_INDEX)], GROUND);
        assert_eq!(colours[usize::from(EDGE_INDEX)], EDGE);
        assert_eq!(colours[usize::from(index(0))], INKS[SHADES - 1]);
        assert_eq!(colours[usize::from(index(SHADES - 1))], INKS[0]);
        assert!(colours.len() <= 16);
    }
}
