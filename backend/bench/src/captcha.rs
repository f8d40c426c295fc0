//! What a captcha's picture costs: making it up and drawing it.
//!
//! Counted in the processor's time, which a busy machine hardly changes: one thread does it all, and waits for nothing.

use std::time::Duration;

use portique_domain::captcha::puzzle::Puzzle;
use portique_drawing::{draw, icon_count};
use portique_server::adapters::SystemEntropy;

use crate::statistics::Samples;
use crate::{meter, report};

const ROUNDS: usize = 9;
/// Long enough for some thousands of pictures in all.
const ROUND: Duration = Duration::from_secs(1);

/// All rounds, each picture measured by itself.
#[derive(Default)]
struct Measured {
    per_second: Samples,
    drawing_ms: Samples,
    bytes: Samples,
}

pub fn run() -> anyhow::Result<()> {
    // The first picture reads the icons; no later one does.
    draw(&Puzzle::generate(&SystemEntropy, icon_count()));
    let mut measured = Measured::default();
    for _ in 0..ROUNDS {
        measured.round();
    }
    report::title("Captcha's picture, in one core's time")?;
    report::line("pictures per second", &measured.per_second, "")?;
    report::line("drawing, median", &measured.drawing_ms, "ms")?;
    let p99 = measured.drawing_ms.quantile(0.99);
    report::line("drawing, p99", format!("{p99:>8.2}"), "ms")?;
    report::line("size, median", &measured.bytes, "bytes")?;
    let most = measured.bytes.quantile(1.0);
    report::line("size, greatest", format!("{most:>8.0}"), "bytes")?;
    Ok(())
}

impl Measured {
    fn round(&mut self) {
        let start = meter::now();
        let cpu = meter::cpu_time();
        let mut pictures = 0;
        while start.elapsed() < ROUND {
            let puzzle = Puzzle::generate(&SystemEntropy, icon_count());
            let before = meter::cpu_time();
            let picture = draw(&puzzle);
            let drawing = meter::cpu_time().saturating_sub(before);
            self.drawing_ms.push(drawing.as_secs_f64() * 1e3);
            let bytes = u32::try_from(picture.len()).expect("a picture has some kilobytes");
            self.bytes.push(bytes.into());
            pictures += 1;
        }
        let cpu = meter::cpu_time().saturating_sub(cpu);
        self.per_second.push(f64::from(pictures) / cpu.as_secs_f64());
    }
}
