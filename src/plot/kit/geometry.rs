//! Points, rectangles and scales. Lengths are CSS pixels, y grows downwards.

#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Point {
    pub x: f64,
    pub y: f64,
}

pub const fn point(x: f64, y: f64) -> Point {
    Point { x, y }
}

#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Size {
    pub width: f64,
    pub height: f64,
}

pub const fn size(width: f64, height: f64) -> Size {
    Size { width, height }
}

#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Rect {
    pub x: f64,
    pub y: f64,
    pub width: f64,
    pub height: f64,
}

impl Rect {
    pub const fn new(x: f64, y: f64, width: f64, height: f64) -> Self {
        Self {
            x,
            y,
            width,
            height,
        }
    }

    pub const fn of_size(size: Size) -> Self {
        Self::new(0.0, 0.0, size.width, size.height)
    }

    pub fn from_corners(a: Point, b: Point) -> Self {
        Self::new(
            a.x.min(b.x),
            a.y.min(b.y),
            (a.x - b.x).abs(),
            (a.y - b.y).abs(),
        )
    }

    pub const fn right(&self) -> f64 {
        self.x + self.width
    }

    pub const fn bottom(&self) -> f64 {
        self.y + self.height
    }

    pub const fn center(&self) -> Point {
        point(self.x + self.width / 2.0, self.y + self.height / 2.0)
    }

    pub fn contains(&self, p: Point) -> bool {
        p.x >= self.x && p.x <= self.right() && p.y >= self.y && p.y <= self.bottom()
    }

    /// True where `other` lies within, to a millionth of a pixel.
    pub fn encloses(&self, other: &Self) -> bool {
        const SLACK: f64 = 1e-6;
        other.x >= self.x - SLACK
            && other.y >= self.y - SLACK
            && other.right() <= self.right() + SLACK
            && other.bottom() <= self.bottom() + SLACK
    }

    /// True where the insides meet; touching edges do not count.
    pub fn overlaps(&self, other: &Self) -> bool {
        self.x < other.right()
            && other.x < self.right()
            && self.y < other.bottom()
            && other.y < self.bottom()
    }

    /// Smaller by `by` on every side, never less than empty.
    pub fn inset(&self, by: f64) -> Self {
        let (dx, dy) = (by.min(self.width / 2.0), by.min(self.height / 2.0));
        Self::new(
            self.x + dx,
            self.y + dy,
            self.width - 2.0 * dx,
            self.height - 2.0 * dy,
        )
    }
}

/// Data to pixels along one axis and back.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Scale {
    kind: Kind,
    data: (f64, f64),
    px: (f64, f64),
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Kind {
    Linear,
    Log,
    /// Of 1 + v: decades that begin at 0.
    LogFromZero,
}

impl Scale {
    /// `data.0` lies at `px.0`, `data.1` at `px.1`. An empty range of data is widened by 1, so that
    /// the scale has an inverse.
    pub fn linear(data: (f64, f64), px: (f64, f64)) -> Self {
        let data = if data.0 == data.1 {
            (data.0, data.1 + 1.0)
        } else {
            data
        };
        Self {
            kind: Kind::Linear,
            data,
            px,
        }
    }

    /// Both ends must be over 0; what is not is taken as the smallest normal number.
    pub fn log(data: (f64, f64), px: (f64, f64)) -> Self {
        let low = data.0.max(f64::MIN_POSITIVE);
        let high = data.1.max(f64::MIN_POSITIVE);
        Self {
            kind: Kind::Log,
            data: if low == high {
                (low, 10.0 * high)
            } else {
                (low, high)
            },
            px,
        }
    }

    /// Decades of 1 + v, so that an axis of counts can begin at 0. Both ends must be 0 or more.
    pub fn log_from_zero(data: (f64, f64), px: (f64, f64)) -> Self {
        Self {
            kind: Kind::LogFromZero,
            ..Self::linear((data.0.max(0.0), data.1.max(0.0)), px)
        }
    }

    pub fn is_log(&self) -> bool {
        self.kind != Kind::Linear
    }

    /// The ends of the data, in the order given.
    pub fn domain(&self) -> (f64, f64) {
        self.data
    }

    /// The pixels of the ends, in the order given.
    pub fn range(&self) -> (f64, f64) {
        self.px
    }

    /// Not clamped. On a log scale 0 and less lie at -infinity.
    pub fn px_from_data(&self, v: f64) -> f64 {
        let decades = |v: f64| libm::log10(1.0 + v.max(0.0));
        let t = match self.kind {
            Kind::LogFromZero => {
                let (low, high) = (decades(self.data.0), decades(self.data.1));
                (decades(v) - low) / (high - low)
            }
            Kind::Linear => (v - self.data.0) / (self.data.1 - self.data.0),
            Kind::Log => {
                (libm::log10(v.max(0.0)) - libm::log10(self.data.0))
                    / (libm::log10(self.data.1) - libm::log10(self.data.0))
            }
        };
        self.px.0 + t * (self.px.1 - self.px.0)
    }

    /// [`Self::px_from_data`], kept between the ends of the axis.
    pub fn px_clamped(&self, v: f64) -> f64 {
        let (low, high) = (self.px.0.min(self.px.1), self.px.0.max(self.px.1));
        self.px_from_data(v).clamp(low, high)
    }

    pub fn data_from_px(&self, px: f64) -> f64 {
        let t = (px - self.px.0) / (self.px.1 - self.px.0);
        match self.kind {
            Kind::Linear => self.data.0 + t * (self.data.1 - self.data.0),
            Kind::Log => {
                let (a, b) = (libm::log10(self.data.0), libm::log10(self.data.1));
                libm::pow(10.0, a + t * (b - a))
            }
            Kind::LogFromZero => {
                let (a, b) = (
                    libm::log10(1.0 + self.data.0),
                    libm::log10(1.0 + self.data.1),
                );
                libm::pow(10.0, a + t * (b - a)) - 1.0
            }
        }
    }

    /// [`Self::data_from_px`], kept between the ends of the data.
    pub fn data_clamped(&self, px: f64) -> f64 {
        let (low, high) = (self.data.0.min(self.data.1), self.data.0.max(self.data.1));
        self.data_from_px(px).clamp(low, high)
    }
}

/// The parts of a polyline within `y` in `low..=high`, cut exactly at the edges. A point that is not
/// finite breaks the line.
pub fn clip_polyline_y(points: &[Point], low: f64, high: f64) -> Vec<Vec<Point>> {
    let mut parts = Vec::new();
    let mut part: Vec<Point> = Vec::new();
    let mut close = |part: &mut Vec<Point>| {
        if part.len() > 1 {
            parts.push(std::mem::take(part));
        } else {
            part.clear();
        }
    };
    for pair in points.windows(2) {
        let [a, b] = [pair[0], pair[1]];
        let finite = [a.x, a.y, b.x, b.y].iter().all(|v| v.is_finite());
        let visible = finite.then(|| clip_segment_y(a, b, low, high)).flatten();
        let Some((from, to)) = visible else {
            close(&mut part);
            continue;
        };
        if part.last() != Some(&from) {
            close(&mut part);
            part.push(from);
        }
        part.push(to);
    }
    close(&mut part);
    parts
}

fn clip_segment_y(a: Point, b: Point, low: f64, high: f64) -> Option<(Point, Point)> {
    if a.y.max(b.y) < low || a.y.min(b.y) > high {
        return None;
    }
    let at = |y: f64| point(a.x + (b.x - a.x) * (y - a.y) / (b.y - a.y), y);
    let bring_in = |p: Point| {
        if p.y < low {
            at(low)
        } else if p.y > high {
            at(high)
        } else {
            p
        }
    };
    Some((bring_in(a), bring_in(b)))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn linear_scale_round_trips(v in -1e3..1e3f64, low in -1e3..-1e-2f64, high in 1e-2..1e3f64) {
            let s = Scale::linear((low, high), (30.0, 700.0));
            prop_assert!((s.data_from_px(s.px_from_data(v)) - v).abs() < 1e-9 * (high - low));
        }

        #[test]
        fn log_scale_round_trips(e in -12.0..6.0f64) {
            let s = Scale::log((1e-9, 1e2), (400.0, 10.0));
            let v = libm::pow(10.0, e);
            prop_assert!((s.data_from_px(s.px_from_data(v)) / v - 1.0).abs() < 1e-9);
        }
    }

    #[test]
    fn a_log_scale_of_counts_begins_at_zero() {
        let s = Scale::log_from_zero((0.0, 999.0), (10.0, 310.0));
        assert_eq!(s.px_from_data(0.0), 10.0);
        assert!((s.px_from_data(9.0) - 110.0).abs() < 1e-9);
        assert!((s.data_from_px(210.0) - 99.0).abs() < 1e-9);
    }

    #[test]
    fn log_scale_takes_zero_to_the_end() {
        let s = Scale::log((0.01, 1.0), (10.0, 110.0));
        assert_eq!(s.px_from_data(0.0), f64::NEG_INFINITY);
        assert_eq!(s.px_clamped(0.0), 10.0);
        assert_eq!(s.px_from_data(0.1), 60.0);
    }

    #[test]
    fn clipping_cuts_at_the_edge_and_breaks_at_nan() {
        let line = [
            point(0.0, -10.0),
            point(10.0, 10.0),
            point(20.0, f64::NAN),
            point(30.0, 5.0),
            point(40.0, 25.0),
        ];
        let parts = clip_polyline_y(&line, 0.0, 15.0);
        assert_eq!(
            parts,
            vec![
                vec![point(5.0, 0.0), point(10.0, 10.0)],
                vec![point(30.0, 5.0), point(35.0, 15.0)],
            ]
        );
    }
}
