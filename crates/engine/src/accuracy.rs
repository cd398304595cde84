//! How many samples a network classifies rightly.

use actiscope_core::data::TargetKind;
use actiscope_core::nn::spec::Loss;

/// Of `targets`, those whose class the outputs tell; 0 where targets are numbers. `outputs`: `[n_outputs]` rows
/// of samples.
pub fn n_right(
    loss: Loss,
    target: TargetKind,
    outputs: &[impl AsRef<[f32]>],
    targets: &[f32],
) -> usize {
    let TargetKind::Class { .. } = target else {
        return 0;
    };
    // The logit of even odds, or the middle between the targets 0 and 1.
    let threshold = match loss {
        Loss::Mse | Loss::Huber { .. } => 0.5,
        _ => 0.0,
    };
    let rows: Vec<&[f32]> = outputs.iter().map(AsRef::as_ref).collect();
    let class_of = |i: usize| match rows[..] {
        [row] => usize::from(row[i] > threshold),
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
