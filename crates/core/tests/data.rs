//! Generated data sets, points, split and standardisation. Tables have `tables.rs`.

use actiscope_core::data::{
    DataError, DataInfo, DataSource, DataSpec, Dataset, PointKind, PointSet, Resampling,
    TargetKind, catalogue,
};
use expect_test::{Expect, expect};

fn spec(source: DataSource) -> DataSpec {
    DataSpec::plain(source, 1_000, 0.0)
}

fn generated() -> impl Iterator<Item = &'static DataInfo> {
    catalogue().iter().filter(|info| info.source.is_generated())
}

fn generate(spec: &DataSpec) -> Dataset {
    spec.generate(5)
        .unwrap_or_else(|error| panic!("{spec:?}: {error}"))
}

#[test]
fn every_generator_is_balanced_in_any_prefix_and_near_the_unit_square() {
    for info in generated() {
        let spec = spec(info.source.clone());
        let data = generate(&spec);
        let shape = spec.shape();
        assert_eq!((data.n_inputs, data.target), (shape.n_inputs, shape.target));
        assert_eq!(data.x_train.len(), data.n_inputs * data.n_train());
        let furthest = data.x_train.iter().fold(0.0f32, |m, v| m.max(v.abs()));
        let is_cloud = info.source == DataSource::TwoGaussians;
        let reach = if is_cloud { 1.2 } else { 1.0 };
        assert!((0.8..=reach).contains(&furthest), "{}: {furthest}", info.id);
        if let TargetKind::Class { n_classes } = data.target {
            for n in [2, 16, 512] {
                let ones: f32 = data.y_train[..n].iter().sum();
                assert_eq!(ones as usize, n / n_classes, "{}", info.id);
            }
        }
    }
}

#[test]
fn a_sample_depends_on_seed_and_index_alone() {
    for info in generated() {
        let long = generate(&spec(info.source.clone()));
        let short = DataSpec {
            n_samples: 10,
            ..spec(info.source.clone())
        };
        let same = short.generate(5).expect("valid");
        assert_eq!(same.x_train, long.x_train[..same.x_train.len()]);
        assert_eq!(same.y_train, long.y_train[..10]);
        let other = short.generate(6).expect("valid");
        assert_ne!(same.x_train, other.x_train, "{}", info.id);
    }
}

/// Share of samples whose nearest other sample has their class.
fn neighbour_agreement(data: &Dataset) -> f64 {
    let points: Vec<_> = data.x_train.chunks_exact(2).collect();
    let agree = |i: usize| {
        let distance = |j: &usize| {
            let (dx, dy) = (points[i][0] - points[*j][0], points[i][1] - points[*j][1]);
            dx * dx + dy * dy
        };
        let nearest = (0..points.len())
            .filter(|&j| j != i)
            .min_by(|a, b| distance(a).total_cmp(&distance(b)))
            .expect("two samples at least");
        data.y_train[nearest] == data.y_train[i]
    };
    (0..points.len()).filter(|&i| agree(i)).count() as f64 / points.len() as f64
}

#[test]
fn noise_mixes_classes_gradually() {
    for info in generated() {
        let clean = spec(info.source.clone());
        if clean.shape().target == TargetKind::Number {
            continue;
        }
        let agreement = |noise| {
            neighbour_agreement(&generate(&DataSpec {
                noise,
                ..clean.clone()
            }))
        };
        let [none, some, much] = [0.0, 0.1, 0.5].map(agreement);
        assert!(none > 0.97, "{}: {none} without noise", info.id);
        assert!(some > 0.8, "{}: {some} at noise 0.1", info.id);
        assert!(much < some && much < 0.97, "{}: {much} at 0.5", info.id);
    }
}

#[test]
fn noise_moves_regression_targets_by_its_standard_deviation() {
    for source in [
        DataSource::Plane,
        DataSource::GaussianBumps,
        DataSource::Sine,
    ] {
        let clean = generate(&spec(source.clone()));
        let noisy = generate(&DataSpec {
            noise: 0.3,
            ..spec(source.clone())
        });
        assert_eq!(clean.x_train, noisy.x_train);
        let squares = clean
            .y_train
            .iter()
            .zip(&noisy.y_train)
            .map(|(a, b)| (a - b).powi(2));
        let std = (squares.sum::<f32>() / clean.n_train() as f32).sqrt();
        assert!((std - 0.3).abs() < 0.02, "{source:?}: {std}");
    }
}

/// Plain facts of each set's shape, on noise-free samples.
#[test]
fn classes_lie_where_their_names_say() {
    let check = |source: DataSource, class_of: fn(f64, f64) -> bool| {
        let data = generate(&spec(source.clone()));
        for (x, y) in data.x_train.chunks_exact(2).zip(&data.y_train) {
            assert_eq!(
                class_of(x[0].into(), x[1].into()),
                *y == 1.0,
                "{source:?} at {x:?}"
            );
        }
    };
    check(DataSource::Circle, |x1, x2| x1.hypot(x2) < 0.6);
    check(DataSource::Xor, |x1, x2| x1 * x2 < 0.0);
    check(DataSource::Rings, |x1, x2| {
        let radius = x1.hypot(x2);
        radius < 0.3 || (0.6..0.8).contains(&radius)
    });
    check(DataSource::Checkerboard, |x1, x2| {
        (((x1 + 1.0) * 2.0) as i32 + ((x2 + 1.0) * 2.0) as i32) % 2 == 1
    });
    check(DataSource::Spiral, |x1, x2| {
        let turns = x2.atan2(x1) / std::f64::consts::TAU - 1.5 * x1.hypot(x2) / 0.95;
        let from_half = (turns.rem_euclid(1.0) - 0.5).abs();
        from_half < 0.25
    });
}

#[test]
fn split_holds_out_the_share_and_standardises_on_the_rest() {
    let spec = DataSpec {
        test_share: 0.25,
        standardize: true,
        ..DataSpec::plain(DataSource::Moons, 200, 0.1)
    };
    let data = generate(&spec);
    assert_eq!((data.n_train(), data.n_test()), (150, 50));
    for k in 0..2 {
        let column = || {
            data.x_train
                .iter()
                .skip(k)
                .step_by(2)
                .map(|&v| f64::from(v))
        };
        let mean = column().sum::<f64>() / 150.0;
        let variance = column().map(|v| (v - mean).powi(2)).sum::<f64>() / 150.0;
        assert!(mean.abs() < 1e-6, "mean {mean}");
        assert!((variance - 1.0).abs() < 1e-6, "variance {variance}");
        let test_mean = data.x_test.iter().skip(k).step_by(2).sum::<f32>() / 50.0;
        assert!(test_mean.abs() > 1e-4, "the test set takes part in the fit");
    }
    // Every sample is in exactly one part.
    let whole = generate(&DataSpec {
        test_share: 0.0,
        standardize: false,
        ..spec.clone()
    });
    let parts = generate(&DataSpec {
        standardize: false,
        ..spec
    });
    let rows = |x: &[f32]| {
        x.chunks_exact(2)
            .map(|r| [r[0].to_bits(), r[1].to_bits()])
            .collect::<Vec<_>>()
    };
    let mut joined = rows(&parts.x_train);
    joined.extend(rows(&parts.x_test));
    let mut expected = rows(&whole.x_train);
    joined.sort_unstable();
    expected.sort_unstable();
    assert_eq!(joined, expected);
}

fn class_sizes(y: &[f32]) -> [usize; 2] {
    let n_rare = y.iter().filter(|&&y| y == 1.0).count();
    [y.len() - n_rare, n_rare]
}

#[test]
fn every_two_class_set_can_be_made_as_rare_as_is_asked() {
    let table = "a,b,label\n".to_owned()
        + &(0..200)
            .map(|i| format!("{i},{},{}\n", i * i % 7, i % 2))
            .collect::<String>();
    let mut sources: Vec<DataSource> = generated().map(|info| info.source.clone()).collect();
    sources.push(DataSource::Csv(table.into()));
    for source in sources {
        let spec = spec(source);
        let plain = generate(&spec);
        let thin = generate(&DataSpec {
            imbalance: 19.0,
            ..spec.clone()
        });
        match (spec.shape().target, spec.source.info()) {
            (TargetKind::Number, _) => assert_eq!(thin, plain),
            (_, Some(_)) => assert_eq!(class_sizes(&thin.y_train), [950, 50]),
            (_, None) => assert_eq!(class_sizes(&thin.y_train), [100, 5]),
        }
        if let TargetKind::Class { .. } = spec.shape().target {
            // Any prefix is as rare as the whole, and no sample is made up.
            let [_, n_rare] = class_sizes(&thin.y_train[..thin.n_train() / 5]);
            assert!((1..=10).contains(&n_rare), "{n_rare}");
        }
    }
}

#[test]
fn what_is_kept_for_validation_is_nobody_elses() {
    let halves = DataSpec {
        test_share: 0.2,
        ..spec(DataSource::Moons)
    };
    let three = DataSpec {
        validation_share: 0.3,
        ..halves.clone()
    };
    let (halves, three) = (generate(&halves), generate(&three));
    assert_eq!(
        (three.n_train(), three.n_validation(), three.n_test()),
        (500, 300, 200)
    );
    assert_eq!(three.x_test, halves.x_test);
    let rows = |x: &[f32]| {
        let rows = x.chunks_exact(2);
        rows.map(|r| [r[0].to_bits(), r[1].to_bits()])
            .collect::<Vec<_>>()
    };
    let mut joined = rows(&three.x_train);
    joined.extend(rows(&three.x_validation));
    let mut expected = rows(&halves.x_train);
    joined.sort_unstable();
    expected.sort_unstable();
    assert_eq!(joined, expected);
}

#[test]
fn only_training_is_resampled() {
    let spec = DataSpec {
        test_share: 0.2,
        validation_share: 0.1,
        imbalance: 9.0,
        standardize: true,
        ..spec(DataSource::TwoGaussians)
    };
    let plain = generate(&spec);
    let of = |resampling| {
        generate(&DataSpec {
            resampling,
            ..spec.clone()
        })
    };
    let [n_common, n_rare] = class_sizes(&plain.y_train);
    assert_eq!(n_common + n_rare, 700);
    let (over, under) = (of(Resampling::Over), of(Resampling::Under));
    assert_eq!(class_sizes(&over.y_train), [n_common, n_common]);
    assert_eq!(class_sizes(&under.y_train), [n_rare, n_rare]);
    for other in [over, under] {
        assert_eq!(other.x_test, plain.x_test);
        assert_eq!(other.x_validation, plain.x_validation);
        let known: Vec<&[f32]> = plain.x_train.chunks_exact(2).collect();
        let rows = other.x_train.chunks_exact(2);
        assert!(rows.into_iter().all(|row| known.contains(&row)));
    }
}

#[test]
fn numbers_out_of_range_are_refused() {
    let check = |change: fn(&mut DataSpec), expect: Expect| {
        let mut spec = spec(DataSource::Circle);
        change(&mut spec);
        expect.assert_eq(&spec.generate(0).expect_err("out of range").to_string());
    };
    check(|s| s.n_samples = 1, expect!["1 samples: choose 2 to 10000"]);
    check(
        |s| s.n_samples = 10_001,
        expect!["10001 samples: choose 2 to 10000"],
    );
    check(
        |s| s.noise = f64::NAN,
        expect!["noise NaN: choose a number from 0 to 1"],
    );
    check(
        |s| s.test_share = 0.95,
        expect!["test share 0.95: choose a number from 0 to 0.9"],
    );
    check(
        |s| s.validation_share = 0.6,
        expect!["validation share 0.6: choose a number from 0 to 0.5"],
    );
    check(
        |s| s.imbalance = 0.5,
        expect!["imbalance 0.5: choose a number from 1 to 99"],
    );
}

#[test]
fn points_are_the_samples_that_were_shown() {
    for info in generated() {
        let before = DataSpec {
            standardize: true,
            standardize_targets: false,
            test_share: 0.25,
            ..spec(info.source.clone())
        };
        let after = before.as_points(3).expect("generated data lie on a plane");
        let (before, after) = (before.generate(3).unwrap(), after.generate(3).unwrap());
        assert_eq!(after.target, before.target, "{}", info.id);
        assert_eq!(after.n_train(), before.n_train(), "{}", info.id);
        // Standardised by the whole set instead of its training part, and rounded to a thousandth.
        let difference = |a: &[f32], b: &[f32]| {
            let differences = a.iter().zip(b).map(|(a, b)| (a - b).abs());
            differences.fold(0.0, f32::max)
        };
        assert!(
            difference(&after.x_train, &before.x_train) < 0.2,
            "{}",
            info.id
        );
        assert!(
            difference(&after.y_train, &before.y_train) < 6e-4,
            "{}",
            info.id
        );
    }
    // Without standardisation to the thousandth.
    let before = spec(DataSource::Moons);
    let after = before.as_points(3).unwrap().generate(3).unwrap();
    let before = before.generate(3).unwrap();
    for (a, b) in after.x_train.iter().zip(&before.x_train) {
        assert!((a - b).abs() < 6e-4);
    }
}

#[test]
fn points_are_added_found_and_removed() {
    let mut points = PointSet::new(PointKind::Classes { n_classes: 3 });
    let data = |points: &PointSet| spec(DataSource::Points(points.clone())).generate(1);
    assert_eq!(data(&points).unwrap_err(), DataError::NoPoints);
    points.add(&[0.12345, -0.5], 2.0).unwrap();
    points.add(&[f64::NAN, 1e300], 99.0).unwrap();
    assert_eq!(points.len(), 2);
    assert_eq!(points.n_classes_present(), 1);
    assert_eq!(points.place(0), Some([0.123, -0.5]));
    let (nearest, distance) = points.nearest([0.123, -0.4]).unwrap();
    assert_eq!(nearest, 0);
    assert!((distance - 0.1).abs() < 1e-12);
    let samples = data(&points).unwrap();
    assert_eq!(samples.x_train, [0.123, -0.5, 0.0, 1e6]);
    assert_eq!(samples.y_train, [2.0, 2.0]);
    assert_eq!(samples.class_names, ["0", "1", "2"]);
    points.remove(7);
    points.remove(0);
    assert_eq!(points.place(0), Some([0.0, 1e6]));

    let mut curve = PointSet::new(PointKind::Curve);
    curve.add(&[0.5], -0.25).unwrap();
    assert_eq!(curve.place(0), Some([0.5, -0.25]));
    assert_eq!(data(&curve).unwrap().y_train, [-0.25]);
    for _ in 1..10_000 {
        curve.add(&[0.0], 0.0).unwrap();
    }
    assert_eq!(curve.add(&[0.0], 0.0), Err(DataError::TooManyPoints));
}

#[test]
fn what_is_on_no_plane_is_no_point() {
    let iris = "a,b,c,label\n1,2,3,x\n2,3,4,y\n";
    assert_eq!(spec(DataSource::Csv(iris.into())).as_points(1), None);
    assert_eq!(
        spec(DataSource::Csv("not a table".into())).as_points(1),
        None
    );
    let plane = "a,b,label\n1,2,x\n2,3,y\n";
    assert!(spec(DataSource::Csv(plane.into())).as_points(1).is_some());
}
