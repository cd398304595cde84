//! What the page is told about the present step.

use actiscope_core::data::{Axes, Dataset, Plane, TargetKind, centers};
use actiscope_core::nn::batches::steps_per_epoch;
use actiscope_core::nn::spec::Loss;
use actiscope_core::protocol::{Answers, Look, Snapshot, UnitWeights};
use actiscope_core::scenario::Scenario;

use super::course::Run;
use crate::accuracy::{Tally, largest_row};
use crate::cpu::predict::{Answer, Question, Samples};

/// Multiply-adds that one picture of the input space may cost: large networks are drawn coarser.
const MAX_GRID_WORK: usize = 8_000_000;
/// The coarsest picture, cells a side.
const MIN_CELLS: usize = 8;
/// The finest, whatever is asked for.
const MAX_CELLS: usize = 256;

/// Makes snapshots of a run.
#[derive(Clone, Debug)]
pub struct Viewer {
    look: Look,
    test: Samples,
    /// The training set, where there is no test set to judge by; made when it is first asked for.
    train: Option<Samples>,
    validation: Samples,
    /// Inputs of the one that is asked about, as they were given, and as samples.
    asked_inputs: Vec<f32>,
    asked: Samples,
    /// Of the first inputs, and of the principal components.
    planes: Planes,
    maps: Grid,
    field: Grid,
}

/// The planes that pictures can show.
#[derive(Clone, Debug)]
struct Planes {
    /// The one shown last.
    shown: Plane,
    axes: Axes,
    principal: Plane,
    /// About what each input is shown.
    centers: Vec<f32>,
}

/// Samples on a square of input space.
#[derive(Clone, Debug, Default)]
struct Grid {
    cells: usize,
    extent: f32,
    axes: Axes,
    samples: Samples,
}

/// What a snapshot says besides what the run knows.
pub struct Circumstances {
    pub run: u32,
    pub is_training: bool,
    pub steps_per_second: f64,
}

impl Viewer {
    pub fn new(data: &Dataset, look: Look) -> Self {
        let n_inputs = data.n_inputs;
        let centers = centers(&data.x_train, n_inputs);
        let shown = Plane::new(Axes::default(), &data.x_train, n_inputs, &centers);
        Self {
            look,
            test: Samples::of_test(data),
            train: None,
            validation: Samples::of(data.n_inputs, &data.x_validation, &data.y_validation),
            asked_inputs: Vec::new(),
            asked: Samples::default(),
            planes: Planes {
                // Up to two inputs are a plane, or a line, themselves.
                principal: match n_inputs {
                    0..=2 => shown.clone(),
                    _ => Plane::principal(&data.x_train, n_inputs),
                },
                shown,
                axes: Axes::default(),
                centers,
            },
            maps: Grid::default(),
            field: Grid::default(),
        }
    }

    pub fn set_look(&mut self, look: Look) {
        self.look = look;
    }

    /// Inputs of one more sample, or none. What does not fit the network is not answered.
    pub fn set_asked(&mut self, inputs: Vec<f32>) {
        self.asked_inputs = inputs;
    }

    pub fn look(&self) -> &Look {
        &self.look
    }

    /// The plane of the first two principal components.
    pub fn principal(&self) -> &Plane {
        &self.planes.principal
    }

    pub fn centers(&self) -> &[f32] {
        &self.planes.centers
    }

    /// Has pictures show the plane of these axes.
    fn set_axes(&mut self, axes: Axes, run: &Run) {
        let planes = &mut self.planes;
        if planes.axes != axes {
            planes.axes = axes;
            planes.shown = match axes {
                Axes::Principal => planes.principal.clone(),
                Axes::Inputs(..) => {
                    let Dataset {
                        x_train, n_inputs, ..
                    } = &*run.data;
                    Plane::new(axes, x_train, *n_inputs, &planes.centers)
                }
            };
        }
    }

    pub async fn snapshot(&mut self, run: &mut Run, now: &Circumstances) -> Snapshot {
        let scenario = run.scenario.clone();
        self.set_axes(scenario.view.axes, run);
        let cells = [self.look.unit_map_cells, self.look.field_cells]
            .map(|asked| self.cells(asked, &scenario));
        for (grid, cells) in [&mut self.maps, &mut self.field].into_iter().zip(cells) {
            if let Some(cells) = cells {
                grid.fill(cells, self.look.extent, &self.planes);
            }
        }
        let is_class = matches!(run.data.target, TargetKind::Class { .. });
        let tells_answers = self.look.answers && is_class;
        if tells_answers && self.test.n == 0 && self.train.is_none() {
            let Dataset {
                n_inputs,
                x_train,
                y_train,
                ..
            } = &*run.data;
            self.train = Some(Samples::of(*n_inputs, x_train, y_train));
        }
        let is_asked = tells_answers && self.asked_inputs.len() == run.data.n_inputs;
        if is_asked {
            self.asked = Samples::of(run.data.n_inputs, &self.asked_inputs, &[0.0]);
        }
        let (test, train, validation, asked, maps, field) = (
            (self.test.n > 0).then_some(&self.test),
            self.train.as_ref().filter(|_| tells_answers),
            Some(&self.validation).filter(|samples| tells_answers && samples.n > 0),
            is_asked.then_some(&self.asked),
            cells[0].map(|_| &self.maps),
            cells[1].map(|_| &self.field),
        );
        let questions = [
            test.map(|samples| (samples, false)),
            train.map(|samples| (samples, false)),
            validation.map(|samples| (samples, false)),
            asked.map(|samples| (samples, false)),
            maps.map(|grid| (&grid.samples, true)),
            field.map(|grid| (&grid.samples, false)),
        ];
        let questions: Vec<Question<'_>> = questions
            .into_iter()
            .flatten()
            .map(|(samples, with_activations)| Question {
                samples,
                with_activations,
            })
            .collect();
        let (inspection, answers) = run.backend.look(&scenario.view, &questions).await;
        let mut answers = answers.into_iter();
        let mut answer_of = |is_asked: bool| is_asked.then(|| answers.next()).flatten();
        let (of_test, of_train, of_validation, of_asked, of_maps, of_field) = (
            answer_of(test.is_some()),
            answer_of(train.is_some()),
            answer_of(validation.is_some()),
            answer_of(asked.is_some()),
            answer_of(maps.is_some()),
            answer_of(field.is_some()),
        );
        let (test_loss, test_accuracy) = match &of_test {
            Some(answer) => self.judge_test(run, &answer.outputs),
            None => (None, None),
        };
        let answers = tells_answers.then(|| {
            let told = |samples: Option<&Samples>, answer: &Option<Answer>| match (samples, answer)
            {
                (Some(samples), Some(answer)) => by_sample(samples, &answer.outputs),
                _ => Vec::new(),
            };
            Answers {
                judged: match test {
                    Some(_) => told(test, &of_test),
                    None => told(train, &of_train),
                },
                validation: told(validation, &of_validation),
                asked: told(asked, &of_asked),
            }
        });
        let mut layers = inspection.layers;
        if self.look.weights {
            for (layer, weights) in layers.iter_mut().zip(run.backend.weights()) {
                layer.weights = weights.to_vec();
            }
        }
        let unit_weights = self.look.weights_of.and_then(|(layer, unit)| {
            Some(UnitWeights {
                layer,
                unit,
                weights: run.backend.weights_of(layer, unit)?.to_vec(),
            })
        });
        if let Some(answer) = of_maps {
            for (layer, a) in layers.iter_mut().zip(&answer.activations) {
                layer.unit_maps = unit_maps(a, &self.maps);
            }
        }
        let field = of_field.map_or_else(Vec::new, |answer| {
            decision_field(scenario.training.loss, &answer.outputs, &self.field)
        });
        let (history, history_is_whole) = run.history.take_increment();
        let n_train = run.data.n_train();
        let per_epoch = steps_per_epoch(n_train, scenario.training.batch_size);
        Snapshot {
            run: now.run,
            step: run.step(),
            epoch: run.step() as f64 / per_epoch as f64,
            is_training: now.is_training,
            has_diverged: run.has_diverged(),
            loss: inspection.loss,
            accuracy: accuracy(
                &scenario,
                run.data.target,
                &inspection.outputs,
                &inspection.targets,
            ),
            test_loss,
            test_accuracy,
            layers,
            unit_weights,
            history,
            history_is_whole,
            field,
            answers,
            steps_per_second: now.steps_per_second as f32,
            last_step: run.last_step(),
        }
    }

    /// Loss and accuracy on the test set, of its outputs.
    fn judge_test(&self, run: &Run, outputs: &[f32]) -> (Option<f32>, Option<f32>) {
        let loss = run.backend.loss(&self.test, outputs);
        let (rows, targets) = self.test.rows(outputs);
        (
            Some(loss),
            accuracy(&run.scenario, run.data.target, &rows, targets),
        )
    }

    /// Cells a side of a picture for which `asked` were asked: fewer if the network is large.
    fn cells(&self, asked: usize, scenario: &Scenario) -> Option<usize> {
        let widths = scenario
            .network
            .hidden
            .iter()
            .chain([&scenario.network.n_outputs]);
        let mut n_in = scenario.network.n_inputs;
        let mut work = 0;
        for &n_out in widths {
            work += n_in * n_out;
            n_in = n_out;
        }
        let affordable = (MAX_GRID_WORK / work.max(1)).isqrt();
        let most = affordable.clamp(MIN_CELLS, MAX_CELLS);
        (asked > 0).then(|| asked.min(most))
    }
}

impl Grid {
    /// Centres of `cells` x `cells` squares, top row first, left to right. With one input a row is all
    /// there is.
    fn fill(&mut self, cells: usize, extent: f32, planes: &Planes) {
        if (self.cells, self.extent, self.axes) == (cells, extent, planes.axes) {
            return;
        }
        (self.cells, self.extent, self.axes) = (cells, extent, planes.axes);
        let Plane { origin, u, v } = &planes.shown;
        let n_rows = if origin.len() == 1 { 1 } else { cells };
        let centre = |cell: usize| extent * ((2 * cell + 1) as f32 / cells as f32 - 1.0);
        self.samples = Samples::new(origin.len(), n_rows * cells);
        let n_cols = self.samples.n_cols();
        for (input, x) in self.samples.x.chunks_exact_mut(n_cols).enumerate() {
            let (origin, u, v) = (origin[input], u[input], v[input]);
            for (i, x) in x.iter_mut().enumerate() {
                let s = centre(i % cells);
                let t = -centre((i / cells).min(n_rows - 1));
                *x = origin + s * u + t * v;
            }
        }
    }

    /// Values of the cells from values of the samples.
    fn spread<T: Copy>(&self, values: &[T]) -> Vec<T> {
        let values = &values[..self.samples.n];
        values.repeat(self.cells * self.cells / values.len())
    }
}

/// Activations `a` of a hidden layer, -127..127 for -max..max of the layer.
fn unit_maps(a: &[f32], grid: &Grid) -> Vec<i8> {
    let finite = a.iter().filter(|a| a.is_finite());
    let largest = finite.fold(
        0.0_f32,
        |largest, a| if a.abs() > largest { a.abs() } else { largest },
    );
    let scale = if largest > 0.0 { 127.0 / largest } else { 0.0 };
    // `as` saturates, and makes 0 of NaN.
    let rows = a.chunks_exact(grid.samples.n_cols());
    rows.flat_map(|row| {
        let row: Vec<i8> = row.iter().map(|a| (a * scale).round() as i8).collect();
        grid.spread(&row)
    })
    .collect()
}

/// The network's answer in each cell: probability of class 1, the class, or the number.
fn decision_field(loss: Loss, outputs: &[f32], grid: &Grid) -> Vec<f32> {
    let n_cols = grid.samples.n_cols();
    let rows: Vec<&[f32]> = outputs.chunks_exact(n_cols).collect();
    let answers: Vec<f32> = match loss {
        _ if rows.len() > 1 => (0..n_cols).map(|i| largest_row(&rows, i) as f32).collect(),
        Loss::BceLogits | Loss::Focal { .. } | Loss::SigmoidMse => {
            rows[0].iter().map(|&x| sigmoid(x)).collect()
        }
        Loss::ReluMse => rows[0].iter().map(|&x| x.max(0.0)).collect(),
        _ => rows[0].to_vec(),
    };
    grid.spread(&answers)
}

/// Rows of samples as one row a sample, `[n, n_outputs]`.
fn by_sample(samples: &Samples, outputs: &[f32]) -> Vec<f32> {
    let (rows, _) = samples.rows(outputs);
    let of_sample = |i: usize| rows.iter().map(move |row| row[i]);
    (0..samples.n).flat_map(of_sample).collect()
}

/// Share of samples classified rightly; `None` for numbers. `outputs`: `[n_outputs]` rows of samples.
fn accuracy(
    scenario: &Scenario,
    target: TargetKind,
    outputs: &[impl AsRef<[f32]>],
    targets: &[f32],
) -> Option<f32> {
    let (loss, threshold) = (scenario.training.loss, scenario.view.threshold);
    let is_class = matches!(target, TargetKind::Class { .. });
    is_class.then(|| Tally::new(loss, threshold, target, outputs, targets).accuracy())
}

fn sigmoid(x: f32) -> f32 {
    1.0 / (1.0 + libm::expf(-x))
}
