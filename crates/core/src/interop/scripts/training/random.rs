//! The run's random numbers in NumPy: the order of the samples, and which units dropout takes out. See
//! [`random`](crate::random), [`batches`](crate::nn::batches) and [`dropout`](crate::nn::dropout).

use crate::nn::dropout::{GROUP, GROUPS_PER_LAYER};
use crate::nn::spec::{Order, TrainingSpec};
use crate::random::Stream;

/// `batch(step)`, and what it needs.
pub fn batches(training: &TrainingSpec) -> Vec<String> {
    let mut parts = Vec::new();
    let order = match training.order {
        Order::Sequential => "np.arange(N_TRAIN)",
        Order::Shuffled => {
            parts.extend([philox(), permutation()]);
            "order_of_epoch(epoch)"
        }
    };
    parts.push(format!(
        r#"def batch(step):
    """Indices of the samples of an update, which are counted from 0."""
    size = min(BATCH_SIZE, N_TRAIN)
    epoch, place = divmod(step, math.ceil(N_TRAIN / size))
    return {order}[place * size : (place + 1) * size]"#
    ));
    parts
}

fn philox() -> String {
    r#"def philox(counters, stream, sub_stream):
    """Random bits that depend on SEED and on their place alone: Philox4x32-10.

    Salmon et al. 2011, "Parallel random numbers: as easy as 1, 2, 3".
    """
    low = 0xFFFFFFFF
    a, b = counters & low, counters >> 32
    c, d = np.full_like(counters, stream), np.full_like(counters, sub_stream)
    key_1, key_2 = SEED, 0
    for _ in range(10):
        first, second = a * 0xD2511F53, c * 0xCD9E8D57
        a, b = (second >> 32) ^ b ^ key_1, second & low
        c, d = (first >> 32) ^ d ^ key_2, first & low
        key_1, key_2 = (key_1 + 0x9E3779B9) & low, (key_2 + 0xBB67AE85) & low
    return np.stack([a, b, c, d], axis=1).ravel()"#
        .to_owned()
}

fn permutation() -> String {
    let stream = Stream::Shuffle as u32;
    format!(
        r#"@functools.lru_cache(maxsize=1)
def order_of_epoch(epoch):
    """All samples in a random order (Fisher and Yates; Durstenfeld 1964)."""
    blocks = np.arange(N_TRAIN // 4 + 1, dtype=np.uint64)
    bits = philox(blocks, {stream}, epoch)
    order = np.arange(N_TRAIN)
    for last in range(N_TRAIN - 1, 0, -1):
        pick = int(bits[last]) * (last + 1) >> 32
        order[[last, pick]] = order[[pick, last]]
    return order"#
    )
}

/// `dropout_mask(step, layer, n_samples, n_units)`.
pub fn dropout() -> String {
    format!(
        r#"def dropout_mask(step, layer, n_samples, n_units):
    """What multiplies activations, [n_samples, n_units]: 0, or 1 / (1 - DROPOUT).

    It depends on SEED and on these places alone: pcg4d (Jarzynski and Olano 2020,
    "Hash Functions for GPU Rendering"), one draw for {GROUP} units.
    """

    def mixed(x, y, z, w):
        x = x + y * w
        y = y + z * x
        z = z + x * y
        w = w + y * z
        return x, y, z, w

    shape = (n_samples, math.ceil(n_units / {GROUP}))
    sample, group = np.indices(shape, dtype=np.uint32)
    row = layer * {GROUPS_PER_LAYER} + group
    words = [sample, row, np.full_like(row, step), np.full_like(row, SEED)]
    words = mixed(*[word * 1664525 + 1013904223 for word in words])
    words = mixed(*[word ^ (word >> 16) for word in words])
    words = np.stack(words, axis=2).reshape(n_samples, -1)[:, :n_units]
    is_out = words < round(DROPOUT * 2**32)
    return np.where(is_out, 0, 1 / (1 - DROPOUT)).astype(np.float32)"#
    )
}
