//! Numbers from texts.

use lexical_parse_float::FromLexical;

/// The number that a text writes, correctly rounded: what `str::parse` gives, without its tables of powers
/// of five. A page that has those is 10 kB longer to download.
///
/// None if the text is anything but a number, spaces around it included.
pub fn parse_f64(text: &str) -> Option<f64> {
    f64::from_lexical(text.as_bytes()).ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn check(text: &str) {
        let bits = |value: Option<f64>| value.map(f64::to_bits);
        assert_eq!(bits(parse_f64(text)), bits(text.parse().ok()), "{text:?}");
    }

    #[test]
    fn it_takes_what_std_takes() {
        let numbers =
            "0 -0 1 +1 007 1. .5 -.5 1e5 1E-5 1e+5 1.5e3 0.1 1e400 -1e400 1e-400 inf -inf infinity";
        let others = ". - + e 1e 1e+ 1.2.3 1,5 0x10 1_000 --1 1f 1d one e5 .e5 in";
        for text in numbers.split(' ').chain(others.split(' ')) {
            check(text);
        }
        check("");
        check(" 1");
        check("1 ");
        check("१");
        assert!(parse_f64("nan").is_some_and(f64::is_nan));
    }

    #[test]
    fn it_rounds_as_std_does_where_that_is_hard() {
        // Halves between two numbers, and the ends of what there is.
        for text in [
            "9007199254740993",
            "9007199254740993.00000000000000000000000000000000000001",
            "2.2250738585072011e-308",
            "2.2250738585072014e-308",
            "4.9406564584124654e-324",
            "2.4703282292062327e-324",
            "2.4703282292062328e-324",
            "1.7976931348623157e308",
            "1.7976931348623159e308",
            "0.500000000000000166533453693773481063544750213623046875",
            "3.518437208883201171875e13",
            "6631.2468125e-60",
        ] {
            check(text);
        }
    }

    proptest! {
        #[test]
        fn every_number_reads_back(bits in any::<u64>()) {
            let value = f64::from_bits(bits);
            prop_assume!(!value.is_nan());
            check(&format!("{value}"));
            check(&format!("{value:e}"));
            check(&format!("{value:.5e}"));
        }

        #[test]
        fn long_ones_round_as_std_does(whole in "[0-9]{0,25}", part in "[0-9]{0,25}", exponent in -330..320i32) {
            check(&format!("{whole}.{part}e{exponent}"));
        }
    }
}
