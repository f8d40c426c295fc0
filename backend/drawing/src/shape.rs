//! Shapes as tiny-skia fills them, and bending them.

use kurbo::{BezPath, PathEl, Point};
use tiny_skia::{Path, PathBuilder, PathSegment};

/// The same path; `None` when it has no extent.
pub fn from_bezier(path: &BezPath) -> Option<Path> {
    let mut builder = PathBuilder::new();
    for element in path {
        match element {
            PathEl::MoveTo(to) => builder.move_to(x(to), y(to)),
            PathEl::LineTo(to) => builder.line_to(x(to), y(to)),
            PathEl::QuadTo(by, to) => builder.quad_to(x(by), y(by), x(to), y(to)),
            PathEl::CurveTo(by, then, to) => {
                builder.cubic_to(x(by), y(by), x(then), y(then), x(to), y(to));
            }
            PathEl::ClosePath => builder.close(),
        }
    }
    builder.finish()
}

/// The path with each of its points moved: its curves stay smooth, its straight lines straight.
pub fn moved(path: &Path, to: impl Fn(tiny_skia::Point) -> tiny_skia::Point) -> Option<Path> {
    let mut builder = PathBuilder::new();
    for segment in path.segments() {
        match segment {
            PathSegment::MoveTo(end) => {
                let end = to(end);
                builder.move_to(end.x, end.y);
            }
            PathSegment::LineTo(end) => {
                let end = to(end);
                builder.line_to(end.x, end.y);
            }
            PathSegment::QuadTo(by, end) => {
                let [by, end] = [by, end].map(&to);
                builder.quad_to(by.x, by.y, end.x, end.y);
            }
            PathSegment::CubicTo(by, then, end) => {
                let [by, then, end] = [by, then, end].map(&to);
                builder.cubic_to(by.x, by.y, then.x, then.y, end.x, end.y);
            }
            PathSegment::Close => builder.close(),
        }
    }
    builder.finish()
}

fn x(point: Point) -> f32 {
    narrow(point.x)
}

fn y(point: Point) -> f32 {
    narrow(point.y)
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "coordinates of some hundreds, drawn to a fraction of a pixel"
)]
fn narrow(coordinate: f64) -> f32 {
    coordinate as f32
}
