//! Which weights are worth a line.

/// A weight between a unit of one layer (or an input) and a unit of the next (or an output).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Edge {
    pub from: usize,
    pub to: usize,
    pub weight: f32,
}

/// At most `max_edges` of `weights` (`[n_out, n_in]`, row-major), from the weakest to the strongest,
/// so that the strongest are painted last. Where not all fit, each unit keeps its strongest incoming
/// ones. Weights that are 0 or not finite have no line.
pub fn strongest_edges(weights: &[f32], n_in: usize, max_edges: usize) -> Vec<Edge> {
    if n_in == 0 {
        return Vec::new();
    }
    let n_out = weights.len() / n_in;
    let per_unit = (max_edges / n_out.max(1)).max(1);
    let mut edges: Vec<Edge> = Vec::new();
    let mut row_edges: Vec<Edge> = Vec::with_capacity(n_in);
    for (to, row) in weights.chunks_exact(n_in).enumerate() {
        row_edges.clear();
        row_edges.extend(
            row.iter()
                .enumerate()
                .filter(|(_, w)| w.is_finite() && **w != 0.0)
                .map(|(from, &weight)| Edge { from, to, weight }),
        );
        keep_strongest(&mut row_edges, per_unit);
        edges.extend(&row_edges);
    }
    keep_strongest(&mut edges, max_edges);
    edges.sort_by(|a, b| a.weight.abs().total_cmp(&b.weight.abs()));
    edges
}

fn keep_strongest(edges: &mut Vec<Edge>, n: usize) {
    if edges.len() > n {
        if n > 0 {
            edges.select_nth_unstable_by(n - 1, |a, b| b.weight.abs().total_cmp(&a.weight.abs()));
        }
        edges.truncate(n);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn no_more_than_asked_and_the_strongest_is_among_them(
            n_in in 1..40usize, n_out in 1..40usize, max_edges in 1..300usize, seed in 1..1000u32,
        ) {
            let weights: Vec<f32> = (0..n_in * n_out)
                .map(|i| ((i as u32).wrapping_mul(2_654_435_761).wrapping_add(seed) % 2001) as f32 - 1000.0)
                .collect();
            let edges = strongest_edges(&weights, n_in, max_edges);
            prop_assert!(edges.len() <= max_edges);
            let strongest = weights.iter().fold(0.0, |m: f32, w| m.max(w.abs()));
            if strongest > 0.0 {
                prop_assert_eq!(edges.last().map(|e| e.weight.abs()), Some(strongest));
            }
            for e in &edges {
                prop_assert_eq!(weights[e.to * n_in + e.from], e.weight);
            }
        }
    }

    #[test]
    fn every_unit_keeps_its_strongest() {
        let weights = [9.0, 8.0, 7.0, 0.1, -0.3, 0.2];
        let kept: Vec<_> = strongest_edges(&weights, 3, 2)
            .iter()
            .map(|e| (e.to, e.from))
            .collect();
        assert_eq!(kept, [(1, 1), (0, 0)]);
    }

    #[test]
    fn what_is_no_number_has_no_line() {
        let weights = [f32::NAN, 0.0, f32::INFINITY, -1.0];
        assert_eq!(strongest_edges(&weights, 2, 10).len(), 1);
        assert!(strongest_edges(&[], 0, 10).is_empty());
    }
}
