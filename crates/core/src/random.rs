//! Counter-based random numbers: a value is a function of (seed, stream, index) and of nothing else.
//!
//! Philox4x32-10 (Salmon, Moraes, Dror, Shaw 2011, "Parallel random numbers: as easy as 1, 2, 3").
//! There is no state to carry: a worker, a browser and a GPU lane that ask for the same index get
//! the same bits, whatever was asked before.
//!
//! Where numbers are drawn for every value of every step, [`pcg4d`] takes Philox's place.

use serde::{Deserialize, Serialize};

/// What the numbers are for. Streams of one seed are independent, so adding a draw to one part of a
/// run never shifts the numbers of another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[repr(u32)]
pub enum Stream {
    /// Sample positions of a data set.
    Data = 1,
    /// Noise added to a data set.
    Noise = 2,
    /// Train / test split.
    Split = 3,
    /// Order of samples within an epoch.
    Shuffle = 4,
    /// Initial weights.
    Init = 5,
    /// New weights for units that a user revives.
    Revive = 6,
    /// Random test inputs.
    Test = 7,
}

/// A view on the numbers of one seed and stream. Copying it copies no state.
#[derive(Clone, Copy, Debug)]
pub struct Random {
    key: [u32; 2],
    stream: u32,
    sub_stream: u32,
}

impl Random {
    /// `sub_stream` separates uses of one stream: a layer's index, an epoch, a lane.
    pub fn new(seed: u64, stream: Stream, sub_stream: u32) -> Self {
        Self {
            key: [seed as u32, (seed >> 32) as u32],
            stream: stream as u32,
            sub_stream,
        }
    }

    /// 32 random bits.
    pub fn bits(&self, index: u64) -> u32 {
        self.block(index / 4)[(index % 4) as usize]
    }

    /// Uniform on [0, 1), with 53 bits. Uses the bits of `2 index` and `2 index + 1`.
    pub fn uniform(&self, index: u64) -> f64 {
        let block = self.block(index / 2);
        let half = 2 * (index % 2) as usize;
        let bits = (u64::from(block[half]) << 32 | u64::from(block[half + 1])) >> 11;
        bits as f64 * (1.0 / (1u64 << 53) as f64)
    }

    /// Uniform on [low, high).
    pub fn uniform_in(&self, index: u64, low: f64, high: f64) -> f64 {
        low + (high - low) * self.uniform(index)
    }

    /// Standard normal (Box and Muller 1958). Uses `uniform` of `2 index` and `2 index + 1`.
    pub fn normal(&self, index: u64) -> f64 {
        // 1 - u lies in (0, 1], so that the logarithm is finite.
        let radius = libm::sqrt(-2.0 * libm::log(1.0 - self.uniform(2 * index)));
        radius * libm::cos(core::f64::consts::TAU * self.uniform(2 * index + 1))
    }

    /// A permutation of 0..n (Fisher and Yates, Durstenfeld 1964).
    pub fn permutation(&self, n: usize) -> Vec<u32> {
        let mut order: Vec<u32> = (0..n as u32).collect();
        // The bits of `last`, with each block computed once.
        let (mut block_index, mut block) = (u64::MAX, [0; 4]);
        for last in (1..n).rev() {
            let index = last as u64 / 4;
            if index != block_index {
                (block_index, block) = (index, self.block(index));
            }
            // Multiply-shift maps 32 bits on 0..=last; its bias is below n / 2^32.
            let pick = (u64::from(block[last % 4]) * (last as u64 + 1)) >> 32;
            order.swap(last, pick as usize);
        }
        order
    }

    fn block(&self, counter: u64) -> [u32; 4] {
        philox4x32_10(
            [
                counter as u32,
                (counter >> 32) as u32,
                self.stream,
                self.sub_stream,
            ],
            self.key,
        )
    }
}

/// Ten rounds of Philox4x32. The constants are the paper's.
fn philox4x32_10(mut counter: [u32; 4], mut key: [u32; 2]) -> [u32; 4] {
    const M: [u64; 2] = [0xD251_1F53, 0xCD9E_8D57];
    const W: [u32; 2] = [0x9E37_79B9, 0xBB67_AE85];
    for round in 0..10 {
        if round > 0 {
            key = [key[0].wrapping_add(W[0]), key[1].wrapping_add(W[1])];
        }
        let p0 = M[0] * u64::from(counter[0]);
        let p1 = M[1] * u64::from(counter[2]);
        counter = [
            (p1 >> 32) as u32 ^ counter[1] ^ key[0],
            p1 as u32,
            (p0 >> 32) as u32 ^ counter[3] ^ key[1],
            p0 as u32,
        ];
    }
    counter
}

/// Four random words of four, in 12 multiplications of 32 bits (Jarzynski and Olano 2020, "Hash Functions for GPU
/// Rendering", JCGT 9 (3)). Philox needs the upper halves of 20 products of 64 bits, which shaders have not and vectors
/// make of several instructions. Upper bits are better than lower ones.
pub fn pcg4d(counter: [u32; 4]) -> [u32; 4] {
    let v = counter.map(|c| c.wrapping_mul(1_664_525).wrapping_add(1_013_904_223));
    mix_words(mix_words(v).map(|v| v ^ (v >> 16)))
}

fn mix_words([mut x, mut y, mut z, mut w]: [u32; 4]) -> [u32; 4] {
    x = x.wrapping_add(y.wrapping_mul(w));
    y = y.wrapping_add(z.wrapping_mul(x));
    z = z.wrapping_add(x.wrapping_mul(y));
    w = w.wrapping_add(y.wrapping_mul(z));
    [x, y, z, w]
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Known answers of the authors' own test file for Philox4x32-10.
    #[test]
    fn philox_known_answers() {
        assert_eq!(
            philox4x32_10([0; 4], [0; 2]),
            [0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8]
        );
        assert_eq!(
            philox4x32_10([u32::MAX; 4], [u32::MAX; 2]),
            [0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd]
        );
    }

    #[test]
    fn normal_has_mean_0_and_variance_1() {
        let random = Random::new(7, Stream::Test, 0);
        let n = 20_000;
        let (mut sum, mut sum_of_squares) = (0.0, 0.0);
        for i in 0..n {
            let x = random.normal(i);
            sum += x;
            sum_of_squares += x * x;
        }
        let mean = sum / n as f64;
        assert!(mean.abs() < 0.03, "mean {mean}");
        let variance = sum_of_squares / n as f64 - mean * mean;
        assert!((variance - 1.0).abs() < 0.05, "variance {variance}");
    }

    #[test]
    fn permutation_holds_every_index_once() {
        let mut order = Random::new(1, Stream::Shuffle, 3).permutation(257);
        assert_ne!(order, (0..257).collect::<Vec<_>>());
        order.sort_unstable();
        assert_eq!(order, (0..257).collect::<Vec<_>>());
    }
}
