//! Chance that can be passed in: salts, receipt codes and draws. Seeded here; the machine's entropy is in `platform`.

use std::sync::Mutex;

/// A source of chance.
pub trait Chance: Send + Sync {
    /// The next 64 random bits.
    fn next_u64(&self) -> u64;

    /// Fills `out` with random bytes.
    fn fill(&self, out: &mut [u8]) {
        for chunk in out.chunks_mut(8) {
            let bytes = self.next_u64().to_le_bytes();
            chunk.copy_from_slice(&bytes[..chunk.len()]);
        }
    }

    /// A number in `0..n` (0 when `n` is 0), without noticeable bias for the sizes used here.
    fn below(&self, n: u64) -> u64 {
        ((u128::from(self.next_u64()) * u128::from(n)) >> 64) as u64
    }
}

/// A repeatable stream (SplitMix64). For demo data, tests and draws whose seed is published; never for secrets.
#[derive(Debug, Default)]
pub struct SeededChance(Mutex<u64>);

impl SeededChance {
    /// The stream of `seed`.
    pub fn new(seed: u64) -> Self {
        Self(Mutex::new(seed))
    }
}

impl Chance for SeededChance {
    fn next_u64(&self) -> u64 {
        let mut state = self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        *state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = *state;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_gives_the_published_stream() {
        // Reference values of SplitMix64 for seed 1234567 (the algorithm's public test vector).
        let chance = SeededChance::new(1_234_567);
        assert_eq!(chance.next_u64(), 6_457_827_717_110_365_317);
        assert_eq!(chance.next_u64(), 3_203_168_211_198_807_973);
    }

    #[test]
    fn below_stays_below() {
        let chance = SeededChance::new(1);
        assert_eq!(chance.below(0), 0);
        assert!((0..10_000).all(|_| chance.below(7) < 7));
    }
}
