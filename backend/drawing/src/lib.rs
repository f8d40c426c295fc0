//! The captcha's picture, from a [`Puzzle`] to a PNG.
//!
//! What is drawn is the puzzle's alone: the same puzzle gives the same bytes, and they hold nothing of the answer but
//! what there is to see.

mod bend;
mod chance;
mod icons;
mod ink;
mod layers;
mod noise;
mod png;
pub mod qr;
mod shape;

use portique_domain::captcha::puzzle::{COLUMNS, COUNT, Placed, Puzzle};
use tiny_skia::Transform;

use crate::bend::Bend;
use crate::chance::Chance;
use crate::layers::Layers;
use crate::noise::Noise;

/// Side of a cell in CSS pixels.
pub const CELL: u16 = 72;

/// Pixels drawn for one CSS pixel, each way: a phone's screen stays sharp.
pub const SCALE: u16 = 2;

/// Side of a cell in pixels.
const SIDE: usize = (CELL * SCALE) as usize;
/// Of any picture, in pixels: with fewer than 8 icons the last row ends in empty cells.
const WIDTH: usize = SIDE * COLUMNS;
const HEIGHT: usize = SIDE * COUNT.end().div_ceil(COLUMNS);

/// Icons to draw from: what [`Puzzle::generate`] is to be given.
pub fn icon_count() -> usize {
    icons::all().len()
}

/// The puzzle as a PNG of 4 by 2 cells of 72 CSS pixels, drawn at twice that: 576 by 288 pixels, opaque.
///
/// `puzzle` has 8 icons at most, each below [`icon_count`].
pub fn draw(puzzle: &Puzzle) -> Vec<u8> {
    let mut layers = Layers::new();
    for (cell, placed) in puzzle.placed.iter().enumerate() {
        let corner = Transform::from_translate(along(cell % COLUMNS), along(cell / COLUMNS));
        let mut chance = Chance::from_seed(placed.noise);
        let icon = Bend::new(&mut chance).bent(&icons::all()[placed.icon].path);
        let noise = Noise::new(&mut chance);
        layers.icon(&icon, standing(placed).post_concat(corner));
        layers.stray(&noise.stray, corner);
        layers.gap(&noise.gaps, corner);
    }
    let shades: Vec<usize> = puzzle
        .placed
        .iter()
        .map(|placed| usize::from(placed.shade))
        .collect();
    png::encode(
        WIDTH,
        HEIGHT,
        &ink::palette(&shades),
        &layers.pixels(shades.len()),
    )
}

/// Where the cells before this one end, in pixels.
fn along(cells: usize) -> f32 {
    let cells = u16::try_from(cells).expect("a picture has few cells");
    f32::from(cells * CELL * SCALE)
}

/// From an icon, drawn around the origin and one cell wide at most, to its place in its cell, in pixels.
fn standing(placed: &Placed) -> Transform {
    let cell = f32::from(CELL * SCALE);
    let size = cell * f32::from(placed.scale) / 100.0;
    let shifted = |shift: i8| cell * (0.5 + f32::from(shift) / 100.0);
    Transform::from_scale(if placed.flipped { -size } else { size }, size)
        .post_rotate(f32::from(placed.turn) * 360.0 / 256.0)
        .post_translate(shifted(placed.shift.0), shifted(placed.shift.1))
}
