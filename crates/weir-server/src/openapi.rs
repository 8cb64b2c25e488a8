//! The OpenAPI document, made from the same list that makes the routes.

use std::collections::BTreeMap;

use axum::Json;
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme};
use utoipa::openapi::{
    ComponentsBuilder, ContentBuilder, InfoBuilder, LicenseBuilder, OpenApi, OpenApiBuilder, Ref, RefOr,
    Response, ResponseBuilder,
};
use utoipa::{IntoResponses, ToSchema};
use utoipa_axum::router::OpenApiRouter;

use crate::route;
use crate::server::Shared;
use crate::wire::Problem;

/// Where the management routes live.
const PREFIX: &str = "/api/v1";

const DESCRIPTION: &str = "Audiences by exact set algebra over what consumers did on every channel, as of any day; \
state models and the flow between their states. Every route takes `Authorization: Bearer <token>`; a token belongs \
to one workspace. Dates are local dates of the workspace, times are UTC. Errors are always an `Error`: decide by its \
code.";

/// The document, as it is served and committed.
pub fn document() -> OpenApi {
    api().1
}

/// The routes below the prefix, and their document.
pub(crate) fn api() -> (axum::Router<Shared>, OpenApi) {
    OpenApiRouter::with_openapi(head()).nest(PREFIX, route::routes()).split_for_parts()
}

pub(crate) async fn serve(document: OpenApi) -> Json<OpenApi> {
    Json(document)
}

fn head() -> OpenApi {
    let info = InfoBuilder::new()
        .title("Weir")
        .version(env!("CARGO_PKG_VERSION"))
        .description(Some(DESCRIPTION))
        .license(Some(LicenseBuilder::new().name("Apache-2.0").identifier(Some("Apache-2.0")).build()));
    let bearer = HttpBuilder::new()
        .scheme(HttpAuthScheme::Bearer)
        .description(Some("`weir token add NAME` makes one."));
    let components = ComponentsBuilder::new()
        .security_scheme("bearer", SecurityScheme::Http(bearer.build()))
        .schema_from::<Problem>();
    OpenApiBuilder::new()
        .info(info.build())
        .components(Some(components.build()))
        .security(Some([SecurityRequirement::new("bearer", [] as [&str; 0])]))
        .build()
}

/// What every route may answer besides its own: an `Error`, whatever went wrong.
pub(crate) struct Failures;

impl IntoResponses for Failures {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        let texts = [
            ("401", "No token, or a wrong one."),
            (
                "default",
                "Any other failure: 400 and 404 are the caller's, 403 is for what the workspace may not, 409 does not fit what is there, 503 is temporary, \
             500 is ours.",
            ),
        ];
        texts.map(|(status, text)| (status.to_owned(), RefOr::T(failure(text)))).into()
    }
}

fn failure(description: &str) -> Response {
    let schema = Ref::from_schema_name(Problem::name());
    let content = ContentBuilder::new().schema(Some(schema)).build();
    ResponseBuilder::new().description(description).content("application/json", content).build()
}
