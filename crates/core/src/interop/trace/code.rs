//! What may mend a model, as lines of its own framework, with the names of its own code.

use super::{About, Framework, LayerAbout};
use crate::interop::json::{Json, quoted};

/// Slope of a leaky unit below 0.
const LEAKY: f64 = 0.01;
/// Steps of a warm-up.
pub const WARM_UP_STEPS: u32 = 200;

/// A number as Python writes it.
pub fn python(value: f64) -> String {
    let magnitude = value.abs();
    if magnitude == 0.0 || (1e-4..1e9).contains(&magnitude) {
        format!("{value}")
    } else {
        format!("{value:e}")
    }
}

/// Where a module stands: "net.1" is `self.net[1]`, and "1" of a model that is a list itself `model[1]`.
pub fn place(module: &str) -> String {
    let is_number = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    let mut parts = module.split('.').peekable();
    let mut place = match parts.peek() {
        Some(first) if is_number(first) => "model".to_owned(),
        _ => "self".to_owned(),
    };
    for part in parts {
        if is_number(part) {
            place.push_str(&format!("[{part}]"));
        } else {
            place.push_str(&format!(".{part}"));
        }
    }
    place
}

/// "lr=0.03", "learning_rate=0.03".
pub fn rate_label(framework: Framework, rate: f64) -> String {
    match framework {
        Framework::PyTorch => format!("lr={}", python(rate)),
        Framework::Keras => format!("learning_rate={}", python(rate)),
    }
}

/// The optimizer with another learning rate, and what else it is given.
pub fn optimizer(about: &About, rate: f64, more: &str) -> String {
    let name = about
        .optimizer
        .as_ref()
        .map_or("SGD", |optimizer| &optimizer.name);
    let mut args = rate_label(about.framework, rate);
    // What most optimizers have, where it is not what they have by default.
    for key in ["momentum", "weight_decay", "nesterov"] {
        let args_of = about.optimizer.iter().flat_map(|optimizer| &optimizer.args);
        let given = args_of
            .filter(|(name, _)| name == key)
            .map(|(_, value)| value);
        for value in given {
            match value {
                Json::Number(number) if *number != 0.0 => {
                    args.push_str(&format!(", {key}={}", python(*number)))
                }
                Json::Bool(true) => args.push_str(&format!(", {key}=True")),
                _ => {}
            }
        }
    }
    match about.framework {
        Framework::PyTorch => format!("torch.optim.{name}(model.parameters(), {args}{more})"),
        Framework::Keras => format!("keras.optimizers.{name}({args}{more})"),
    }
}

/// Learning rate from next to nothing to what it is.
pub fn warm_up(framework: Framework, rate: f64) -> (String, String) {
    let n = WARM_UP_STEPS;
    match framework {
        Framework::PyTorch => {
            let label = format!("LinearLR(optimizer, 1/{n}, total_iters={n})");
            let code = format!(
                "scheduler = torch.optim.lr_scheduler.LinearLR(optimizer, 1/{n}, total_iters={n})  # scheduler.step() after each optimizer.step()"
            );
            (label, code)
        }
        Framework::Keras => {
            let rate = python(rate);
            let label = format!("PolynomialDecay({rate}/{n}, {n}, {rate})");
            let code = format!(
                "learning_rate=keras.optimizers.schedules.PolynomialDecay({rate}/{n}, decay_steps={n}, end_learning_rate={rate})"
            );
            (label, code)
        }
    }
}

/// The norm of the gradient held to 1.
pub fn clip(about: &About, rate: f64) -> (String, String) {
    match about.framework {
        Framework::PyTorch => (
            "clip_grad_norm_(parameters, 1.0)".into(),
            "torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)  # before optimizer.step()"
                .into(),
        ),
        Framework::Keras => (
            "global_clipnorm=1.0".into(),
            optimizer(about, rate, ", global_clipnorm=1.0"),
        ),
    }
}

/// A function that is nowhere flat, in place of a layer's own.
pub fn leaky(framework: Framework, layer: &LayerAbout) -> String {
    let (slope, args) = (python(LEAKY), layer.args_told());
    match (framework, layer.is_module) {
        (Framework::PyTorch, true) => format!(
            "{} = nn.LeakyReLU({slope})  # was nn.{}({args})",
            place(&layer.module),
            layer.class
        ),
        (Framework::PyTorch, false) => {
            let call = match layer.call {
                1 => String::new(),
                n => format!(", call {n}"),
            };
            format!(
                "x = F.leaky_relu(x, {slope})  # was {}(x) in {}.forward{call}",
                layer.function, layer.class
            )
        }
        (Framework::Keras, true) => format!(
            "keras.layers.LeakyReLU(negative_slope={slope}, name={})  # was keras.layers.{}({args})",
            quoted(&layer.module),
            layer.class
        ),
        (Framework::Keras, false) => format!(
            "activation=keras.layers.LeakyReLU(negative_slope={slope})  # of {}, was {}",
            quoted(&layer.module),
            quoted(&layer.function)
        ),
    }
}

/// First weights that suit the function.
pub fn initializer(framework: Framework, layer: &LayerAbout) -> String {
    let is_odd = matches!(
        layer.function.as_str(),
        "sigmoid" | "tanh" | "softsign" | "hardtanh" | "hard_tanh"
    );
    match framework {
        Framework::PyTorch => {
            let place = place(&layer.weights);
            let of = match is_odd {
                true => format!("nn.init.xavier_normal_({place}.weight)"),
                false => format!("nn.init.kaiming_normal_({place}.weight, nonlinearity=\"relu\")"),
            };
            format!("{of}; nn.init.zeros_({place}.bias)")
        }
        Framework::Keras => {
            let name = if is_odd { "glorot_normal" } else { "he_normal" };
            format!(
                "kernel_initializer=\"{name}\"  # of {}",
                quoted(&layer.weights)
            )
        }
    }
}

/// Normalization between a layer's weights and its function.
pub fn normalize(framework: Framework, layer: &LayerAbout) -> String {
    match framework {
        Framework::PyTorch => {
            let n = match layer.kind.bytes().find(|byte| matches!(byte, b'2' | b'3')) {
                Some(b'2') => 2,
                Some(_) => 3,
                None => 1,
            };
            format!(
                "nn.BatchNorm{n}d({})  # after {}",
                layer.of,
                place(&layer.weights)
            )
        }
        Framework::Keras => {
            format!(
                "keras.layers.BatchNormalization()  # between {} and its activation",
                quoted(&layer.weights)
            )
        }
    }
}

/// Inputs with mean 0 and deviation 1.
pub fn standardize() -> String {
    "x = (x - x_train.mean(0)) / x_train.std(0)  # of every batch".into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn modules_have_their_place_in_the_code() {
        let places = ["act2", "net.1", "blocks.0.act", "1", "0.1"].map(place);
        assert_eq!(
            places,
            [
                "self.act2",
                "self.net[1]",
                "self.blocks[0].act",
                "model[1]",
                "model[0][1]"
            ]
        );
    }

    #[test]
    fn numbers_are_python() {
        assert_eq!(
            [0.3, 1e-5, 1.0, 0.0, 2.5e-7].map(python),
            ["0.3", "1e-5", "1", "0", "2.5e-7"]
        );
    }
}
