//! The tag market: every tag with what is known about it, computed ones with their rule and runs.

mod compute;
mod lineage;
mod market;
mod values;

use std::sync::Arc;

use serde_json::Value;
use weir_core::about::About;
use weir_core::tag::TagKind;
use weir_core::tag::rule::TagRule;
use weir_core::{Code, Error, Result};
use weir_store::DefinitionKind;

use crate::app::Workspace;
use crate::definition::file::Document;
use crate::definition::{Applied, nothing_applied};
use crate::vocabulary::WorkspaceNames;

pub use lineage::Lineage;
pub use market::{Coverage, Freshness, Origin, TagDetail, TagFilter, TagRecord};
pub use values::{Bin, Spread, TagCount, TagValues};
pub use weir_store::TagRun;

/// Reads the body of a tag's definition; none is a tag that is only described.
pub(crate) fn rule_of(body: &Value) -> Result<Option<TagRule>> {
    if body.is_null() { Ok(None) } else { TagRule::from_json(body).map(Some) }
}

impl Workspace {
    /// Describes a tag, or says how it is computed, or makes a new version of that.
    pub fn put_tag(&self, name: &str, value: Option<&Value>, about: About) -> Result<Applied> {
        let rule = value.map(TagRule::from_json).transpose().map_err(|e| e.under("/value"))?;
        self.put(vec![Document::tag(name, rule, about)])?.pop().ok_or_else(nothing_applied)
    }

    /// Removes the definition of a tag. What was computed goes with it, so nothing may name it then; what imports and
    /// clients state stays.
    pub fn delete_tag(&self, name: &str) -> Result<()> {
        let definition = self.store().definition(DefinitionKind::Tag, name)?;
        if rule_of(&definition.body)?.is_some() {
            self.refuse_if_named("tag", name)?;
            for source in self.store().tag_sources()?.iter().filter(|source| source.tag == name) {
                if source.source == compute::source_of(name) {
                    self.store().undo(source.import)?;
                }
            }
            self.store().forget_tag_runs(name)?;
        }
        self.store().remove_definition(DefinitionKind::Tag, name)
    }

    /// The rule of a tag, and the version of its definition.
    pub(crate) fn tag_rule(&self, name: &str) -> Result<(Arc<TagRule>, u32)> {
        let definition = self.store().definition(DefinitionKind::Tag, name)?;
        match rule_of(&definition.body)? {
            Some(rule) => Ok((Arc::new(rule), definition.version)),
            None => Err(Error::new(Code::InvalidArgument, format!("tag \"{name}\" is not computed"))
                .help("its definition only describes it; give it a \"value\"")),
        }
    }

    /// Whether a tag may be computed by a rule: nobody else states it, and what was computed before is of the same kind.
    pub(crate) fn check_tag_free(&self, name: &str, kind: TagKind, names: &WorkspaceNames) -> Result<()> {
        let stated = names.data().tags().get(name).copied();
        let is_others =
            |source: &weir_store::TagSource| source.tag == name && source.source != compute::source_of(name);
        let by_others = self.store().tag_sources()?.into_iter().find(is_others);
        if let Some(source) = by_others {
            let who = if source.source.is_empty() { "clients" } else { &source.source };
            return Err(Error::new(Code::NameTaken, format!("tag \"{name}\" is stated by {who} already"))
                .at("/name")
                .help("give the computed tag another name"));
        }
        match stated.filter(|stated| *stated != kind) {
            None => Ok(()),
            Some(stated) => {
                let (stated, kind) = (stated.name(), kind.name());
                let message = format!("tag \"{name}\" holds {stated} values, this would give {kind}");
                Err(Error::new(Code::InvalidDefinition, message)
                    .at("/value")
                    .help("delete the tag first, or give the new one another name"))
            }
        }
    }

    /// Refuses to import into a tag that is computed.
    pub(crate) fn refuse_computed<'a>(&self, tags: impl Iterator<Item = &'a str>) -> Result<()> {
        for tag in tags {
            let Ok(definition) = self.store().definition(DefinitionKind::Tag, tag) else { continue };
            if !definition.body.is_null() {
                let error = Error::new(Code::InvalidMapping, format!("tag \"{tag}\" is computed")).at(tag);
                return Err(error.help("give the column another name in the mapping's SQL"));
            }
        }
        Ok(())
    }
}
