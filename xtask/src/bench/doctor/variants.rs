//! Cases of other kinds than those of the file: other data, functions, shapes, optimizers, losses and seeds, drawn at
//! random. A case is fit if the healthy network learns with three seeds, and the sick one fails with all three.

use super::case::{Case, Standard};
use super::shell::{Reached, Shell};
use anyhow::Result;
use std::f64::consts::TAU;

/// Updates of each network.
const N_STEPS: u64 = 1_000;
/// Of the runs that are examined; remedies are judged with others.
const FIRST_SEED: u32 = 11;
/// Right answers that are learning, and loss where the targets' variance is about 1.
const LEARNS: (f64, f64) = (0.94, 0.06);

/// A case before it is known whether it is fit.
pub struct Draft {
    cause: &'static str,
    accept: Vec<&'static str>,
    healthy: Net,
    sick: Net,
}

/// A scenario as the parts of a link.
#[derive(Clone)]
struct Net {
    data: Data,
    hidden: String,
    function: &'static str,
    initializer: String,
    gain: f64,
    optimizer: &'static str,
    rate: f64,
    batch: u32,
    rest: String,
}

#[derive(Clone)]
enum Data {
    /// A generated set of this name.
    Known(&'static str),
    /// A table of this kind and draw: inputs times `scale` plus `offset`, targets alike.
    Own {
        kind: Kind,
        draw: u64,
        scale: [f64; 3],
        offset: [f64; 3],
        target: (f64, f64),
    },
}

#[derive(Clone, Copy, PartialEq)]
enum Kind {
    /// Inside or outside of a ball.
    Ball,
    /// Bent border.
    Bend,
    /// Three classes around the origin.
    Sectors,
    /// A number.
    Wave,
    Saddle,
}

/// Numbers from a counter (SplitMix64, Steele et al. 2014).
struct Draw(u64);

impl Draw {
    fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// 0..1, not 0.
    fn share(&mut self) -> f64 {
        ((self.bits() >> 11) as f64 + 0.5) / (1_u64 << 53) as f64
    }

    fn below(&mut self, n: usize) -> usize {
        (self.share() * n as f64) as usize
    }

    fn of<T: Clone>(&mut self, list: &[T]) -> T {
        list[self.below(list.len())].clone()
    }

    /// Box and Muller 1958.
    fn normal(&mut self) -> f64 {
        (-2.0 * self.share().ln()).sqrt() * (TAU * self.share()).cos()
    }
}

pub fn drafts(n: u32, seed: u32) -> Vec<Draft> {
    let mut draw = Draw(u64::from(seed));
    (0..n).map(|_| draft(&mut draw)).collect()
}

impl Draft {
    /// The case, if it is fit.
    pub fn grow(&self, shell: &Shell) -> Result<Option<Case>> {
        let well = shell.train(&self.healthy.link(), FIRST_SEED, N_STEPS)?;
        let learns = |reached: &Reached| {
            let is_well = reached
                .accuracy
                .map_or(reached.loss < LEARNS.1, |a| a >= LEARNS.0);
            !reached.has_diverged && is_well
        };
        if !well.iter().all(learns) {
            return Ok(None);
        }
        let standard = Standard::of(&well);
        let link = self.sick.link();
        if self.cause != "healthy" {
            let ill = shell.train(&link, FIRST_SEED, N_STEPS)?;
            if ill.iter().any(|reached| standard.is_met_by(reached)) {
                return Ok(None);
            }
        }
        let accept = [&[self.cause][..], &self.accept].concat();
        Ok(Some(Case {
            cause: self.cause.to_owned(),
            accept: accept.into_iter().map(str::to_owned).collect(),
            link,
            n_steps: N_STEPS,
            standard,
        }))
    }
}

impl Net {
    fn link(&self) -> String {
        let data = match &self.data {
            Data::Known(name) => format!("d={name}&n=256&nz=0.05"),
            Data::Own {
                kind,
                draw,
                scale,
                offset,
                target,
            } => format!(
                "d=csv&csv={}",
                table(*kind, *draw, *scale, *offset, *target)
            ),
        };
        format!(
            "#v=1&s={FIRST_SEED}&{data}&std=0&t=0&h={}&a={}&i={}&g={}&o={}&lr={}&b={}{}",
            self.hidden,
            self.function,
            self.initializer,
            self.gain,
            self.optimizer,
            self.rate,
            self.batch,
            self.rest
        )
    }

    #[cfg(test)]
    fn is_of_numbers(&self) -> bool {
        match self.data {
            Data::Known(name) => matches!(name, "sine" | "plane"),
            Data::Own { kind, .. } => matches!(kind, Kind::Wave | Kind::Saddle),
        }
    }
}

fn draft(draw: &mut Draw) -> Draft {
    let mut healthy = healthy(draw);
    let kind = draw.below(14);
    if matches!(kind, 6..=8) {
        // What is wrong of data is wrong of a table.
        let of_numbers = [Kind::Wave, Kind::Saddle];
        let of_any = [
            Kind::Ball,
            Kind::Bend,
            Kind::Sectors,
            Kind::Wave,
            Kind::Saddle,
        ];
        let kind = if kind == 8 {
            draw.of(&of_numbers)
        } else {
            draw.of(&of_any)
        };
        healthy.data = own(draw, kind);
        healthy.rest = loss_of(kind, draw);
    }
    let mut sick = healthy.clone();
    let (cause, accept) = plant(draw, kind, &mut sick);
    Draft {
        cause,
        accept,
        healthy,
        sick,
    }
}

fn healthy(draw: &mut Draw) -> Net {
    let (data, rest) = match draw.below(10) {
        0 => (Data::Known("circle"), String::new()),
        1 => (Data::Known("moons"), "&l=softmax".into()),
        2 => (Data::Known("xor"), String::new()),
        3 => (Data::Known("moons"), "&l=mse".into()),
        4 => (Data::Known("sine"), "&l=mse".into()),
        5 => (Data::Known("plane"), "&l=mse".into()),
        _ => {
            let kind = draw.of(&[
                Kind::Ball,
                Kind::Bend,
                Kind::Sectors,
                Kind::Wave,
                Kind::Saddle,
            ]);
            (own(draw, kind), loss_of(kind, draw))
        }
    };
    let (function, initializer) = draw.of(&[
        ("relu", "he_normal"),
        ("leaky_relu", "he_uniform"),
        ("tanh", "glorot_uniform"),
        ("elu", "he_normal"),
        ("silu", "he_normal"),
        ("gelu", "he_uniform"),
        ("selu", "lecun_normal"),
        ("softsign", "glorot_normal"),
        ("mish", "he_normal"),
        ("prelu", "he_normal"),
    ]);
    let (optimizer, rate) = draw.of(&[
        ("sgd", 0.1),
        ("sgd", 0.2),
        ("momentum", 0.02),
        ("nesterov", 0.03),
        ("adam", 0.01),
        ("adam", 0.004),
        ("adamw", 0.01),
        ("rmsprop", 0.004),
    ]);
    let hidden = draw.of(&["8-8", "12-12", "16", "20-10", "10-10-10", "24-12"]);
    Net {
        data,
        hidden: hidden.into(),
        function,
        initializer: initializer.into(),
        gain: 1.0,
        optimizer,
        rate,
        batch: draw.of(&[16, 32, 64]),
        rest,
    }
}

fn own(draw: &mut Draw, kind: Kind) -> Data {
    Data::Own {
        kind,
        draw: draw.bits(),
        scale: [1.0; 3],
        offset: [0.0; 3],
        target: (1.0, 0.0),
    }
}

fn loss_of(kind: Kind, draw: &mut Draw) -> String {
    let loss = match kind {
        Kind::Ball | Kind::Bend => draw.of(&["bce", "softmax", "focal"]),
        Kind::Sectors => "softmax",
        Kind::Wave | Kind::Saddle => draw.of(&["mse", "mse", "huber"]),
    };
    format!("&l={loss}")
}

/// Makes one thing wrong. What it is called, and what else it may be called.
fn plant(draw: &mut Draw, kind: usize, net: &mut Net) -> (&'static str, Vec<&'static str>) {
    let adapts = matches!(net.optimizer, "adam" | "adamw" | "rmsprop");
    match kind {
        0 | 1 => ("healthy", vec![]),
        2 => {
            net.rate = (net.rate * draw.of(&[20.0, 60.0, 150.0])).min(10.0);
            ("learning_rate_high", vec![])
        }
        3 => {
            net.optimizer = draw.of(&["sgd", "momentum"]);
            net.rate = draw.of(&[1e-4, 2e-4, 3e-4]);
            if net.optimizer == "momentum" {
                net.rate = 1e-4;
            }
            ("learning_rate_low", vec![])
        }
        4 => {
            match draw.below(2) {
                0 => net.gain = draw.of(&[0.02, 0.05]),
                _ => net.initializer = format!("uniform,a:{}", draw.of(&[0.001, 0.004])),
            }
            ("weights_small", vec!["weights_equal"])
        }
        5 => {
            net.gain = draw.of(&[5.0, 7.0, 10.0]);
            ("weights_large", vec!["depth_exploding"])
        }
        6 => set_inputs(
            net,
            [1.0; 3],
            draw.of(&[[20.0; 3], [-60.0, 45.0, 80.0], [0.0, 50.0, 0.0]]),
            "inputs_offset",
        ),
        7 => {
            let scale = draw.of(&[
                [300.0; 3],
                [0.002; 3],
                [2000.0, 1.0, 0.05],
                [60.0, 90.0, 40.0],
            ]);
            set_inputs(net, scale, [0.0; 3], "inputs_scale")
        }
        8 => {
            if let Data::Own { target, .. } = &mut net.data {
                *target = draw.of(&[(200.0, 0.0), (1.0, 300.0), (50.0, -1000.0), (0.001, 0.0)]);
            }
            ("targets_scale", vec![])
        }
        9 => {
            let decay = match draw.below(3) {
                0 => format!("&l1={}", draw.of(&[0.03, 0.1])),
                1 if !adapts && net.optimizer == "sgd" => {
                    net.rate = 4.5;
                    "&l2=1".into()
                }
                _ => format!("&l2={}", draw.of(&[0.2, 0.5])),
            };
            net.rest.push_str(&decay);
            ("weight_decay", vec![])
        }
        10 => {
            if adapts {
                (net.optimizer, net.rate) = ("sgd", 0.1);
            }
            net.rest
                .push_str(&format!("&clip={}", draw.of(&[0.001, 0.002])));
            ("clip_tight", vec![])
        }
        11 => {
            (net.function, net.initializer) = ("sigmoid", "glorot_normal".into());
            let units = draw.of(&["8", "12"]);
            net.hidden = vec![units; draw.of(&[6, 8, 12])].join("-");
            ("depth_vanishing", vec![])
        }
        12 => {
            net.hidden = draw.of(&["1", "2-1", "1-4", "2"]).into();
            ("too_few_units", vec!["unlucky_draw"])
        }
        _ => {
            net.initializer = "zeros".into();
            ("weights_equal", vec!["weights_small"])
        }
    }
}

fn set_inputs(
    net: &mut Net,
    new_scale: [f64; 3],
    new_offset: [f64; 3],
    cause: &'static str,
) -> (&'static str, Vec<&'static str>) {
    if let Data::Own { scale, offset, .. } = &mut net.data {
        (*scale, *offset) = (new_scale, new_offset);
    }
    let accept = match cause {
        "inputs_offset" => vec!["inputs_scale"],
        _ => vec![],
    };
    (cause, accept)
}

/// 180 samples of three inputs, as a link holds them.
fn table(kind: Kind, draw: u64, scale: [f64; 3], offset: [f64; 3], target: (f64, f64)) -> String {
    let mut draw = Draw(draw);
    let mut text = String::from("a,b,c,y");
    for _ in 0..180 {
        let x: [f64; 3] = std::array::from_fn(|_| draw.normal());
        let y = match kind {
            Kind::Ball => f64::from(u8::from(x[0] * x[0] + x[1] * x[1] + 0.2 * x[2] > 1.3)),
            Kind::Bend => f64::from(u8::from(x[0] * x[0] - 1.2 * x[1] + 0.4 * x[2] > 0.8)),
            Kind::Sectors => ((x[1].atan2(x[0]) / TAU + 0.5) * 3.0).floor().min(2.0),
            // Not whole, so that it is read as a number.
            Kind::Wave => (1.6 * x[0]).sin() + 0.4 * x[1] + 0.0003,
            Kind::Saddle => 0.7 * x[0] * x[1] + 0.3 * x[2] + 0.0003,
        };
        let is_class = matches!(kind, Kind::Ball | Kind::Bend | Kind::Sectors);
        let y = if is_class { y } else { target.0 * y + target.1 };
        let value = |k: usize| offset[k] + scale[k] * x[k];
        text.push_str(&format!(
            "%0A{:.5},{:.5},{:.5},{y}",
            value(0),
            value(1),
            value(2)
        ));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_draws_the_same_cases() {
        let links =
            |seed| -> Vec<String> { drafts(20, seed).iter().map(|d| d.sick.link()).collect() };
        assert_eq!(links(3), links(3));
        assert_ne!(links(3), links(4));
    }

    #[test]
    fn only_the_healthy_are_left_as_they_are() {
        for draft in drafts(200, 5) {
            let is_same = draft.sick.link() == draft.healthy.link();
            assert_eq!(is_same, draft.cause == "healthy", "{}", draft.cause);
            let is_of_numbers = draft.healthy.is_of_numbers();
            assert!(is_of_numbers || draft.cause != "targets_scale");
        }
    }
}
