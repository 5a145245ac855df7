//! From tables to the catalogue, with everything checked that the rules rely on.

use std::collections::{BTreeMap, BTreeSet};

use kernel::class::{ClassCode, GroupCode};

use super::csv::{Row, rows};
use super::{CatalogueError, CatalogueFault};
use crate::model::{
    Catalogue, Class, Dated, Group, MenuItem, Name, Policies, Policy, Reason, Source, Standard, StandardId,
    Unclassed, Validity, Words,
};

/// The tables as CSV text.
#[derive(Debug, Clone, Copy)]
pub struct Tables<'a> {
    /// 大类.
    pub groups: &'a str,
    /// 小类.
    pub classes: &'a str,
    /// 立结案 rows.
    pub standards: &'a str,
    /// The residents' menu.
    pub menu: &'a str,
    /// What stands for a class that nobody has said yet: one row, or none.
    pub unclassed: &'a str,
    /// Words that people use for a class, apart by `、`.
    pub words: &'a str,
    /// Reasons for refusing.
    pub reasons: &'a str,
    /// Policies by channel.
    pub policies: &'a str,
}

/// Reads a catalogue and its policies.
///
/// # Errors
/// [`CatalogueError`], which names table, line and column. Every class must have a group and a standard row, every
/// menu item a class, and there must be a policy for channels that have none of their own.
pub fn read(tables: &Tables<'_>) -> Result<(Catalogue, Policies), CatalogueError> {
    let groups = groups(tables.groups)?;
    let classes = classes(tables.classes, &groups)?;
    let standards = standards(tables.standards, &classes)?;
    let with_standard: BTreeSet<ClassCode> = standards.values().map(|row| row.class).collect();
    if let Some(class) = classes.keys().find(|class| !with_standard.contains(class)) {
        let fault = CatalogueFault::NoStandard { class: class.to_string() };
        return Err(CatalogueError { table: "standards", line: 0, fault });
    }
    let menu = menu(tables.menu, &classes)?;
    let reasons = reasons(tables.reasons)?;
    let unclassed = unclassed(tables.unclassed, &groups, &classes)?;
    let words = words(tables.words, &classes)?;
    let policies = policies(tables.policies)?;
    Ok((Catalogue { groups, classes, standards, menu, reasons, unclassed, words }, policies))
}

fn groups(text: &str) -> Result<Vec<Group>, CatalogueError> {
    let mut groups: BTreeMap<GroupCode, Group> = BTreeMap::new();
    for row in rows("groups", &["code", "name", "name_en"], text)? {
        let code = row.parse("code", "a group such as E01")?;
        let group = Group { code, name: name(&row)? };
        once(&row, groups.insert(code, group).is_some(), code)?;
    }
    Ok(groups.into_values().collect())
}

fn classes(text: &str, groups: &[Group]) -> Result<BTreeMap<ClassCode, Class>, CatalogueError> {
    let mut classes = BTreeMap::new();
    for row in rows("classes", &["code", "name", "name_en", "local"], text)? {
        let code: ClassCode = row.parse("code", "a class such as E0110")?;
        if !groups.iter().any(|group| group.code == code.group()) {
            return Err(dangling(&row, code.group(), "groups"));
        }
        let class = Class { code, name: name(&row)?, local: row.yes("local")? };
        once(&row, classes.insert(code, class).is_some(), code)?;
    }
    Ok(classes)
}

fn standards(
    text: &str,
    classes: &BTreeMap<ClassCode, Class>,
) -> Result<BTreeMap<StandardId, Standard>, CatalogueError> {
    const COLUMNS: &[&str] = &[
        "id",
        "filing_condition",
        "limit",
        "closing_condition",
        "after_photos_least",
        "valid_from",
        "source",
    ];
    let mut standards = BTreeMap::new();
    for row in rows("standards", COLUMNS, text)? {
        let id = row.text("id")?;
        // `E0113-2`: the class and a running number within it.
        let class = id.split_once('-').and_then(|(class, _)| class.parse().ok());
        let class: ClassCode =
            class.filter(|class| classes.contains_key(class)).ok_or_else(|| dangling(&row, id, "classes"))?;
        let standard = Standard {
            id: id.into(),
            class,
            filing_condition: row.text("filing_condition")?.to_owned(),
            limit: row.limit("limit")?,
            closing_condition: row.text("closing_condition")?.to_owned(),
            after_photos_least: row.parse("after_photos_least", "a small number")?,
            validity: Validity { from: row.date("valid_from")?, to: None },
            source: row.text("source")?.to_owned(),
        };
        once(&row, standards.insert(standard.id.clone(), standard).is_some(), id)?;
    }
    Ok(standards)
}

fn menu(text: &str, classes: &BTreeMap<ClassCode, Class>) -> Result<Vec<MenuItem>, CatalogueError> {
    let mut menu: Vec<MenuItem> = Vec::new();
    for row in rows("menu", &["class", "name", "name_en"], text)? {
        let class: ClassCode = row.parse("class", "a class such as E0110")?;
        if !classes.contains_key(&class) {
            return Err(dangling(&row, class, "classes"));
        }
        once(&row, menu.iter().any(|item| item.class == class), class)?;
        menu.push(MenuItem { class, name: name(&row)? });
    }
    Ok(menu)
}

fn unclassed(
    text: &str,
    groups: &[Group],
    classes: &BTreeMap<ClassCode, Class>,
) -> Result<Option<Unclassed>, CatalogueError> {
    let mut unclassed = None;
    for row in rows("unclassed", &["code", "name", "name_en", "plain", "plain_en"], text)? {
        let code: ClassCode = row.parse("code", "a class such as E0110")?;
        if !groups.iter().any(|group| group.code == code.group()) {
            return Err(dangling(&row, code.group(), "groups"));
        }
        if classes.contains_key(&code) {
            return Err(row.error(CatalogueFault::StandInIsClass { code: code.to_string() }));
        }
        let plain = Name { zh: row.text("plain")?.to_owned(), en: row.text("plain_en")?.to_owned() };
        once(&row, unclassed.replace(Unclassed { code, name: name(&row)?, plain }).is_some(), code)?;
    }
    Ok(unclassed)
}

fn words(
    text: &str,
    classes: &BTreeMap<ClassCode, Class>,
) -> Result<BTreeMap<ClassCode, Vec<Words>>, CatalogueError> {
    let mut all: BTreeMap<ClassCode, Vec<Words>> = BTreeMap::new();
    for row in rows("words", &["class", "valid_from", "words"], text)? {
        let class: ClassCode = row.parse("class", "a class such as E0110")?;
        if !classes.contains_key(&class) {
            return Err(dangling(&row, class, "classes"));
        }
        let mut words: Vec<String> = Vec::new();
        for word in row.text("words")?.split('、').map(str::trim).filter(|word| !word.is_empty()) {
            once(&row, words.iter().any(|other| other == word), word)?;
            words.push(word.to_owned());
        }
        let from = row.date("valid_from")?;
        let rows = all.entry(class).or_default();
        once(&row, rows.iter().any(|other| other.from == from), class)?;
        rows.push(Words { class, words, from });
        rows.sort_by_key(|row| row.from);
    }
    Ok(all)
}

fn reasons(text: &str) -> Result<Vec<Reason>, CatalogueError> {
    let mut reasons: Vec<Reason> = Vec::new();
    for row in rows("reasons", &["code", "name", "name_en", "needs_note"], text)? {
        let code = row.text("code")?;
        once(&row, reasons.iter().any(|reason| reason.code.0 == code), code)?;
        reasons.push(Reason { code: code.into(), name: name(&row)?, needs_note: row.yes("needs_note")? });
    }
    Ok(reasons)
}

fn policies(text: &str) -> Result<Policies, CatalogueError> {
    const COLUMNS: &[&str] = &[
        "source",
        "valid_from",
        "receipt",
        "pre_verify",
        "unclassed",
        "report_photos_least",
        "photos_most",
        "check_photos_least",
        "intake_limit",
        "dispatch_limit",
        "check_limit",
        "verdict_days",
    ];
    let mut fallback = None;
    let mut by_source: BTreeMap<Source, Dated<Policy>> = BTreeMap::new();
    for row in rows("policies", COLUMNS, text)? {
        let policy = policy(&row)?;
        if row.text("source")? == "*" {
            once(&row, fallback.replace(policy).is_some(), "*")?;
            continue;
        }
        let (source, from) = (row.parse("source", "a source")?, row.date("valid_from")?);
        by_source.entry(source).or_insert_with(|| Dated::new(policy)).change(from, policy);
    }
    let fallback =
        fallback.ok_or(CatalogueError { table: "policies", line: 0, fault: CatalogueFault::NoFallback })?;
    Ok(Policies::new(fallback, by_source))
}

fn policy(row: &Row<'_>) -> Result<Policy, CatalogueError> {
    Ok(Policy {
        receipt: row.yes("receipt")?,
        pre_verify: row.yes("pre_verify")?,
        unclassed: row.yes("unclassed")?,
        report_photos_least: row.parse("report_photos_least", "a small number")?,
        photos_most: row.parse("photos_most", "a small number")?,
        check_photos_least: row.parse("check_photos_least", "a small number")?,
        intake_limit: row.limit("intake_limit")?,
        dispatch_limit: row.limit("dispatch_limit")?,
        check_limit: row.limit("check_limit")?,
        verdict_days: row.parse("verdict_days", "a number of days")?,
    })
}

/// The name of a row in both languages.
fn name(row: &Row<'_>) -> Result<Name, CatalogueError> {
    Ok(Name { zh: row.text("name")?.to_owned(), en: row.text("name_en")?.to_owned() })
}

fn once(row: &Row<'_>, twice: bool, key: impl ToString) -> Result<(), CatalogueError> {
    if twice { Err(row.error(CatalogueFault::Twice { key: key.to_string() })) } else { Ok(()) }
}

fn dangling(row: &Row<'_>, key: impl ToString, table: &'static str) -> CatalogueError {
    row.error(CatalogueFault::Dangling { key: key.to_string(), table })
}
