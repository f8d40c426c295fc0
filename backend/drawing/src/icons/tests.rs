//! Whether the set is fit: every icon can be seen, stays in its cell however it is turned, and none passes for another.

use std::collections::BTreeSet;

use tiny_skia::{FillRule, Mask, Transform};

use super::{Icon, all};

/// Side of the bitmaps compared; a row is one word.
const SIDE: u8 = 64;
/// Turns tried of one icon against the other, one each 7.5°.
const TURNS: u8 = 48;

/// An icon in black and white, a bit a pixel.
type Bitmap = [u64; SIDE as usize];

/// The icon in the middle of a bitmap a cell wide, turned and perhaps mirrored, `(x, y)` moved to its middle.
fn bitmap(icon: &Icon, turn: u8, flipped: bool, (x, y): (f32, f32)) -> Bitmap {
    let side = f32::from(SIDE);
    let to = Transform::from_translate(-x, -y)
        .post_scale(if flipped { -side } else { side }, side)
        .post_rotate(f32::from(turn) * 360.0 / f32::from(TURNS))
        .post_translate(side / 2.0, side / 2.0);
    let mut mask = Mask::new(SIDE.into(), SIDE.into()).unwrap();
    mask.fill_path(&icon.path, FillRule::Winding, true, to);
    let mut rows = [0; SIDE as usize];
    for (row, cover) in rows.iter_mut().zip(mask.data().chunks(SIDE.into())) {
        *row = cover
            .iter()
            .fold(0, |bits, cover| bits << 1 | u64::from(*cover > 127));
    }
    rows
}

fn bits(bitmap: &Bitmap) -> u32 {
    bitmap.iter().map(|row| row.count_ones()).sum()
}

/// The middle of what the icon covers, in cells from its origin.
fn middle(icon: &Icon) -> (f32, f32) {
    let drawn = bitmap(icon, 0, false, (0.0, 0.0));
    let (mut across, mut down, mut count) = (0.0, 0.0, 0.0_f32);
    for (y, row) in (0_u8..).zip(drawn) {
        for x in (0..SIDE).filter(|x| row >> (SIDE - 1 - x) & 1 == 1) {
            across += f32::from(x) + 0.5;
            down += f32::from(y) + 0.5;
            count += 1.0;
        }
    }
    let cells = |sum: f32| sum / count / f32::from(SIDE) - 0.5;
    (cells(across), cells(down))
}

/// How much two shapes have in common of what either covers: 0 to 1.
fn overlap(one: &Bitmap, other: &Bitmap) -> f64 {
    let (mut both, mut either) = (0, 0);
    for (one, other) in one.iter().zip(other) {
        both += (one & other).count_ones();
        either += (one | other).count_ones();
    }
    f64::from(both) / f64::from(either)
}

#[test]
fn there_are_sixty_icons_at_least_each_under_one_name() {
    let names: BTreeSet<&str> = all().iter().map(|icon| icon.name).collect();
    assert!(names.len() >= 60, "{}", names.len());
    assert_eq!(names.len(), all().len());
}

#[test]
fn every_icon_covers_a_tenth_of_its_cell_at_least_and_half_at_most() {
    for icon in all() {
        let share = f64::from(bits(&bitmap(icon, 0, false, (0.0, 0.0)))) / f64::from(SIDE).powi(2);
        assert!((0.10..0.50).contains(&share), "{}: {share:.2}", icon.name);
    }
}

#[test]
fn an_icon_turned_any_way_stays_in_its_cell() {
    for icon in all() {
        let upright = bits(&bitmap(icon, 0, false, (0.0, 0.0)));
        for turn in 0..TURNS {
            let drawn = bitmap(icon, turn, false, (0.0, 0.0));
            let edges = drawn[0]
                | drawn[usize::from(SIDE) - 1]
                | drawn.iter().fold(0, |all, row| all | row & (1 | 1 << 63));
            assert_eq!(edges, 0, "{} turned {turn}", icon.name);
            let kept = f64::from(bits(&drawn)) / f64::from(upright);
            assert!(
                (0.9..1.1).contains(&kept),
                "{} turned {turn}: {kept:.2}",
                icon.name
            );
        }
    }
}

#[test]
fn no_icon_turned_or_mirrored_passes_for_another() {
    let poses: Vec<Vec<Bitmap>> = all()
        .iter()
        .map(|icon| {
            let at = middle(icon);
            (0..TURNS)
                .flat_map(|turn| [false, true].map(|flipped| bitmap(icon, turn, flipped, at)))
                .collect()
        })
        .collect();
    let mut worst = (0.0, "", "");
    for (index, one) in all().iter().enumerate() {
        for (poses, other) in poses.iter().zip(&all()[..index]) {
            let upright = bitmap(one, 0, false, middle(one));
            let most = poses
                .iter()
                .map(|pose| overlap(&upright, pose))
                .fold(0.0, f64::max);
            if most > worst.0 {
                worst = (most, one.name, other.name);
            }
        }
    }
    // Two blobs of one size, without any features, have 0.8 and more in common.
    assert!(worst.0 < 0.75, "{worst:?}");
}
