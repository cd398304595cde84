//! Which samples a step trains on: a pure function of the step, so that any step can be gone back to.

use super::spec::Order;
use crate::random::{Random, Stream};

/// Updates in one pass over the training set. The last batch of an epoch is what is left.
pub fn steps_per_epoch(n_train: usize, batch_size: usize) -> usize {
    n_train
        .div_ceil(effective_batch_size(n_train, batch_size))
        .max(1)
}

/// Indices of the training samples of update `step` (from 0). Empty only if the set is.
pub fn batch_of_step(
    step: u64,
    n_train: usize,
    batch_size: usize,
    order: Order,
    seed: u64,
) -> Vec<u32> {
    EpochOrder::new(n_train, order, seed)
        .batch(step, batch_size)
        .to_vec()
}

/// The order of samples within the epoch asked for last, kept so that an epoch is shuffled once.
/// Holds nothing else: any step may be asked for at any time, at any batch size.
#[derive(Clone, Debug)]
pub struct EpochOrder {
    order: Order,
    seed: u64,
    /// The epoch that `indices` is the order of.
    epoch: u64,
    /// `[n_train]`.
    indices: Vec<u32>,
}

impl EpochOrder {
    /// `n_train` is at most 2^32.
    pub fn new(n_train: usize, order: Order, seed: u64) -> Self {
        Self {
            order,
            seed,
            epoch: 0,
            indices: order_of_epoch(0, n_train, order, seed),
        }
    }

    /// Indices of the training samples of update `step`, counted from 0.
    pub fn batch(&mut self, step: u64, batch_size: usize) -> &[u32] {
        let n_train = self.indices.len();
        let batch_size = effective_batch_size(n_train, batch_size);
        let n_steps = steps_per_epoch(n_train, batch_size) as u64;
        let epoch = step / n_steps;
        if epoch != self.epoch {
            self.epoch = epoch;
            if self.order == Order::Shuffled {
                self.indices = order_of_epoch(epoch, n_train, self.order, self.seed);
            }
        }
        let start = (step % n_steps) as usize * batch_size;
        &self.indices[start..n_train.min(start + batch_size)]
    }
}

/// Rows `indices` of `[n, n_columns]` values, one after the other.
pub fn rows<T: Copy>(values: &[T], n_columns: usize, indices: &[u32]) -> Vec<T> {
    let row = |&index: &u32| &values[index as usize * n_columns..][..n_columns];
    indices.iter().flat_map(row).copied().collect()
}

fn effective_batch_size(n_train: usize, batch_size: usize) -> usize {
    batch_size.min(n_train).max(1)
}

fn order_of_epoch(epoch: u64, n_train: usize, order: Order, seed: u64) -> Vec<u32> {
    match order {
        Order::Sequential => (0..n_train as u32).collect(),
        // Epochs 2^32 apart share an order, which no run lives to see.
        Order::Shuffled => Random::new(seed, Stream::Shuffle, epoch as u32).permutation(n_train),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sequential_wraps_and_the_last_batch_is_the_rest() {
        let check = |step, expected: &[u32]| {
            assert_eq!(batch_of_step(step, 7, 3, Order::Sequential, 0), expected);
        };
        check(0, &[0, 1, 2]);
        check(1, &[3, 4, 5]);
        check(2, &[6]);
        check(3, &[0, 1, 2]);
    }

    #[test]
    fn sizes_at_the_edges() {
        assert_eq!(steps_per_epoch(7, 3), 3);
        assert_eq!(steps_per_epoch(6, 3), 2);
        assert_eq!(batch_of_step(5, 4, 100, Order::Sequential, 0), [0, 1, 2, 3]);
        assert_eq!(batch_of_step(5, 4, 0, Order::Sequential, 0), [1]);
        assert_eq!(batch_of_step(5, 0, 3, Order::Shuffled, 0), [0_u32; 0]);
    }

    #[test]
    fn a_shuffled_epoch_holds_every_sample_once() {
        let mut order = EpochOrder::new(10, Order::Shuffled, 3);
        let mut epoch_of = |epoch: u64| -> Vec<u32> {
            (4 * epoch..4 * (epoch + 1))
                .flat_map(|step| order.batch(step, 3).to_vec())
                .collect()
        };
        let epochs = [epoch_of(0), epoch_of(1), epoch_of(0)];
        assert_ne!(epochs[0], epochs[1]);
        assert_eq!(epochs[0], epochs[2]);
        for mut epoch in epochs {
            epoch.sort_unstable();
            assert_eq!(epoch, (0..10).collect::<Vec<_>>());
        }
    }

    #[test]
    fn rows_are_gathered_in_the_order_asked_for() {
        let values = [10, 11, 20, 21, 30, 31];
        assert_eq!(rows(&values, 2, &[2, 0]), [30, 31, 10, 11]);
    }

    /// Whatever was asked before, at whatever batch size.
    #[test]
    fn a_batch_depends_on_the_step_alone() {
        let mut order = EpochOrder::new(50, Order::Shuffled, 9);
        for (step, batch_size) in [(0, 8), (100, 8), (3, 16), (99, 1), (4, 16), (100, 8)] {
            assert_eq!(
                order.batch(step, batch_size),
                batch_of_step(step, 50, batch_size, Order::Shuffled, 9)
            );
        }
    }
}
