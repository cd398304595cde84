//! What is claimed of a number over the steps of a run: the course of one or two networks and, beside it on the same axis,
//! where other seeds end, so that one seed is not taken for a law.

/// What is drawn.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Proof {
    pub n_steps: u64,
    pub series: Vec<Series>,
}

/// One network over its steps, and its like with other seeds at the last of them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Series {
    /// By step.
    pub course: Vec<(u64, f64)>,
    pub seeds: Vec<f64>,
}

/// As SVG writes it, for a picture of this size.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ProofPaths {
    /// Of each series: its course, its last point, a bar for each value that seeds share (as wide as they are many), and the line
    /// of their median.
    pub series: Vec<SeriesPaths>,
    /// Lines of the axis, with their values.
    pub ticks: Vec<(f64, f64)>,
    /// Where the course ends.
    pub x_end: f64,
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct SeriesPaths {
    pub course: String,
    pub end: (f64, f64),
    pub bars: String,
    pub median: String,
    /// The middle of its strip.
    pub x_strip: f64,
}

const LEFT: f64 = 28.0;
const TOP: f64 = 8.0;
const BOTTOM: f64 = 18.0;
/// Share of the width that courses take; strips have the rest.
const COURSE_SHARE: f64 = 0.56;
/// Between a course's end and the strips, for the last values.
const GAP: f64 = 40.0;

impl Proof {
    /// The value at the upper edge.
    fn top(&self) -> f64 {
        let values = self.series.iter().flat_map(|series| {
            let course = series.course.iter().map(|(_, value)| *value);
            course.chain(series.seeds.iter().copied())
        });
        let most = values.filter(|value| value.is_finite()).fold(0.0, f64::max);
        most.max(1e-9)
    }

    /// Whether there is a course to draw.
    pub fn has_course(&self) -> bool {
        self.series.iter().any(|series| series.course.len() > 1)
    }

    pub fn paths(&self, width: f64, height: f64) -> ProofPaths {
        let top = self.top();
        let x_end = LEFT + (width - LEFT) * COURSE_SHARE;
        let y = |value: f64| {
            let share = if value.is_finite() {
                (value / top).clamp(0.0, 1.0)
            } else {
                1.0
            };
            height - BOTTOM - share * (height - BOTTOM - TOP)
        };
        let x = |step: u64| LEFT + step as f64 / self.n_steps.max(1) as f64 * (x_end - LEFT);
        let n_strips = self
            .series
            .iter()
            .filter(|series| !series.seeds.is_empty())
            .count();
        let strip_width = (width - x_end - GAP) / n_strips.max(1) as f64;
        let mut strip = 0;
        let series = self.series.iter().map(|series| {
            let mut course = String::new();
            let mut end = (LEFT, y(0.0));
            for (i, &(step, value)) in series.course.iter().enumerate() {
                end = (x(step), y(value));
                match i {
                    0 => course.push_str(&format!("M{:.1} {:.1}", end.0, end.1)),
                    // A value stands until the next one.
                    _ => course.push_str(&format!("H{:.1}V{:.1}", end.0, end.1)),
                }
            }
            let x_strip = x_end + GAP + (strip as f64 + 0.5) * strip_width;
            strip += usize::from(!series.seeds.is_empty());
            let (bars, median) = strip_of(&series.seeds, top, x_strip, strip_width, y);
            SeriesPaths {
                course,
                end,
                bars,
                median,
                x_strip,
            }
        });
        ProofPaths {
            series: series.collect(),
            ticks: [0.0, top / 2.0, top]
                .map(|value| (y(value), value))
                .to_vec(),
            x_end,
        }
    }
}

/// Seeds in bins of the axis: a bar each, centred, as wide as they are many. And a line at their median.
fn strip_of(
    seeds: &[f64],
    top: f64,
    x: f64,
    width: f64,
    y: impl Fn(f64) -> f64,
) -> (String, String) {
    const N_BINS: usize = 16;
    if seeds.is_empty() {
        return (String::new(), String::new());
    }
    let bin = |value: f64| {
        let share = if value.is_finite() {
            (value / top).clamp(0.0, 1.0)
        } else {
            1.0
        };
        (share * N_BINS as f64).round() as usize
    };
    let mut counts = [0_usize; N_BINS + 1];
    for &seed in seeds {
        counts[bin(seed)] += 1;
    }
    let most = counts.iter().copied().max().unwrap_or(1);
    let mut bars = String::new();
    for (at, &count) in counts.iter().enumerate().filter(|(_, count)| **count > 0) {
        let half = 0.45 * width * count as f64 / most as f64;
        let y = y(at as f64 / N_BINS as f64 * top);
        bars.push_str(&format!(
            "M{:.1} {y:.1}H{:.1}",
            x - half.max(1.0),
            x + half.max(1.0)
        ));
    }
    let mut sorted = seeds.to_vec();
    sorted.sort_by(f64::total_cmp);
    let y = y(sorted[sorted.len() / 2]);
    let half = 0.5 * width;
    (bars, format!("M{:.1} {y:.1}H{:.1}", x - half, x + half))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn proof() -> Proof {
        Proof {
            n_steps: 60,
            series: vec![
                Series {
                    course: vec![(0, 0.0), (20, 2.0), (60, 8.0)],
                    seeds: vec![8.0, 4.0, 4.0, f64::NAN],
                },
                Series {
                    course: vec![(0, 0.0), (60, 0.0)],
                    seeds: Vec::new(),
                },
            ],
        }
    }

    #[test]
    fn courses_and_seeds_share_an_axis() {
        let paths = proof().paths(320.0, 100.0);
        assert_eq!(paths.ticks, [(82.0, 0.0), (45.0, 4.0), (8.0, 8.0)]);
        assert_eq!(paths.series[0].end, (paths.x_end, 8.0));
        assert!(
            paths.series[0].course.starts_with("M28.0 82.0H"),
            "{}",
            paths.series[0].course
        );
        // Two of 4 seeds share a place, and one is no number: it stands at the edge.
        assert_eq!(paths.series[0].bars.matches('M').count(), 2);
        assert!(paths.series[1].bars.is_empty() && paths.series[1].median.is_empty());
        assert!(paths.series[0].x_strip > paths.x_end);
    }

    #[test]
    fn nothing_is_drawn_of_nothing() {
        let proof = Proof::default();
        assert!(!proof.has_course());
        assert!(proof.paths(320.0, 100.0).series.is_empty());
    }
}
