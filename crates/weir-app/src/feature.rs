//! Features that a workspace may be without. Each use case that is the door of one asks here first.

use weir_core::feature::Feature;
use weir_core::time::Micros;
use weir_core::{Code, Error, Result};
use weir_store::{Page, Paged};

use crate::app::Workspace;

/// A feature, and whether a workspace has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FeatureState {
    /// The feature.
    pub feature: Feature,
    /// Since when it is off; none: it is on.
    pub off_since: Option<Micros>,
}

impl Workspace {
    /// Features by name.
    pub fn features(&self, page: &Page) -> Result<Paged<FeatureState>> {
        let after = page.after.as_deref().unwrap_or_default();
        let wanted = Feature::ALL.iter().filter(|feature| feature.name() > after);
        let states = wanted.map(|feature| self.feature(*feature)).collect::<Result<Vec<_>>>()?;
        Ok(Paged::of(states, page, |state| state.feature.name().to_owned()))
    }

    /// A feature, and whether the workspace has it.
    pub fn feature(&self, feature: Feature) -> Result<FeatureState> {
        let off = self.store().features_off()?;
        let found = off.into_iter().find(|(name, _)| name == feature.name());
        Ok(FeatureState { feature, off_since: found.map(|(_, since)| since) })
    }

    /// Turns a feature on or off. What exists already stays, and can be seen and removed.
    pub fn set_feature(&self, feature: Feature, is_on: bool) -> Result<()> {
        self.store().set_feature(feature.name(), is_on)
    }

    pub(crate) fn is_on(&self, feature: Feature) -> Result<bool> {
        Ok(self.feature(feature)?.off_since.is_none())
    }

    /// The door of a feature.
    pub(crate) fn require(&self, feature: Feature) -> Result<()> {
        if self.is_on(feature)? {
            return Ok(());
        }
        let (workspace, name) = (self.name(), feature.name());
        let message = format!("the feature {name} is turned off in the workspace \"{workspace}\"");
        Err(Error::new(Code::FeatureOff, message).help(format!(
            "whoever runs this workspace can turn it on: weir --workspace {workspace} workspace feature {name}=on"
        )))
    }
}
