//! Numbers of classifiers as texts.

use actiscope_core::csv::{CsvWriter, field};

use leptos::prelude::WithUntracked;

use super::store::Classify;
use crate::plot::charts::classify::{probability_of, share_text};

/// "83.3 %", or what stands for a share that is not there.
pub fn share_or(share: Option<f64>, none: &str) -> String {
    share.map_or_else(|| none.to_owned(), share_text)
}

/// How strongly a cell of the matrix is tinted, by its share of the row: a little shows already.
pub fn cell_strength(share: f64) -> String {
    format!("{:.3}", share.max(0.0).sqrt())
}

/// What comes of each threshold: its probability, the four counts, precision, recall, specificity, F1, cost.
pub fn thresholds_csv(classify: Classify) -> String {
    let names = [
        "threshold",
        "hits",
        "misses",
        "false_alarms",
        "rejections",
        "precision",
        "recall",
        "specificity",
        "f1",
        "cost",
    ];
    let mut csv = CsvWriter::new(names);
    let miss_cost = classify.state.with_untracked(|state| state.miss_cost);
    classify.judged.with_untracked(|judged| {
        let points = judged
            .as_ref()
            .and_then(|judged| judged.two()?.ranked.roc());
        let two = judged.as_ref().and_then(|judged| judged.two());
        for (point, two) in points.iter().flatten().zip(std::iter::repeat(two)) {
            let Some(two) = two else { continue };
            let counts = two.ranked.at(point.threshold);
            let whole = [
                counts.hits,
                counts.misses,
                counts.false_alarms,
                counts.rejections,
            ];
            let mut row = vec![field(probability_of(point.threshold))];
            row.extend(whole.map(|n| n.to_string()));
            row.push(field(counts.precision()));
            row.push(field(counts.recall()));
            row.push(field(counts.specificity()));
            row.push(field(counts.f1()));
            row.push(field(counts.cost(miss_cost)));
            csv.row(row);
        }
    });
    csv.into_text()
}
