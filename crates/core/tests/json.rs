//! Our reader of JSON beside serde_json: what ours reads is equal, and what theirs refuses is refused.

use actiscope_core::interop::json::{Json, quoted};
use proptest::prelude::*;
use serde_json::Value;

fn check(text: &str) {
    match (Json::parse(text), serde_json::from_str::<Value>(text)) {
        (Ok(ours), Ok(theirs)) => assert!(is_equal(&ours, &theirs), "{text}"),
        (Ok(_), Err(error)) => panic!("{text}: {error}"),
        (Err(_), _) => {}
    }
}

fn is_equal(ours: &Json, theirs: &Value) -> bool {
    match (ours, theirs) {
        (Json::Null, Value::Null) => true,
        (Json::Bool(ours), Value::Bool(theirs)) => ours == theirs,
        (Json::Number(ours), Value::Number(theirs)) => Some(*ours) == theirs.as_f64(),
        (Json::Text(ours), Value::String(theirs)) => ours == theirs,
        (Json::List(ours), Value::Array(theirs)) => {
            ours.len() == theirs.len() && ours.iter().zip(theirs).all(|(a, b)| is_equal(a, b))
        }
        (Json::Object(ours), Value::Object(theirs)) => {
            let is_there = |(name, value): &(String, Json)| {
                theirs
                    .get(name)
                    .is_some_and(|theirs| is_equal(value, theirs))
            };
            ours.len() == theirs.len() && ours.iter().all(is_there)
        }
        _ => false,
    }
}

#[test]
fn what_serde_writes_is_read() {
    for name in ["training", "health", "metrics"] {
        let path = format!("{}/tests/reference/{name}.json", env!("CARGO_MANIFEST_DIR"));
        let text = std::fs::read_to_string(path).expect("the file is there");
        assert!(Json::parse(&text).is_ok(), "{name}");
        check(&text);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4096))]

    #[test]
    fn any_text_is_read_or_refused(text in any::<String>()) {
        check(&text);
        let theirs: String = serde_json::from_str(&quoted(&text)).expect("a string");
        prop_assert_eq!(theirs, text);
    }

    #[test]
    fn texts_that_look_like_json_are_read_as_serde_reads_them(
        parts in prop::collection::vec(
            prop::sample::select(vec![
                "{", "}", "[", "]", ",", ":", "\"a\"", "\"b\"", "\"\\u00e9\"", "1", "0", "-", "2", ".", "e3", "true",
                "null", " ", "\"",
            ]),
            0..12,
        )
    ) {
        check(&parts.concat());
    }
}
