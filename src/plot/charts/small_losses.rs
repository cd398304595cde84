//! Curves of a row of a table, small enough to tell falling from flat and no more: paths of an SVG of the page's own.

/// What is drawn, and how large, in CSS pixels.
pub struct Small<'a> {
    pub width: f64,
    pub height: f64,
    /// Losses by step, of each network.
    pub networks: &'a [Vec<(u64, f32)>],
    /// The same of what they are held against.
    pub own: &'a [(u64, f32)],
    pub n_steps: u64,
    /// The loss at the upper edge, on which all stays that is above it.
    pub top: f32,
}

/// Paths as SVG writes them.
#[derive(Debug, PartialEq)]
pub struct Paths {
    pub ground: String,
    pub own: String,
    /// Each, and whether it ends beyond the upper edge.
    pub networks: Vec<(String, bool)>,
}

/// Points that a path has at most: half a pixel apart.
const MAX_POINTS: usize = 100;

pub fn small_losses(small: &Small) -> Paths {
    let ends_beyond = |curve: &Vec<(u64, f32)>| {
        let last = curve.last();
        last.is_some_and(|(_, loss)| !loss.is_finite() || *loss > small.top)
    };
    let networks = small.networks.iter().filter(|curve| !curve.is_empty());
    Paths {
        ground: format!("M0 {h}H{}", small.width, h = small.height - 0.5),
        own: path(small, small.own),
        networks: networks
            .map(|curve| (path(small, curve), ends_beyond(curve)))
            .collect(),
    }
}

fn path(small: &Small, curve: &[(u64, f32)]) -> String {
    let every = curve.len().div_ceil(MAX_POINTS).max(1);
    let last = curve.len().saturating_sub(1);
    let mut path = String::new();
    for (i, (step, loss)) in curve.iter().enumerate() {
        if i % every != 0 && i != last {
            continue;
        }
        let x = *step as f64 / small.n_steps.max(1) as f64 * (small.width - 1.0) + 0.5;
        let share = match loss.is_finite() {
            true => (f64::from(*loss) / f64::from(small.top)).clamp(0.0, 1.0),
            false => 1.0,
        };
        let y = small.height - 1.0 - share * (small.height - 2.0);
        let letter = if path.is_empty() { 'M' } else { 'L' };
        path.push_str(&format!("{letter}{x:.1} {y:.1}"));
    }
    // What has diverged is measured no more: it stays where it went.
    if let Some((step, loss)) = curve.last()
        && *step < small.n_steps
        && (loss.is_nan() || *loss > small.top)
    {
        path.push_str(&format!("H{:.1}", small.width - 0.5));
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_leaves_the_axis_stays_on_its_edge() {
        let small = Small {
            width: 53.0,
            height: 12.0,
            networks: &[
                vec![(0, 1.0), (100, 0.0)],
                vec![(0, 1.0), (50, f32::INFINITY)],
                Vec::new(),
            ],
            own: &[(0, 0.5), (100, 0.5)],
            n_steps: 100,
            top: 1.0,
        };
        let paths = small_losses(&small);
        assert_eq!(paths.ground, "M0 11.5H53");
        assert_eq!(paths.own, "M0.5 6.0L52.5 6.0");
        assert_eq!(
            paths.networks,
            [
                ("M0.5 1.0L52.5 11.0".to_owned(), false),
                ("M0.5 1.0L26.5 1.0H52.5".to_owned(), true),
            ]
        );
    }

    #[test]
    fn a_long_curve_has_its_end() {
        let own: Vec<(u64, f32)> = (0..=500).map(|step| (step, 0.5)).collect();
        let small = Small {
            width: 52.0,
            height: 14.0,
            networks: &[],
            own: &own,
            n_steps: 500,
            top: 1.0,
        };
        let own = small_losses(&small).own;
        assert!(own.matches('L').count() < MAX_POINTS + 2);
        assert!(own.ends_with("L51.5 7.0"), "{own}");
    }
}
