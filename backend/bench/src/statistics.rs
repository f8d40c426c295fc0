//! What many measurements of one thing amount to.

use std::fmt;

/// Measurements of one thing, one a round.
#[derive(Clone, Debug, Default)]
pub struct Samples(Vec<f64>);

impl Samples {
    pub fn push(&mut self, value: f64) {
        self.0.push(value);
    }

    /// The value below which the given share (0 to 1) of the samples lie, interpolated; `NaN` when there is none.
    pub fn quantile(&self, share: f64) -> f64 {
        let mut sorted = self.0.clone();
        sorted.sort_by(f64::total_cmp);
        quantile_of_sorted(&sorted, share)
    }

    pub fn median(&self) -> f64 {
        self.quantile(0.5)
    }
}

impl Extend<f64> for Samples {
    fn extend<T: IntoIterator<Item = f64>>(&mut self, values: T) {
        self.0.extend(values);
    }
}

impl FromIterator<f64> for Samples {
    fn from_iter<T: IntoIterator<Item = f64>>(values: T) -> Self {
        Self(values.into_iter().collect())
    }
}

#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "an index among some thousands of samples"
)]
fn quantile_of_sorted(sorted: &[f64], share: f64) -> f64 {
    let Some(last) = sorted.len().checked_sub(1) else {
        return f64::NAN;
    };
    let place = share.clamp(0.0, 1.0) * last as f64;
    let (below, above) = (sorted[place.floor() as usize], sorted[place.ceil() as usize]);
    below + (above - below) * place.fract()
}

impl fmt::Display for Samples {
    /// The median and the middle half: `1.04  (1.03 to 1.06)`.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (low, high) = (self.quantile(0.25), self.quantile(0.75));
        let digits = if self.median().abs() < 100.0 { 2 } else { 0 };
        write!(
            formatter,
            "{:>8.digits$}  ({low:.digits$} to {high:.digits$})",
            self.median()
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_is_the_middle_whatever_the_order() {
        let samples: Samples = [5.0, 1.0, 3.0].into_iter().collect();
        assert!((samples.median() - 3.0).abs() < 1e-9);
        let samples: Samples = [4.0, 1.0, 3.0, 2.0].into_iter().collect();
        assert!((samples.median() - 2.5).abs() < 1e-9);
    }

    #[test]
    fn the_99th_percentile_of_a_hundred_and_one_is_the_second_greatest() {
        let samples: Samples = (0..=100).map(f64::from).collect();
        assert!((samples.quantile(0.99) - 99.0).abs() < 1e-9);
    }

    #[test]
    fn nothing_measured_is_no_number() {
        assert!(Samples::default().median().is_nan());
    }

    #[test]
    fn one_line_tells_the_median_and_the_middle_half() {
        let samples: Samples = [1.0, 1.1, 1.2, 1.3, 1.4].into_iter().collect();
        assert_eq!(samples.to_string(), "    1.20  (1.10 to 1.30)");
    }
}
