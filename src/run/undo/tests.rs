use actiscope_core::activation::ActivationSpec;
use actiscope_core::nn::given::Given;
use actiscope_core::nn::layout::ParamLayout;
use actiscope_core::nn::schedule::Annealing;
use actiscope_core::nn::spec::{Initializer, Loss, Optimizer, Order, PreluSharing};
use actiscope_core::scenario::{Setting, View};

use super::*;

const ALONE: Option<u32> = None;

fn moment(now_ms: f64, gesture: Option<u32>) -> Moment {
    Moment { now_ms, gesture }
}

/// The page's scenario and its undo stack.
struct Desk {
    scenario: Scenario,
    undo: Undo,
}

impl Desk {
    fn new() -> Self {
        let mut scenario = Scenario::default();
        scenario.network.activation = ActivationSpec::new("leaky_relu");
        // Three inputs, so that there are axes to choose.
        scenario.data.source = DataSource::Csv("1,2,3,0\n2,3,4,1\n3,1,2,0\n".into());
        scenario.fit_to_data();
        Self {
            scenario,
            undo: Undo::default(),
        }
    }

    fn edit(&mut self, edit: Edit, moment: Moment) {
        let before = self.scenario.clone();
        edit.apply(&mut self.scenario);
        self.undo.record(&edit, &before, &self.scenario, moment);
    }

    /// As the page does it.
    fn go_to(&mut self, way: Option<Way>) {
        let Some(Way::Become(to)) = way else {
            panic!("not an edit: {way:?}");
        };
        let to = *to;
        Edit::Whole(Box::new(to.clone())).apply(&mut self.scenario);
        Edit::View(to.view).apply(&mut self.scenario);
    }

    fn undo(&mut self) {
        let to = self.undo.undo(&self.scenario, 0);
        self.go_to(to);
    }

    fn redo(&mut self) {
        let to = self.undo.redo(&self.scenario);
        self.go_to(to);
    }

    fn rates(&self) -> f64 {
        self.scenario.training.learning_rate
    }
}

/// Weights for the opening network.
fn given() -> Option<Given> {
    let network = Desk::new().scenario.network;
    let layout = ParamLayout::new(&network);
    Given::new("mlp.onnx", &network, vec![0.5; layout.n_params], Vec::new())
}

fn every_edit() -> Vec<Edit> {
    let data = Scenario::default().data;
    let other = Scenario {
        seed: 99,
        ..Scenario::default()
    };
    let edits = vec![
        Edit::Activation(ActivationSpec::new("tanh")),
        Edit::Set(Setting::Param(0), 0.3),
        Edit::LayerActivations(vec![None, Some(ActivationSpec::new("tanh"))]),
        Edit::Set(Setting::LearningRate, 0.5),
        Edit::Optimizer(Optimizer::ADAM),
        Edit::Annealing(Annealing::Cosine {
            over: 500.0,
            floor: 0.1,
        }),
        Edit::Set(Setting::WarmUp, 30.0),
        Edit::Set(Setting::BatchSize, 7.0),
        Edit::Order(Order::Sequential),
        Edit::Loss(Loss::Mse),
        Edit::Loss(Loss::SoftmaxCrossEntropy),
        Edit::ClassWeights(vec![1.0, 2.0]),
        Edit::LayerRates(vec![None, Some(0.3)]),
        Edit::Set(Setting::L1, 0.1),
        Edit::Set(Setting::L2, 0.1),
        Edit::Set(Setting::ClipNorm, 2.0),
        Edit::Set(Setting::Dropout, 0.3),
        Edit::Set(Setting::BatchNorm, 1.0),
        Edit::PreluSharing(PreluSharing::Unit),
        Edit::Initializer(Initializer::GlorotNormal),
        Edit::Given(given()),
        Edit::Set(Setting::Gain, 2.0),
        Edit::Hidden(vec![3]),
        Edit::Data(actiscope_core::data::DataSpec {
            source: DataSource::Sine,
            ..data
        }),
        Edit::Set(Setting::Seed, 5.0),
        Edit::Layer(1),
        Edit::Unit(Some(2)),
        Edit::Axes(actiscope_core::data::Axes::Principal),
        Edit::Set(Setting::Speed, f64::INFINITY),
        Edit::Resampling(actiscope_core::data::Resampling::Over),
        Edit::View(View::default()),
        Edit::Whole(Box::new(other)),
    ];
    // A variant that is new belongs into the list above.
    for edit in &edits {
        match edit {
            Edit::Activation(_)
            | Edit::LayerActivations(_)
            | Edit::Set(..)
            | Edit::Optimizer(_)
            | Edit::Annealing(_)
            | Edit::Order(_)
            | Edit::Loss(_)
            | Edit::ClassWeights(_)
            | Edit::LayerRates(_)
            | Edit::PreluSharing(_)
            | Edit::Initializer(_)
            | Edit::Given(_)
            | Edit::Hidden(_)
            | Edit::Data(_)
            | Edit::Resampling(_)
            | Edit::Layer(_)
            | Edit::Unit(_)
            | Edit::Axes(_)
            | Edit::View(_)
            | Edit::Whole(_) => {}
        }
    }
    edits
}

#[test]
fn every_edit_goes_back_and_forth() {
    for edit in every_edit() {
        let mut desk = Desk::new();
        // The last layer, which some edits take away.
        Edit::Layer(2).apply(&mut desk.scenario);
        let before = desk.scenario.clone();
        desk.edit(edit.clone(), moment(0.0, ALONE));
        let after = desk.scenario.clone();
        assert_ne!(before, after, "{edit:?}");
        if before.is_same_run(&after) {
            // Only the look: not on the stack.
            assert_eq!(desk.undo.undo_text(), None, "{edit:?}");
            continue;
        }
        desk.undo();
        assert_eq!(desk.scenario, before, "{edit:?}");
        desk.redo();
        assert_eq!(desk.scenario, after, "{edit:?}");
    }
}

#[test]
fn what_undoing_asks_of_a_run_is_what_the_edit_did() {
    for edit in every_edit() {
        let before = Desk::new().scenario;
        let mut after = before.clone();
        let effect = edit.apply(&mut after);
        let whole = Edit::Whole(Box::new(before.clone()));
        assert_eq!(whole.apply(&mut after), effect, "{edit:?}");
    }
}

#[test]
fn a_drag_is_one_entry_and_so_are_quick_keys() {
    let check = |edits: &[(f64, Option<u32>, f64)], expect: &[f64]| {
        let mut desk = Desk::new();
        for &(now_ms, gesture, rate) in edits {
            desk.edit(
                Edit::Set(Setting::LearningRate, rate),
                moment(now_ms, gesture),
            );
        }
        let mut seen = Vec::new();
        while desk.undo.undo_text().is_some() {
            desk.undo();
            seen.push(desk.rates());
        }
        assert_eq!(seen, expect, "{edits:?}");
    };
    // Held however long.
    check(&[(0.0, Some(1), 0.1), (9e3, Some(1), 0.2)], &[1.6]);
    // Two drags.
    check(&[(0.0, Some(1), 0.1), (9e3, Some(2), 0.2)], &[0.1, 1.6]);
    check(&[(0.0, None, 0.1), (500.0, None, 0.2)], &[1.6]);
    check(&[(0.0, None, 0.1), (700.0, None, 0.2)], &[0.1, 1.6]);
    // There and back is nothing.
    check(&[(0.0, Some(1), 0.1), (10.0, Some(1), 1.6)], &[]);
}

#[test]
fn a_drag_that_comes_by_where_it_began_touches_no_earlier_edit() {
    let mut desk = Desk::new();
    desk.edit(Edit::Set(Setting::BatchSize, 7.0), moment(0.0, Some(1)));
    for rate in [0.1, 1.6, 0.2] {
        desk.edit(Edit::Set(Setting::LearningRate, rate), moment(1e3, Some(2)));
    }
    assert_eq!(desk.undo.undo_text(), Some("learning rate 0.2"));
    desk.undo();
    assert_eq!(desk.undo.undo_text(), Some("batch size 7"));
}

#[test]
fn a_remedy_of_several_edits_is_one_entry() {
    let mut desk = Desk::new();
    let before = desk.scenario.clone();
    desk.edit(Edit::Set(Setting::LearningRate, 0.1), moment(0.0, Some(4)));
    desk.edit(Edit::Set(Setting::BatchSize, 32.0), moment(0.0, Some(4)));
    assert_eq!(
        desk.undo.undo_text(),
        Some("learning rate 0.1, batch size 32")
    );
    desk.undo();
    assert_eq!(desk.scenario, before);
    assert_eq!(
        desk.undo.redo_text(),
        Some("learning rate 0.1, batch size 32")
    );
}

#[test]
fn a_revival_lies_between_edits() {
    let mut desk = Desk::new();
    desk.edit(Edit::Set(Setting::LearningRate, 0.1), moment(0.0, Some(1)));
    desk.undo.record_revival(&desk.scenario);
    // Of the same press, and yet another deed.
    desk.edit(Edit::Set(Setting::LearningRate, 0.2), moment(1.0, Some(1)));
    desk.undo();
    assert_eq!(desk.undo.undo_text(), Some("dead units revived"));
    let now = desk.scenario.clone();
    assert_eq!(desk.undo.undo(&now, 0), Some(Way::TakeBackRevival));
    assert_eq!(desk.undo.redo_text(), Some("dead units revived"));
    assert_eq!(desk.undo.redo(&now), Some(Way::Revive));
    assert_eq!(desk.undo.undo(&now, 0), Some(Way::TakeBackRevival));
    desk.undo();
    assert_eq!(desk.undo.undo_text(), None);
}

#[test]
fn a_new_edit_ends_what_could_be_done_again() {
    let mut desk = Desk::new();
    desk.edit(Edit::Set(Setting::LearningRate, 0.1), moment(0.0, ALONE));
    desk.undo();
    desk.edit(Edit::Set(Setting::LearningRate, 0.2), moment(1.0, ALONE));
    assert_eq!(desk.undo.redo_text(), None);
    assert_eq!(desk.undo.undo_text(), Some("learning rate 0.2"));
}

#[test]
fn the_view_of_now_stays_unless_the_edit_changed_it() {
    let mut desk = Desk::new();
    desk.edit(Edit::Set(Setting::LearningRate, 0.1), moment(0.0, ALONE));
    desk.edit(Edit::Set(Setting::Speed, 5.0), moment(1.0, ALONE));
    desk.undo();
    assert_eq!(desk.scenario.view.steps_per_second, Some(5.0));
}

#[test]
fn going_back_in_time_goes_back_in_edits() {
    let mut desk = Desk::new();
    let origin = desk.scenario.clone();
    desk.edit(Edit::Set(Setting::LearningRate, 0.1), moment(0.0, ALONE));
    let middle = desk.scenario.clone();
    desk.edit(Edit::Set(Setting::LearningRate, 0.2), moment(1e3, ALONE));
    let end = desk.scenario.clone();
    let check = |desk: &mut Desk, to: &Scenario, undo: Option<&str>, redo: Option<&str>| {
        desk.scenario = to.clone();
        desk.undo.follow(to);
        assert_eq!((desk.undo.undo_text(), desk.undo.redo_text()), (undo, redo));
    };
    let (first, second) = ("learning rate 0.1", "learning rate 0.2");
    check(&mut desk, &origin, None, Some(first));
    desk.redo();
    assert_eq!(desk.scenario, middle);
    check(&mut desk, &end, Some(second), None);
    check(&mut desk, &middle, Some(first), Some(second));
}

#[test]
fn large_tables_do_not_pile_up() {
    let mut desk = Desk::new();
    let table = |i: usize| DataSource::Csv(format!("{i},{}", "1,2,3\n".repeat(2 << 20)).into());
    for i in 0..20 {
        let data = actiscope_core::data::DataSpec {
            source: table(i),
            ..desk.scenario.data.clone()
        };
        let before = desk.scenario.clone();
        let mut after = before.clone();
        after.data = data.clone();
        desk.undo
            .record(&Edit::Data(data), &before, &after, moment(0.0, ALONE));
        desk.scenario = after;
    }
    assert!(desk.undo.done.len() <= 2, "{}", desk.undo.done.len());
    assert!(!desk.undo.done.is_empty());
    // All that is done with one table is kept.
    for i in 0..50 {
        let edit = Edit::Set(Setting::LearningRate, 0.01 * f64::from(i + 1));
        desk.edit(edit, moment(1e3 * f64::from(i), ALONE));
    }
    assert!(desk.undo.done.len() >= 50, "{}", desk.undo.done.len());
}
