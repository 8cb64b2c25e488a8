//! Destinations: definitions with a guard in front and signing secrets beside.
//!
//! A secret is told once, when it is made. A webhook that came from a file has none yet; nothing is pushed to it before
//! somebody makes one and gives it to the receiver.

use serde_json::Value;
use weir_core::about::About;
use weir_core::destination::Destination;
use weir_core::feature::Feature;
use weir_core::time::Day;
use weir_core::{Code, Error, Result};
use weir_deliver::{Courier, Tested, check_secret, new_secret};
use weir_store::{DefinitionKind, Disabled, Page, Paged};

use crate::app::Workspace;
use crate::definition::file::Document;
use crate::definition::{Applied, nothing_applied};

/// A destination as it is now.
#[derive(Debug, Clone, PartialEq)]
pub struct DestinationRecord {
    /// Its name.
    pub name: String,
    /// From 1; it grows with every change.
    pub version: u32,
    /// What it is for.
    pub about: About,
    /// Where people are pushed.
    pub destination: Destination,
    /// Since when nothing is sent to it, and why.
    pub disabled: Option<Disabled>,
}

impl Workspace {
    /// Destinations by name.
    pub fn destinations(&self, page: &Page) -> Result<Paged<DestinationRecord>> {
        let stored = self.store().definitions(DefinitionKind::Destination, page)?;
        let items = stored.items.into_iter().map(|definition| self.record(definition));
        Ok(Paged { items: items.collect::<Result<_>>()?, next: stored.next })
    }

    /// A destination.
    pub fn destination(&self, name: &str) -> Result<DestinationRecord> {
        self.record(self.store().definition(DefinitionKind::Destination, name)?)
    }

    /// Makes a destination; the name must be free. Answers the signing secret, if it needs one: it cannot be had again.
    pub fn create_destination(
        &self,
        name: &str,
        definition: &Value,
        about: About,
        secret: Option<&str>,
    ) -> Result<(DestinationRecord, Option<String>)> {
        let destination = Destination::from_json(definition)?;
        self.check_destination(&destination)?;
        secret.map_or(Ok(()), check_secret)?;
        let body = destination.to_json();
        self.store().create_definition(DefinitionKind::Destination, name, &body, &about)?;
        let secret = match destination {
            Destination::Webhook(_) => Some(self.change_secret(name, secret)?),
            Destination::File(_) => None,
        };
        Ok((self.destination(name)?, secret))
    }

    /// Changes a destination, or makes it; a disabled one is enabled. A webhook made like this has no secret yet.
    pub fn put_destination(&self, name: &str, definition: &Value, about: About) -> Result<Applied> {
        let destination = Destination::from_json(definition)?;
        self.check_destination(&destination)?;
        let document = Document::destination(name, destination, about);
        let applied = self.put(vec![document])?.pop().ok_or_else(nothing_applied)?;
        self.store().enable_destination(name)?;
        Ok(applied)
    }

    /// Removes a destination that no unfinished push needs.
    pub fn delete_destination(&self, name: &str) -> Result<()> {
        let pushes = self.store().unfinished_pushes(name)?;
        if pushes.is_empty() {
            return self.store().remove_destination(name);
        }
        let message = format!("destination {name} is used by {}", pushes.join(", "));
        Err(Error::new(Code::InUse, message).help("wait until they are done"))
    }

    /// Makes a new signing secret, or takes this one. The one before stays active for a day. Answers the new one.
    pub fn change_destination_secret(&self, name: &str, secret: Option<&str>) -> Result<String> {
        let record = self.destination(name)?;
        match record.destination {
            Destination::Webhook(_) => self.change_secret(name, secret),
            Destination::File(_) => {
                Err(Error::new(Code::InvalidArgument, format!("{name} is a file; only webhooks are signed")))
            }
        }
    }

    /// Lets a destination be sent to again.
    pub fn enable_destination(&self, name: &str) -> Result<DestinationRecord> {
        self.destination(name)?;
        self.store().enable_destination(name)?;
        self.destination(name)
    }

    /// Sends one signed message without recipients to a webhook, as a push would.
    pub fn test_destination(&self, name: &str, as_of: Day) -> Result<Tested> {
        let destination = self.destination(name)?.destination;
        self.check_destination(&destination)?;
        match destination {
            Destination::Webhook(webhook) => {
                let secrets = self.store().destination_secrets(name)?;
                self.courier()?.test(name, &webhook, &secrets, as_of)
            }
            Destination::File(_) => {
                Err(Error::new(Code::InvalidArgument, format!("{name} is a file; there is nobody to call")))
            }
        }
    }

    pub(crate) fn check_destination(&self, destination: &Destination) -> Result<()> {
        match destination {
            Destination::Webhook(webhook) => {
                self.require(Feature::Webhooks)?;
                self.guard().check_url(&webhook.url)
            }
            Destination::File(_) => Ok(()),
        }
    }

    pub(crate) fn courier(&self) -> Result<Courier> {
        Ok(Courier::new(self.guard(), self.store().exports_dir()?))
    }

    fn change_secret(&self, name: &str, secret: Option<&str>) -> Result<String> {
        let secret = match secret {
            Some(secret) => {
                check_secret(secret)?;
                secret.to_owned()
            }
            None => new_secret()?,
        };
        self.store().add_destination_secret(name, &secret)?;
        Ok(secret)
    }

    fn record(&self, stored: weir_store::Definition) -> Result<DestinationRecord> {
        Ok(DestinationRecord {
            destination: Destination::from_json(&stored.body)?,
            disabled: self.store().destination_disabled(&stored.name)?,
            name: stored.name,
            version: stored.version,
            about: stored.about,
        })
    }
}
