//! The number in front of a term or factor, kept as numerator and denominator, so that a sixth stays
//! 1 / 6.

/// `num / den`, both finite, `den` > 0. Whole numbers are in lowest terms; decimals have `den` 1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Ratio {
    num: f64,
    den: f64,
}

/// Whole numbers up to here are exact in f64.
const MAX_WHOLE: f64 = 9_007_199_254_740_992.0;

impl Ratio {
    pub const ONE: Self = Self { num: 1.0, den: 1.0 };
    pub const MINUS_ONE: Self = Self {
        num: -1.0,
        den: 1.0,
    };

    pub fn of(value: f64) -> Self {
        Self {
            num: value,
            den: 1.0,
        }
    }

    /// `None` if it would not be finite.
    fn new(num: f64, den: f64) -> Option<Self> {
        let (num, den) = if den < 0.0 { (-num, -den) } else { (num, den) };
        let is_whole = |x: f64| x == x.floor() && x.abs() <= MAX_WHOLE;
        let reduced = if is_whole(num) && is_whole(den) {
            let divisor = greatest_common_divisor(num.abs() as u64, den as u64).max(1) as f64;
            Self {
                num: num / divisor,
                den: den / divisor,
            }
        } else {
            Self {
                num: num / den,
                den: 1.0,
            }
        };
        (den != 0.0 && reduced.num.is_finite() && reduced.den.is_finite()).then_some(reduced)
    }

    pub fn mul(self, other: Self) -> Option<Self> {
        Self::new(self.num * other.num, self.den * other.den)
    }

    pub fn add(self, other: Self) -> Option<Self> {
        if self.den == other.den {
            return Self::new(self.num + other.num, self.den);
        }
        Self::new(
            self.num * other.den + other.num * self.den,
            self.den * other.den,
        )
    }

    pub fn powi(self, exponent: i32) -> Option<Self> {
        let base = if exponent < 0 {
            Self::new(self.den, self.num)?
        } else {
            self
        };
        (0..exponent.abs()).try_fold(Self::ONE, |power, _| power.mul(base))
    }

    pub fn is_zero(self) -> bool {
        self.num == 0.0
    }

    pub fn is_negative(self) -> bool {
        self.num < 0.0
    }

    /// Numerator and denominator.
    pub fn parts(self) -> (f64, f64) {
        (self.num, self.den)
    }
}

fn greatest_common_divisor(a: u64, b: u64) -> u64 {
    if b == 0 {
        a
    } else {
        greatest_common_divisor(b, a % b)
    }
}
