//! The catalogue as screens choose from it.

use axum::Json;
use axum::extract::State;
use kernel::class::ClassKind;
use platform::web::{Caller, Refusal};
use serde::Serialize;
use utoipa::ToSchema;

use super::Speaks;
use crate::house::Cases;
use crate::model::Group;
use crate::queries::views::StandardView;

/// A 大类 with its classes.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct GroupView {
    code: String,
    name: String,
    /// `event` or `part`.
    kind: &'static str,
    classes: Vec<ClassView>,
}

/// A 小类 with the standard rows that hold today.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ClassView {
    code: String,
    name: String,
    /// What residents call it, where that is another word.
    plain_name: Option<String>,
    /// Words that people use for it, to find it by.
    words: Vec<String>,
    standards: Vec<StandardView>,
}

/// A reason for refusing.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ReasonView {
    code: String,
    name: String,
    /// Does it need words?
    needs_note: bool,
}

/// Classes with the standard rows that hold today.
#[utoipa::path(get, path = "/api/v1/classes", tag = "cases", operation_id = "listClasses",
    responses((status = 200, description = "groups, classes, standards", body = Vec<GroupView>)))]
pub(crate) async fn classes(
    State(cases): State<Cases>,
    _caller: Caller,
    Speaks(lang): Speaks,
) -> Result<Json<Vec<GroupView>>, Refusal> {
    let (catalogue, now) = (cases.catalogue(), cases.ctx.now());
    // The group of what nobody has classed yet holds no class that anybody could choose.
    let chosen = |group: &&Group| catalogue.classes.keys().any(|class| class.group() == group.code);
    let groups = catalogue.groups.iter().filter(chosen).map(|group| GroupView {
        code: group.code.to_string(),
        name: group.name.of(lang).to_owned(),
        kind: match group.code.kind() {
            ClassKind::Event => "event",
            ClassKind::Part => "part",
        },
        classes: catalogue
            .classes
            .values()
            .filter(|class| class.code.group() == group.code)
            .map(|class| ClassView {
                code: class.code.to_string(),
                name: class.name.of(lang).to_owned(),
                plain_name: Some(catalogue.plain_name(class.code, lang))
                    .filter(|plain| plain != class.name.of(lang)),
                words: catalogue.words_of(class.code, now).to_vec(),
                standards: catalogue
                    .standards_of(class.code, now)
                    .map(|row| StandardView::of(row, lang))
                    .collect(),
            })
            .collect(),
    });
    Ok(Json(groups.collect()))
}

/// Reasons for refusing.
#[utoipa::path(get, path = "/api/v1/refusal-reasons", tag = "cases", operation_id = "listRefusalReasons",
    responses((status = 200, description = "reasons in their order", body = Vec<ReasonView>)))]
pub(crate) async fn refusal_reasons(
    State(cases): State<Cases>,
    _caller: Caller,
    Speaks(lang): Speaks,
) -> Result<Json<Vec<ReasonView>>, Refusal> {
    let reasons = cases.catalogue().reasons.iter().map(|reason| ReasonView {
        code: reason.code.to_string(),
        name: reason.name.of(lang).to_owned(),
        needs_note: reason.needs_note,
    });
    Ok(Json(reasons.collect()))
}
