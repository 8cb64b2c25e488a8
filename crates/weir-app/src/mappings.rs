//! What clients' names of events, campaigns and properties mean in a workspace: as shipped, unless somebody edited it.

use serde_json::Value;
use weir_core::{Error, Result};
use weir_ingest::Mappings;

use crate::app::Workspace;

impl Workspace {
    /// Everything that holds, as a document that can be edited.
    pub fn mappings(&self) -> Result<Value> {
        Ok(stored(self.store())?.to_json())
    }

    /// Changes what names mean, from the next request on. Events and fields that the document leaves out are as shipped.
    pub fn set_mappings(&self, document: &Value) -> Result<Value> {
        let mappings = Mappings::parse(document)?.to_json();
        self.store().set_mappings(Some(&mappings.to_string()))?;
        self.intake().forget_rules();
        Ok(mappings)
    }
}

/// The mappings of a workspace.
pub(crate) fn stored(workspace: &weir_store::Workspace) -> Result<Mappings> {
    let Some(document) = workspace.mappings()? else { return Ok(Mappings::default()) };
    let document = serde_json::from_str(&document).map_err(|error| Error::internal(error.to_string()))?;
    // What was stored was parsed before; that it no longer can be is not the caller's fault.
    Mappings::parse(&document).map_err(|error| Error::internal(format!("stored mappings: {error}")))
}
