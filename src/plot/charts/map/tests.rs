use actiscope_core::map;
use actiscope_core::protocol::Measure;
use actiscope_core::scenario::{Axis, AxisScale, Scenario, Setting};

use super::*;
use crate::plot::kit::check::texts_are_apart_and_inside;
use crate::plot::kit::geometry::size;

fn axis(setting: Setting, from: f64, to: f64, n: u32) -> Axis {
    Axis {
        setting,
        from,
        to,
        n,
        scale: AxisScale::Log,
    }
}

/// Sixteen rates by sixteen decays from 0 on, two seeds each. Cells of the passes before `n_passes` were trained; the higher
/// the rate, the more units are dead, until all diverge.
fn trained(n_passes: u32) -> Map {
    let (x, y) = (
        axis(Setting::LearningRate, 0.01, 10.0, 16),
        axis(Setting::L2, 0.0, 0.1, 16),
    );
    let spec = map::fleet(Scenario::default(), x, y, 2, 100);
    let measure = |network: u32| {
        let lane = network / 2;
        let ix = lane % 16;
        (spec.lanes.pass(lane as usize) < n_passes).then(|| Measure {
            network,
            step: 100,
            loss: 0.5 / (1.0 + lane as f32),
            accuracy: Some(0.75),
            test_loss: None,
            test_accuracy: None,
            recall: None,
            precision: None,
            gradient_ratio: None,
            n_units: 16,
            n_dead: ix as u16,
            n_saturated: 1,
            first_death: (ix > 2).then_some(10),
            diverged_at: (ix > 12).then_some(50),
        })
    };
    Map::of(&spec, (0..512).map(measure).collect()).expect("a grid")
}

fn data(map: &Map, value: MapValue) -> MapData<'_> {
    MapData {
        map,
        value,
        key: Key::new(map, value, 100),
        names: ["Learning rate", "L2"],
        lines: &[],
        at: Some((5, 6)),
        scope: Some([1.0, 0.0]),
        best: Some((12, 15)),
        area: None,
        is_old: false,
    }
}

#[test]
fn it_is_drawn_at_every_size_and_of_anything() {
    for n_passes in 0..=4 {
        let map = trained(n_passes);
        for value in MapValue::ALL {
            for (width, height) in [
                (720.0, 640.0),
                (1400.0, 900.0),
                (366.0, 480.0),
                (200.0, 120.0),
                (3.0, 2.0),
            ] {
                for theme in [Theme::LIGHT, Theme::DARK] {
                    let data = MapData {
                        area: Some([(2, 2), (9, 4)]),
                        ..data(&map, value)
                    };
                    let scene = map_scene(size(width, height), &theme, &data);
                    assert!(!scene.shapes.is_empty());
                }
            }
        }
    }
}

#[test]
fn texts_keep_apart_without_a_crosshair() {
    let map = trained(4);
    for value in MapValue::ALL {
        for (width, height) in [(720.0, 640.0), (1100.0, 800.0), (366.0, 500.0)] {
            let data = MapData {
                at: None,
                scope: None,
                best: None,
                ..data(&map, value)
            };
            texts_are_apart_and_inside(&map_scene(size(width, height), &Theme::LIGHT, &data));
        }
    }
}

#[test]
fn what_is_not_trained_looks_like_the_coarser_cell_that_is() {
    let map = trained(1);
    let data = data(&map, MapValue::Dead);
    assert_eq!(data.tint((0, 0)), Tint::At(0.0));
    assert_eq!(data.tint((15, 3)), data.tint((8, 0)));
    assert_eq!(data.tint((8, 0)), Tint::At(0.5));
    let map = trained(0);
    assert_eq!(
        super::tests::data(&map, MapValue::Dead).tint((8, 0)),
        Tint::Unknown
    );
}

#[test]
fn a_slice_is_filled_as_the_map_is_while_cells_are_missing() {
    let (map, size) = (trained(1), size(720.0, 640.0));
    let scene = map_scene(size, &Theme::LIGHT, &data(&map, MapValue::Dead));
    let row = MapGeometry::new(size, &Theme::LIGHT, map.x, map.y)
        .row
        .expect("there is room");
    let paint = Paint::fill(Theme::LIGHT.dead.fade(0.7));
    let bars = scene.shapes.iter().filter_map(|shape| match shape {
        Shape::Rect { rect, paint: p, .. } if *p == paint && row.overlaps(rect) => Some(rect),
        _ => None,
    });
    let bars: Vec<&Rect> = bars.collect();
    // Of the two cells that were trained half of the units of the second are dead.
    assert_eq!(bars.len(), 8);
    let width: f64 = bars.iter().map(|bar| bar.width).sum();
    assert_eq!(width, row.width / 2.0);
    assert!(bars.iter().all(|bar| bar.height == row.height / 2.0));
}

#[test]
fn cells_are_told_apart_by_what_came_of_them() {
    let map = trained(4);
    assert_eq!(data(&map, MapValue::FirstDeath).tint((0, 0)), Tint::Nothing);
    assert_eq!(data(&map, MapValue::FirstDeath).tint((5, 0)), Tint::At(0.1));
    assert_eq!(
        data(&map, MapValue::FirstDeath).tint((14, 0)),
        Tint::Diverged
    );
    assert_eq!(data(&map, MapValue::Diverged).tint((14, 0)), Tint::At(1.0));
    let words = cell_words(&data(&map, MapValue::Dead), (8, 0));
    assert_eq!(words, "Learning rate 0.398, L2 0: dead units 50 %");
    let words = describe_map(&data(&map, MapValue::Dead));
    assert!(
        words.contains("from 0 % to 75 %") && words.contains("96 diverged"),
        "{words}"
    );
}

#[test]
fn slices_are_told_as_tables() {
    let map = trained(1);
    let [row, column] = slice_tables(&data(&map, MapValue::Dead), (8, 0));
    assert_eq!(row.title, "Row at L2 0");
    assert_eq!(row.heads, ["Learning rate", "Dead units"]);
    let told = |table: &SliceTable, i: usize| table.lines[i].join(": ");
    assert_eq!(row.lines.len(), 16);
    assert_eq!(told(&row, 8), "0.398: 50 %");
    assert_eq!(told(&row, 9), "0.631: not trained yet");
    assert_eq!(column.title, "Column at learning rate 0.398");
    assert_eq!(told(&column, 0), "0: 50 %");
    let map = trained(4);
    let [row, _] = slice_tables(&data(&map, MapValue::Dead), (8, 0));
    assert_eq!(told(&row, 15), "10: diverged");
}

#[test]
fn names_stand_within_a_sentence() {
    let check = |name, expect| assert_eq!(lower(name), expect);
    check("Learning rate", "learning rate");
    check("Learning rate, layer 1", "learning rate, layer 1");
    check("L2", "L2");
    check("BatchNorm", "BatchNorm");
    check("Alpha", "alpha");
}

#[test]
fn every_cell_is_found_where_it_is_drawn() {
    let map = trained(4);
    for (width, height) in [(720.0, 640.0), (366.0, 480.0)] {
        let g = MapGeometry::new(size(width, height), &Theme::LIGHT, map.x, map.y);
        for iy in 0..16 {
            for ix in 0..16 {
                let cell = g.cell((ix, iy));
                assert!(g.field.encloses(&cell));
                assert_eq!(g.cell_at(cell.center()), Some((ix, iy)));
            }
        }
        // The row of 0 stands apart, and is the only one there.
        let gap = g.cell((0, 0)).y - g.cell((0, 1)).bottom();
        assert_eq!(gap, 4.0);
        assert_eq!(g.y.px_of(0.0), Some(g.cell((0, 0)).center().y));
        assert_eq!(g.y.px_of(1.0), None);
        assert_eq!(g.x.px_of(10.0), Some(g.cell((15, 0)).center().x));
        assert_eq!(g.cell_at(point(2.0, 2.0)), None);
    }
}

#[test]
fn two_fingers_zoom_into_what_they_leave_on_show() {
    let map = trained(4);
    let g = MapGeometry::new(size(720.0, 640.0), &Theme::LIGHT, map.x, map.y);
    // At a share of the field from its lower left corner.
    let at = |x: f64, y: f64| {
        point(
            g.field.x + x * g.field.width,
            g.field.bottom() - y * g.field.height,
        )
    };
    let check = |from: [(f64, f64); 2], to: [(f64, f64); 2], expect| {
        let points = |ends: [(f64, f64); 2]| ends.map(|(x, y)| at(x, y));
        assert_eq!(g.pinch(points(from), points(to)), expect, "{from:?} {to:?}");
    };
    let (near, far) = ([(0.4, 0.4), (0.6, 0.6)], [(0.3, 0.3), (0.7, 0.7)]);
    // Twice as far apart: half of the map about the middle; the row of 0 stands apart from the others.
    check(near, far, Some(Pinch::Into([(4, 3), (11, 11)])));
    check(far, near, Some(Pinch::Out));
    check(near, near, None);
    // Drawn to the upper right, so that what lay at the lower left comes in.
    check(
        near,
        [(0.6, 0.6), (1.0, 1.0)],
        Some(Pinch::Into([(1, 1), (9, 9)])),
    );
    // There is nothing beyond the edge.
    check(
        [(0.0, 0.0), (0.1, 0.1)],
        [(0.8, 0.8), (1.0, 1.0)],
        Some(Pinch::Into([(0, 0), (1, 1)])),
    );
    // One on the other is no division by nothing.
    check([(0.5, 0.5); 2], [(0.5, 0.5); 2], None);
}
