use actiscope_core::health::Health;
use actiscope_core::metrics::{Ranked, ReliabilityBin, reliability};
use actiscope_core::random::{Random, Stream};
use expect_test::expect;
use proptest::prelude::*;

use super::*;
use crate::plot::kit::check::texts_are_apart_and_inside;
use crate::plot::kit::geometry::{Size, point, size};
use crate::plot::kit::scene::{Scene, Shape};
use crate::plot::kit::theme::Theme;

/// One in twenty is rare. The classes overlap, and lie partly beyond the axis.
fn samples(n: usize) -> (Vec<f64>, Vec<bool>) {
    let random = Random::new(5, Stream::Test, 0);
    let sample = |i: usize| {
        let is_rare = i % 20 == 7;
        let (middle, spread) = if is_rare { (0.0, 4.0) } else { (-9.0, 4.0) };
        (middle + spread * random.normal(i as u64), is_rare)
    };
    (0..n).map(sample).unzip()
}

fn ranked(n: usize) -> Ranked {
    let (logits, is_rare) = samples(n);
    Ranked::new(&logits, &is_rare).expect("sound")
}

fn threshold_data(ranked: &Ranked) -> ThresholdData<'_> {
    ThresholdData {
        ranked,
        names: ["common", "rare"],
        slots: [0, 1],
        threshold: 0.0,
        cheapest: ranked.cheapest(10.0).threshold_logit,
        miss_cost: 10.0,
        is_logit: true,
        is_count: false,
        is_stale: false,
    }
}

const USUAL: Size = size(400.0, 650.0);
const PHONE: Size = size(358.0, 430.0);

fn texts(scene: &Scene) -> Vec<&str> {
    scene.texts().map(|text| text.text.as_str()).collect()
}

#[track_caller]
fn check_texts(scene: &Scene, expected: &[&str]) {
    texts_are_apart_and_inside(scene);
    let texts = texts(scene);
    for text in expected {
        assert!(texts.contains(text), "{text:?} is not in {texts:?}");
    }
}

fn two_class_bins(ranked: &[(f64, bool)]) -> Vec<ReliabilityBin> {
    reliability(ranked.iter().copied(), 10)
}

fn bins(temperature: f64) -> Vec<ReliabilityBin> {
    let (logits, is_rare) = samples(1000);
    let p = logits.iter().map(|z| probability_of(z / temperature));
    two_class_bins(&p.zip(is_rare).collect::<Vec<_>>())
}

type Triples = Vec<(f64, f64, f64)>;

fn roc_points(ranked: &Ranked) -> Triples {
    let points = ranked.roc().expect("two classes").into_iter();
    let triple = |p: actiscope_core::metrics::RocPoint| {
        (p.false_positive_rate, p.true_positive_rate, p.threshold)
    };
    points.map(triple).collect()
}

fn pr_points(ranked: &Ranked) -> Triples {
    let points = ranked.pr().expect("rare ones").into_iter();
    points
        .map(|p| (p.recall, p.precision, p.threshold))
        .collect()
}

fn ranking_data(points: &[(f64, f64, f64)]) -> RankingData<'_> {
    RankingData {
        points,
        now: Some((0.02, 0.5)),
        cheapest: Some((0.1, 0.8)),
        ghost: None,
        base: 0.05,
        undefined: None,
    }
}

proptest! {
    #[test]
    fn texts_never_overlap_and_stay_inside(
        width in 20.0..900.0f64, height in 20.0..900.0f64, scale in 1.0..1.6f64,
        n in 1..400usize, threshold in -12.0..12.0f64, log_cost in -4.6..4.6f64,
        is_logit: bool, is_count: bool,
    ) {
        let theme = Theme::LIGHT.at_scale(scale);
        let room = size(width, height);
        let ranked = ranked(n);
        let miss_cost = libm::exp(log_cost);
        let data = ThresholdData {
            threshold,
            cheapest: ranked.cheapest(miss_cost).threshold_logit,
            miss_cost,
            is_logit,
            is_count,
            ..threshold_data(&ranked)
        };
        texts_are_apart_and_inside(&threshold_scene(room, &theme, &data));
        let points = [(0.0, 1.0, 3.0), (0.5, 0.7, 1.0), (1.0, 0.05, -4.0)];
        let ghost = Ghost { points: &[(0.0, 0.0), (1.0, 1.0)], label: "run before, Identity\n0.918" };
        let data = RankingData { ghost: Some(ghost), ..ranking_data(&points) };
        texts_are_apart_and_inside(&roc_scene(room, &theme, &data));
        texts_are_apart_and_inside(&pr_scene(room, &theme, &data));
        let undefined = RankingData { undefined: Some("not defined: only common here"), ..data };
        texts_are_apart_and_inside(&roc_scene(room, &theme, &undefined));
        let (before, after) = (bins(1.0), bins(1.65));
        for (after, is_top_class) in [(None, true), (Some(after.as_slice()), false)] {
            let data = ReliabilityData { before: &before, after, is_top_class, name: "rare" };
            texts_are_apart_and_inside(&reliability_scene(room, &theme, &data));
        }
        let names: Vec<String> = (0..10).map(|i| i.to_string()).collect();
        let logits: Vec<f64> = (0..10).map(|i| 2.7 * f64::from(i) - 12.0).collect();
        let data = SoftmaxData {
            names: &names, logits: &logits, shares: &[0.1; 10], shares_before: None, truth: 3, said: 5,
        };
        texts_are_apart_and_inside(&softmax_scene(room, &theme, &data));
    }

    #[test]
    fn the_threshold_under_a_pointer_is_where_it_is_drawn(
        width in 200.0..900.0f64, logit in -8.5..8.5f64, is_logit: bool,
    ) {
        let ranked = ranked(100);
        let data = ThresholdData { is_logit, ..threshold_data(&ranked) };
        let g = ThresholdGeometry::new(size(width, 500.0), &Theme::LIGHT, &data);
        let px = g.px_of_logit(logit);
        prop_assert!((g.logit_of_px(px) - logit).abs() < 1e-6, "{}", g.logit_of_px(px));
        prop_assert!(g.rare.x <= px && px <= g.rare.right());
        prop_assert_eq!(g.logit_of_px(-10.0), -8.5);
        prop_assert_eq!(g.logit_of_px(width + 10.0), 8.5);
    }

    #[test]
    fn the_point_under_a_pointer_is_the_nearest(n in 40..300usize, i in 0..40usize) {
        let ranked = ranked(n);
        let points = roc_points(&ranked);
        let data = ranking_data(&points);
        let g = RankingGeometry::new(size(200.0, 230.0), &Theme::LIGHT);
        let i = i % points.len();
        let at = g.px_of((points[i].0, points[i].1));
        let found = g.point_at(&data, point(at.x, at.y), 8.0).expect("one is there");
        prop_assert_eq!((points[found].0, points[found].1), (points[i].0, points[i].1));
        prop_assert_eq!(g.point_at(&data, point(g.plot.right(), g.plot.bottom()), 8.0), None);
    }
}

#[test]
fn a_threshold_says_what_it_does_to_both_classes() {
    let ranked = ranked(1000);
    let data = threshold_data(&ranked);
    for room in [USUAL, PHONE] {
        for theme in [Theme::LIGHT, Theme::DARK] {
            let scene = threshold_scene(room, &theme, &data);
            let counts = ranked.at(0.0);
            let hits = format!("{} hits", counts.hits);
            let alarms = format!("{} false alarms", counts.false_alarms);
            let right = format!("{} right", counts.rejections);
            let misses = format!("{} misses", counts.misses);
            let expected = [
                "threshold 0.50",
                "rare",
                "common",
                "50",
                "950",
                "precision",
                "recall",
                "F1",
                "specificity",
                "cost",
                "10 %",
                "50 %",
                "90 %",
                "100 %",
                "share of its class",
                &hits,
                &misses,
                &alarms,
                &right,
                "Cost: false alarms + 10 × misses",
            ];
            check_texts(&scene, &expected);
        }
    }
}

#[test]
fn a_bar_beyond_the_scale_is_cut_and_says_how_much_it_holds() {
    let ranked = ranked(1000);
    let data = threshold_data(&ranked);
    let scene = threshold_scene(USUAL, &Theme::LIGHT, &data);
    let texts = texts(&scene);
    let beyond = texts.iter().find(|text| text.contains("lie below"));
    expect!["61 % lie below 0.034 %"].assert_eq(beyond.expect("the common ones do"));
}

#[test]
fn nothing_said_to_be_rare_is_no_precision_of_0() {
    let common = Ranked::new(&[-1.0, 2.0, 0.5], &[false; 3]).expect("sound");
    let data = ThresholdData {
        threshold: 4.0,
        ..threshold_data(&common)
    };
    let scene = threshold_scene(USUAL, &Theme::LIGHT, &data);
    check_texts(
        &scene,
        &["none said", "none there", "3 right", "0 false alarms"],
    );
    let words = describe_threshold(&data);
    assert!(
        words.contains("Precision: none is said to be. Recall: none is there."),
        "{words}"
    );
}

#[test]
fn a_chart_that_is_stale_has_no_colours() {
    let ranked = ranked(300);
    let data = ThresholdData {
        is_stale: true,
        slots: [4, 5],
        ..threshold_data(&ranked)
    };
    let t = Theme::LIGHT;
    let scene = threshold_scene(USUAL, &t, &data);
    let greys = [t.ink3, t.hist, t.line, t.line2, t.bg];
    let is_grey = |color: crate::plot::kit::color::Color| {
        greys
            .iter()
            .any(|grey| (grey.r, grey.g, grey.b) == (color.r, color.g, color.b))
    };
    for shape in &scene.shapes {
        let (Shape::Rect { paint, .. } | Shape::Circle { paint, .. } | Shape::Path { paint, .. }) =
            shape
        else {
            continue;
        };
        let colors = paint
            .fill
            .into_iter()
            .chain(paint.stroke.map(|stroke| stroke.color));
        for color in colors {
            assert!(is_grey(color), "{color:?}");
        }
    }
    assert!(scene.texts().all(|text| is_grey(text.color)));
}

#[test]
fn probabilities_tell_their_logits_apart() {
    let check = |logit: f64, expected: &str| assert_eq!(probability_text(logit), expected);
    check(0.0, "0.50");
    check(-3.892, "0.020");
    check(-8.0, "0.00034");
    check(-30.0, "9.4e−14");
    check(2.0, "0.88");
    check(6.0, "0.998");
    check(8.5, "0.9998");
    check(20.0, "1 − 2.1e−9");
    check(-2.2, "0.10");
    check(4.6, "0.99");
}

#[test]
fn ranking_words_and_marks() {
    let ranked = ranked(1000);
    let points = pr_points(&ranked);
    let ghost = Ghost {
        points: &[(0.0, 1.0), (1.0, 0.05)],
        label: "before 0.476",
    };
    let data = RankingData {
        ghost: Some(ghost),
        ..ranking_data(&points)
    };
    let room = size(200.0, 230.0);
    let scene = pr_scene(room, &Theme::LIGHT, &data);
    check_texts(
        &scene,
        &[
            "precision",
            "recall",
            "before 0.476",
            "guessing 5 %",
            "100 %",
        ],
    );
    let undefined = RankingData {
        undefined: Some("not defined: only common here"),
        points: &[],
        ..data
    };
    let scene = roc_scene(room, &Theme::LIGHT, &undefined);
    let all = texts(&scene).join(" ");
    assert!(all.contains("not defined: only common here"), "{all}");
    let n_lines = |scene: &Scene| {
        let is_line =
            |shape: &&Shape| matches!(shape, Shape::Path { points, .. } if points.len() > 2);
        scene.shapes.iter().filter(is_line).count()
    };
    assert_eq!(n_lines(&scene), 0);
    let words = describe_ranking(&ranking_data(&points), ["recall", "precision"], 3);
    expect!["threshold 0.995: recall 6.0 %, precision 75.0 %"].assert_eq(&words);
}

#[test]
fn few_samples_are_hollow_and_not_joined() {
    let mut pairs = vec![(0.05, false); 100];
    pairs.extend([(0.55, true); 4]);
    pairs.extend([(0.95, true); 20]);
    let before = two_class_bins(&pairs);
    let data = ReliabilityData {
        before: &before,
        after: None,
        is_top_class: false,
        name: "rare",
    };
    let t = Theme::LIGHT;
    let scene = reliability_scene(size(240.0, 340.0), &t, &data);
    check_texts(
        &scene,
        &["share that is rare", "samples, log", "100 %", "20"],
    );
    let fills: Vec<_> = (scene.shapes.iter())
        .filter_map(|shape| match shape {
            Shape::Circle { paint, .. } => paint.fill,
            _ => None,
        })
        .collect();
    assert_eq!(fills, [t.ink, t.bg, t.ink]);
    expect!["Probability against the share that is rare, with 95 % intervals: at 5.0 % 0.0 % (0.0 % to 3.7 %, of 100); at 55.0 % 100.0 % (51.0 % to 100.0 %, of 4); at 95.0 % 100.0 % (83.9 % to 100.0 %, of 20)."]
        .assert_eq(&describe_reliability(&data));
}

#[test]
fn softmax_marks_its_own_class_and_what_was_said() {
    let names = ["0", "1", "2"].map(str::to_owned);
    let mut data = SoftmaxData {
        names: &names,
        logits: &[-4.2, 5.3, 12.0],
        shares: &[0.0, 0.001, 0.999],
        shares_before: None,
        truth: 1,
        said: 2,
    };
    let t = Theme::LIGHT;
    let fills = |data: &SoftmaxData| {
        let scene = softmax_scene(size(320.0, 200.0), &t, data);
        check_texts(
            &scene,
            &["logit", "softmax", "−4.2", "12.0", "0.1 %", "99.9 %"],
        );
        let fill = |shape: &Shape| match shape {
            Shape::Rect { paint, .. } => paint.fill,
            _ => None,
        };
        scene.shapes.iter().filter_map(fill).collect::<Vec<_>>()
    };
    assert_eq!(
        fills(&data),
        [t.hist, t.hist, t.alive, t.alive, t.dead, t.dead]
    );
    data.truth = 2;
    assert_eq!(
        fills(&data),
        [t.hist, t.hist, t.hist, t.hist, t.alive, t.alive]
    );
    expect![
        "Is 2, said 2. Logit and share of each class: 0 −4.2, 0.0 %; 1 5.3, 0.1 %; 2 12.0, 99.9 %."
    ]
    .assert_eq(&describe_softmax(&data));
}

#[test]
fn pictures_are_crisp_and_weights_have_their_own_scale() {
    let t = Theme::LIGHT;
    let ink = PictureKind::Ink { darkest: 16.0 };
    let scene = picture_scene(size(40.0, 60.0), &t, &[0.0, 16.0, 8.0, -1.0], 2, ink);
    let Shape::Image {
        is_smooth, target, ..
    } = &scene.shapes[0]
    else {
        panic!("an image: {scene:?}");
    };
    assert!(!is_smooth);
    assert_eq!((target.y, target.width, target.height), (10.0, 40.0, 40.0));
    let rgb = |color: crate::plot::kit::color::Color| [color.r, color.g, color.b, 255];
    let bitmap = &scene.bitmaps[0];
    assert_eq!(bitmap.get(0, 0), rgb(t.bg));
    assert_eq!(bitmap.get(1, 0), rgb(t.ink));
    assert_eq!(bitmap.get(0, 1), rgb(t.bg.mix(t.ink, 0.5)));
    assert_eq!(bitmap.get(1, 1), rgb(t.bg));
    let weights = [0.01, -0.02, 0.0, f32::NAN];
    let scene = unit_picture_scene(size(40.0, 40.0), &t, &weights, 2, Health::Dead);
    let bitmap = &scene.bitmaps[0];
    assert_eq!(bitmap.get(0, 0), rgb(t.bg.mix(t.pos, 0.5)));
    assert_eq!(bitmap.get(1, 0), rgb(t.neg));
    assert_eq!((bitmap.get(0, 1), bitmap.get(1, 1)), (rgb(t.bg), rgb(t.bg)));
    let n_lines = (scene.shapes.iter()).filter(|shape| matches!(shape, Shape::Path { .. }));
    assert_eq!(n_lines.count(), 2, "a cross");
}
