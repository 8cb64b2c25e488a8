//! Lists: uploaded identifiers. They are uploaded by `POST /imports`.

use axum::Json;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};

use crate::auth::Tenant;
use crate::blocking::blocking;
use crate::error::{Answer, Reply};
use crate::listing::Listing;
use crate::openapi::Failures;
use crate::wire::{Items, List, Problem};

/// Lists by name
#[utoipa::path(get, path = "/lists", operation_id = "list_lists", tag = "names", params(Listing),
    responses((status = 200, description = "A page.", body = Items<List>), Failures))]
pub(crate) async fn list(Tenant(workspace): Tenant, listing: Listing) -> Answer<Items<List>> {
    let page = listing.page()?;
    let lists = blocking(move || workspace.lists(&page)).await?;
    Ok(Json(Items::page(&lists)))
}

/// A list
#[utoipa::path(get, path = "/lists/{name}", operation_id = "get_list", tag = "names",
    params(("name", description = "Its name.")),
    responses((status = 200, description = "The list.", body = List), Failures))]
pub(crate) async fn get(Tenant(workspace): Tenant, Path(name): Path<String>) -> Answer<List> {
    let list = blocking(move || workspace.list(&name)).await?;
    Ok(Json((&list).into()))
}

/// Removes a list: all its uploads are taken back
#[utoipa::path(delete, path = "/lists/{name}", operation_id = "delete_list", tag = "names",
    params(("name", description = "Its name.")),
    responses((status = 204, description = "Removed."),
        (status = 409, description = "An audience or a state model names it.", body = Problem), Failures))]
pub(crate) async fn delete(Tenant(workspace): Tenant, Path(name): Path<String>) -> Reply<StatusCode> {
    blocking(move || workspace.delete_list(&name)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Identifiers of a list that nobody was known by when they were uploaded
#[utoipa::path(get, path = "/lists/{name}/unmatched", operation_id = "list_unmatched", tag = "names",
    params(("name", description = "Its name.")),
    responses((status = 200, description = "CSV with one column, `value`. Cells that a spreadsheet would take for a formula begin with `'`.",
        body = String, content_type = "text/csv"), Failures))]
pub(crate) async fn unmatched(Tenant(workspace): Tenant, Path(name): Path<String>) -> Reply<Response> {
    let values = blocking(move || workspace.list_unmatched(&name)).await?;
    let headers = [
        (CONTENT_TYPE, "text/csv; charset=utf-8"),
        (CONTENT_DISPOSITION, "attachment; filename=\"unmatched.csv\""),
    ];
    Ok((headers, csv(&values)).into_response())
}

fn csv(values: &[String]) -> String {
    let mut text = "value\r\n".to_owned();
    for value in values {
        text.push_str(&cell(value));
        text.push_str("\r\n");
    }
    text
}

/// A cell as RFC 4180 has it, and that no spreadsheet takes for a formula.
fn cell(value: &str) -> String {
    let formula = value.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let value = if formula { format!("'{value}") } else { value.to_owned() };
    if value.contains([',', '"', '\r', '\n']) { format!("\"{}\"", value.replace('"', "\"\"")) } else { value }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_is_a_formula_or_breaks_its_line() {
        let values = ["=1+1", "+86138", "a,b", "say \"hi\"", "plain"].map(str::to_owned);
        assert_eq!(csv(&values), "value\r\n'=1+1\r\n'+86138\r\n\"a,b\"\r\n\"say \"\"hi\"\"\"\r\nplain\r\n");
    }
}
