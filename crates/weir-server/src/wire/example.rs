//! What became of the tests in a folder of definitions.

use std::path::PathBuf;

use serde::Serialize;

/// The tests of a folder.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Examples {
    /// How many hold.
    pub passed: usize,
    /// How many do not.
    pub failed: usize,
    /// Each of them.
    pub tests: Vec<Example>,
}

/// A test.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Example {
    /// Its name.
    pub name: String,
    /// The file it stands in.
    pub file: PathBuf,
    /// How many expectations it has.
    pub expectations: usize,
    /// Those that do not hold.
    pub failures: Vec<ExampleFailure>,
}

/// An expectation that does not hold.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ExampleFailure {
    /// JSON pointer into the document.
    pub at: String,
    /// What is not as expected.
    pub message: String,
}

impl From<&[weir_app::Example]> for Examples {
    fn from(examples: &[weir_app::Example]) -> Examples {
        let passed = examples.iter().filter(|example| example.failures.is_empty()).count();
        let tests = examples.iter().map(Example::from).collect();
        Examples { passed, failed: examples.len() - passed, tests }
    }
}

impl From<&weir_app::Example> for Example {
    fn from(example: &weir_app::Example) -> Example {
        let failures = example.failures.iter();
        Example {
            name: example.name.clone(),
            file: example.file.clone(),
            expectations: example.expectations,
            failures: failures
                .map(|failure| ExampleFailure { at: failure.at.clone(), message: failure.message.clone() })
                .collect(),
        }
    }
}
