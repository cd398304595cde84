//! What a core can do at most: multiplications and additions in registers, nothing else.

use fearless_simd::{Level, Simd, SimdBase, dispatch};

/// Independent chains: enough to hide the latency of both operations, few enough for 16 registers.
const N_CHAINS: usize = 14;

/// Computes `n_rounds` rounds of x <- m x + c in each lane of each chain, the two operations rounded
/// apart as the engine does, and returns the number of operations and a result of them.
pub fn multiply_and_add(level: Level, n_rounds: u64) -> (u64, f32) {
    dispatch!(level, simd => rounds(simd, n_rounds))
}

#[inline(always)]
fn rounds<S: Simd>(simd: S, n_rounds: u64) -> (u64, f32) {
    let factor = S::f32s::splat(simd, 0.999);
    let offset = S::f32s::splat(simd, 0.001);
    let mut chains: [S::f32s; N_CHAINS] =
        core::array::from_fn(|chain| S::f32s::splat(simd, chain as f32));
    for _ in 0..n_rounds {
        for x in &mut chains {
            *x = *x * factor + offset;
        }
    }
    let total = chains.into_iter().fold(offset, |total, x| total + x);
    let n_operations = 2 * n_rounds * (N_CHAINS * S::f32s::LEN) as u64;
    (n_operations, total.as_slice()[0])
}

#[cfg(test)]
mod tests {
    use super::{N_CHAINS, multiply_and_add};
    use fearless_simd::Level;

    #[test]
    fn every_chain_ends_at_its_fixed_point() {
        let (n_operations, total) = multiply_and_add(Level::new(), 100_000);
        assert!(n_operations >= 2 * 100_000 * N_CHAINS as u64);
        // c / (1 - m) is 1 for each.
        assert!((total - N_CHAINS as f32).abs() < 0.1, "{total}");
    }
}
