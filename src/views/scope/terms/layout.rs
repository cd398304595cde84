//! Where cards stand in a drawing of all of a small network, and how they are joined. Lengths are twelfths of the text's size,
//! which is 12 CSS pixels on a desk.

use actiscope_core::terms::Terms;

/// A card's rectangle.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Place {
    pub x: f64,
    pub y: f64,
    pub width: f64,
    pub height: f64,
}

/// The drawing.
#[derive(Clone, Debug, PartialEq)]
pub struct Layout {
    pub height: f64,
    pub inputs: Vec<Place>,
    /// Hidden layers, then the output.
    pub layers: Vec<Vec<Place>>,
    pub loss: Place,
}

pub const WIDTH: f64 = 846.0;
const INPUT: (f64, f64) = (76.0, 44.0);
const CARD_WIDTH: f64 = 212.0;
const LINE: f64 = 16.0;
/// Title, the line of z and a, and padding.
const AROUND: f64 = 45.0;
const LOSS_HEIGHT: f64 = 61.0;
/// Between cards that stand above each other.
const GAP: f64 = 8.0;
const MOST_GAP: f64 = 28.0;

impl Layout {
    pub fn of(terms: &Terms) -> Self {
        let heights: Vec<Vec<f64>> = terms
            .layers
            .iter()
            .map(|layer| {
                layer
                    .iter()
                    .map(|unit| card_height(unit.weights.len(), unit.norm.is_some()))
                    .collect()
            })
            .collect();
        let inputs = vec![INPUT.1; terms.x.len()];
        let stack = |heights: &[f64]| {
            heights.iter().sum::<f64>() + GAP * heights.len().saturating_sub(1) as f64
        };
        let mut last = heights[heights.len() - 1].clone();
        last.push(LOSS_HEIGHT);
        let tallest = heights.iter().map(|heights| stack(heights));
        let height = tallest.fold(stack(&inputs).max(stack(&last)), f64::max);
        let n_columns = heights.len() as f64;
        let gap = (WIDTH - INPUT.0 - n_columns * CARD_WIDTH) / n_columns;
        let x_of = |l: usize| INPUT.0 + gap + l as f64 * (CARD_WIDTH + gap);
        let mut layers: Vec<Vec<Place>> = Vec::with_capacity(heights.len());
        for (l, heights) in heights.iter().enumerate() {
            let is_last = l + 1 == terms.layers.len();
            let heights = if is_last { &last } else { heights };
            layers.push(column(x_of(l), CARD_WIDTH, heights, height));
        }
        let loss = layers.last_mut().and_then(Vec::pop).unwrap_or(Place {
            x: 0.0,
            y: 0.0,
            width: CARD_WIDTH,
            height: LOSS_HEIGHT,
        });
        Self {
            height,
            inputs: column(0.0, INPUT.0, &inputs, height),
            layers,
            loss,
        }
    }

    /// The line from what goes into a layer (an input, or a unit below) to a unit of it, as an SVG path.
    pub fn edge(&self, layer: usize, input: usize, unit: usize) -> String {
        let from = match layer.checked_sub(1) {
            Some(below) => self.layers[below][input],
            None => self.inputs[input],
        };
        let to = self.layers[layer][unit];
        let (x0, y0) = (from.x + from.width, from.y + from.height / 2.0);
        let (x1, y1) = (to.x, to.y + to.height / 2.0);
        let middle = (x0 + x1) / 2.0;
        format!("M{x0:.1} {y0:.1}C{middle:.1} {y0:.1} {middle:.1} {y1:.1} {x1:.1} {y1:.1}")
    }

    /// From the output down to the loss.
    pub fn to_loss(&self) -> String {
        let output = self.layers[self.layers.len() - 1][0];
        let x = output.x + output.width / 2.0;
        format!("M{x:.1} {:.1}V{:.1}", output.y + output.height, self.loss.y)
    }
}

/// `n_in` terms, the bias, z and a, what comes back; with batch normalization three lines more.
fn card_height(n_in: usize, is_normed: bool) -> f64 {
    let n_lines = n_in + 2 + if is_normed { 3 } else { 0 };
    AROUND + LINE * n_lines as f64
}

/// Cards above each other, about the middle.
fn column(x: f64, width: f64, heights: &[f64], of: f64) -> Vec<Place> {
    let free = of - heights.iter().sum::<f64>();
    let n_gaps = heights.len().saturating_sub(1).max(1) as f64;
    let gap = (free / n_gaps).clamp(GAP, MOST_GAP);
    let used = heights.iter().sum::<f64>() + gap * heights.len().saturating_sub(1) as f64;
    let mut y = ((of - used) / 2.0).max(0.0);
    heights
        .iter()
        .map(|&height| {
            let place = Place {
                x,
                y,
                width,
                height,
            };
            y += height + gap;
            place
        })
        .collect()
}

/// A length for the style of an element, in the size of its text.
pub fn em(length: f64) -> String {
    format!("{:.3}em", length / 12.0)
}

#[cfg(test)]
mod tests {
    use actiscope_core::activation::ActivationSpec;
    use actiscope_core::nn::init::initial_params;
    use actiscope_core::nn::layout::ParamLayout;
    use actiscope_core::nn::oracle::Oracle;
    use actiscope_core::nn::spec::{Initializer, Loss, NetworkSpec, Optimizer, TrainingSpec};
    use actiscope_core::terms::OneOf;

    use super::*;

    fn terms(n_inputs: usize, hidden: &[usize], batch_norm: bool) -> Terms {
        let network = NetworkSpec {
            n_inputs,
            hidden: hidden.to_vec(),
            n_outputs: 1,
            activation: ActivationSpec::new("tanh"),
            layer_activations: Vec::new(),
            prelu_sharing: Default::default(),
            batch_norm,
            initializer: Initializer::GlorotNormal,
            gain: 1.0,
            given: None,
        };
        let params = initial_params(&network, &ParamLayout::new(&network), 1);
        let training = TrainingSpec::plain(Loss::BceLogits, Optimizer::Sgd, 0.1, 4);
        let oracle = Oracle::new(network, training, params).expect("resolves");
        let x = vec![0.5; 4 * n_inputs];
        let one = OneOf::new(&oracle, &x, &[0.0; 4], 4, 0).expect("there is one");
        Terms::of(&oracle, &one)
    }

    #[test]
    fn cards_are_apart_and_inside() {
        for n_inputs in 1..=4 {
            for hidden in [&[][..], &[1], &[4], &[3, 2], &[4, 4], &[1, 4]] {
                for batch_norm in [false, true] {
                    let terms = terms(n_inputs, hidden, batch_norm);
                    assert!(terms.is_small());
                    let layout = Layout::of(&terms);
                    let mut all = layout.inputs.clone();
                    all.extend(layout.layers.iter().flatten());
                    all.push(layout.loss);
                    for (i, a) in all.iter().enumerate() {
                        assert!(a.x >= 0.0 && a.x + a.width <= WIDTH + 1e-9);
                        assert!(a.y >= 0.0 && a.y + a.height <= layout.height + 1e-9);
                        for b in &all[..i] {
                            let beside = a.x + a.width < b.x || b.x + b.width < a.x;
                            let above = a.y + a.height < b.y || b.y + b.height < a.y;
                            assert!(beside || above, "{a:?} lies on {b:?}");
                        }
                    }
                }
            }
        }
    }

    #[test]
    fn small_networks_fit_a_desk() {
        for hidden in [&[4][..], &[3, 2], &[3, 3]] {
            assert!(Layout::of(&terms(2, hidden, false)).height <= 464.0);
        }
    }

    #[test]
    fn lines_go_from_card_to_card() {
        let layout = Layout::of(&terms(2, &[3, 2], false));
        let line = layout.edge(1, 2, 0);
        let from = layout.layers[0][2];
        assert!(line.starts_with(&format!("M{:.1} ", from.x + from.width)));
        assert!(line.ends_with(&format!(
            "{:.1}",
            layout.layers[1][0].y + layout.layers[1][0].height / 2.0
        )));
        assert!(layout.to_loss().contains('V'));
    }
}
