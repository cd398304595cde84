//! Orders that look like chance and are the same each time: of a text and a number.

use actiscope_core::random::pcg4d;

/// A number without a pattern, always the same of the same text and number.
pub fn hash(text: &str, number: u32) -> u32 {
    // FNV-1a.
    let of_text = text.bytes().fold(0x811c_9dc5_u32, |hash, byte| {
        (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193)
    });
    pcg4d([of_text, number, 0, 0])[0]
}

/// The indices 0..n in another order.
pub fn shuffled(text: &str, number: u32, n: usize) -> Vec<usize> {
    let mut order: Vec<usize> = (0..n).collect();
    let of_pair = hash(text, number);
    order.sort_by_key(|i| (pcg4d([of_pair, *i as u32, 1, 0])[0], *i));
    order
}

/// The same of three.
pub fn three(text: &str, number: u32) -> [usize; 3] {
    match shuffled(text, number, 3)[..] {
        [a, b, c] => [a, b, c],
        _ => [0, 1, 2],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_order_of_three_comes_about_as_often() {
        let mut n_first = [0; 3];
        for number in 0..600 {
            let order = three("relu-dies:0", number);
            let mut sorted = order;
            sorted.sort_unstable();
            assert_eq!(sorted, [0, 1, 2]);
            n_first[order[0]] += 1;
        }
        assert!(
            n_first.iter().all(|n| (160..=240).contains(n)),
            "{n_first:?}"
        );
        assert_eq!(three("a", 7), three("a", 7));
    }

    #[test]
    fn all_are_there_once() {
        let mut order = shuffled("cards", 20_000, 46);
        assert_ne!(order, (0..46).collect::<Vec<_>>());
        order.sort_unstable();
        assert_eq!(order, (0..46).collect::<Vec<_>>());
    }
}
