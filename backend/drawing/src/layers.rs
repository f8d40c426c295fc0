//! What covers each pixel, and what ink that makes.

use tiny_skia::{FillRule, Mask, Path, Transform};

use crate::{COLUMNS, HEIGHT, SIDE, WIDTH, ink};

/// Icons, what is cut out of them, and what is drawn over both.
pub struct Layers {
    icons: Mask,
    gaps: Mask,
    stray: Mask,
}

impl Layers {
    pub fn new() -> Self {
        Self {
            icons: blank(),
            gaps: blank(),
            stray: blank(),
        }
    }

    pub fn icon(&mut self, path: &Path, to: Transform) {
        self.icons.fill_path(path, FillRule::Winding, true, to);
    }

    /// Edges of what is this thin need not be smooth, and each smooth one would make the file larger.
    pub fn gap(&mut self, path: &Path, to: Transform) {
        self.gaps.fill_path(path, FillRule::Winding, false, to);
    }

    /// As [`Self::gap`].
    pub fn stray(&mut self, path: &Path, to: Transform) {
        self.stray.fill_path(path, FillRule::Winding, false, to);
    }

    /// Each pixel's place in the [`ink::palette`], row by row; past the first `cells` cells all is ground.
    pub fn pixels(&self, cells: usize) -> Vec<u8> {
        let mut pixels = vec![ink::GROUND_INDEX; WIDTH * HEIGHT];
        let [icons, gaps, stray] =
            [&self.icons, &self.gaps, &self.stray].map(|mask| mask.data().chunks_exact(SIDE));
        let covers = icons.zip(gaps).zip(stray);
        // One row of one cell at a time.
        for (index, (pixels, ((icons, gaps), stray))) in pixels.chunks_exact_mut(SIDE).zip(covers).enumerate()
        {
            let cell = index / COLUMNS / SIDE * COLUMNS + index % COLUMNS;
            if cell >= cells {
                continue;
            }
            let ink = ink::index(cell);
            let covers = icons.iter().zip(gaps).zip(stray);
            for (pixel, ((icon, gap), stray)) in pixels.iter_mut().zip(covers) {
                *pixel = match (stray, gap, icon) {
                    (0, 1.., _) | (0, 0, ..64) => ink::GROUND_INDEX,
                    (0, 0, 64..192) => ink::EDGE_INDEX,
                    (1.., _, _) | (0, 0, 192..) => ink,
                };
            }
        }
        pixels
    }
}

fn blank() -> Mask {
    let [width, height] = [WIDTH, HEIGHT].map(|side| u32::try_from(side).expect("a picture is small"));
    Mask::new(width, height).expect("a picture has an extent")
}
