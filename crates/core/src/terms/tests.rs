use super::check::{Verdict, check, params_along};
use super::words::{self, Stage};
use super::*;
use crate::activation::ActivationSpec;
use crate::nn::init::initial_params;
use crate::nn::layout::ParamLayout;
use crate::nn::spec::{Initializer, Loss, NetworkSpec, Optimizer, TrainingSpec};

fn network(hidden: &[usize], n_outputs: usize) -> NetworkSpec {
    NetworkSpec {
        n_inputs: 2,
        hidden: hidden.to_vec(),
        n_outputs,
        activation: ActivationSpec::new("tanh"),
        layer_activations: Vec::new(),
        prelu_sharing: Default::default(),
        batch_norm: false,
        initializer: Initializer::GlorotNormal,
        gain: 2.0,
        given: None,
    }
}

fn oracle(network: NetworkSpec, loss: Loss) -> Oracle {
    let layout = ParamLayout::new(&network);
    let mut params = initial_params(&network, &layout, 3);
    // Biases, scales and shifts are to count.
    for (i, param) in params.iter_mut().enumerate() {
        *param += 0.013 * (i % 7) as f64 - 0.03;
    }
    let training = TrainingSpec::plain(loss, Optimizer::Sgd, 0.1, 8);
    Oracle::new(network, training, params).expect("resolves")
}

const X: [f32; 16] = [
    0.5, -0.7, -0.3, 0.4, 0.9, 0.2, -0.8, -0.6, 0.1, 0.8, -0.4, 0.6, 0.7, -0.2, -0.1, -0.9,
];
const Y: [f32; 8] = [1.0, 0.0, 1.0, 0.0, 0.0, 1.0, 1.0, 0.0];

const LOSSES: [Loss; 7] = [
    Loss::Mse,
    Loss::BceLogits,
    Loss::SoftmaxCrossEntropy,
    Loss::Focal {
        gamma: 2.0,
        alpha: 0.25,
    },
    Loss::Huber { delta: 0.3 },
    Loss::SigmoidMse,
    Loss::ReluMse,
];

/// Networks of every kind: losses with one output and with three, unlike functions, PReLU, batch normalization, no hidden layer.
fn oracles() -> Vec<Oracle> {
    let mut all = Vec::new();
    for loss in LOSSES {
        for n_outputs in [1, 3] {
            if n_outputs > 1 || loss != Loss::SoftmaxCrossEntropy {
                all.push(oracle(network(&[4, 3], n_outputs), loss));
            }
        }
    }
    let mut unlike = network(&[4, 3, 5], 1);
    let own = ["gelu", "sigmoid", "prelu"];
    unlike.layer_activations = own.iter().map(|id| Some(ActivationSpec::new(id))).collect();
    all.push(oracle(unlike.clone(), Loss::BceLogits));
    unlike.batch_norm = true;
    all.push(oracle(unlike, Loss::Mse));
    let mut normed = network(&[4, 3], 3);
    normed.batch_norm = true;
    all.push(oracle(normed, Loss::SoftmaxCrossEntropy));
    all.push(oracle(network(&[], 1), Loss::BceLogits));
    all.push(oracle(network(&[3], 1), Loss::Mse));
    all
}

fn ones(oracle: &Oracle) -> impl Iterator<Item = OneOf> {
    (0..Y.len()).map(|i| OneOf::new(oracle, &X, &Y, 6, i).expect("there is one"))
}

fn close(a: f64, b: f64, within: f64) -> bool {
    (a - b).abs() <= within * (1.0 + a.abs().max(b.abs()))
}

fn paths(terms: &Terms) -> Vec<Path> {
    let mut all = vec![Path::strongest(terms, None)];
    for (l, layer) in terms.layers.iter().enumerate() {
        for j in 0..layer.len() {
            let path = Path::strongest(terms, Some((l, j)));
            assert_eq!(
                path.units[l], j,
                "it goes through the unit that is asked for"
            );
            all.push(path);
        }
    }
    all
}

#[test]
fn terms_add_up() {
    for oracle in oracles() {
        for one in ones(&oracle) {
            let terms = Terms::of(&oracle, &one);
            for (l, layer) in terms.layers.iter().enumerate() {
                let inputs = terms.inputs_of(l);
                for unit in layer {
                    let sum: f64 = unit.weights.iter().zip(&inputs).map(|(w, a)| w * a).sum();
                    assert!(close(sum + unit.bias, unit.u, 1e-12));
                    let z = unit.norm.map_or(unit.u, |norm| {
                        norm.factor() * (unit.u - norm.mean) + norm.beta
                    });
                    assert!(close(z, unit.z, 1e-12));
                    assert!(
                        close(unit.d_a * unit.slope, unit.d_z, 1e-10),
                        "{:?}",
                        oracle.training.loss
                    );
                }
            }
        }
    }
}

/// Each weight's and each bias's gradient is what the units' numbers make of it.
#[test]
fn the_numbers_of_the_units_are_the_gradient() {
    for oracle in oracles()
        .into_iter()
        .filter(|oracle| !oracle.spec.batch_norm)
    {
        for one in ones(&oracle) {
            let terms = Terms::of(&oracle, &one);
            for (l, layer) in oracle.layout.layers.iter().enumerate() {
                let inputs = terms.inputs_of(l);
                for (j, unit) in terms.layers[l].iter().enumerate() {
                    assert!(close(
                        terms.gradient[layer.biases.start + j],
                        unit.d_u,
                        1e-10
                    ));
                    for (i, a) in inputs.iter().enumerate() {
                        let at = layer.weights.start + j * layer.n_in + i;
                        assert!(close(terms.gradient[at], unit.d_u * a, 1e-10));
                    }
                }
            }
        }
    }
}

/// The mean of the samples' gradients is the gradient of the batch that the oracle gives.
#[test]
fn samples_add_up_to_the_batch() {
    for oracle in oracles()
        .into_iter()
        .filter(|oracle| !oracle.spec.batch_norm)
    {
        let x: Vec<f64> = X.iter().map(|&x| f64::from(x)).collect();
        let y: Vec<f64> = Y.iter().map(|&y| f64::from(y)).collect();
        let whole = oracle.gradient(&x, &y);
        let mut mean = vec![0.0; whole.params.len()];
        for one in ones(&oracle) {
            let terms = Terms::of(&oracle, &one);
            for (mean, g) in mean.iter_mut().zip(&terms.gradient) {
                *mean += g / Y.len() as f64;
            }
        }
        for (mean, whole) in mean.iter().zip(&whole.params) {
            assert!(close(*mean, *whole, 1e-10), "{:?}", oracle.training.loss);
        }
    }
}

/// This path, the others and what the batch adds are the gradient of backpropagation, whatever the path.
#[test]
fn a_path_and_the_others_are_the_gradient() {
    for oracle in oracles() {
        for one in ones(&oracle) {
            let terms = Terms::of(&oracle, &one);
            for path in paths(&terms) {
                assert!(path.is_of(&terms));
                let shares = path.shares(&terms);
                let product: f64 = path
                    .factors(&terms)
                    .iter()
                    .map(|factor| factor.value)
                    .product();
                assert!(close(product, shares.path, 1e-12));
                let others: f64 = shares.others.iter().map(|(_, value)| value).sum();
                let all = shares.path + others + shares.batch.unwrap_or(0.0);
                let first = &oracle.layout.layers[0];
                let at = first.weights.start + path.units[0] * first.n_in + path.input;
                let (spec, loss) = (&oracle.spec, oracle.training.loss);
                assert!(
                    close(all, shares.sum, 1e-10),
                    "{spec:?} {loss:?}: {shares:?}"
                );
                assert!(
                    close(shares.sum, terms.gradient[at], 1e-10),
                    "{spec:?} {loss:?}"
                );
                assert_eq!(shares.batch.is_some(), oracle.spec.batch_norm);
            }
        }
    }
}

#[test]
fn the_strongest_path_is_the_strongest() {
    let oracle = oracle(network(&[4, 3], 1), Loss::BceLogits);
    for one in ones(&oracle) {
        let terms = Terms::of(&oracle, &one);
        let size = |path: &Path| path.shares(&terms).path.abs();
        let best = size(&Path::strongest(&terms, None));
        for input in 0..2 {
            for j in 0..4 {
                for k in 0..3 {
                    let path = Path {
                        input,
                        units: vec![j, k, 0],
                    };
                    assert!(size(&path) <= best * (1.0 + 1e-12), "{path:?}");
                }
            }
        }
    }
}

#[test]
fn backpropagation_and_differences_agree() {
    for oracle in oracles() {
        for one in ones(&oracle) {
            let terms = Terms::of(&oracle, &one);
            for path in paths(&terms) {
                for checked in check(&oracle, &one, &terms, &params_along(&path, &terms)) {
                    let is_fine = match checked.verdict {
                        Verdict::Error(error) => error < 1e-6,
                        Verdict::BothZero => checked.analytic == 0.0,
                        Verdict::Rounding => (checked.analytic - checked.numeric).abs() < 1e-10,
                        // PReLU, Huber and the output's ReLU have one.
                        Verdict::Corner => true,
                    };
                    let loss = oracle.training.loss;
                    assert!(
                        is_fine,
                        "{loss:?} {:?}: {checked:?}",
                        oracle.spec.activation
                    );
                }
            }
        }
    }
}

/// ReLU units at a corner, dead, and alive.
#[test]
fn a_corner_has_no_derivative_and_a_dead_unit_none_to_speak_of() {
    let mut spec = network(&[3], 1);
    spec.activation = ActivationSpec::new("relu");
    let params = vec![
        1.0, 1.0, 1.0, 1.0, 1.0, 1.0, // weights
        0.0, -5.0, 1.0, // biases
        1.0, 1.0, 1.0, 0.0, // the output's
    ];
    let training = TrainingSpec::plain(Loss::Mse, Optimizer::Sgd, 0.1, 1);
    let oracle = Oracle::new(spec, training, params).expect("resolves");
    // z = 0, -5, 1.
    let one = OneOf::new(&oracle, &[0.5, -0.5], &[0.0], 1, 0).expect("there is one");
    let terms = Terms::of(&oracle, &one);
    let verdicts = |unit| {
        let path = Path {
            input: 0,
            units: vec![unit, 0],
        };
        let checked = check(&oracle, &one, &terms, &params_along(&path, &terms));
        checked
            .into_iter()
            .map(|checked| checked.verdict)
            .collect::<Vec<_>>()
    };
    assert_eq!(verdicts(0)[..2], [Verdict::Corner; 2]);
    assert_eq!(verdicts(1)[..2], [Verdict::BothZero; 2]);
    for verdict in verdicts(2) {
        assert!(
            matches!(verdict, Verdict::Error(error) if error < 1e-9),
            "{verdict:?}"
        );
    }
}

#[test]
fn one_update_is_the_oracles_step_on_that_sample() {
    for optimizer in [
        Optimizer::Sgd,
        Optimizer::MOMENTUM,
        Optimizer::ADAM,
        Optimizer::ADAMW,
    ] {
        let mut whole = oracle(network(&[4, 3], 1), Loss::BceLogits);
        whole.training.optimizer = optimizer;
        whole.optimizer_state =
            crate::nn::optimizer::OptimizerState::new(optimizer, whole.params.len());
        whole.training.l2 = 0.01;
        whole.training.clip_norm = Some(0.2);
        let mut parts = whole.clone();
        for i in 0..3 {
            whole.step(
                &[f64::from(X[2 * i]), f64::from(X[2 * i + 1])],
                &[f64::from(Y[i])],
            );
            let one = OneOf::new(&parts, &X, &Y, 8, i).expect("there is one");
            let gradient = Terms::of(&parts, &one).gradient;
            parts.update(gradient);
            assert_eq!(parts.params, whole.params, "{optimizer:?}");
        }
        assert_eq!(parts.step, 3);
    }
}

#[test]
fn the_worst_sample_has_the_greatest_loss() {
    for oracle in oracles() {
        let losses: Vec<f64> = ones(&oracle)
            .map(|one| Terms::of(&oracle, &one).loss)
            .collect();
        let worst = worst(&oracle, &X, &Y, 8);
        if !oracle.spec.batch_norm {
            let most = losses.iter().copied().fold(0.0, f64::max);
            assert_eq!(losses[worst], most);
        }
    }
}

/// Of many terms that of the path and the largest are shown, and the sum is the same.
#[test]
fn terms_that_are_not_shown_are_added_up() {
    let oracle = oracle(network(&[12, 9], 3), Loss::SoftmaxCrossEntropy);
    for one in ones(&oracle) {
        let terms = Terms::of(&oracle, &one);
        assert!(!terms.is_small());
        for path in paths(&terms) {
            for layer in 0..3 {
                let brief = terms.shown_terms(&path, layer);
                let (inputs, unit) = (
                    terms.inputs_of(layer),
                    &terms.layers[layer][path.units[layer]],
                );
                assert_eq!(brief.shown.len() + brief.n_more, inputs.len());
                assert!(brief.shown.contains(&path.below(layer)) && brief.shown.is_sorted());
                let shown: f64 = brief
                    .shown
                    .iter()
                    .map(|&i| unit.weights[i] * inputs[i])
                    .sum();
                assert!(close(shown + brief.sum_of_more + unit.bias, unit.u, 1e-12));
            }
        }
    }
    assert!(study().1.is_small());
}

#[test]
fn samples_that_are_none_are_refused() {
    let many = oracle(network(&[3], 3), Loss::SoftmaxCrossEntropy);
    assert!(
        OneOf::new(&many, &X, &[3.0], 1, 0).is_none(),
        "no such class"
    );
    assert!(OneOf::new(&many, &X, &[f32::NAN], 1, 0).is_none());
    assert!(OneOf::new(&many, &X, &Y, 8, 8).is_none(), "no such sample");
    assert!(
        OneOf::new(&many, &X[..1], &Y, 8, 0).is_none(),
        "half a sample"
    );
}

/// With batch normalization a sample that is not trained on is put to those that are.
#[test]
fn a_test_sample_is_one_more_of_the_batch() {
    let mut spec = network(&[3], 1);
    spec.batch_norm = true;
    let oracle = oracle(spec, Loss::BceLogits);
    let of = |index| OneOf::new(&oracle, &X, &Y, 6, index).expect("there is one");
    assert_eq!((of(2).n, of(2).index), (6, 2));
    assert_eq!((of(7).n, of(7).index), (7, 6));
    assert_eq!(
        Terms::of(&oracle, &of(7)).x,
        [f64::from(X[14]), f64::from(X[15])]
    );
}

/// The network, sample and path of the study.
fn study() -> (Oracle, Terms, Path) {
    let params = vec![
        1.1778, 0.3694, -1.3854, -1.1343, -2.6265, -0.7077, -0.4788, -0.2426,
        0.1593, // layer 1
        -2.7223, 1.1736, -0.6973, -0.0707, -3.4962, 1.1889, 0.1328, 0.0781, // layer 2
        1.5356, 1.2701, -0.6642,
    ];
    let training = TrainingSpec::plain(Loss::BceLogits, Optimizer::Sgd, 0.1, 160);
    let oracle = Oracle::new(network(&[3, 2], 1), training, params).expect("resolves");
    let one = OneOf::new(&oracle, &[-0.772, 0.5], &[0.0], 1, 0).expect("there is one");
    let terms = Terms::of(&oracle, &one);
    let path = Path {
        input: 0,
        units: vec![2, 0, 0],
    };
    (oracle, terms, path)
}

fn sentence(said: &[words::Said]) -> String {
    said.iter().map(|(_, text)| text.as_str()).collect()
}

#[test]
fn the_study_is_told_as_the_study_has_it() {
    let (mut oracle, terms, path) = study();
    let factors = path.factors(&terms);
    let names: Vec<String> = factors
        .iter()
        .map(|f| words::factor_name(&terms, &path, f))
        .collect();
    assert_eq!(
        names,
        [
            "p − y",
            "w out, 1",
            "f′(z) 2.1",
            "w 2.1, 3",
            "f′(z) 1.3",
            "x₁"
        ]
    );
    let values: Vec<String> = factors.iter().map(|f| words::factor(f.value)).collect();
    assert_eq!(values, ["0.78", "1.54", "0.065", "−0.70", "0.097", "−0.77"]);
    assert_eq!(
        words::path_name(&terms, &path),
        "out ← layer 2 unit 1 ← layer 1 unit 3 ← x₁"
    );
    assert_eq!(words::loss_line(&terms), ["−ln(1 − p)", "−ln 0.218"]);
    let shares = path.shares(&terms);
    assert_eq!(words::gradient(shares.path), "0.00411");
    assert_eq!(words::gradient(shares.sum), "−0.0730");
    assert_eq!(shares.others.len(), 1);
    assert_eq!(words::gradient(shares.others[0].1), "−0.0771");
    let before = oracle.params.clone();
    oracle.update(terms.gradient.clone());
    let moves: Vec<f64> = before
        .iter()
        .zip(&oracle.params)
        .map(|(b, a)| a - b)
        .collect();
    let moved = [moves[17], moves[4]];
    let caption = |stage| sentence(&words::caption(stage, &terms, &path, &[], moved));
    assert_eq!(
        caption(Stage::Forward),
        "−0.77 and 0.50 go in; the network says p = 0.782, the class is 0."
    );
    assert_eq!(
        caption(Stage::Loss),
        "p = 0.782 for class 0 costs 1.525: an answer wrong, and sure of it."
    );
    assert_eq!(
        caption(Stage::Backward),
        "Along this path an error of 0.78 becomes 0.00411: slopes 0.065 and 0.097 shrink it."
    );
    assert_eq!(
        caption(Stage::Update),
        "One update moves the output's weight 10 times as far as layer 1's."
    );
    assert_eq!(words::moved(moved), "10 times as far in the output.");
    let story = sentence(&words::story_of_slopes(&factors));
    assert!(
        story.contains("the two slopes alone divide it by 15"),
        "{story}"
    );
}

/// Every sentence of every kind of network, at each of its stages: none is empty, and none has a number that is none.
#[test]
fn there_are_words_for_everything() {
    for oracle in oracles() {
        for one in ones(&oracle) {
            let terms = Terms::of(&oracle, &one);
            for path in paths(&terms) {
                let factors = path.factors(&terms);
                for stage in Stage::ALL {
                    let text = sentence(&words::caption(stage, &terms, &path, &[], [0.1, -0.02]));
                    assert!(
                        text.ends_with('.') && !text.contains("not a number"),
                        "{text}"
                    );
                }
                assert!(!words::loss_line(&terms)[0].is_empty());
                for factor in &factors {
                    assert!(!words::factor_name(&terms, &path, factor).is_empty());
                    assert!(words::factor_says(&terms, factor).ends_with('.'));
                }
                assert!(!words::story_of_slopes(&factors).is_empty());
            }
        }
    }
}

#[test]
fn each_loss_begins_with_its_own_error() {
    let formula = |loss, n_outputs| {
        let oracle = oracle(network(&[3], n_outputs), loss);
        let one = OneOf::new(&oracle, &X, &Y, 8, 0).expect("there is one");
        Terms::of(&oracle, &one).made_of.error_formula(0)
    };
    assert_eq!(formula(Loss::Mse, 1), "2 (ŷ − y)");
    assert_eq!(formula(Loss::Mse, 3), "2 (ŷ − y) / 3");
    assert_eq!(formula(Loss::BceLogits, 1), "p − y");
    assert_eq!(formula(Loss::BceLogits, 3), "(p − y) / 3");
    assert_eq!(formula(Loss::SoftmaxCrossEntropy, 3), "p − y");
    assert_eq!(formula(Loss::SigmoidMse, 1), "2 (p − y)");
    assert_eq!(
        formula(
            Loss::Focal {
                gamma: 2.0,
                alpha: 0.25
            },
            1
        ),
        "∂L/∂z"
    );
    assert_eq!(formula(Loss::Huber { delta: 10.0 }, 1), "ŷ − y");
}

#[test]
fn numbers_are_written_as_short_as_they_can_be_read() {
    assert_eq!(words::plain(-0.772), "−0.77");
    assert_eq!(words::plain(1.23e9), "1.2e9");
    assert_eq!(
        [0.065, 0.0001, 0.0].map(words::slope),
        ["0.065", "0.00010", "0"]
    );
    assert_eq!(
        [-0.0833, 3.21e-6, 0.0].map(words::gradient),
        ["−0.0833", "3.2e−6", "0"]
    );
    assert_eq!(
        [0.782, 0.0651, -0.0004].map(words::factor),
        ["0.78", "0.065", "−0.00040"]
    );
}
