//! One person, and what they did.

use axum::Json;
use axum::extract::Path;
use serde::Deserialize;
use utoipa::ToSchema;
use weir_app::{ConsumerEvents, ConsumerRequest, Workspace};
use weir_core::scope::Scope;
use weir_core::state_model::ModelRef;
use weir_core::time::Day;
use weir_core::{Error, Result};

use super::{date, in_body, in_expression};
use crate::auth::{Author, Tenant};
use crate::blocking::asking;
use crate::body::Body;
use crate::error::Answer;
use crate::listing::{Listing, read_from_the_query};
use crate::openapi::Failures;
use crate::turn::Length;
use crate::wire::{ConsumerDetail, ConsumerEvent, Expression, Items, ListedConsumer};

/// Days of states unless asked otherwise.
const DAYS: u32 = 180;

/// As of when, in which states, and how much is shown.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct ConsumerQuery {
    /// Local date; today in the workspace's zone unless given.
    #[param(value_type = Option<String>, format = Date)]
    as_of: Option<String>,
    /// The state model; `pno` unless given.
    #[param(example = "pno")]
    model: Option<String>,
    /// What its conditions are limited to: `workspace`, `shop=ID`, `brand=ID` or `category=ID`; the workspace unless given.
    #[param(example = "shop=flagship")]
    scope: Option<String>,
    /// Of how many days up to the date states are told; 180 unless given.
    #[param(minimum = 1, maximum = 1100)]
    days: Option<u32>,
    /// Shows phone numbers and e-mail addresses whole; that somebody asked is written to the server's log.
    unmasked: Option<bool>,
}

/// Which events, and which page of them.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct EventsQuery {
    /// Local date: no event that is later. All that there are unless given.
    #[param(value_type = Option<String>, format = Date)]
    as_of: Option<String>,
    /// Only events of this behavior.
    #[param(example = "purchase")]
    behavior: Option<String>,
    /// Only events of this channel and those below it.
    #[param(example = "ads.onsite")]
    channel: Option<String>,
    /// Only events from this local date on.
    #[param(value_type = Option<String>, format = Date)]
    from: Option<String>,
    /// Only events up to this local date.
    #[param(value_type = Option<String>, format = Date)]
    to: Option<String>,
    /// Shows phone numbers and e-mail addresses whole; that somebody asked is written to the server's log.
    unmasked: Option<bool>,
    /// Most events to return; 100 unless given.
    #[param(minimum = 1, maximum = 1000)]
    limit: Option<u32>,
    /// `next` of the page before.
    after: Option<String>,
}

read_from_the_query!(ConsumerQuery EventsQuery);

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ConsumersRequest {
    expression: Expression,
    /// Local date.
    #[schema(format = Date, example = "2024-11-30")]
    as_of: String,
    /// Most people to return; 100 unless given.
    #[schema(minimum = 1, maximum = 1000)]
    limit: Option<u32>,
    /// `next` of the page before.
    after: Option<String>,
}

/// The members of an expression, one by one, in canonical order
///
/// Phone numbers and e-mail addresses are masked; the key opens the person.
#[utoipa::path(post, path = "/consumers", operation_id = "list_consumers", tag = "consumers",
    request_body = ConsumersRequest,
    responses((status = 200, description = "A page.", body = Items<ListedConsumer>), Failures))]
pub(crate) async fn list(
    Tenant(workspace): Tenant,
    Body(request): Body<ConsumersRequest>,
) -> Answer<Items<ListedConsumer>> {
    let (expr, as_of) = (request.expression.read("/expression")?, date(&request.as_of, "/as_of")?);
    let page = Listing::of(request.limit, request.after).page().map_err(in_body)?;
    let people = asking(workspace, Length::Short, move |workspace| {
        let mut people = workspace.consumers(&expr, as_of, &page).map_err(in_expression)?;
        people.items = people.items.into_iter().map(weir_app::ListedConsumer::masked).collect();
        Ok(people)
    });
    Ok(Json(Items::page(&people.await?)))
}

/// One person: identifiers, links, tags, states over time, audiences, pushes
#[utoipa::path(get, path = "/consumers/{id}", operation_id = "get_consumer", tag = "consumers",
    params(("id", description = "A user id, `kind:value`, or the key of an identifier."), ConsumerQuery),
    responses((status = 200, description = "The person as of the date.", body = ConsumerDetail), Failures))]
pub(crate) async fn get(
    Tenant(workspace): Tenant,
    Author(author): Author,
    Path(id): Path<String>,
    asked: ConsumerQuery,
) -> Answer<ConsumerDetail> {
    let is_unmasked = asked.unmasked == Some(true);
    let answer = asking(workspace, Length::Short, move |workspace| {
        let answer = workspace.consumer(&asked.request(id, workspace)?)?;
        if is_unmasked {
            note_sight(workspace, &author, &answer.key);
            return Ok(answer);
        }
        Ok(answer.masked())
    });
    Ok(Json((&answer.await?).into()))
}

/// What a person did, event by event, latest first
#[utoipa::path(get, path = "/consumers/{id}/events", operation_id = "list_consumer_events", tag = "consumers",
    params(("id", description = "A user id, `kind:value`, or the key of an identifier."), EventsQuery),
    responses((status = 200, description = "A page.", body = Items<ConsumerEvent>), Failures))]
pub(crate) async fn events(
    Tenant(workspace): Tenant,
    Author(author): Author,
    Path(id): Path<String>,
    mut asked: EventsQuery,
) -> Answer<Items<ConsumerEvent>> {
    let page = Listing::of(asked.limit, asked.after.take()).page()?;
    let (is_unmasked, wanted) = (asked.unmasked == Some(true), asked.wanted(id)?);
    let events = asking(workspace, Length::Short, move |workspace| {
        let mut events = workspace.consumer_events(&wanted, &page)?;
        if is_unmasked {
            note_sight(workspace, &author, &workspace.consumer_key(&wanted.who)?);
            return Ok(events);
        }
        events.items = events.items.into_iter().map(weir_app::ConsumerEvent::masked).collect();
        Ok(events)
    });
    Ok(Json(Items::page(&events.await?)))
}

impl ConsumerQuery {
    fn request(self, who: String, workspace: &Workspace) -> Result<ConsumerRequest> {
        let as_of = match &self.as_of {
            Some(text) => date(text, "as_of")?,
            None => workspace.day_of(jiff::Timestamp::now().as_microsecond())?,
        };
        let scope = self.scope.as_deref().map_or(Ok(Scope::Workspace), str::parse);
        Ok(ConsumerRequest {
            who,
            as_of,
            model: ModelRef::from(self.model.as_deref().unwrap_or("pno")),
            scope: scope.map_err(|error: Error| error.at("scope"))?,
            days: self.days.unwrap_or(DAYS),
        })
    }
}

impl EventsQuery {
    fn wanted(self, who: String) -> Result<ConsumerEvents> {
        let day = |text: Option<String>, at: &str| -> Result<Option<Day>> {
            text.map(|text| date(&text, at)).transpose()
        };
        Ok(ConsumerEvents {
            who,
            as_of: day(self.as_of, "as_of")?,
            behavior: self.behavior,
            channel: self.channel,
            from: day(self.from, "from")?,
            to: day(self.to, "to")?,
        })
    }
}

/// That somebody sees a person's values whole is written down: by whom, of whom, without the values.
fn note_sight(workspace: &Workspace, author: &str, key: &str) {
    tracing::info!(
        workspace = workspace.name(),
        token = author,
        consumer = key,
        "personal values were shown"
    );
}
