//! What a picture's seeds unfold to.

use std::ops::Range;

/// Numbers that look random, all of them from one seed that is: the generator SplitMix64.
pub struct Chance(u64);

impl Chance {
    /// The same numbers for the same seed.
    pub fn from_seed(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    pub fn coin(&mut self) -> bool {
        self.next() >> 63 == 1
    }

    pub fn within(&mut self, range: Range<f32>) -> f32 {
        let [high, low, ..] = self.next().to_be_bytes();
        let share = f32::from(u16::from_be_bytes([high, low])) / 65_536.0;
        range.start + share * (range.end - range.start)
    }
}
