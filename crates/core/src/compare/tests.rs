use super::vary::{product, with_own_initializers};
use super::*;
use crate::activation::catalogue;
use crate::nn::spec::{Initializer, Loss};
use crate::protocol::{FleetNews, FleetProgress};
use crate::scenario::Setting;

/// A measure of a network of 4 units, 1 of them dead and 2 saturated.
fn measure(network: u32, step: u64, loss: f32) -> Measure {
    Measure {
        network,
        step,
        loss,
        accuracy: Some(1.0 - loss / 2.0),
        test_loss: None,
        test_accuracy: None,
        recall: None,
        precision: None,
        gradient_ratio: None,
        n_units: 4,
        n_dead: 1,
        n_saturated: 2,
        first_death: None,
        diverged_at: None,
    }
}

/// Of lanes of learning rates, each network's losses at steps 0, 10, 100.
fn compared(seeds: u32, losses: &[[f32; 3]], target: Target) -> Comparison {
    let n_lanes = losses.len() / seeds as usize;
    let lane = |i| vec![Edit::Set(Setting::LearningRate, 0.1 + 0.1 * i as f64)];
    let spec = fleet(
        Scenario::default(),
        (0..n_lanes).map(lane).collect(),
        seeds,
        100,
    );
    let networks = losses.iter().enumerate();
    let measures = networks.flat_map(|(network, losses)| {
        let looks = losses.iter().zip([0, 10, 100]);
        looks.map(move |(&loss, step)| {
            let mut measure = measure(network as u32, step, loss);
            measure.diverged_at = (!loss.is_finite()).then_some(step);
            if step == 100 {
                measure.test_loss = Some(2.0 * loss);
                measure.gradient_ratio = Some(loss);
            }
            measure
        })
    });
    let news = FleetNews {
        measures: measures.collect(),
        progress: FleetProgress::default(),
    };
    let mut results = FleetResults::new(&spec);
    results.take(Part::WHOLE, true, &news);
    Comparison::new(&spec, &results, target)
}

fn spread(q1: f64, median: f64, q3: f64) -> Option<Spread> {
    Some(Spread { q1, median, q3 })
}

const NEVER: f64 = f64::INFINITY;
const NAN: f32 = f32::NAN;

#[test]
fn columns_are_medians_over_the_seeds_that_last() {
    let losses = [
        [1.0, 0.5, 0.25],
        [1.0, 0.75, 0.5],
        [1.0, 0.5, 0.5],
        [1.0, 8.0, NAN],
    ];
    let got = compared(4, &losses, Target::Loss(0.5));
    let check = |column, expect| assert_eq!(got.lanes[0].spread(column), expect, "{column:?}");
    // Three seeds last: 0.25, 0.5, 0.5.
    check(Column::Loss, spread(0.375, 0.5, 0.5));
    check(Column::Accuracy, spread(0.75, 0.75, 0.8125));
    check(Column::TestLoss, spread(0.75, 1.0, 1.0));
    check(Column::TestAccuracy, None);
    check(Column::Dead, spread(0.25, 0.25, 0.25));
    check(Column::Saturated, spread(0.5, 0.5, 0.5));
    check(Column::GradientRatio, spread(0.375, 0.5, 0.5));
    // Reached at 10, 100, 10 and never.
    check(Column::Steps, spread(10.0, 55.0, NEVER));
    let lane = &got.lanes[0];
    assert_eq!((lane.n_reached(), lane.n_diverged()), (3, 1));
    assert_eq!(lane.changes, "learning rate 0.1");
    let seeds: Vec<u32> = lane.seeds.iter().map(|seed| seed.seed).collect();
    assert_eq!(seeds, [2, 3, 4, 5]);
}

#[test]
fn a_curve_counts_those_that_diverged() {
    let losses = [[1.0, 0.5, 0.25], [2.0, NAN, NAN], [3.0, 1.5, NAN]];
    let got = compared(3, &losses, Target::default());
    let points: Vec<(u64, f64, usize)> = (got.lanes[0].curve.iter())
        .map(|point| (point.step, point.loss.median, point.n_diverged))
        .collect();
    assert_eq!(points, [(0, 2.0, 0), (10, 1.0, 1), (100, 0.25, 2)]);
}

#[test]
fn a_target_is_reached_at_the_first_look_at_or_under_it() {
    let check = |target, expect: &[Option<u64>]| {
        let losses = [[1.0, 0.5, 0.25], [0.5, 1.0, 1.0], [1.0, 1.0, 1.0]];
        let got = compared(3, &losses, target);
        let seeds = got.lanes[0].seeds.iter();
        let arrived: Vec<Option<u64>> = seeds.map(|seed| seed.arrived_at).collect();
        assert_eq!(arrived, expect, "{target:?}");
    };
    check(Target::Loss(0.5), &[Some(10), Some(0), None]);
    check(Target::Loss(0.3), &[Some(100), None, None]);
    check(Target::Accuracy(0.75), &[Some(10), Some(0), None]);
    check(Target::Loss(0.0), &[None; 3]);
}

#[test]
fn the_best_is_told_where_the_spread_allows_it() {
    let check = |losses: &[[f32; 3]], column, expect: Option<usize>| {
        let got = compared(2, losses, Target::Loss(0.5));
        assert_eq!(got.best(column), expect, "{losses:?} {column:?}");
    };
    let last = |loss| [1.0, 1.0, loss];
    let clear = [last(0.4), last(0.5), last(0.1), last(0.2)];
    check(&clear, Column::Loss, Some(1));
    check(&clear, Column::Accuracy, Some(1));
    // All as dead as each other.
    check(&clear, Column::Dead, None);
    // 0.5 is nearer to 1 than 0.1 is.
    check(&clear, Column::GradientRatio, Some(0));
    let overlapping = [last(0.2), last(0.4), last(0.25), last(0.45)];
    check(&overlapping, Column::Loss, None);
    let diverging = [last(0.4), last(0.5), last(0.1), last(NAN)];
    check(&diverging, Column::Loss, None);
    check(&[last(0.4), last(0.5)], Column::Loss, None);
    // One arrives, the other never.
    check(
        &[last(0.5), last(0.5), last(1.0), last(1.0)],
        Column::Steps,
        Some(0),
    );
    check(
        &[last(0.9), last(0.9), last(1.0), last(1.0)],
        Column::Steps,
        None,
    );
}

#[test]
fn the_most_typical_seed_is_nearest_to_the_medians_of_all_lanes() {
    let check = |seeds, losses: &[f32], expect| {
        let losses: Vec<[f32; 3]> = losses.iter().map(|&loss| [1.0, 1.0, loss]).collect();
        let got = compared(seeds, &losses, Target::default());
        assert_eq!(got.most_typical(), expect, "{losses:?}");
    };
    check(3, &[0.1, 0.2, 0.4], Some(1));
    // The second is the median of the first lane, and far off in the other.
    check(3, &[0.1, 0.2, 0.4, 0.3, 9.0, 0.3], Some(0));
    check(3, &[0.1, f32::NAN, 0.1, 0.2, 0.2, 0.2], Some(0));
    // Where most diverge one that does is typical.
    check(3, &[0.1, f32::NAN, f32::NAN], Some(1));
    check(1, &[0.1], Some(0));
    let none = compared(2, &[], Target::default());
    assert_eq!(none.most_typical(), None);
}

#[test]
fn what_never_arrives_comes_last() {
    let last = |loss| [1.0, 1.0, loss];
    let losses = [last(1.0), last(0.4), [1.0, 0.5, 0.5]];
    let got = compared(1, &losses, Target::Loss(0.5));
    let check = |column, falling, expect: &[usize]| {
        assert_eq!(got.sorted_by(column, falling), expect, "{column:?}");
    };
    check(Column::Steps, false, &[2, 1, 0]);
    check(Column::Steps, true, &[1, 2, 0]);
    check(Column::Loss, false, &[1, 2, 0]);
    check(Column::Loss, true, &[0, 2, 1]);
    check(Column::Dead, false, &[0, 1, 2]);
    check(Column::TestAccuracy, true, &[0, 1, 2]);
}

#[test]
fn lanes_of_unlike_loss_cannot_be_compared() {
    let check = |vary_text: &str, expect: bool| {
        let base = Scenario::default();
        let lanes = vary(&base, vary_text).expect("lanes");
        let spec = fleet(base, lanes, 1, 10);
        let got = Comparison::new(&spec, &FleetResults::new(&spec), Target::default());
        assert_eq!(
            got.unlike.is_some(),
            expect,
            "{vary_text}: {:?}",
            got.unlike
        );
    };
    check("l=bce,mse", true);
    check("l=focal,gamma:1,focal,gamma:2", true);
    check("d=circle,moons", true);
    check("a=tanh,relu", false);
}

#[test]
fn files_have_a_line_for_each() {
    let losses = [
        [1.0, 0.5, 0.25],
        [1.0, 0.5, 0.5],
        [1.0, NAN, NAN],
        [1.0, 1.0, 1.0],
    ];
    let got = compared(2, &losses, Target::Loss(0.25));
    let lines = |text: String| text.lines().map(str::to_owned).collect::<Vec<_>>();
    assert_eq!(
        lines(got.curves_csv()),
        [
            "changes,step,median,q1,q3,diverged",
            "learning rate 0.1,0,1,1,1,0",
            "learning rate 0.1,10,0.5,0.5,0.5,0",
            "learning rate 0.1,100,0.375,0.3125,0.4375,0",
            "learning rate 0.2,0,1,1,1,0",
            "learning rate 0.2,10,1,1,1,1",
            "learning rate 0.2,100,1,1,1,1",
        ]
    );
    let table = lines(got.table_csv());
    assert!(table[0].starts_with("changes,seeds,diverged,reached,steps_to_target_median,"));
    assert!(
        table[1].starts_with("learning rate 0.1,2,0,1,,,,0.375,0.3125,0.4375,"),
        "{}",
        table[1]
    );
    assert!(
        table[2].starts_with("learning rate 0.2,2,1,0,,,,1,1,1,"),
        "{}",
        table[2]
    );
    let seeds = lines(got.seeds_csv());
    assert_eq!(
        seeds[1],
        "learning rate 0.1,2,100,100,0.25,0.875,0.5,,0.25,0.5,0.25,0"
    );
    assert_eq!(seeds[3], "learning rate 0.2,2,100,,,,,,0.25,0.5,,1");
}

#[test]
fn a_text_tells_lanes() {
    let base = Scenario::default();
    let check = |text: &str, expect: &[&str]| {
        let got = match vary(&base, text) {
            Ok(lanes) => lanes.iter().map(|lane| changes(&base, lane)).collect(),
            Err(error) => vec![error.to_string()],
        };
        assert_eq!(got, expect, "{text}");
    };
    check(
        "a=tanh,leaky_relu,alpha:0.2,relu",
        &[
            "activation Tanh",
            "activation Leaky ReLU, alpha 0.2",
            "activation ReLU",
        ],
    );
    check("lr=0.1,1", &["learning rate 0.1", "learning rate 1"]);
    check("depth=1,2", &["1 hidden layers", "2 hidden layers"]);
    check(
        "o=adam",
        &["optimizer Adam, beta 1 0.9, beta 2 0.999, epsilon 1e-8"],
    );
    check(
        "f=max(z;0)",
        &[
            "f=max(z;0): column 6: `;` is not used in formulas: operators are + - * / ^ < <= > >= == !=",
        ],
    );
    check(
        "a",
        &["'a': write a setting and its values as key=value,value"],
    );
    check(
        "a=tanh,,relu",
        &["'a=tanh,,relu': write a setting and its values as key=value,value"],
    );
    check("lr=50", &["lr=50: choose 0.0001 to 10"]);
    check(
        "depth=99",
        &["depth=99: choose a whole number from 1 to 32"],
    );
    check(
        "sp=60",
        &[
            "sp: there is no such setting: choose s, d, n, nz, t, vs, im, rs, std, stdy, h, a, f, p, as, pr, bn, i, iw, g, l, cw, o, lr, lrs, sch, wu, b, or, l1, l2, clip, dr, width, depth, lr1, lr2, lr3, lr4",
        ],
    );
}

#[test]
fn presets_are_lanes_and_functions_may_have_their_own_initializer() {
    let base = Scenario::default();
    for preset in &PRESETS {
        let lanes = preset.lanes(&base).expect(preset.id);
        assert!((2..=8).contains(&lanes.len()), "{}", preset.id);
    }
    let lanes = vary(&base, "a=sigmoid,relu").expect("lanes");
    let paired = with_own_initializers(&base, &lanes);
    let pair = |id: &str| {
        catalogue()
            .iter()
            .find(|entry| entry.id == id)
            .expect("it is")
            .initializer
    };
    assert_eq!(paired[0][1], Edit::Initializer(pair("sigmoid")));
    assert_eq!(paired[1][1], Edit::Initializer(Initializer::HeNormal));
    let rates = vary(&base, "lr=0.1,1,3").expect("lanes");
    assert_eq!(product(&lanes, &rates).len(), 6);
    assert_eq!(base.training.loss, Loss::BceLogits);
}
