//! How many samples of each class there are, and how often training sees them.

use serde::{Deserialize, Serialize};

use crate::nn::spec::limits;

/// What is done to a training set whose classes are not equally large. Nothing is made up: no sample is synthetic.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Resampling {
    #[default]
    None,
    /// Samples of the smaller classes are repeated until each class is as large as the largest.
    Over,
    /// Of the larger classes only as many samples are kept as the smallest has.
    Under,
}

/// Samples of the common and of the rare class, `n` in all: one rare for each `ratio` common ones, one at least.
pub(super) fn class_sizes(n: usize, ratio: f64) -> [usize; 2] {
    let n_rare = libm::round(n as f64 / (1.0 + ratio)) as usize;
    let n_rare = n_rare.clamp(1, n.max(2) - 1);
    [n - n_rare, n_rare]
}

/// Samples of each class.
pub(super) fn sizes(y: &[f64], n_classes: usize) -> Vec<usize> {
    let mut sizes = vec![0; n_classes];
    for &y in y {
        sizes[y as usize] += 1;
    }
    sizes
}

/// Fewer of the last class: one for each `ratio` samples that the other classes have on average, one at least.
pub(super) fn thinned_sizes(mut sizes: Vec<usize>, ratio: f64) -> Vec<usize> {
    if let Some((last, others)) = sizes.split_last_mut()
        && !others.is_empty()
    {
        let mean = others.iter().sum::<usize>() as f64 / others.len() as f64;
        let wanted = libm::round(mean / ratio).max(1.0) as usize;
        *last = (*last).min(wanted);
    }
    sizes
}

/// Indices of the first `sizes[class]` samples of each class: each class keeps its order, and is spread evenly over the
/// whole, so that any prefix has nearly the shares of all.
pub(super) fn spread(y: &[f64], sizes: &[usize]) -> Vec<usize> {
    let of_classes = by_class(y, sizes.len());
    let mut placed: Vec<(f64, usize)> = Vec::new();
    for (of_class, &size) in of_classes.iter().zip(sizes) {
        let kept = &of_class[..size.min(of_class.len())];
        let place = |k: usize| (k as f64 + 0.5) / kept.len() as f64;
        placed.extend(kept.iter().enumerate().map(|(k, &i)| (place(k), i)));
    }
    placed.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    placed.into_iter().map(|(_, i)| i).collect()
}

/// The training samples as training sees them. Classes take turns, so that any stretch of them is balanced. There are
/// never more than [`limits::SAMPLES`].
pub(super) fn resampled(
    train: Vec<usize>,
    y: &[f64],
    n_classes: usize,
    resampling: Resampling,
) -> Vec<usize> {
    let of_train: Vec<f64> = train.iter().map(|&i| y[i]).collect();
    let mut classes = by_class(&of_train, n_classes);
    classes.retain(|class| !class.is_empty());
    let lengths = classes.iter().map(Vec::len);
    let size = match resampling {
        Resampling::None => return train,
        Resampling::Over => lengths.max(),
        Resampling::Under => lengths.min(),
    };
    let most = limits::SAMPLES / classes.len().max(1);
    let rounds = 0..size.unwrap_or(0).min(most);
    let round = |k: usize| classes.iter().map(move |class| class[k % class.len()]);
    rounds.flat_map(round).map(|at| train[at]).collect()
}

/// Indices of the samples of each class.
fn by_class(y: &[f64], n_classes: usize) -> Vec<Vec<usize>> {
    let mut classes = vec![Vec::new(); n_classes];
    for (i, &y) in y.iter().enumerate() {
        classes[y as usize].push(i);
    }
    classes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rare_class_is_as_rare_as_is_asked_and_there() {
        assert_eq!(class_sizes(1_000, 1.0), [500, 500]);
        assert_eq!(class_sizes(1_000, 19.0), [950, 50]);
        assert_eq!(class_sizes(1_000, 7.62), [884, 116]);
        assert_eq!(class_sizes(10, 99.0), [9, 1]);
        assert_eq!(thinned_sizes(vec![60, 40], 4.0), [60, 15]);
        // There are fewer already.
        assert_eq!(thinned_sizes(vec![60, 4], 4.0), [60, 4]);
        assert_eq!(thinned_sizes(vec![50, 50, 50], 10.0), [50, 50, 5]);
    }

    #[test]
    fn a_rare_class_is_spread_over_the_others() {
        let y = [0.0, 1.0, 0.0, 1.0, 0.0, 1.0, 0.0, 1.0];
        assert_eq!(spread(&y, &[4, 1]), [0, 2, 1, 4, 6]);
        assert_eq!(spread(&y, &[4, 4]), [0, 1, 2, 3, 4, 5, 6, 7]);
        assert_eq!(spread(&y, &[1, 9]), [1, 3, 0, 5, 7]);
    }

    #[test]
    fn training_sees_each_class_as_often() {
        let y = [0.0, 0.0, 0.0, 1.0, 0.0, 1.0];
        let all: Vec<usize> = (0..6).collect();
        let of = |resampling| resampled(all.clone(), &y, 2, resampling);
        assert_eq!(of(Resampling::None), all);
        assert_eq!(of(Resampling::Over), [0, 3, 1, 5, 2, 3, 4, 5]);
        assert_eq!(of(Resampling::Under), [0, 3, 1, 5]);
        // A class that the training set lacks is nobody's turn.
        assert_eq!(resampled(vec![4, 2], &y, 2, Resampling::Over), [4, 2],);
    }
}
