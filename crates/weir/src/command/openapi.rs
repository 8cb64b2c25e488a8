//! `weir openapi`: the OpenAPI document, for the repository.

use weir_core::{Error, Result};

use crate::output;

pub fn run() -> Result<()> {
    let json = weir_server::document().to_pretty_json();
    output::print(&json.map_err(|error| Error::internal(error.to_string()))?)
}
