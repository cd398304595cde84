//! What trainers tell of their lanes: against PyTorch's numbers, and the GPU's against the CPU's.

use std::sync::Arc;

use actiscope_core::activation::ActivationSpec;
use actiscope_core::data::TargetKind;
use actiscope_core::health::Health;
use actiscope_core::nn::spec::{Loss, NetworkSpec, Optimizer, PreluSharing};
use actiscope_core::protocol::Histogram;
use actiscope_core::scenario::View;
use actiscope_engine::cpu::LaneSpec;
use actiscope_engine::cpu::predict::Samples;
use fearless_simd::Level;

use super::cases::{Case, n_outputs_of, target_of};
use super::engine::{Engine, Kind};
use super::reference::HealthCase;
use super::{LOSSES, activation, assert_close, dataset, network, training};

/// Sums of 128 terms of f32 each.
const TOLERANCE: f64 = 2e-6;

/// Verdicts and statistics of a network with PyTorch's weights are PyTorch's.
pub async fn check_health(kind: &Kind, case: &HealthCase) {
    let spec = LaneSpec {
        network: case.network(),
        training: training(Loss::Mse, Optimizer::Sgd, 0.0),
        seed: 0,
    };
    let n_train = case.data().n_train();
    let mut engine = Engine::new(kind, &Case::one(&case.activation, case.data(), spec)).await;
    let mut state = engine.state(0).await;
    for (to, from) in state.params.iter_mut().zip(case.params()) {
        *to = from as f32;
    }
    engine.write(0, &state);
    let judged = engine.judge().await[0];
    let inspection = engine.inspect(&View::default()).await;
    assert_eq!(judged.loss, inspection.loss);
    let mut n_dead = 0;
    for (l, expected) in case.hidden.iter().enumerate() {
        let name = format!("{} layer {l}", case.activation);
        let verdicts: Vec<Health> = inspection.layers[l]
            .units
            .iter()
            .map(|u| u.health)
            .collect();
        let is = |health| -> Vec<bool> { verdicts.iter().map(|&h| h == health).collect() };
        assert_eq!(is(Health::Dead), expected.dead, "{name}: dead");
        n_dead += expected.dead.iter().filter(|&&is_dead| is_dead).count();
        assert_eq!(
            is(Health::Saturated),
            expected.saturated,
            "{name}: saturated"
        );

        let layer = &inspection.layers[l];
        for (j, unit) in layer.units.iter().enumerate() {
            for (what, value, expected) in [
                (
                    "negative fraction",
                    unit.negative_fraction,
                    expected.negative_fraction[j],
                ),
                ("mean of z", unit.z_mean, expected.z_mean[j]),
                ("deviation of z", unit.z_std, expected.z_std[j]),
            ] {
                let what = format!("{name} unit {j}: {what}");
                assert_close(&what, f64::from(value), expected, TOLERANCE, 1.0);
            }
        }
        // Gradients vanish with depth, and their rounding with them.
        let n = n_train as f64;
        for (what, value, expected) in [
            (
                "weight gradient",
                layer.weight_gradient_rms,
                expected.weight_gradient_rms,
            ),
            (
                "z gradient",
                layer.z_gradient_rms,
                n * expected.z_gradient_rms,
            ),
        ] {
            assert_close(
                &format!("{name}: {what}"),
                f64::from(value),
                expected,
                TOLERANCE,
                1e-2,
            );
        }
        let n_values: u32 = layer.z.counts.iter().sum();
        assert_eq!(n_values as usize, layer.units.len() * n_train);
    }
    assert_eq!(judged.n_dead as usize, n_dead);
}

/// One lane each: widths, depths, normalisation, learned alphas, several outputs, more samples than the
/// probe set and than a layer's histogram takes.
fn looks() -> Vec<Case> {
    let relu = || ActivationSpec::new("relu");
    let cell = |what: &str, loss: Loss, n_train: usize, network: NetworkSpec| {
        let lane = LaneSpec {
            network,
            training: training(loss, Optimizer::Sgd, 0.05),
            seed: 4,
        };
        Case {
            tolerance: 2e-4,
            ..Case::one(what, dataset(2, n_train, target_of(loss)), lane)
        }
    };
    let of = |layers: &[usize], f: ActivationSpec| network(layers, f);
    let mut cases = vec![
        cell("small", LOSSES[1], 40, of(&[2, 8, 8, 8, 1], relu())),
        cell(
            "probe set",
            LOSSES[0],
            700,
            of(&[2, 17, 3, 1], ActivationSpec::new("tanh")),
        ),
        cell(
            "classes",
            LOSSES[2],
            60,
            of(&[2, 9, 4, 3], ActivationSpec::new("gelu")),
        ),
        cell("wide", LOSSES[4], 520, of(&[2, 128, 128, 1], relu())),
        cell(
            "sigmoid",
            LOSSES[3],
            33,
            of(&[2, 5, 1], ActivationSpec::new("sigmoid")),
        ),
    ];
    let mut deep = vec![6; 34];
    (deep[0], deep[33]) = (2, 1);
    // Rounding adds up over 32 layers.
    cases.push(Case {
        tolerance: 2e-3,
        ..cell("deep", LOSSES[0], 50, of(&deep, ActivationSpec::new("elu")))
    });
    // What is small for a ReLU's slope is a sigmoid's usual one.
    cases.push(cell(
        "layers of unlike functions",
        LOSSES[1],
        64,
        NetworkSpec {
            layer_activations: vec![
                Some(ActivationSpec::new("sigmoid")),
                None,
                Some(activation("prelu", &[0.25])),
            ],
            gain: 3.0,
            ..of(&[2, 7, 6, 5, 4, 1], activation("leaky_relu", &[0.02]))
        },
    ));
    for (name, prelu_sharing, batch_norm) in [
        ("BatchNorm and PReLU", PreluSharing::Unit, true),
        ("PReLU", PreluSharing::Layer, false),
    ] {
        let network = NetworkSpec {
            batch_norm,
            prelu_sharing,
            ..of(&[2, 7, 5, 1], activation("prelu", &[0.25]))
        };
        cases.push(cell(name, LOSSES[0], 64, network));
    }
    cases
}

/// After some steps on the GPU the CPU, given the same state, tells the same of it.
pub async fn check_looks(gpu: &Kind, cpu_level: Level) {
    for case in looks() {
        let mut on_gpu = Engine::new(gpu, &case).await;
        on_gpu.train(12).await;
        let state = on_gpu.state(0).await;
        let mut on_cpu = Engine::new(&Kind::Cpu(cpu_level), &case).await;
        on_cpu.write(12, &state);
        let view = View {
            layer: 0,
            unit: Some(2),
            ..View::default()
        };
        let (a, b) = (on_gpu.inspect(&view).await, on_cpu.inspect(&view).await);
        let name = &case.name;
        let close = |what: &str, value: f32, expected: f32| {
            let what = format!("{name}: {what}");
            assert_close(
                &what,
                f64::from(value),
                f64::from(expected),
                case.tolerance,
                0.05,
            );
        };
        close("loss", a.loss, b.loss);
        assert_eq!(a.layers.len(), b.layers.len());
        for (l, (a, b)) in a.layers.iter().zip(&b.layers).enumerate() {
            close(&format!("mean of z, layer {l}"), a.z_mean, b.z_mean);
            close(&format!("deviation of z, layer {l}"), a.z_std, b.z_std);
            close(
                &format!("zero slopes, layer {l}"),
                a.zero_slope_share,
                b.zero_slope_share,
            );
            close(
                &format!("z gradient, layer {l}"),
                a.z_gradient_rms,
                b.z_gradient_rms,
            );
            let (of_a, of_b) = (a.weight_gradient_rms, b.weight_gradient_rms);
            close(&format!("weight gradient, layer {l}"), of_a, of_b);
            check_histogram(&format!("{name}: layer {l}"), &a.z, &b.z);
            assert_eq!(a.units.len(), b.units.len());
            for (j, (a, b)) in a.units.iter().zip(&b.units).enumerate() {
                assert_eq!(a.health, b.health, "{name}: layer {l} unit {j}");
                close("unit's mean", a.z_mean, b.z_mean);
                close("unit's deviation", a.z_std, b.z_std);
                close("unit's least z", a.z_min, b.z_min);
                close("unit's largest z", a.z_max, b.z_max);
                close("unit's slope", a.mean_abs_slope, b.mean_abs_slope);
            }
            assert_eq!(a.z_of_unit.is_some(), b.z_of_unit.is_some());
            if let (Some(a), Some(b)) = (&a.z_of_unit, &b.z_of_unit) {
                check_histogram(&format!("{name}: unit"), a, b);
            }
        }
        for (a, b) in a.outputs.concat().iter().zip(b.outputs.concat()) {
            close("output", *a, b);
        }
        assert_eq!(a.targets, b.targets);

        let (a, b) = (on_gpu.judge().await[0], on_cpu.judge().await[0]);
        close("judged loss", a.loss, b.loss);
        assert_eq!(
            (a.n_dead, a.n_saturated),
            (b.n_dead, b.n_saturated),
            "{name}"
        );
        if !matches!(case.data.target, TargetKind::Number) {
            assert!(a.n_right.abs_diff(b.n_right) <= 1, "{name}: {a:?} {b:?}");
        }

        let mut samples = Samples::new(2, 150);
        for (i, x) in samples.x.iter_mut().enumerate() {
            *x = (i as f32 * 0.37).sin();
        }
        let (a, b) = (
            on_gpu.predict(&samples).await,
            on_cpu.predict(&samples).await,
        );
        assert_eq!(a.len(), b.len());
        for (i, (a, b)) in a.iter().zip(&b).enumerate() {
            close(&format!("prediction {i}"), *a, *b);
        }
    }
}

/// Values on the border of two bins may fall into either.
fn check_histogram(what: &str, a: &Histogram, b: &Histogram) {
    assert_eq!((a.low, a.high), (b.low, b.high), "{what}");
    let total = |h: &Histogram| h.counts.iter().sum::<u32>();
    assert_eq!(total(a), total(b), "{what}");
    let moved: u32 = a
        .counts
        .iter()
        .zip(&b.counts)
        .map(|(a, b)| a.abs_diff(*b))
        .sum();
    assert!(
        moved <= 2 + total(b) / 200,
        "{what}: {moved} of {}",
        total(b)
    );
}

/// The health of every lane of a population is that of the lane alone on the CPU.
pub async fn check_judged_population(gpu: &Kind, cpu_level: Level) {
    let lane = |i: usize| LaneSpec {
        network: NetworkSpec {
            gain: 0.2 + 0.3 * (i % 8) as f64,
            ..network(
                &[2, 12, 12, n_outputs_of(LOSSES[1])],
                ActivationSpec::new(["relu", "tanh"][i % 2]),
            )
        },
        training: training(LOSSES[1], Optimizer::Sgd, 0.1 * (1 + i % 9) as f64),
        seed: i as u64,
    };
    let data = dataset(2, 96, target_of(LOSSES[1]));
    let case = Case::new("judged", data, (0..200).map(lane).collect());
    let mut on_gpu = Engine::new(gpu, &case).await;
    on_gpu.train(20).await;
    let judged = on_gpu.judge().await;
    assert_eq!(judged.len(), case.lanes.len());
    let mut n_unwell = 0;
    for (i, a) in judged.iter().enumerate() {
        let one = Case {
            lanes: vec![case.lanes[i].clone()],
            data: Arc::clone(&case.data),
            ..Case::one(
                "judged",
                dataset(2, 96, target_of(LOSSES[1])),
                case.lanes[i].clone(),
            )
        };
        let mut on_cpu = Engine::new(&Kind::Cpu(cpu_level), &one).await;
        on_cpu.write(20, &on_gpu.state(i).await);
        let b = on_cpu.judge().await[0];
        let name = format!("lane {i}: loss");
        assert_close(&name, f64::from(a.loss), f64::from(b.loss), 2e-4, 0.05);
        assert_eq!(
            (a.n_dead, a.n_saturated),
            (b.n_dead, b.n_saturated),
            "lane {i}"
        );
        assert!(a.n_right.abs_diff(b.n_right) <= 1, "lane {i}: {a:?} {b:?}");
        n_unwell += a.n_dead + a.n_saturated;
    }
    assert!(n_unwell > 0, "nothing to see");
}
