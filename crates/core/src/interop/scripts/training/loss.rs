//! Losses in somebody else's words: those of [`loss`](crate::nn::loss).

use super::super::python::{float, list};
use crate::nn::spec::{Loss, TrainingSpec};

/// `loss_of(outputs, y)` of PyTorch: the mean over a batch, without penalties.
pub fn pytorch(training: &TrainingSpec, n_outputs: usize) -> String {
    let loss = training.loss;
    let target = match (loss, n_outputs) {
        (Loss::SoftmaxCrossEntropy, _) => "y = y.long()".to_owned(),
        (_, 1) => "y = y[:, None]".to_owned(),
        _ => format!("y = F.one_hot(y.long(), {n_outputs}).float()"),
    };
    let mut lines = vec![
        "def loss_of(outputs, y):".to_owned(),
        about(loss),
        format!("    {target}"),
    ];
    let weights = weights(training, n_outputs);
    let is_weighted = weights.is_some();
    if let Some(weights) = &weights {
        let items: Vec<String> = weights.iter().map(|&weight| float(weight)).collect();
        lines.push(list(1, "class_weights = torch.tensor([", &items, "])"));
    }
    let by_sign =
        || "    weights = torch.where(y > 0.5, class_weights[1], class_weights[0])".to_owned();
    match loss {
        Loss::Mse => lines.push("    return F.mse_loss(outputs, y)".to_owned()),
        Loss::SigmoidMse => {
            lines.push("    return F.mse_loss(torch.sigmoid(outputs), y)".to_owned())
        }
        Loss::ReluMse => lines.push("    return F.mse_loss(torch.relu(outputs), y)".to_owned()),
        Loss::Huber { delta } => {
            let delta = float(delta);
            lines.push(format!(
                "    return F.huber_loss(outputs, y, delta={delta})"
            ));
        }
        Loss::BceLogits if is_weighted => {
            lines.push(by_sign());
            lines.push(
                "    return F.binary_cross_entropy_with_logits(outputs, y, weights)".to_owned(),
            );
        }
        Loss::BceLogits => {
            lines.push("    return F.binary_cross_entropy_with_logits(outputs, y)".to_owned());
        }
        // PyTorch divides by the sum of the weights, which may be 0.
        Loss::SoftmaxCrossEntropy if weights.as_deref().is_some_and(|w| w.contains(&0.0)) => {
            lines.push(
                "    loss = F.cross_entropy(outputs, y, class_weights, reduction=\"sum\")"
                    .to_owned(),
            );
            lines.push("    return loss / class_weights[y].sum().clamp(min=1e-12)".to_owned());
        }
        Loss::SoftmaxCrossEntropy if is_weighted => {
            lines.push("    return F.cross_entropy(outputs, y, class_weights)".to_owned());
        }
        Loss::SoftmaxCrossEntropy => {
            lines.push("    return F.cross_entropy(outputs, y)".to_owned())
        }
        Loss::Focal { gamma, alpha } => {
            let (gamma, alpha) = (float(gamma), float(alpha));
            if n_outputs > 1 {
                lines.push(
                    "    # The logit of the true class against all others together.".to_owned(),
                );
                lines.push("    others = outputs.masked_fill(y > 0.5, -torch.inf)".to_owned());
                lines.push(
                    "    u = (outputs * y).sum(dim=1) - torch.logsumexp(others, dim=1)".to_owned(),
                );
                lines.push(format!(
                    "    loss = -{alpha} * torch.sigmoid(-u) ** {gamma} * F.logsigmoid(u)"
                ));
                if is_weighted {
                    lines.push("    weights = (class_weights * y).sum(dim=1)".to_owned());
                    lines.push(
                        "    return (weights * loss).sum() / weights.sum().clamp(min=1e-12)"
                            .to_owned(),
                    );
                } else {
                    lines.push("    return loss.mean()".to_owned());
                }
            } else {
                lines.push("    # The logit of the true class, whichever that is.".to_owned());
                lines.push("    u = torch.where(y > 0.5, outputs, -outputs)".to_owned());
                lines.push(format!(
                    "    alpha = torch.where(y > 0.5, {alpha}, 1 - {alpha})"
                ));
                lines.push(format!(
                    "    loss = -alpha * torch.sigmoid(-u) ** {gamma} * F.logsigmoid(u)"
                ));
                if is_weighted {
                    lines.push(by_sign());
                    lines.push("    return (weights * loss).mean()".to_owned());
                } else {
                    lines.push("    return loss.mean()".to_owned());
                }
            }
        }
    }
    lines.join("\n")
}

/// `loss_of(y, outputs)` of Keras, whose order is the other one.
pub fn keras(training: &TrainingSpec, n_outputs: usize) -> String {
    let loss = training.loss;
    let mut lines = vec!["def loss_of(y, outputs):".to_owned(), about(loss)];
    lines.push(match n_outputs {
        1 => "    y = ops.reshape(y, (-1, 1))".to_owned(),
        _ => {
            format!("    y = ops.one_hot(ops.cast(ops.reshape(y, (-1,)), \"int32\"), {n_outputs})")
        }
    });
    let weights = weights(training, n_outputs);
    let is_weighted = weights.is_some();
    if let Some(weights) = &weights {
        let items: Vec<String> = weights.iter().map(|&weight| float(weight)).collect();
        lines.push(match loss {
            Loss::BceLogits => sign_weights(&items),
            Loss::Focal { .. } if n_outputs == 1 => sign_weights(&items),
            _ => {
                let open = "class_weights = ops.convert_to_tensor([";
                let weights = "    weights = ops.sum(y * class_weights, axis=1)";
                format!("{}\n{weights}", list(1, open, &items, "])"))
            }
        });
    }
    let mean = match is_weighted {
        true => "    return ops.mean(weights * loss)",
        false => "    return ops.mean(loss)",
    };
    let weighted_mean = match is_weighted {
        true => "    return ops.sum(weights * loss) / ops.maximum(ops.sum(weights), 1e-12)",
        false => "    return ops.mean(loss)",
    };
    match loss {
        Loss::Mse => lines.push("    return ops.mean((outputs - y) ** 2)".to_owned()),
        Loss::SigmoidMse => {
            lines.push("    return ops.mean((ops.sigmoid(outputs) - y) ** 2)".to_owned())
        }
        Loss::ReluMse => lines.push("    return ops.mean((ops.relu(outputs) - y) ** 2)".to_owned()),
        Loss::Huber { delta } => {
            let delta = float(delta);
            lines.push("    error = ops.abs(outputs - y)".to_owned());
            lines.push(format!("    linear = {delta} * (error - {delta} / 2)"));
            lines.push(format!(
                "    return ops.mean(ops.where(error <= {delta}, error**2 / 2, linear))"
            ));
        }
        Loss::BceLogits => {
            lines.push("    # -y log p - (1 - y) log(1 - p) with p = sigmoid(outputs).".to_owned());
            lines.push("    loss = ops.softplus(outputs) - y * outputs".to_owned());
            lines.push(mean.to_owned());
        }
        Loss::SoftmaxCrossEntropy => {
            lines.push(
                "    loss = ops.logsumexp(outputs, axis=1) - ops.sum(y * outputs, axis=1)"
                    .to_owned(),
            );
            lines.push(weighted_mean.to_owned());
        }
        Loss::Focal { gamma, alpha } => {
            let (gamma, alpha) = (float(gamma), float(alpha));
            if n_outputs > 1 {
                lines.push(
                    "    # The logit of the true class against all others together.".to_owned(),
                );
                lines.push(
                    "    others = ops.logsumexp(ops.where(y > 0.5, -1e30, outputs), axis=1)"
                        .to_owned(),
                );
                lines.push("    u = ops.sum(y * outputs, axis=1) - others".to_owned());
                lines.push(format!(
                    "    loss = {alpha} * ops.sigmoid(-u) ** {gamma} * ops.softplus(-u)"
                ));
                lines.push(weighted_mean.to_owned());
            } else {
                lines.push("    # The logit of the true class, whichever that is.".to_owned());
                lines.push("    u = ops.where(y > 0.5, outputs, -outputs)".to_owned());
                lines.push(format!(
                    "    alpha = ops.where(y > 0.5, {alpha}, 1 - {alpha})"
                ));
                lines.push(format!(
                    "    loss = alpha * ops.sigmoid(-u) ** {gamma} * ops.softplus(-u)"
                ));
                lines.push(mean.to_owned());
            }
        }
    }
    lines.join("\n")
}

fn sign_weights(items: &[String]) -> String {
    match items {
        [negative, positive, ..] => {
            format!("    weights = ops.where(y > 0.5, {positive}, {negative})")
        }
        _ => "    weights = 1.0".to_owned(),
    }
}

fn about(loss: Loss) -> String {
    let name = match loss {
        Loss::Mse => "Mean squared error",
        Loss::BceLogits => "Binary cross-entropy on logits",
        Loss::SoftmaxCrossEntropy => "Cross-entropy of softmax",
        Loss::Focal { .. } => "Focal loss (Lin et al. 2017, arXiv 1708.02002)",
        Loss::Huber { .. } => "Huber's loss",
        Loss::SigmoidMse => "Squared error of a sigmoid",
        Loss::ReluMse => "Squared error of a ReLU",
    };
    format!("    \"\"\"{name}, mean over the batch.\"\"\"")
}

/// A weight for each class, [negative, positive] where one output is judged for itself; `None` where all are 1.
fn weights(training: &TrainingSpec, n_outputs: usize) -> Option<Vec<f64>> {
    let n = match training.loss {
        Loss::SoftmaxCrossEntropy => n_outputs,
        Loss::Focal { .. } if n_outputs > 1 => n_outputs,
        loss if loss.takes_class_weights() => 2,
        _ => return None,
    };
    let given = &training.class_weights;
    let weights: Vec<f64> = (0..n)
        .map(|class| given.get(class).copied().unwrap_or(1.0))
        .collect();
    weights
        .iter()
        .any(|&weight| weight != 1.0)
        .then_some(weights)
}
