//! Which chunks are one file. A file of its own costs a request, and what compresses badly alone; one file for what is not
//! always loaded together costs bytes that nobody asked for. Two are put together where that makes less in all.

use anyhow::{Result, ensure};
use std::collections::BTreeSet;

/// What one file more costs, in bytes before the optimizer and compression, of which a fourth is left: the names and
/// sections that each module has, and a request.
const FILE: u64 = 1_500;
/// A way in that every visitor takes; others are taken by one of so many.
const ALWAYS: (&str, u64) = ("engine", 8);

/// A module that the splitter wrote.
#[derive(Clone, Debug, PartialEq)]
pub struct Part {
    /// Of its file, without `.wasm`.
    pub name: String,
    /// The ways in that need it.
    pub splits: BTreeSet<String>,
    pub n_bytes: u64,
}

/// Parts that are one file, the largest first. What a way in alone needs is a file of its own, of its name.
///
/// # Errors
/// There are more ways in than a mask has bits.
pub fn groups(parts: Vec<Part>) -> Result<Vec<Vec<Part>>> {
    let splits: BTreeSet<String> = parts.iter().flat_map(|part| part.splits.clone()).collect();
    let splits: Vec<String> = splits.into_iter().collect();
    ensure!(splits.len() <= 64, "{} ways into chunks", splits.len());
    let weights: Vec<u64> = splits
        .iter()
        .map(|split| if split == ALWAYS.0 { ALWAYS.1 } else { 1 })
        .collect();
    let (alone, shared): (Vec<Part>, Vec<Part>) =
        parts.into_iter().partition(|part| part.splits.len() == 1);
    let mut groups: Vec<Group> = shared
        .into_iter()
        .map(|part| Group::of(part, &splits, &weights))
        .collect();
    while let Some((a, b)) = best_pair(&groups, &weights) {
        let other = groups.swap_remove(b);
        groups[a].join(other, &weights);
    }
    let mut groups: Vec<Vec<Part>> = groups.into_iter().map(|group| group.parts).collect();
    groups.extend(alone.into_iter().map(|part| vec![part]));
    for group in &mut groups {
        group.sort_by(|a, b| (b.n_bytes, &a.name).cmp(&(a.n_bytes, &b.name)));
    }
    groups.sort_by(|a, b| a[0].name.cmp(&b[0].name));
    Ok(groups)
}

struct Group {
    parts: Vec<Part>,
    /// A bit for each way in that needs a part of it.
    mask: u64,
    n_bytes: u64,
    cost: u64,
}

impl Group {
    fn of(part: Part, splits: &[String], weights: &[u64]) -> Self {
        let bits = splits.iter().enumerate();
        let mask = bits
            .filter(|(_, split)| part.splits.contains(*split))
            .fold(0, |mask, (bit, _)| mask | 1 << bit);
        let n_bytes = part.n_bytes;
        Self {
            parts: vec![part],
            mask,
            n_bytes,
            cost: cost(mask, n_bytes, weights),
        }
    }

    fn join(&mut self, other: Self, weights: &[u64]) {
        self.parts.extend(other.parts);
        self.mask |= other.mask;
        self.n_bytes += other.n_bytes;
        self.cost = cost(self.mask, self.n_bytes, weights);
    }
}

/// What all who take these ways in load, each once.
fn cost(mask: u64, n_bytes: u64, weights: &[u64]) -> u64 {
    let n_loads: u64 = weights
        .iter()
        .enumerate()
        .filter(|(bit, _)| mask >> bit & 1 == 1)
        .map(|(_, weight)| weight)
        .sum();
    n_loads * (FILE + n_bytes)
}

/// The two groups, the first before the second, that save most as one, if any do.
fn best_pair(groups: &[Group], weights: &[u64]) -> Option<(usize, usize)> {
    let mut best = (0, None);
    for (b, second) in groups.iter().enumerate() {
        for (a, first) in groups[..b].iter().enumerate() {
            // Where nobody loads both nothing can be saved.
            if first.mask & second.mask == 0 {
                continue;
            }
            let n_bytes = first.n_bytes + second.n_bytes;
            let together = cost(first.mask | second.mask, n_bytes, weights);
            let saved = (first.cost + second.cost).saturating_sub(together);
            if saved > best.0 {
                best = (saved, Some((a, b)));
            }
        }
    }
    best.1
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(parts: &[(&str, u64, &[&str])], expect: &[&[&str]]) {
        let parts = parts.iter().map(|&(name, n_bytes, splits)| Part {
            name: name.to_owned(),
            splits: splits.iter().map(|&split| split.to_owned()).collect(),
            n_bytes,
        });
        let groups = groups(parts.collect()).unwrap();
        let names: Vec<Vec<&str>> = groups
            .iter()
            .map(|group| group.iter().map(|part| &part.name[..]).collect())
            .collect();
        assert_eq!(names, expect);
    }

    #[test]
    fn what_is_always_loaded_together_is_one_file() {
        check(
            &[
                ("a", 90_000, &["map", "atlas"]),
                ("b", 9, &["map", "atlas"]),
            ],
            &[&["a", "b"]],
        );
    }

    #[test]
    fn small_ones_are_loaded_by_who_does_not_need_them_and_large_ones_are_not() {
        let others: &[&str] = &["map", "atlas", "files"];
        check(
            &[("a", 200, &["map", "atlas"]), ("b", 300, others)],
            &[&["b", "a"]],
        );
        check(
            &[("a", 20_000, &["map", "atlas"]), ("b", 30_000, others)],
            &[&["a"], &["b"]],
        );
    }

    #[test]
    fn what_everybody_loads_takes_in_less() {
        check(
            &[
                ("a", 2_000, &["map", "files"]),
                ("b", 10, &["map", "files", "atlas"]),
            ],
            &[&["a", "b"]],
        );
        check(
            &[
                ("a", 2_000, &["map", "files"]),
                ("b", 10, &["map", "files", "engine"]),
            ],
            &[&["a"], &["b"]],
        );
    }

    #[test]
    fn a_way_in_keeps_its_file() {
        check(
            &[("split_map", 10, &["map"]), ("a", 10, &["map", "atlas"])],
            &[&["a"], &["split_map"]],
        );
    }
}
