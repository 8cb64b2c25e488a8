//! Where the repository is and how to ask cargo and git about it.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The repository root: the folder above this crate. Cargo tells it anew at each run, which matters where
/// several checkouts share a target folder.
pub fn root() -> PathBuf {
    let told = std::env::var_os("CARGO_MANIFEST_DIR");
    let here = told.map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
    here.parent().map(Path::to_path_buf).unwrap_or(here)
}

/// Runs cargo at the root and returns its standard output; standard error goes to the terminal.
pub fn cargo(arguments: &[&str]) -> Result<String, String> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo"));
    stdout_of(Command::new(cargo).args(arguments), &format!("cargo {}", arguments.join(" ")))
}

/// The files git tracks or would track, with `/` between folders, sorted. A checkout owned by another
/// user, as containers have it, is read all the same.
pub fn tracked_files() -> Result<Vec<String>, String> {
    let trusted = ["-c", "safe.directory=*"];
    let listing = ["ls-files", "-z", "--cached", "--others", "--exclude-standard"];
    let text = stdout_of(Command::new("git").args(trusted).args(listing), "git ls-files")?;
    let mut files: Vec<String> =
        text.split('\0').filter(|name| !name.is_empty()).map(str::to_owned).collect();
    files.sort();
    files.dedup();
    Ok(files)
}

/// Reads a file of the repository, naming it in the error.
pub fn read(path: &Path) -> Result<String, String> {
    fs::read_to_string(path).map_err(|error| format!("cannot read {}: {error}", path.display()))
}

/// The path from the repository root, with `/` between folders: how a file is named in messages.
pub fn relative(path: &Path, root: &Path) -> String {
    let inside = path.strip_prefix(root).unwrap_or(path);
    inside.to_string_lossy().replace('\\', "/")
}

fn stdout_of(command: &mut Command, what: &str) -> Result<String, String> {
    let run = command.current_dir(root()).stderr(Stdio::inherit()).output();
    let output = run.map_err(|error| format!("`{what}` did not start: {error}"))?;
    if !output.status.success() {
        return Err(format!("`{what}` failed ({})", output.status));
    }
    String::from_utf8(output.stdout).map_err(|_| format!("`{what}` printed something other than UTF-8"))
}
