//! How an icon is put out of shape: to a person it stays what it is, while measures that turning and resizing leave
//! alone (how its parts are spread around its middle) no longer agree between two of a kind.

use std::f32::consts::TAU;
use std::ops::Range;

use tiny_skia::{Path, Point};

use crate::chance::Chance;
use crate::shape;

/// What is left of the icon's extent in one direction. None is made longer: it would leave its cell.
const SQUEEZE: Range<f32> = 0.7..1.0;

/// How far a wave moves a point, in cells.
pub const WAVE: f32 = 0.025;

/// From crest to crest, in cells: about an icon's size, so that its parts move as wholes.
const WAVE_LENGTH: Range<f32> = 0.5..0.9;

/// One cell's.
pub struct Bend {
    /// The direction of squeezing: its cosine and sine.
    axis: (f32, f32),
    squeeze: f32,
    /// Along either axis.
    waves: [Wave; 2],
}

struct Wave {
    length: f32,
    start: f32,
}

impl Bend {
    pub fn new(chance: &mut Chance) -> Self {
        let (sine, cosine) = chance.within(0.0..TAU).sin_cos();
        Self {
            axis: (cosine, sine),
            squeeze: chance.within(SQUEEZE),
            waves: [(); 2].map(|()| Wave {
                length: chance.within(WAVE_LENGTH),
                start: chance.within(0.0..TAU),
            }),
        }
    }

    /// The icon's path, around the origin and in cells, put out of shape.
    pub fn bent(&self, path: &Path) -> Path {
        shape::moved(path, |point| self.to(point)).expect("what had an extent keeps some")
    }

    fn to(&self, point: Point) -> Point {
        let (cosine, sine) = self.axis;
        let along = point.x * cosine + point.y * sine;
        let off = along * (self.squeeze - 1.0);
        let [across, down] = &self.waves;
        Point::from_xy(
            point.x + off * cosine + across.at(point.y),
            point.y + off * sine + down.at(point.x),
        )
    }
}

impl Wave {
    fn at(&self, place: f32) -> f32 {
        WAVE * (self.start + place / self.length * TAU).sin()
    }
}

#[cfg(test)]
mod tests {
    use portique_domain::captcha::puzzle::SHIFT;
    use tiny_skia::Transform;

    use super::*;
    use crate::icons;

    #[test]
    fn an_icon_bent_and_turned_any_way_stays_in_its_cell_wherever_it_is_shifted() {
        let room = 0.5 - f32::from(SHIFT) / 100.0;
        for (seed, icon) in (0..).zip(icons::all().iter().cycle().take(1000)) {
            let bent = Bend::new(&mut Chance::from_seed(seed)).bent(&icon.path);
            for turn in 0..12_u8 {
                let turned = bent
                    .clone()
                    .transform(Transform::from_rotate(f32::from(turn) * 30.0));
                let bounds = turned.unwrap().compute_tight_bounds().unwrap();
                let reach = [-bounds.left(), -bounds.top(), bounds.right(), bounds.bottom()];
                assert!(
                    reach.iter().all(|reach| *reach <= room),
                    "{} {reach:?}",
                    icon.name
                );
            }
        }
    }

    #[test]
    fn bending_is_the_same_for_the_same_seed_alone() {
        let path = &icons::all()[0].path;
        let bent = |seed| Bend::new(&mut Chance::from_seed(seed)).bent(path);
        assert_eq!(bent(7), bent(7));
        assert_ne!(bent(7), bent(8));
    }
}
