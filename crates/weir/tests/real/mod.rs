//! The binary as a user runs it, on a data directory of its own.

// Each test target compiles all of this and uses a part.
#![allow(dead_code)]
// What was skipped, and why, must be seen.
#![allow(clippy::print_stdout, clippy::unwrap_used)]

pub mod tracks;

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;

/// The binary, a data directory, and a place for input files beside it.
pub struct Weir {
    root: tempfile::TempDir,
    data: PathBuf,
}

impl Weir {
    pub fn new() -> Weir {
        let root = tempfile::tempdir().expect("a temporary directory");
        Weir { data: root.path().join("data"), root }
    }

    fn run(&self, args: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_weir"));
        command.arg("--data").arg(&self.data).arg("--json").args(args);
        command.output().expect("the binary runs")
    }

    pub fn ok(&self, args: &[&str]) -> String {
        let output = self.run(args);
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "weir {}: {stderr}", args.join(" "));
        String::from_utf8(output.stdout).expect("UTF-8")
    }

    /// Runs what must fail: the exit status, and the error as JSON from stderr (null if it is not JSON).
    pub fn fails(&self, args: &[&str]) -> (i32, Value) {
        let output = self.run(args);
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert!(!output.status.success(), "weir {} should have failed", args.join(" "));
        (output.status.code().unwrap_or(-1), serde_json::from_str(stderr.trim()).unwrap_or_default())
    }

    /// The data directory.
    pub fn dir(&self) -> &Path {
        &self.data
    }

    /// Writes an input file and names it.
    pub fn write(&self, name: &str, contents: &str) -> String {
        let path = self.root.path().join(name);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        std::fs::write(&path, contents).expect("a file");
        path.display().to_string()
    }

    pub fn json(&self, args: &[&str]) -> Value {
        serde_json::from_str(&self.ok(args)).expect("JSON")
    }

    pub fn eval(&self, expression: &Value, as_of: &str) -> Value {
        self.json(&["eval", &self.file(expression), "--as-of", as_of])
    }

    pub fn hash(&self, expression: &Value, as_of: &str) -> Value {
        self.json(&["eval", &self.file(expression), "--as-of", as_of, "--hash"])["content_hash"].clone()
    }

    /// The rows of a query, each as an object.
    pub fn sql(&self, query: &str) -> Value {
        let answer = self.json(&["sql", query]);
        let columns: Vec<&str> =
            answer["columns"].as_array().unwrap().iter().map(|name| name.as_str().unwrap()).collect();
        let object = |row: &Value| {
            columns.iter().zip(row.as_array().unwrap()).map(|(n, v)| ((*n).to_owned(), v.clone())).collect()
        };
        answer["rows"].as_array().unwrap().iter().map(|row| Value::Object(object(row))).collect()
    }

    fn file(&self, expression: &Value) -> String {
        self.write("expression.json", &expression.to_string())
    }

    fn events(&self) -> String {
        self.data.join("workspaces/default/events/*/*.parquet").display().to_string()
    }
}

/// A file of the test data; says so when there is none.
pub fn data(name: &str) -> Option<String> {
    let Ok(folder) = std::env::var("WEIR_TEST_DATA") else {
        assert!(std::env::var("CI").is_err(), "in CI WEIR_TEST_DATA must name the test data");
        println!("skipped: WEIR_TEST_DATA does not name the folder with {name}");
        return None;
    };
    let path = Path::new(&folder).join(name);
    assert!(path.exists(), "{} is missing", path.display());
    Some(path.display().to_string())
}

/// A file of `examples/`.
pub fn example(name: &str) -> String {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples").join(name).display().to_string()
}

/// A Python that has DuckDB.
pub fn python() -> Option<String> {
    let python = std::env::var("WEIR_TEST_PYTHON").ok();
    if python.is_none() {
        assert!(std::env::var("CI").is_err(), "in CI WEIR_TEST_PYTHON must name a Python with DuckDB");
        println!("skipped: WEIR_TEST_PYTHON does not name a Python with DuckDB");
    }
    python
}

/// One figure, from DuckDB over the Parquet files of the event table.
pub fn duckdb(python: &str, weir: &Weir, sql: &str) -> String {
    let program = "import duckdb, sys\n\
                   duckdb.sql(f\"CREATE VIEW events AS SELECT * FROM read_parquet('{sys.argv[1]}')\")\n\
                   print(duckdb.sql(sys.argv[2]).fetchall()[0][0])";
    let output =
        Command::new(python).args(["-c", program, &weir.events(), sql]).output().expect("Python runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("UTF-8").trim().to_owned()
}
