//! Files and numbers as a user gives them.

use std::path::Path;

use serde::de::DeserializeOwned;

use crate::failure::Failure;

/// Reads a JSON file, or says where it is wrong.
pub fn read_json<T: DeserializeOwned>(path: &Path) -> Result<T, Failure> {
    let text = read_text(path)?;
    serde_json::from_str(&text).map_err(|error| Failure::new(error.to_string()).at(path.display()))
}

/// Reads a UTF-8 file, or says what stands against it.
pub fn read_text(path: &Path) -> Result<String, Failure> {
    std::fs::read_to_string(path)
        .map_err(|error| Failure::new(error.to_string()).at(path.display()))
}

/// Numbers separated by commas.
pub fn numbers(flag: &str, text: &str) -> Result<Vec<f64>, Failure> {
    text.split(',').map(|item| number(flag, item)).collect()
}

pub fn number(flag: &str, text: &str) -> Result<f64, Failure> {
    match text.trim().parse::<f64>() {
        Ok(value) if value.is_finite() => Ok(value),
        _ => Err(Failure::new(format!(
            "{flag}: '{text}' is not a finite number"
        ))),
    }
}
