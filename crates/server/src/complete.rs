//! What every route can say besides its own: added to the API document in one place, from what a route takes and needs,
//! so that no handler has to repeat it and none can forget it.

use utoipa::openapi::path::{Operation, Parameter, ParameterIn};
use utoipa::openapi::schema::{ArrayBuilder, ObjectBuilder, SchemaType, Type};
use utoipa::openapi::{ContentBuilder, OpenApi, PathItem, Ref, RefOr, Response, ResponseBuilder, Schema};

/// The schema of a problem, by its name in the document.
const PROBLEM: &str = "Problem";

/// Adds the statuses that layers around the routes answer, and gives every refusal the shape of a problem.
pub(crate) fn complete(document: &mut OpenApi) {
    let components = document.components.get_or_insert_default();
    components.schemas.insert(PROBLEM.to_owned(), problem().into());
    for (path, item) in &mut document.paths.paths {
        for (writes, operation) in operations(item) {
            for (status, words) in general(path, writes, operation) {
                let responses = &mut operation.responses.responses;
                let fresh = || RefOr::T(ResponseBuilder::new().description(words).build());
                responses.entry(status.to_owned()).or_insert_with(fresh);
            }
            for (status, response) in &mut operation.responses.responses {
                if let RefOr::T(response) = response
                    && status.as_str() >= "400"
                {
                    shape(response);
                }
            }
        }
    }
}

/// The operations of a path, and whether each changes something.
fn operations(item: &mut PathItem) -> impl Iterator<Item = (bool, &mut Operation)> {
    let PathItem { get, head, put, post, delete, patch, .. } = item;
    let reads = [get, head].into_iter().flatten().map(|operation| (false, operation));
    reads.chain([put, post, delete, patch].into_iter().flatten().map(|operation| (true, operation)))
}

fn general(path: &str, writes: bool, operation: &Operation) -> Vec<(&'static str, &'static str)> {
    let takes = |name: &str| {
        let named = |p: &RefOr<Parameter>| matches!(p, RefOr::T(p) if p.parameter_in == ParameterIn::Header && p.name == name);
        operation.parameters.iter().flatten().any(named)
    };
    let signed_in = operation.security.as_ref().is_some_and(|needs| !needs.is_empty());
    let body = operation.request_body.is_some();
    let rows = [
        (true, "400", "the address, a parameter, a header or the body cannot be read; `fields` says which"),
        (signed_in, "401", "nobody is signed in"),
        (signed_in || writes, "403", "not allowed, or asked for by a page of another site"),
        (path.contains('{'), "404", "no such record, or not for this caller"),
        (writes, "409", "no longer so: the record changed, or the same key came with another request"),
        (body, "413", "the body is too large"),
        (body, "415", "the body is of another type than this route takes"),
        (body, "422", "well formed, but not acceptable; `fields` says what"),
        (takes("If-Match"), "428", "`If-Match` with the version that was seen is missing"),
        (true, "429", "too many requests from this address; `Retry-After` says when to come again"),
        (
            true,
            "503",
            "stopping, busy, or without its database for the moment; `Retry-After` says when to come again",
        ),
        (true, "507", "a disk is full; nothing of this was kept"),
    ];
    rows.into_iter().filter(|(applies, ..)| *applies).map(|(_, status, words)| (status, words)).collect()
}

fn shape(response: &mut Response) {
    if response.content.is_empty() {
        let content =
            ContentBuilder::new().schema(Some(RefOr::<Schema>::Ref(Ref::from_schema_name(PROBLEM))));
        response.content.insert("application/problem+json".to_owned(), RefOr::T(content.build()));
    }
}

/// RFC 9457, with what this house adds.
fn problem() -> Schema {
    let text = |words: &str| ObjectBuilder::new().schema_type(Type::String).description(Some(words)).build();
    let values = || ObjectBuilder::new().schema_type(SchemaType::new(Type::Object)).build();
    let field = ObjectBuilder::new()
        .property(
            "pointer",
            text("where: a pointer into the body, `?name` for a parameter, `#B7` for a cell"),
        )
        .property("code", text("what is wrong there"))
        .property("title", text("the same in words"))
        .property("params", values())
        .required("pointer")
        .required("code")
        .required("title");
    let problem = ObjectBuilder::new()
        .description(Some("A refusal (RFC 9457), in the caller's language."))
        .property("type", text("`/problems/` and the code"))
        .property("title", text("what is wrong"))
        .property("status", ObjectBuilder::new().schema_type(Type::Integer).build())
        .property("detail", text("how to mend it"))
        .property("instance", text("by which the request is found in the log"))
        .property("code", text("what is wrong; stable"))
        .property("params", values())
        .property("fields", ArrayBuilder::new().items(field.build()).build());
    ["type", "title", "status", "detail", "code", "params", "fields"]
        .into_iter()
        .fold(problem, |problem, name| problem.required(name))
        .build()
        .into()
}
