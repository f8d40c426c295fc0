//! The set of icons: read once, each centred and sized for a cell.

use std::sync::LazyLock;

use kurbo::{BezPath, PathEl, Shape};
use portique_domain::captcha::puzzle::SHIFT;
use tiny_skia::Path;

use crate::bend::WAVE;
use crate::shape;

/// One icon a line: its name, a space, its path as SVG writes it. `NOTICE` beside it says whose they are.
const TEXT: &str = include_str!("../icons/icons.txt");

/// Greatest width and height, in cells: what is left leaves room to find the icon in.
const GREATEST: f64 = 0.72;

/// Farthest that an icon may reach from its middle, in cells: turned and bent any way, it stays in its cell.
const REACH: f64 = 0.5 - SHIFT as f64 / 100.0 - WAVE as f64;

/// An icon around the origin, as large as it gets, in cells.
pub struct Icon {
    #[cfg(test)]
    pub name: &'static str,
    pub path: Path,
}

/// The set, in the file's order.
pub fn all() -> &'static [Icon] {
    static ICONS: LazyLock<Vec<Icon>> = LazyLock::new(|| TEXT.lines().map(read).collect());
    &ICONS
}

fn read(line: &'static str) -> Icon {
    let (name, path) = line.split_once(' ').expect("each line has a name and a path");
    let path = BezPath::from_svg(path).unwrap_or_else(|error| panic!("{name} is no path: {error}"));
    Icon {
        #[cfg(test)]
        name,
        path: shape::from_bezier(&sized(path)).unwrap_or_else(|| panic!("{name} draws nothing")),
    }
}

/// The path in its cell: its middle at the origin, and as large as [`GREATEST`] and [`REACH`] allow.
fn sized(path: BezPath) -> BezPath {
    let bounds = path.bounding_box();
    let centred = kurbo::Affine::translate(-bounds.center().to_vec2()) * path;
    let reach = farthest(&centred);
    let size = (GREATEST / bounds.width().max(bounds.height())).min(REACH / reach);
    kurbo::Affine::scale(size) * centred
}

/// How far the path reaches from the origin.
fn farthest(path: &BezPath) -> f64 {
    let mut farthest: f64 = 0.0;
    kurbo::flatten(path, 0.1, |element| {
        if let PathEl::MoveTo(point) | PathEl::LineTo(point) = element {
            farthest = farthest.max(point.to_vec2().hypot());
        }
    });
    farthest
}

#[cfg(test)]
mod tests;
