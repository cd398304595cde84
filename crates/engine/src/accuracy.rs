//! How many samples a network classifies rightly.

use actiscope_core::data::TargetKind;
use actiscope_core::nn::spec::Loss;

/// Of `targets`, those whose class the outputs tell; 0 where targets are numbers. `outputs`: `[n_outputs]` rows
/// of samples; `threshold`: from more than this probability on a sample of two classes counts as class 1.
pub fn n_right(
    loss: Loss,
    threshold: f64,
    target: TargetKind,
    outputs: &[impl AsRef<[f32]>],
    targets: &[f32],
) -> usize {
    let TargetKind::Class { .. } = target else {
        return 0;
    };
    // As a logit, which is 0 at even odds, where outputs are logits.
    let threshold = match loss {
        Loss::Mse | Loss::Huber { .. } | Loss::ReluMse => threshold as f32,
        _ => (libm::log(threshold) - libm::log1p(-threshold)) as f32,
    };
    let rows: Vec<&[f32]> = outputs.iter().map(AsRef::as_ref).collect();
    let class_of = |i: usize| match rows[..] {
        [row] => usize::from(row[i] > threshold),
        [zero, one] => usize::from(one[i] - zero[i] > threshold),
        _ => largest_row(&rows, i),
    };
    let is_right = |&(i, &y): &(usize, &f32)| class_of(i) == y as usize;
    targets.iter().enumerate().filter(is_right).count()
}

/// The row with the largest value in column `i`.
pub fn largest_row(rows: &[&[f32]], i: usize) -> usize {
    let best = |best: usize, row: usize| {
        if rows[row][i] > rows[best][i] {
            row
        } else {
            best
        }
    };
    (1..rows.len()).fold(0, best)
}
