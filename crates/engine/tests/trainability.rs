//! The border of trainability (Sohl-Dickstein 2024, arXiv 2402.06184): the map of the preset against training in f64.

use actiscope_core::data::Dataset;
use actiscope_core::map::{self, PRESETS};
use actiscope_core::nn::init::initial_params;
use actiscope_core::nn::layout::ParamLayout;
use actiscope_core::nn::oracle::Oracle;
use actiscope_core::scenario::Scenario;
use actiscope_engine::doctor::train;

const N_STEPS: u64 = 100;
const N_CELLS: usize = 64;

/// Whether the loss over all samples is lower after training than before it, in f64.
fn converges(scenario: &Scenario, data: &Dataset) -> bool {
    let layout = ParamLayout::new(&scenario.network);
    let params = initial_params(&scenario.network, &layout, u64::from(scenario.seed));
    let oracle = Oracle::new(scenario.network.clone(), scenario.training.clone(), params);
    let mut oracle = oracle.expect("its function is of the catalogue");
    let x: Vec<f64> = data.x_train.iter().map(|&x| f64::from(x)).collect();
    let y: Vec<f64> = data.y_train.iter().map(|&y| f64::from(y)).collect();
    let first = oracle.gradient(&x, &y).loss;
    for _ in 0..N_STEPS {
        let loss = oracle.step(&x, &y).loss;
        if !loss.is_finite() || loss > 1e6 * first {
            return false;
        }
    }
    oracle.gradient(&x, &y).loss < first
}

/// Near the border runs are chaotic, so that single cells differ with every rounding.
#[test]
fn the_border_is_where_f64_has_it() {
    let preset = PRESETS.iter().find(|preset| preset.id == "border");
    let preset = preset.expect("it is a preset");
    let mut base = Scenario::default();
    // Few samples, all in one batch: what is tried are the rates.
    base.data.n_samples = 40;
    for edit in preset.edits(&base).expect("any base can have it") {
        edit.apply(&mut base);
    }
    let axis = |text: &str| {
        let ends = text.strip_suffix(":log").expect("by equal factors");
        map::axis(&base, &format!("{ends}:{N_CELLS}:log")).expect("an axis of the base")
    };
    let spec = map::fleet(base.clone(), axis(preset.x), axis(preset.y), 1, N_STEPS);
    let results = train(spec.clone(), &mut || 0.0).expect("it can be trained");
    let data = base.data.generate(base.seed).expect("a circle");
    let first = {
        let layout = ParamLayout::new(&base.network);
        let params = initial_params(&base.network, &layout, u64::from(base.seed));
        let oracle = Oracle::new(base.network.clone(), base.training.clone(), params);
        let x: Vec<f64> = data.x_train.iter().map(|&x| f64::from(x)).collect();
        let y: Vec<f64> = data.y_train.iter().map(|&y| f64::from(y)).collect();
        oracle
            .expect("its function is of the catalogue")
            .gradient(&x, &y)
            .loss
    };
    let cell = |lane: usize| {
        let measure = results.newest(lane).expect("all are done");
        let here = measure.diverged_at.is_none() && f64::from(measure.loss) < first;
        (here, converges(&spec.scenario(lane), &data))
    };
    let cells: Vec<(bool, bool)> = std::thread::scope(|scope| {
        let halves = [0, 1].map(|half| {
            let lanes = (half..N_CELLS * N_CELLS).step_by(2);
            scope.spawn(move || lanes.map(cell).collect::<Vec<_>>())
        });
        let halves = halves.into_iter();
        halves
            .flat_map(|half| half.join().expect("no panic"))
            .collect()
    });
    let n_equal = cells.iter().filter(|(here, there)| here == there).count();
    let n_converging = cells.iter().filter(|(_, there)| *there).count();
    let n = N_CELLS * N_CELLS;
    println!("{n_equal} of {n} cells as in f64, {n_converging} converge");
    assert!(
        n_converging > n / 10 && n_converging < 9 * n / 10,
        "{n_converging}"
    );
    assert!(100 * n_equal >= 97 * n, "{n_equal} of {n}");
}
