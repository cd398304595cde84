//! The vector machine on f and f' of catalogue functions, in short calls (a small layer) and long
//! ones, and what reading and deriving a formula costs.

use std::hint::black_box;

use actiscope_core::activation::{Activation, ActivationSpec};
use actiscope_core::expr::Expr;
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use fearless_simd::Level;

fn f_and_slope(c: &mut Criterion) {
    for n in [80, 2_048] {
        let mut group = c.benchmark_group(format!("f and f' of {n}"));
        group.throughput(Throughput::Elements(n as u64));
        let z: Vec<f32> = (0..n).map(|i| (i as f32 / n as f32 - 0.5) * 12.0).collect();
        for id in [
            "relu",
            "leaky_relu",
            "tanh",
            "sigmoid",
            "elu",
            "silu",
            "gelu",
            "mish",
        ] {
            let activation =
                Activation::resolve(&ActivationSpec::new(id)).expect("in the catalogue");
            let program = activation.program();
            let params = activation.params_f32();
            let (mut f, mut slope) = (vec![0.0; n], vec![0.0; n]);
            let level = Level::new();
            group.bench_function(id, |b| {
                b.iter(|| {
                    let outs = &mut [&mut f[..], &mut slope[..]];
                    program.run(level, black_box(&params), black_box(&z), outs);
                });
            });
        }
    }
}

fn formula(c: &mut Criterion) {
    let text = "z * tanh(softplus(z))";
    c.bench_function("read and derive twice", |b| {
        b.iter(|| {
            let f = Expr::parse(black_box(text)).expect("a formula");
            f.derivative("z").derivative("z")
        });
    });
    let f = Expr::parse(text).expect("a formula");
    c.bench_function("f64 value", |b| b.iter(|| f.eval(black_box(0.3), &[])));
    let activation = Activation::resolve(&ActivationSpec::new("mish")).expect("in the catalogue");
    c.bench_function("largest slope", |b| b.iter(|| activation.max_abs_slope()));
}

criterion_group!(benches, f_and_slope, formula);
criterion_main!(benches);
