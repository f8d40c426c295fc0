//! What a program has to see past in each cell, and a person hardly notices: thin lines and dots, drawn over
//! it in its own ink and cut out of its icon.

use tiny_skia::{Path, PathBuilder, Stroke};

use crate::chance::Chance;
use crate::{CELL, SCALE};

/// Lines from one side of the cell to the opposite one.
const STRAY_LINES: usize = 1;
/// One is enough to part an icon; more hide from a person what it is.
const GAP_LINES: usize = 1;
/// Dots of each sort.
const DOTS: usize = 4;
/// In CSS pixels.
const LINE_WIDTH: f32 = 1.0;
const DOT_RADIUS: std::ops::Range<f32> = 0.7..1.5;

/// One cell's, in pixels from its corner.
pub struct Noise {
    /// Drawn over all.
    pub stray: Path,
    /// Cut out of the icon.
    pub gaps: Path,
}

impl Noise {
    pub fn new(chance: &mut Chance) -> Self {
        Self {
            stray: scatter(chance, STRAY_LINES),
            gaps: scatter(chance, GAP_LINES),
        }
    }
}

/// Lines and dots all over a cell.
fn scatter(chance: &mut Chance, lines: usize) -> Path {
    let side = f32::from(CELL * SCALE);
    let scale = f32::from(SCALE);
    let stroke = Stroke {
        width: LINE_WIDTH * scale,
        ..Stroke::default()
    };
    let mut all = PathBuilder::new();
    for _ in 0..lines {
        let [from, by, along, to] = [(); 4].map(|()| chance.within(0.05..0.95) * side);
        let mut line = PathBuilder::new();
        if chance.coin() {
            line.move_to(0.0, from);
            line.quad_to(along, by, side, to);
        } else {
            line.move_to(from, 0.0);
            line.quad_to(by, along, to, side);
        }
        let line = line.finish().and_then(|line| line.stroke(&stroke, 1.0));
        all.push_path(&line.expect("a line across a cell has an outline"));
    }
    for _ in 0..DOTS {
        let [x, y] = [(); 2].map(|()| chance.within(0.05..0.95) * side);
        all.push_circle(x, y, chance.within(DOT_RADIUS) * scale);
    }
    all.finish().expect("lines and dots have an extent")
}

#[cfg(test)]
mod tests {
    use tiny_skia::{FillRule, Mask, Transform};

    use super::*;

    /// The share of the cell that a path covers.
    fn share(path: &Path) -> f64 {
        let side = CELL * SCALE;
        let mut mask = Mask::new(side.into(), side.into()).unwrap();
        mask.fill_path(path, FillRule::Winding, false, Transform::identity());
        let covered = mask.data().iter().filter(|cover| **cover > 0).count();
        f64::from(u32::try_from(covered).unwrap()) / f64::from(side).powi(2)
    }

    #[test]
    fn noise_crosses_every_cell_and_takes_little_of_it() {
        for seed in 0..500 {
            let noise = Noise::new(&mut Chance::from_seed(seed));
            for path in [noise.stray, noise.gaps] {
                let share = share(&path);
                assert!((0.005..0.05).contains(&share), "seed {seed}: {share:.3}");
            }
        }
    }

    #[test]
    fn noise_differs_from_seed_to_seed_and_is_the_same_for_the_same() {
        let noise = |seed| Noise::new(&mut Chance::from_seed(seed));
        assert_eq!(noise(7).gaps, noise(7).gaps);
        assert_eq!(noise(7).stray, noise(7).stray);
        assert_ne!(noise(7).gaps, noise(8).gaps);
        assert_ne!(noise(7).gaps, noise(7).stray);
    }
}
