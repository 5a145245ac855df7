//! Seeded random numbers that can be forked by a label.
//!
//! The demo city is one pure function of its seed. A single stream of numbers would tie every part to the order
//! of all parts before it: one more landmark in one cell, and every later case would change. So each part takes
//! its own fork, named by what it is for.

/// A stream of random numbers (splitmix64). Not for secrets.
#[derive(Debug, Clone)]
pub struct Dice {
    /// What forks derive from; never changes, so that a fork does not depend on how many numbers were drawn.
    root: u64,
    state: u64,
}

const GOLDEN: u64 = 0x9E37_79B9_7F4A_7C15;

/// The finaliser of splitmix64: spreads every input bit over the whole word.
fn mix(value: u64) -> u64 {
    let mut z = value;
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

/// 64-bit FNV-1a of a text: stable over platforms and releases, which `std`'s hashers do not promise.
pub(crate) fn hash_text(text: &str) -> u64 {
    text.bytes().fold(0xCBF2_9CE4_8422_2325, |h, b| (h ^ u64::from(b)).wrapping_mul(0x0000_0100_0000_01B3))
}

impl Dice {
    /// A stream from a seed; equal seeds give equal streams.
    pub fn new(seed: u64) -> Self {
        let root = mix(seed.wrapping_add(GOLDEN));
        Self { root, state: root }
    }

    /// A stream of its own, named by a label; independent of what was drawn from `self` so far.
    pub fn fork(&self, label: &str) -> Self {
        self.fork_number(hash_text(label))
    }

    /// A stream of its own, named by a number (an area key, a counter).
    pub fn fork_number(&self, number: u64) -> Self {
        Self::new(self.root ^ mix(number.wrapping_add(GOLDEN)))
    }

    /// The next 64 random bits.
    pub fn next_u64(&mut self) -> u64 {
        self.state = self.state.wrapping_add(GOLDEN);
        mix(self.state)
    }

    /// A number in `0..n`; 0 when `n` is 0.
    pub fn below(&mut self, n: usize) -> usize {
        // Multiply and shift: the bias is below n / 2^64, which no demo notices.
        ((u128::from(self.next_u64()) * n as u128) >> 64) as usize
    }

    /// A number in `0.0..1.0`.
    pub fn unit_f64(&mut self) -> f64 {
        (self.next_u64() >> 11) as f64 / (1u64 << 53) as f64
    }

    /// A number in `low..high`.
    pub fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.unit_f64()
    }

    /// A number in `low..high`, in the precision of drawing.
    pub fn between_f32(&mut self, low: f32, high: f32) -> f32 {
        low + (high - low) * self.unit_f64() as f32
    }

    /// True with the given probability (0.0 never, 1.0 always).
    pub fn chance(&mut self, probability: f64) -> bool {
        self.unit_f64() < probability
    }

    /// One of the texts; an empty text when there are none.
    pub fn pick<'a>(&mut self, choices: &[&'a str]) -> &'a str {
        choices.get(self.below(choices.len())).copied().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fork_does_not_depend_on_what_was_drawn_before() {
        let fresh = Dice::new(7);
        let mut used = Dice::new(7);
        for _ in 0..9 {
            used.next_u64();
        }
        assert_eq!(fresh.fork("towns").next_u64(), used.fork("towns").next_u64());
        assert_ne!(fresh.fork("towns").next_u64(), fresh.fork("cells").next_u64());
        assert_ne!(Dice::new(7).next_u64(), Dice::new(8).next_u64());
    }

    #[test]
    fn below_stays_in_range_and_reaches_every_value() {
        let mut dice = Dice::new(1);
        let mut seen = [0usize; 6];
        for _ in 0..6_000 {
            seen[dice.below(6)] += 1;
        }
        assert!(seen.iter().all(|&n| (800..1_200).contains(&n)), "{seen:?}");
        assert_eq!(dice.below(0), 0);
    }

    #[test]
    fn unit_stays_in_range_with_mean_a_half() {
        let mut dice = Dice::new(3);
        let draws: Vec<f64> = (0..10_000).map(|_| dice.unit_f64()).collect();
        assert!(draws.iter().all(|v| (0.0..1.0).contains(v)));
        let mean = draws.iter().sum::<f64>() / draws.len() as f64;
        assert!((mean - 0.5).abs() < 0.02, "{mean}");
    }
}
