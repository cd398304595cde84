//! `metrics`: how good given predictions are.

use actiscope_core::metrics::{Binary, Multiclass};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::args::Metrics;
use crate::failure::Failure;
use crate::input::read_json;

/// As Guo et al. 2017.
const CALIBRATION_BINS: usize = 15;

#[derive(Deserialize)]
struct Blocks {
    binary: Option<BinaryBlock>,
    multiclass: Option<MulticlassBlock>,
}

#[derive(Deserialize)]
struct BinaryBlock {
    /// 0 or 1.
    y: Vec<u8>,
    p: Vec<f64>,
    /// Without it, the threshold 0.5.
    at: Option<Vec<At>>,
}

#[derive(Deserialize)]
struct At {
    threshold: f64,
}

#[derive(Deserialize)]
struct MulticlassBlock {
    logits: Vec<Vec<f64>>,
    y: Vec<usize>,
}

pub fn run(args: &Metrics) -> Result<Value, Failure> {
    let place = args.file.display();
    let blocks: Blocks = read_json(&args.file)?;
    let mut answer = Map::new();
    if let Some(block) = &blocks.binary {
        let judged = binary(block).map_err(|failure| failure.at("binary").at(&place))?;
        answer.insert("binary".into(), judged);
    }
    if let Some(block) = &blocks.multiclass {
        let judged = multiclass(block).map_err(|failure| failure.at("multiclass").at(&place))?;
        answer.insert("multiclass".into(), judged);
    }
    if answer.is_empty() {
        let text = "there is no block 'binary' {y, p} and no block 'multiclass' {y, logits}";
        return Err(Failure::new(text).at(place));
    }
    Ok(answer.into())
}

fn binary(block: &BinaryBlock) -> Result<Value, Failure> {
    if let Some(sample) = block.y.iter().position(|&y| y > 1) {
        let text = format!("y[{sample}] is {}: write 0 or 1", block.y[sample]);
        return Err(Failure::new(text));
    }
    let y: Vec<bool> = block.y.iter().map(|&y| y == 1).collect();
    let judged = Binary::new(&y, &block.p).map_err(|error| Failure::new(error.to_string()))?;
    let half = [At { threshold: 0.5 }];
    let at: Vec<Value> = (block.at.as_deref().unwrap_or(&half).iter())
        .map(|&At { threshold }| {
            let confusion = judged.at(threshold);
            json!({
                "threshold": threshold,
                "confusion": confusion,
                "accuracy": confusion.accuracy(),
                "precision": confusion.precision(1),
                "recall": confusion.recall(1),
                "f1": confusion.f1(1),
                "balanced_accuracy": confusion.balanced_accuracy(),
            })
        })
        .collect();
    Ok(json!({
        "roc_auc": judged.roc_auc(),
        "average_precision": judged.average_precision(),
        "at": at,
        "brier": judged.brier(),
        "log_loss": judged.log_loss(),
    }))
}

fn multiclass(block: &MulticlassBlock) -> Result<Value, Failure> {
    let n_classes = block.logits.first().map_or(0, Vec::len);
    if let Some(sample) = block.logits.iter().position(|row| row.len() != n_classes) {
        let n = block.logits[sample].len();
        let text = format!("logits[{sample}] has {n} numbers where logits[0] has {n_classes}");
        return Err(Failure::new(text));
    }
    let judged = Multiclass::new(n_classes, &block.logits.concat(), &block.y)
        .map_err(|error| Failure::new(error.to_string()))?;
    let confusion = judged.confusion();
    let best = judged.best_temperature();
    Ok(json!({
        "accuracy": confusion.accuracy(),
        "balanced_accuracy": confusion.balanced_accuracy(),
        "ece15": judged.ece(1.0, CALIBRATION_BINS),
        "best_temperature": best.value,
        "best_temperature_is_at_bound": best.is_at_bound,
        "ece15_at_best": judged.ece(best.value, CALIBRATION_BINS),
        "nll": judged.nll(1.0),
        "nll_at_best": judged.nll(best.value),
        "confusion": confusion,
    }))
}
