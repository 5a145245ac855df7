//! Texts: Chinese and English files carry the same keys, and every key that a screen asks for exists.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use regex::Regex;
use serde_json::Value;

use super::Finding;
use super::tree::Tree;

/// `t('a.b')`, `$t("a.b")`, `` t(`a.${b}`) ``.
static CALL: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"(?:^|[^\w$])\$?t\(\s*(?:'([^'\n]*)'|\x22([^\x22\n]*)\x22|`([^`]*)`)").ok());

/// `t(late ? 'a.b' : 'a.c')`.
static CHOICE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?:^|[^\w$])\$?t\(\s*[^'\x22`();]*\?\s*'([^'\n]*)'\s*:\s*'([^'\n]*)'").ok()
});

/// Keys that differ between languages, and screens that ask for a key nobody wrote.
pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut known = BTreeSet::new();
    for folder in folders(tree) {
        let zh = read(tree, &format!("{folder}/zh.json"), &mut findings);
        let en = read(tree, &format!("{folder}/en.json"), &mut findings);
        // problems are answered in both languages; a feature of the web may be Chinese only (no or an empty file)
        let bilingual = en.as_ref().is_some_and(|keys| !keys.is_empty());
        if folder.starts_with("crates/") || bilingual {
            findings.extend(differences(&folder, zh.as_ref(), en.as_ref()));
        }
        if folder.starts_with("web/src/") {
            known.extend(zh.iter().flatten().map(|key| under_its_feature(&folder, key)));
            known.extend(zh.into_iter().flatten());
        }
    }
    for (path, text) in tree.texts().filter(|(path, _)| is_screen(path)) {
        findings.extend(unresolved(path, text, &known));
    }
    findings
}

fn folders(tree: &Tree) -> BTreeSet<String> {
    tree.texts()
        .filter_map(|(path, _)| path.rsplit_once('/'))
        .filter(|(folder, _)| folder.starts_with("web/src/") || folder.ends_with("/i18n"))
        .filter(|(_, name)| matches!(*name, "zh.json" | "en.json"))
        .map(|(folder, _)| folder.to_owned())
        .collect()
}

/// The shell merges each feature's file under the feature's name: `web/src/features/cases/i18n` → `cases.…`.
fn under_its_feature(folder: &str, key: &str) -> String {
    let feature = folder.trim_end_matches("/i18n").rsplit('/').next().unwrap_or_default();
    format!("{feature}.{key}")
}

/// The keys of one file, nested ones joined with `.`; `None` if there is no such file.
fn read(tree: &Tree, path: &str, findings: &mut Vec<Finding>) -> Option<BTreeSet<String>> {
    let text = tree.text(path)?;
    let mut keys = BTreeSet::new();
    match serde_json::from_str::<Value>(text) {
        Ok(value) => collect("", &value, &mut keys),
        Err(error) => findings.push(Finding::new(path, error.line(), "i18n", error.to_string())),
    }
    Some(keys)
}

fn collect(prefix: &str, value: &Value, keys: &mut BTreeSet<String>) {
    let Value::Object(object) = value else {
        keys.insert(prefix.to_owned());
        return;
    };
    for (name, inner) in object {
        let key = if prefix.is_empty() { name.clone() } else { format!("{prefix}.{name}") };
        collect(&key, inner, keys);
    }
}

fn differences(folder: &str, zh: Option<&BTreeSet<String>>, en: Option<&BTreeSet<String>>) -> Vec<Finding> {
    let none = BTreeSet::new();
    let sides: BTreeMap<&str, [&BTreeSet<String>; 2]> = BTreeMap::from([
        ("zh.json", [zh.unwrap_or(&none), en.unwrap_or(&none)]),
        ("en.json", [en.unwrap_or(&none), zh.unwrap_or(&none)]),
    ]);
    let missing = sides.into_iter().flat_map(|(file, [here, there])| {
        there.difference(here).map(move |key| (format!("{folder}/{file}"), key))
    });
    missing.map(|(path, key)| Finding::new(&path, 1, "i18n", format!("{key} is missing here"))).collect()
}

fn is_screen(path: &str) -> bool {
    path.starts_with("web/src/") && (path.ends_with(".ts") || path.ends_with(".vue"))
}

fn unresolved(path: &str, text: &str, known: &BTreeSet<String>) -> Vec<Finding> {
    let calls = [&CALL, &CHOICE].into_iter().filter_map(|pattern| pattern.as_ref());
    let mut findings = Vec::new();
    let found = calls.flat_map(|call| call.captures_iter(text));
    for key in found.flat_map(|found| (1..found.len()).filter_map(move |n| found.get(n))) {
        // of a composed key only the fixed beginning can be held against the files
        let resolves = match key.as_str().split_once("${") {
            None => known.contains(key.as_str()),
            Some((start, _)) => known.range(start.to_owned()..).next().is_some_and(|k| k.starts_with(start)),
        };
        if !resolves {
            let line = text[..key.start()].matches('\n').count() + 1;
            findings.push(Finding::new(path, line, "i18n", format!("no text for the key {}", key.as_str())));
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(files: &[(&str, &str)]) -> Vec<(String, usize)> {
        check(&Tree::of(files)).into_iter().map(|f| (f.path, f.line)).collect()
    }

    #[test]
    fn both_languages_carry_the_same_keys() {
        let zh = ("web/src/features/report/i18n/zh.json", r#"{"report":{"send":"提交","back":"返回"}}"#);
        let en = ("web/src/features/report/i18n/en.json", r#"{"report":{"send":"Send","more":"More"}}"#);
        let paths: Vec<String> = found(&[zh, en]).into_iter().map(|(path, _)| path).collect();
        assert_eq!(paths, [en.0, zh.0]);
        assert!(found(&[zh]).is_empty(), "a feature may be Chinese only");
        assert!(found(&[zh, (en.0, "{}")]).is_empty(), "and may say so with an empty file");
    }

    #[test]
    fn problems_stand_in_both_languages() {
        let zh = ("crates/cases/i18n/zh.json", r#"{"case-closed":"案件已结案"}"#);
        assert_eq!(found(&[zh]), [("crates/cases/i18n/en.json".to_owned(), 1)]);
    }

    #[test]
    fn screens_ask_for_keys_that_exist() {
        let zh = ("web/src/kernel/i18n/zh.json", r#"{"a":{"b":"一","c":"二"}}"#);
        let vue =
            ("web/src/A.vue", "{{ t('a.b') }}\n{{ $t(\"a.x\") }}\n{{ t(`a.${k}`) }}\n{{ t(`z.${k}`) }}");
        let ts = ("web/src/a.ts", "split('x')\nformat('x')\ni18n.t('a.y')");
        let expected = [("web/src/A.vue", 2), ("web/src/A.vue", 4), ("web/src/a.ts", 3)];
        assert_eq!(found(&[zh, vue, ts]), expected.map(|(path, line)| (path.to_owned(), line)));
    }

    #[test]
    fn a_feature_may_leave_its_own_name_out_and_choices_are_seen() {
        let zh = ("web/src/features/cases/i18n/zh.json", r#"{"late":"超期","due":"未到期"}"#);
        let ts = (
            "web/src/a.ts",
            "t(isLate ? 'cases.late' : 'cases.due')\nt(n > 1 ? 'cases.late' : 'cases.gone')",
        );
        assert_eq!(found(&[zh, ts]), [("web/src/a.ts".to_owned(), 2)]);
    }

    #[test]
    fn a_broken_file_is_named_with_its_line() {
        assert_eq!(
            found(&[("web/src/i18n/zh.json", "{\n  \"a\": ,\n}")]),
            [("web/src/i18n/zh.json".to_owned(), 2)]
        );
    }
}
