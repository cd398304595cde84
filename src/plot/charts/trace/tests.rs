use actiscope_core::interop::trace::{Order, TraceView};

use super::depth::{DepthData, DepthGeometry, depth_scene, depth_values, describe_depth};
use super::look::{LayerLook, looks};
use super::rows::{RowsData, RowsGeometry, describe_row, rows_scene};
use super::timeline::{RecordsData, record_at, records_scene};
use super::unit::{UnitData, describe_unit, unit_scene};
use crate::plot::kit::check::texts_are_apart_and_inside;
use crate::plot::kit::geometry::{point, size};
use crate::plot::kit::scene::Shape;
use crate::plot::kit::theme::Theme;
use crate::trace::made::Made;

/// A usual one, one with large layers, one with many, one without gradients that is ruined, one of a single record.
fn all() -> Vec<Made> {
    let usual = Made::default();
    vec![
        usual.clone(),
        Made {
            hidden: vec![1024, 513, 40],
            kernel: vec![3, 3],
            ..usual.clone()
        },
        Made {
            hidden: vec![16; 20],
            ..usual.clone()
        },
        Made {
            has_gradients: false,
            ruined_at: Some(6),
            ..usual.clone()
        },
        Made {
            steps: vec![0],
            ..usual
        },
    ]
}

const WIDTHS: [f64; 6] = [1200.0, 852.0, 700.0, 620.0, 366.0, 300.0];

#[test]
fn rows_are_drawn_at_every_width() {
    for made in all() {
        let trace = made.trace();
        let view = TraceView::new(&trace, &[]);
        let looks = looks(&view.charts, trace.layers.len());
        let notes = vec![vec!["3 × 3 conv".to_owned()]; trace.layers.len()];
        for order in [Order::Sorted, Order::Model] {
            let rows = trace.rows(view.opens_at, order, view.z_end);
            for unfolded in [&[][..], &[0, 3]] {
                let data = RowsData {
                    rows: &rows,
                    looks: &looks,
                    notes: &notes,
                    order,
                    unfolded,
                    pointed: Some((0, 3)),
                    selected: Some((1, 5)),
                };
                for width in WIDTHS {
                    for theme in [Theme::LIGHT, Theme::DARK, Theme::LIGHT.at_scale(1.6)] {
                        let g = RowsGeometry::new(width, &theme, &data);
                        let scene = rows_scene(size(width, g.height), &theme, &data);
                        if width >= 300.0 * theme.scale {
                            texts_are_apart_and_inside(&scene);
                        }
                    }
                }
            }
        }
    }
}

#[test]
fn many_layers_are_folded_until_one_is_opened() {
    let made = Made {
        hidden: vec![64; 20],
        ..Made::default()
    };
    let trace = made.trace();
    let view = TraceView::new(&trace, &[]);
    let looks = looks(&view.charts, trace.layers.len());
    let rows = trace.rows(5, Order::Sorted, view.z_end);
    let heights = |unfolded: &[usize]| -> Vec<f64> {
        let data = RowsData {
            rows: &rows,
            looks: &looks,
            notes: &[],
            order: Order::Sorted,
            unfolded,
            pointed: None,
            selected: None,
        };
        let g = RowsGeometry::new(852.0, &Theme::LIGHT, &data);
        g.rows.iter().map(|row| row.whole.height).collect()
    };
    assert!(heights(&[]).iter().all(|&height| height == 24.0));
    assert!(heights(&[2])[2] > 60.0);
    let loud = looks.iter().filter(|look| **look != LayerLook::Quiet);
    assert!(
        loud.count() <= 6,
        "first, last, the worst three and the output"
    );
}

#[test]
fn a_pointer_finds_its_tile() {
    let trace = Made::default().trace();
    let view = TraceView::new(&trace, &[]);
    let rows = trace.rows(9, Order::Model, view.z_end);
    let data = RowsData {
        rows: &rows,
        looks: &[],
        notes: &[],
        order: Order::Model,
        unfolded: &[],
        pointed: None,
        selected: None,
    };
    for width in WIDTHS {
        let g = RowsGeometry::new(width, &Theme::LIGHT, &data);
        for (row, n_tiles) in [(0, 48), (1, 32)] {
            for tile in 0..n_tiles {
                let center = g.tile(row, tile).map(|space| space.center());
                let found = center.and_then(|at| g.tile_at(row, at));
                assert_eq!(found, Some(tile), "row {row} at {width}");
            }
        }
        assert_eq!(g.tile_at(0, point(0.0, 40.0)), None);
    }
    let words = describe_row(&rows.rows[0]);
    assert!(
        words.starts_with("layer 1, 64 → 48 ReLU (net.1): "),
        "{words}"
    );
    assert!(words.contains("24 dead"), "{words}");
}

#[test]
fn depth_is_drawn_at_every_size_and_says_its_values() {
    for made in all() {
        let trace = made.trace();
        let view = TraceView::new(&trace, &[]);
        let at: Vec<f32> = view.ticks.iter().map(|tick| tick.at).collect();
        let looks = looks(&view.charts, trace.layers.len());
        let others = [vec![(0.0, 2.0), (0.5, f32::NAN), (0.9, 0.1), (1.4, 0.05)]];
        let data = DepthData {
            charts: &view.charts,
            looks: &looks,
            at: &at,
            steps: &trace.steps,
            marks: &view.marks,
            record: view.opens_at,
            loss_peak: view.loss_peak,
            others: &others,
        };
        for (width, height) in [
            (852.0, 240.0),
            (1200.0, 300.0),
            (366.0, 600.0),
            (60.0, 30.0),
            (0.0, 0.0),
        ] {
            for theme in [Theme::LIGHT, Theme::DARK] {
                let pointer = Some(point(0.6 * width, 0.4 * height));
                for pointer in [None, pointer] {
                    depth_scene(size(width, height), &theme, &data, pointer);
                }
            }
        }
        let all = size(852.0, 240.0);
        let g = DepthGeometry::new(all, &Theme::LIGHT, &data);
        let plot = g.cells[1].plot;
        let px = point(
            plot.x + plot.width * f64::from(at[at.len() - 1]),
            plot.y + 4.0,
        );
        let told = depth_values(all, &Theme::LIGHT, &data, px);
        assert!(told.is_some_and(|told| told.starts_with("Dead at step ")));
        assert!(describe_depth(&data).contains("Update, / weight"));
    }
}

#[test]
fn lines_break_where_numbers_are_not_finite() {
    let made = Made {
        ruined_at: Some(4),
        dies_at: 99,
        ..Made::default()
    };
    let trace = made.trace();
    let view = TraceView::new(&trace, &[]);
    assert!(view.ticks[4].is_ruined && !view.ticks[3].is_ruined);
    assert!(view.caption.before.len() + view.caption.emphasis.len() > 0);
    let loss = &view.charts[0].lines[0];
    assert_eq!(loss.values.iter().flatten().count(), 4);
}

#[test]
fn the_timeline_has_a_tick_a_record_and_finds_the_nearest() {
    for made in all() {
        let trace = made.trace();
        let view = TraceView::new(&trace, &[]);
        for record in 0..trace.n_records() {
            let data = RecordsData {
                ticks: &view.ticks,
                marks: &view.marks,
                record,
            };
            for (width, height) in [(900.0, 56.0), (340.0, 56.0), (300.0, 40.0)] {
                let scene = records_scene(size(width, height), &Theme::LIGHT, &data);
                texts_are_apart_and_inside(&scene);
                let thumb = scene.shapes.iter().find_map(|shape| match shape {
                    Shape::Circle { center, .. } => Some(center.x),
                    _ => None,
                });
                let found = thumb.and_then(|x| record_at(width, &Theme::LIGHT, &data, x));
                assert_eq!(found, Some(record));
            }
        }
    }
}

#[test]
fn a_unit_is_drawn_at_every_size() {
    for made in all() {
        let trace = made.trace();
        let view = TraceView::new(&trace, &[]);
        let at: Vec<f32> = view.ticks.iter().map(|tick| tick.at).collect();
        let story = trace
            .unit(0, 2, view.opens_at)
            .expect("there is such a unit");
        let data = UnitData {
            points: &story.points,
            at: &at,
            marks: &view.marks,
            record: story.record,
        };
        for (width, height) in [(268.0, 180.0), (366.0, 200.0), (40.0, 20.0), (0.0, 0.0)] {
            let scene = unit_scene(size(width, height), &Theme::LIGHT, &data);
            if width > 200.0 {
                texts_are_apart_and_inside(&scene);
            }
        }
        assert!(describe_unit(&data).starts_with("Over "));
    }
}
