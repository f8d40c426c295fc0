//! Whether two sets of times can be told apart, whatever their distribution: the Mann-Whitney U test.

/// The two-sided p-value that `a` and `b` come from one distribution, by the normal approximation with ties corrected; good
/// from some twenty samples a side on.
#[expect(clippy::cast_precision_loss, reason = "ranks among some thousands of samples")]
pub fn p_value(a: &[f64], b: &[f64]) -> f64 {
    let mut all: Vec<(f64, bool)> = a
        .iter()
        .map(|value| (*value, true))
        .chain(b.iter().map(|value| (*value, false)))
        .collect();
    all.sort_by(|one, other| one.0.total_cmp(&other.0));
    let (mut ranks_of_a, mut correction) = (0.0, 0.0);
    let mut start = 0;
    while start < all.len() {
        let end = start
            + all[start..]
                .iter()
                .take_while(|(value, _)| *value <= all[start].0)
                .count();
        // Equal values share the mean of their ranks, which count from 1.
        let rank = (start + 1 + end) as f64 / 2.0;
        let of_a = all[start..end].iter().filter(|(_, is_a)| *is_a).count();
        ranks_of_a += rank * of_a as f64;
        let equal = (end - start) as f64;
        correction += equal.powi(3) - equal;
        start = end;
    }
    let (of_a, of_b) = (a.len() as f64, b.len() as f64);
    let total = of_a + of_b;
    let u = ranks_of_a - of_a * (of_a + 1.0) / 2.0;
    let variance = of_a * of_b / 12.0 * ((total + 1.0) - correction / (total * (total - 1.0)));
    let distance = (u - of_a * of_b / 2.0).abs() / variance.sqrt();
    complementary_error(distance / core::f64::consts::SQRT_2)
}

/// erfc(x) for x ≥ 0, to 1.5 × 10⁻⁷ (Abramowitz and Stegun, 7.1.26).
fn complementary_error(x: f64) -> f64 {
    const COEFFICIENTS: [f64; 5] = [
        0.254_829_592,
        -0.284_496_736,
        1.421_413_741,
        -1.453_152_027,
        1.061_405_429,
    ];
    let t = 1.0 / (1.0 + 0.327_591_1 * x);
    let series = COEFFICIENTS
        .iter()
        .rev()
        .fold(0.0, |sum, coefficient| (sum + coefficient) * t);
    series * (-x * x).exp()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_halves_of_one_series_can_not_be_told_apart() {
        let a: Vec<f64> = (0..1_000).map(|number| f64::from(number * 2)).collect();
        let b: Vec<f64> = (0..1_000).map(|number| f64::from(number * 2 + 1)).collect();
        assert!(p_value(&a, &b) > 0.9, "{}", p_value(&a, &b));
    }

    #[test]
    fn a_shift_of_a_tenth_of_the_spread_shows_in_two_thousand() {
        let a: Vec<f64> = (0..2_000).map(f64::from).collect();
        let b: Vec<f64> = a.iter().map(|value| value + 100.0).collect();
        assert!(p_value(&a, &b) < 1e-4, "{}", p_value(&a, &b));
    }

    #[test]
    fn the_value_is_that_of_the_tables() {
        // z = 1.959964 has 0.05 outside, both sides together.
        let outside = complementary_error(1.959_964 / core::f64::consts::SQRT_2);
        assert!((outside - 0.05).abs() < 1e-6, "{outside}");
    }
}
