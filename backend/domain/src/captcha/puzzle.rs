//! «Choisir l'image qui n'est pas comme les autres»: which icons stand where, and which is the odd one.
//!
//! What is decided here is everything that a picture shows; drawing it takes no further chance.

use crate::entropy::{Entropy, below, random_bytes};

/// Icons in a full row.
pub const COLUMNS: usize = 4;

/// Fewest and most icons in a picture.
pub const COUNT: std::ops::RangeInclusive<usize> = 5..=8;

/// Shades that icons are drawn in: enough for each icon of a picture to have one of its own.
pub const SHADES: usize = *COUNT.end();

/// How far an icon may stand from its cell's centre, either way, in hundredths of the cell's side.
pub const SHIFT: i8 = 4;

/// Least size of an icon, in hundredths of the greatest.
pub const LEAST_SCALE: u8 = 86;

/// One picture, and its answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Puzzle {
    /// 5 to 8 icons, row by row, [`COLUMNS`] to a row; the last row may be short.
    pub placed: Vec<Placed>,
    /// The answer: the cell whose icon stands in no other, from 0. Every other icon stands at least twice.
    pub odd: usize,
}

/// One icon as it stands in its cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Placed {
    /// Which of the set.
    pub icon: usize,
    /// In 256ths of a full turn, clockwise.
    pub turn: u8,
    /// Mirrored before it is turned.
    pub flipped: bool,
    /// To the right and down, [`SHIFT`] at most.
    pub shift: (i8, i8),
    /// In hundredths of the greatest size, [`LEAST_SCALE`] to 100.
    pub scale: u8,
    /// Below [`SHADES`]; no other icon of the picture has it, so that no two cells are ever equal.
    pub shade: u8,
    /// What bends the cell's icon, and crosses and cuts it: a seed, unfolded by who draws.
    pub noise: u64,
}

impl Puzzle {
    /// A new picture of icons from a set of `icons` (3 to 256).
    ///
    /// The number of cells, the kinds and the odd one's cell are each uniform, and tell nothing of one another; nor do
    /// turn, shade and the rest tell anything of the kind.
    pub fn generate(entropy: &dyn Entropy, icons: usize) -> Self {
        let set = u16::try_from(icons).unwrap_or_default();
        assert!((3..=256).contains(&set), "a set has 3 to 256 icons, not {icons}");
        let count = COUNT.start() + choice(entropy, COUNT.count());
        let kinds = distinct_kinds(entropy, set);
        // Each kind's place in the cells before they are shuffled: the odd one first.
        let mut cells = vec![kinds[0]];
        let others = count - 1;
        let second = if choice(entropy, 2) == 0 {
            others
        } else {
            2 + choice(entropy, others - 3)
        };
        cells.extend(std::iter::repeat_n(kinds[1], second));
        cells.extend(std::iter::repeat_n(kinds[2], others - second));
        shuffle(entropy, &mut cells);
        let odd = cells
            .iter()
            .position(|kind| *kind == kinds[0])
            .expect("it was put in above");

        let turns = spread_turns(entropy, count);
        let mut shades: Vec<u8> = (0..).take(SHADES).collect();
        shuffle(entropy, &mut shades);
        let placed = cells
            .into_iter()
            .zip(turns)
            .zip(shades)
            .map(|((icon, turn), shade)| Placed {
                icon,
                turn,
                flipped: choice(entropy, 2) == 1,
                shift: (shift(entropy), shift(entropy)),
                scale: LEAST_SCALE + small(entropy, 100 - LEAST_SCALE + 1),
                shade,
                noise: u64::from_le_bytes(random_bytes(entropy)),
            })
            .collect();
        Self { placed, odd }
    }
}

/// A number below `bound` (1 to 256).
fn choice(entropy: &dyn Entropy, bound: usize) -> usize {
    below(
        entropy,
        u16::try_from(bound).expect("a picture's choices are few"),
    )
}

/// A number below `bound` (1 at least).
fn small(entropy: &dyn Entropy, bound: u8) -> u8 {
    u8::try_from(below(entropy, bound.into())).expect("it is below a byte")
}

fn shift(entropy: &dyn Entropy) -> i8 {
    let steps = small(entropy, SHIFT.unsigned_abs() * 2 + 1);
    i8::try_from(steps).expect("twice a small shift fits") - SHIFT
}

/// Three different icons of the set, each as likely as the others.
fn distinct_kinds(entropy: &dyn Entropy, set: u16) -> [usize; 3] {
    let first = below(entropy, set);
    let second = another(entropy, set, &[first]);
    [first, second, another(entropy, set, &[first, second])]
}

/// An icon that is none of `taken`: drawn again until it is not, which favours none of those left.
fn another(entropy: &dyn Entropy, set: u16, taken: &[usize]) -> usize {
    loop {
        let icon = below(entropy, set);
        if !taken.contains(&icon) {
            return icon;
        }
    }
}

/// Turns all over the circle, no two close: two icons of one kind that stood alike would be found by comparing dots.
fn spread_turns(entropy: &dyn Entropy, count: usize) -> Vec<u8> {
    let sector = u8::try_from(256 / count).expect("there are several sectors");
    let [start] = random_bytes(entropy);
    let mut turns: Vec<u8> = (0..count)
        .scan(start, |at, _| {
            let turn = at.wrapping_add(small(entropy, sector / 2));
            *at = at.wrapping_add(sector);
            Some(turn)
        })
        .collect();
    shuffle(entropy, &mut turns);
    turns
}

/// Fisher and Yates: every order as likely as the others.
fn shuffle<T>(entropy: &dyn Entropy, items: &mut [T]) {
    for last in (1..items.len()).rev() {
        items.swap(last, choice(entropy, last + 1));
    }
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use proptest::prelude::*;

    use super::*;
    use crate::testing::SeededEntropy;

    /// How often each kind stands in the picture.
    fn standing(puzzle: &Puzzle) -> BTreeMap<usize, usize> {
        let mut standing = BTreeMap::new();
        for placed in &puzzle.placed {
            *standing.entry(placed.icon).or_default() += 1;
        }
        standing
    }

    proptest! {
        #[test]
        fn the_odd_one_stands_once_and_every_other_kind_at_least_twice(seed: u64, icons in 3_usize..=256) {
            let puzzle = Puzzle::generate(&SeededEntropy::new(seed), icons);
            let mut standing = standing(&puzzle);
            prop_assert!(COUNT.contains(&puzzle.placed.len()));
            prop_assert!((2..=3).contains(&standing.len()));
            prop_assert_eq!(standing.remove(&puzzle.placed[puzzle.odd].icon), Some(1));
            prop_assert!(standing.values().all(|often| *often >= 2), "{:?}", standing);
        }

        #[test]
        fn every_figure_is_within_its_bounds(seed: u64, icons in 3_usize..=256) {
            for placed in Puzzle::generate(&SeededEntropy::new(seed), icons).placed {
                prop_assert!(placed.icon < icons);
                prop_assert!(placed.shift.0.abs() <= SHIFT && placed.shift.1.abs() <= SHIFT);
                prop_assert!((LEAST_SCALE..=100).contains(&placed.scale));
                prop_assert!(usize::from(placed.shade) < SHADES);
            }
        }

        #[test]
        fn no_two_icons_have_one_shade_or_stand_within_twenty_degrees(seed: u64) {
            let placed = Puzzle::generate(&SeededEntropy::new(seed), 90).placed;
            let shades: BTreeSet<u8> = placed.iter().map(|placed| placed.shade).collect();
            prop_assert_eq!(shades.len(), placed.len());
            for (index, one) in placed.iter().enumerate() {
                for other in &placed[..index] {
                    let apart = one.turn.wrapping_sub(other.turn);
                    prop_assert!(apart.min(apart.wrapping_neg()) > 15, "{} and {}", one.turn, other.turn);
                }
            }
        }
    }

    /// Pearson's statistic against evenness: about as large as there are bins when the counts are even.
    fn unevenness(counts: &[u32]) -> f64 {
        let expected =
            f64::from(counts.iter().sum::<u32>()) / f64::from(u32::try_from(counts.len()).unwrap());
        counts
            .iter()
            .map(|count| (f64::from(*count) - expected).powi(2) / expected)
            .sum()
    }

    fn many() -> impl Iterator<Item = Puzzle> {
        let entropy = SeededEntropy::new(2026);
        (0..12_000).map(move |_| Puzzle::generate(&entropy, 90))
    }

    #[test]
    fn the_number_of_cells_and_the_odd_ones_cell_are_uniform() {
        let mut by_count: BTreeMap<usize, Vec<u32>> = COUNT.map(|count| (count, vec![0; count])).collect();
        for puzzle in many() {
            by_count.get_mut(&puzzle.placed.len()).unwrap()[puzzle.odd] += 1;
        }
        let totals: Vec<u32> = by_count.values().map(|cells| cells.iter().sum()).collect();
        // Chi-square with 3 degrees of freedom passes 16.3 once in a thousand, with 7 degrees 24.3.
        assert!(unevenness(&totals) < 16.3, "{totals:?}");
        for cells in by_count.values() {
            assert!(unevenness(cells) < 24.3, "{cells:?}");
        }
    }

    #[test]
    fn the_kinds_are_uniform_over_the_set_and_so_is_the_odd_one() {
        let (mut odd, mut other) = (vec![0; 90], vec![0; 90]);
        for puzzle in many() {
            let answer = puzzle.placed[puzzle.odd].icon;
            for kind in standing(&puzzle).into_keys() {
                let counts = if kind == answer { &mut odd } else { &mut other };
                counts[kind] += 1;
            }
        }
        // With 89 degrees of freedom, 135.9 is passed once in a thousand.
        assert!(unevenness(&odd) < 135.9, "{odd:?}");
        assert!(unevenness(&other) < 135.9, "{other:?}");
    }

    #[test]
    fn the_shade_the_turn_and_the_flip_tell_nothing_of_the_odd_one() {
        let (mut shades, mut turns, mut flips) = (vec![0; SHADES], vec![0; 16], vec![0; 2]);
        for puzzle in many() {
            let odd = &puzzle.placed[puzzle.odd];
            shades[usize::from(odd.shade)] += 1;
            turns[usize::from(odd.turn / 16)] += 1;
            flips[usize::from(odd.flipped)] += 1;
        }
        // Passed once in a thousand, with 7, 15 and 1 degrees of freedom.
        assert!(unevenness(&shades) < 24.3, "{shades:?}");
        assert!(unevenness(&turns) < 37.7, "{turns:?}");
        assert!(unevenness(&flips) < 10.8, "{flips:?}");
    }

    #[test]
    fn every_make_up_of_every_size_occurs() {
        let made_up: BTreeSet<Vec<usize>> = many()
            .map(|puzzle| {
                let mut often: Vec<usize> = standing(&puzzle).into_values().collect();
                often.sort_unstable();
                often
            })
            .collect();
        let expected = [
            vec![1, 4],
            vec![1, 2, 2],
            vec![1, 5],
            vec![1, 2, 3],
            vec![1, 6],
            vec![1, 2, 4],
            vec![1, 3, 3],
            vec![1, 7],
            vec![1, 2, 5],
            vec![1, 3, 4],
        ];
        assert_eq!(made_up, expected.into_iter().collect());
    }

    #[test]
    #[should_panic(expected = "3 to 256 icons")]
    fn a_set_too_small_for_three_kinds_is_refused() {
        Puzzle::generate(&SeededEntropy::new(1), 2);
    }
}
