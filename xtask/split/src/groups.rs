//! Which chunks are one file. A file of its own costs a request, and what compresses badly alone; one file for what is not
//! always loaded together costs bytes that nobody asked for. Two are put together where that makes less in all.

use anyhow::{Result, ensure};
use std::collections::BTreeSet;

/// What one file more costs, in bytes before the optimizer and compression, of which a fourth is left: the names and
/// sections that each module has, and a request.
const FILE: u64 = 4_000;
/// The way in of the worker, which every visitor's page takes.
const WORKER: &[&str] = &["engine"];
/// The ways in that a page takes by itself where its run is not well, as that of the page's first scenario.
const NOT_WELL: &[&str] = &["symptoms", "fleet", "doctor"];
/// So many visitors have a run that is not well, and each other way in is taken by one of them and by one whose run is.
const EVERY: u64 = 8;

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
    let ways = Ways::of(&splits);
    let (alone, shared): (Vec<Part>, Vec<Part>) =
        parts.into_iter().partition(|part| part.splits.len() == 1);
    let mut groups: Vec<Group> = shared
        .into_iter()
        .map(|part| Group::of(part, &splits, ways))
        .collect();
    while let Some((a, b)) = best_pair(&groups, ways) {
        let other = groups.swap_remove(b);
        groups[a].join(other, ways);
    }
    let mut groups: Vec<Vec<Part>> = groups.into_iter().map(|group| group.parts).collect();
    groups.extend(alone.into_iter().map(|part| vec![part]));
    for group in &mut groups {
        group.sort_by(|a, b| (b.n_bytes, &a.name).cmp(&(a.n_bytes, &b.name)));
    }
    groups.sort_by(|a, b| a[0].name.cmp(&b[0].name));
    Ok(groups)
}

/// Which ways in are taken together; a bit for each.
#[derive(Clone, Copy)]
struct Ways {
    worker: u64,
    not_well: u64,
}

impl Ways {
    fn of(splits: &[String]) -> Self {
        Self {
            worker: mask(splits, |split| WORKER.contains(&split)),
            not_well: mask(splits, |split| NOT_WELL.contains(&split)),
        }
    }

    /// How often a file that these ways in need is loaded, by so many visitors as [`EVERY`] says.
    fn n_loads(self, mask: u64) -> u64 {
        let in_worker = if mask & self.worker == 0 { 0 } else { EVERY };
        let n_others = u64::from((mask & !self.worker & !self.not_well).count_ones());
        let in_page = if mask & self.not_well == 0 {
            2 * n_others
        } else {
            // Those whose run is not well have it already.
            EVERY + n_others
        };
        in_worker + in_page
    }

    /// What all of them load for a file of so many bytes.
    fn cost(self, mask: u64, n_bytes: u64) -> u64 {
        self.n_loads(mask) * (FILE + n_bytes)
    }
}

/// The bits of the ways in whose names pass.
fn mask(splits: &[String], is_in: impl Fn(&str) -> bool) -> u64 {
    let bits = splits.iter().enumerate();
    bits.filter(|(_, split)| is_in(split))
        .fold(0, |mask, (bit, _)| mask | 1 << bit)
}

struct Group {
    parts: Vec<Part>,
    /// A bit for each way in that needs a part of it.
    mask: u64,
    n_bytes: u64,
    cost: u64,
}

impl Group {
    fn of(part: Part, splits: &[String], ways: Ways) -> Self {
        let mask = mask(splits, |split| part.splits.contains(split));
        let n_bytes = part.n_bytes;
        Self {
            parts: vec![part],
            mask,
            n_bytes,
            cost: ways.cost(mask, n_bytes),
        }
    }

    fn join(&mut self, other: Self, ways: Ways) {
        self.parts.extend(other.parts);
        self.mask |= other.mask;
        self.n_bytes += other.n_bytes;
        self.cost = ways.cost(self.mask, self.n_bytes);
    }
}

/// The two groups, the first before the second, that save most as one, if any do.
fn best_pair(groups: &[Group], ways: Ways) -> Option<(usize, usize)> {
    let mut best = (0, None);
    for (b, second) in groups.iter().enumerate() {
        for (a, first) in groups[..b].iter().enumerate() {
            // Where nobody loads both nothing can be saved.
            if first.mask & second.mask == 0 {
                continue;
            }
            let n_bytes = first.n_bytes + second.n_bytes;
            let together = ways.cost(first.mask | second.mask, n_bytes);
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
    fn what_the_worker_loads_takes_in_less() {
        let both: &[&str] = &["map", "files"];
        check(
            &[("a", 4_000, both), ("b", 10, &["map", "files", "atlas"])],
            &[&["a", "b"]],
        );
        check(
            &[("a", 4_000, both), ("b", 10, &["map", "files", "engine"])],
            &[&["a"], &["b"]],
        );
    }

    #[test]
    fn what_is_there_where_a_run_is_not_well_is_one_file() {
        check(
            &[
                ("a", 9_000, &["doctor", "map"]),
                ("b", 9_000, &["doctor", "fleet"]),
                ("c", 90_000, &["symptoms", "atlas"]),
                ("d", 90_000, &["map", "atlas"]),
            ],
            &[&["a", "b"], &["c"], &["d"]],
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
