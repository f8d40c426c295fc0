//! What the picture's file shows, and what it does not.

mod decoded;

use std::collections::BTreeSet;

use decoded::{CELL_SIDE, Decoded};
use portique_domain::captcha::puzzle::{COUNT, Puzzle};
use portique_domain::testing::SeededEntropy;
use portique_drawing::{CELL, SCALE, draw, icon_count};

fn puzzles(seed: u64, how_many: usize) -> impl Iterator<Item = Puzzle> {
    let entropy = SeededEntropy::new(seed);
    (0..how_many).map(move |_| Puzzle::generate(&entropy, icon_count()))
}

#[test]
fn a_picture_is_four_by_two_cells_at_twice_the_screens_pixels() {
    assert_eq!(CELL_SIDE, usize::from(CELL * SCALE));
    for puzzle in puzzles(1, 20) {
        let picture = Decoded::from_png(&draw(&puzzle));
        assert_eq!((picture.width, picture.height), (576, 288));
    }
}

#[test]
fn the_file_is_a_palette_and_pixels_with_no_word_about_them() {
    for puzzle in puzzles(2, 20) {
        let picture = Decoded::from_png(&draw(&puzzle));
        assert_eq!(picture.chunks, ["IHDR", "PLTE", "IDAT", "IEND"]);
    }
}

#[test]
fn the_same_puzzle_gives_the_same_bytes_and_no_other_puzzle_does() {
    let mut seen = BTreeSet::new();
    for puzzle in puzzles(3, 300) {
        let file = draw(&puzzle);
        assert_eq!(file, draw(&puzzle));
        assert!(seen.insert(file));
    }
}

#[test]
fn no_two_cells_are_equal_and_cells_without_an_icon_are_empty() {
    for puzzle in puzzles(4, 200) {
        let picture = Decoded::from_png(&draw(&puzzle));
        let icons = puzzle.placed.len();
        let cells: Vec<_> = (0..*COUNT.end()).map(|cell| picture.cell(cell)).collect();
        let different: BTreeSet<_> = cells[..icons].iter().collect();
        assert_eq!(different.len(), icons);
        for cell in &cells[icons..] {
            assert!(cell.iter().all(|pixel| *pixel == cell[0]));
        }
    }
}

#[test]
fn a_cell_is_drawn_from_its_own_icon_alone() {
    let puzzle = puzzles(5, 1).next().unwrap();
    let mut other = puzzle.clone();
    other.placed[1].icon = (other.placed[1].icon + 1) % icon_count();
    let [one, other] = [puzzle, other].map(|puzzle| Decoded::from_png(&draw(&puzzle)));
    for cell in 0..*COUNT.end() {
        assert_eq!(one.cell(cell) == other.cell(cell), cell != 1, "cell {cell}");
    }
}

#[test]
fn files_are_small_and_their_size_does_not_tell_the_odd_cell() {
    // By number of icons and odd cell: sizes in bytes.
    let mut sizes: Vec<Vec<Vec<f64>>> = COUNT.map(|count| vec![Vec::new(); count]).collect();
    for puzzle in puzzles(6, 2000) {
        let bytes = draw(&puzzle).len();
        assert!(bytes < 8192, "{bytes} bytes: {puzzle:?}");
        let row = puzzle.placed.len() - COUNT.start();
        sizes[row][puzzle.odd].push(f64::from(u32::try_from(bytes).unwrap()));
    }
    for by_cell in sizes {
        let (mean, deviation) = mean_and_deviation(&by_cell.concat());
        for (cell, sizes) in by_cell.iter().enumerate() {
            let (of_cell, _) = mean_and_deviation(sizes);
            let error = deviation / f64::from(u32::try_from(sizes.len()).unwrap()).sqrt();
            let off = (of_cell - mean).abs() / error;
            // 26 cells are looked at: more than 3.5 would come by chance once in eighty seeds.
            assert!(
                off < 3.5,
                "cell {cell} of {}: {off:.1} standard errors off",
                by_cell.len()
            );
        }
    }
}

fn mean_and_deviation(samples: &[f64]) -> (f64, f64) {
    let count: f64 = samples.iter().map(|_| 1.0).sum();
    let mean = samples.iter().sum::<f64>() / count;
    let squares: f64 = samples.iter().map(|sample| (sample - mean).powi(2)).sum();
    (mean, (squares / (count - 1.0)).sqrt())
}
