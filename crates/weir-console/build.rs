//! Watches the console's build, and refuses to go on without one where the release asks for it.

use std::path::Path;

/// Set by releases: then a binary without a console cannot be built.
const GUARD: &str = "WEIR_REQUIRE_CONSOLE";

fn main() {
    let dist = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../web/dist");
    // Without this line a console that is built after the crate would never be embedded.
    println!("cargo:rerun-if-changed={}", dist.display());
    println!("cargo:rerun-if-env-changed={GUARD}");
    let is_built = dist.join("index.html").is_file();
    let is_required = std::env::var_os(GUARD).is_some_and(|value| !value.is_empty());
    assert!(
        is_built || !is_required,
        "{GUARD} is set, but {} has no index.html; run `npm ci && npm run build` in web/",
        dist.display()
    );
}
