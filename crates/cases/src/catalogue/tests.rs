use kernel::calendar::Limit;
use kernel::class::ClassKind;
use kernel::problem::Lang;
use kernel::time::Time;

use super::*;
use crate::model::{Policy, Source};

/// 2026-03-02T00:00 in China.
const MONDAY: Time = Time(1_772_380_800_000);

#[test]
fn the_shipped_tables_are_whole() {
    let (catalogue, policies) = standard().unwrap();
    assert_eq!((catalogue.groups.len(), catalogue.classes.len(), catalogue.standards.len()), (12, 130, 192));
    let events = catalogue.classes.keys().filter(|code| code.kind() == ClassKind::Event).count();
    assert_eq!((events, catalogue.menu.len(), catalogue.reasons.len()), (93, 14, 9));
    for class in catalogue.classes.values() {
        assert!(catalogue.standards_of(class.code, MONDAY).count() >= 1, "{}", class.code);
        assert_eq!(
            class.local,
            class.code.number() % 100 >= 75,
            "{}: local numbers run down from 99",
            class.code
        );
    }
    let classes = catalogue.classes.values().map(|class| &class.name);
    let menu = catalogue.menu.iter().map(|item| &item.name);
    let groups = catalogue.groups.iter().map(|group| &group.name);
    let reasons = catalogue.reasons.iter().map(|reason| &reason.name);
    for names in [classes.collect::<Vec<_>>(), menu.collect(), groups.collect(), reasons.collect()] {
        let english: std::collections::BTreeSet<&str> = names.iter().map(|name| name.of(Lang::En)).collect();
        assert_eq!(english.len(), names.len(), "each has a name of its own");
        assert!(english.iter().all(|name| name.is_ascii() || name.contains('ç')), "{english:?}");
    }
    for source in Source::ALL {
        let policy = policies.of(*source, MONDAY);
        assert!(policy.photos_most >= 9 && policy.verdict_days == 15, "{source}");
    }
}

#[test]
fn rows_say_what_the_source_says() {
    let (catalogue, policies) = standard().unwrap();
    let limits = |class: &str| -> Vec<String> {
        let rows = catalogue.standards_of(class.parse().unwrap(), MONDAY);
        rows.map(|row| row.limit.to_string()).collect()
    };
    assert_eq!(limits("E0101"), ["2自然日", "15工作日"]);
    assert_eq!(limits("E0110"), ["4工作时"]);
    assert_eq!(limits("E0122"), ["1紧急工作时", "3工作日"]);
    assert_eq!(limits("E0307"), ["3工作日", "2工作日", "1工作日", "3工作日"]);
    assert_eq!(limits("P0123"), ["2紧急工作时", "4工作时", "2工作日", "5工作日"]);
    let resident = Policy {
        receipt: true,
        pre_verify: true,
        unclassed: true,
        report_photos_least: 0,
        photos_most: 9,
        check_photos_least: 0,
        intake_limit: Limit::Minutes(45),
        dispatch_limit: Limit::Minutes(15),
        check_limit: Limit::Minutes(240),
        verdict_days: 15,
    };
    assert_eq!(*policies.of(Source::Resident, MONDAY), resident);
    assert!(!policies.of(Source::Inspector, MONDAY).pre_verify);
    assert_eq!(catalogue.class_name("E0110".parse().unwrap(), Lang::Zh), "暴露生活垃圾");
    assert_eq!(catalogue.class_name("E9999".parse().unwrap(), Lang::En), "E9999");
    assert_eq!(catalogue.group_name("E05".parse().unwrap(), Lang::En), "Emergencies");
    assert_eq!(catalogue.group_name("E99".parse().unwrap(), Lang::Zh), "E99");
}

#[test]
fn a_policy_changes_on_its_day() {
    let later = "inspector,2026-03-02,yes,no,no,2,9,0,30分钟,15分钟,4工作时,15\n";
    let text = format!("{}{later}", STANDARD.policies);
    let (_, policies) = read(&Tables { policies: &text, ..STANDARD }).unwrap();
    let least = |at| policies.of(Source::Inspector, at).report_photos_least;
    assert_eq!((least(MONDAY.plus_ms(-1)), least(MONDAY), least(Time(0))), (1, 2, 1));
}

/// A table with one line put in the place of another.
fn broken(text: &str, line: &str, by: &str) -> String {
    assert!(text.contains(line), "{line}");
    text.replacen(line, by, 1)
}

#[test]
fn a_bad_line_is_named_by_table_line_and_column() {
    let classes = |line: &str, by: &str| {
        let text = broken(STANDARD.classes, line, by);
        read(&Tables { classes: &text, ..STANDARD }).unwrap_err().to_string()
    };
    assert_eq!(
        classes("code,name", "code,nom"),
        "classes.csv line 1: the header must be \"code,name,name_en,local\""
    );
    assert_eq!(
        classes("E0101,私搭乱建,Illegal structures,no", "E0101,私搭乱建"),
        "classes.csv line 2: 4 values expected, got 2"
    );
    assert_eq!(classes("私搭乱建", ""), "classes.csv line 2: name is empty");
    assert_eq!(classes("Illegal structures", ""), "classes.csv line 2: name_en is empty");
    assert_eq!(classes("E0101,", "0101,"), "classes.csv line 2: code: \"0101\" is not a class such as E0110");
    assert_eq!(classes("E0102,", "E0101,"), "classes.csv line 3: E0101 stands there twice");
    assert_eq!(classes("E0102,", "E9902,"), "classes.csv line 3: E99 is not in groups.csv");
    assert_eq!(
        classes("structures,no", "structures,maybe"),
        "classes.csv line 2: local: \"maybe\" is not yes or no"
    );
    assert_eq!(classes("E0101,", "E0109,"), "standards.csv line 2: E0101-1 is not in classes.csv");
    assert_eq!(
        classes("E0102,店面", "E0109,新类,New,no\nE0102,店面"),
        "standards.csv line 0: class E0109 has no standard row"
    );
}

#[test]
fn bad_standards_menus_reasons_and_policies_are_named_too() {
    let first = "2紧急工作日,停止施工并拆除，恢复原状,1,2023-01-01";
    let standards = |by: &str| {
        let text = broken(STANDARD.standards, first, by);
        read(&Tables { standards: &text, ..STANDARD }).unwrap_err().to_string()
    };
    assert_eq!(
        standards("种植季节,拆除,1,2023-01-01"),
        "standards.csv line 2: limit: a limit begins with a number: \"种植季节\""
    );
    assert_eq!(
        standards("1天,拆除,一,2023-01-01"),
        "standards.csv line 2: after_photos_least: \"一\" is not a small number"
    );
    assert_eq!(
        standards("1天,拆除,1,2023-02-30"),
        "standards.csv line 2: valid_from: \"2023-02-30\" is not a date"
    );
    let text = broken(STANDARD.standards, "E0101-2", "E0101-1");
    let error = read(&Tables { standards: &text, ..STANDARD }).unwrap_err().to_string();
    assert_eq!(error, "standards.csv line 3: E0101-1 stands there twice");

    let menu = |text: &str| read(&Tables { menu: text, ..STANDARD }).unwrap_err().to_string();
    assert_eq!(menu("class,name,name_en\nE0109,新,New"), "menu.csv line 2: E0109 is not in classes.csv");
    assert_eq!(
        menu("class,name,name_en\n\nE0110,一,One\nE0110,二,Two"),
        "menu.csv line 4: E0110 stands there twice"
    );

    let reasons = |text: &str| read(&Tables { reasons: text, ..STANDARD }).unwrap_err().to_string();
    assert_eq!(
        reasons("code,name,name_en,needs_note\na,一,one,no\na,二,two,no"),
        "reasons.csv line 3: a stands there twice"
    );

    let policies = |text: &str| read(&Tables { policies: text, ..STANDARD }).unwrap_err().to_string();
    let header = STANDARD.policies.lines().next().unwrap();
    let row = ",2023-01-01,no,no,no,0,9,0,15分钟,15分钟,4工作时,15";
    assert_eq!(policies(header), "policies.csv line 0: the row for source * is missing");
    assert_eq!(policies(&format!("{header}\n*{row}\n*{row}")), "policies.csv line 3: * stands there twice");
    assert_eq!(
        policies(&format!("{header}\n*{row}\nrumour{row}")),
        "policies.csv line 3: source: \"rumour\" is not a source"
    );
}

#[test]
fn groups_stand_in_order_of_their_codes() {
    let groups = "code,name,name_en\nP01,后,Later\nE01,先,First\n";
    let tables = Tables {
        groups,
        classes: "code,name,name_en,local\nE0110,垃圾,Waste,no\n",
        standards: "id,filing_condition,limit,closing_condition,after_photos_least,valid_from,source\n\
                    E0110-1,有,1天,无,1,2026-03-02,测试\n",
        menu: "class,name,name_en\n",
        unclassed: "code,name,name_en,plain,plain_en\n",
        words: "class,valid_from,words\n",
        ..STANDARD
    };
    let (catalogue, _) = read(&tables).unwrap();
    let codes: Vec<_> = catalogue.groups.iter().map(|group| group.code.to_string()).collect();
    assert_eq!(codes, ["E01", "P01"]);
    let class = "E0110".parse().unwrap();
    assert_eq!(catalogue.standards_of(class, MONDAY.plus_ms(-1)).count(), 0);
    assert_eq!(catalogue.standards_of(class, MONDAY).count(), 1);
}

#[test]
fn a_stand_in_is_no_class_and_nothing_is_filed_under_it() {
    let (catalogue, policies) = standard().unwrap();
    let unclassed = catalogue.unclassed.as_ref().unwrap();
    assert!(catalogue.class(unclassed.code).is_none());
    assert_eq!(catalogue.standards_of(unclassed.code, MONDAY).count(), 0);
    assert_eq!(catalogue.class_name(unclassed.code, Lang::Zh), "未分类");
    assert_eq!(catalogue.plain_name(unclassed.code, Lang::Zh), "其他/不清楚");
    assert_eq!(catalogue.group_name(unclassed.code.group(), Lang::Zh), "未分类");
    let open = Source::ALL.iter().filter(|source| policies.of(**source, MONDAY).unclassed);
    assert_eq!(open.copied().collect::<Vec<_>>(), [Source::Resident, Source::Hotline]);

    let stand_in = |text: &str| read(&Tables { unclassed: text, ..STANDARD }).unwrap_err().to_string();
    let head = "code,name,name_en,plain,plain_en";
    assert_eq!(
        stand_in(&format!("{head}\nE0110,一,One,一,One")),
        "unclassed.csv line 2: E0110 is a class in classes.csv"
    );
    assert_eq!(
        stand_in(&format!("{head}\nE9199,一,One,一,One")),
        "unclassed.csv line 2: E91 is not in groups.csv"
    );
    let (without, _) = read(&Tables { unclassed: head, ..STANDARD }).unwrap();
    assert_eq!(without.unclassed, None);
}

#[test]
fn residents_have_one_word_and_staff_another() {
    let (catalogue, _) = standard().unwrap();
    let names = |class: &str| {
        let code = class.parse().unwrap();
        (catalogue.plain_name(code, Lang::Zh), catalogue.class_name(code, Lang::Zh))
    };
    assert_eq!(names("E0110"), ("垃圾没人清".to_owned(), "暴露生活垃圾".to_owned()));
    assert_eq!(names("E0184"), ("违规养犬".to_owned(), "违规养犬".to_owned()));
}

#[test]
fn every_class_has_words_by_which_people_find_it_each_from_its_day() {
    let (catalogue, _) = standard().unwrap();
    let lacking = catalogue.classes.keys().filter(|code| catalogue.words_of(**code, MONDAY).len() < 3);
    assert_eq!(lacking.collect::<Vec<_>>(), Vec::<&kernel::class::ClassCode>::new());
    assert!(catalogue.words_of("P0123".parse().unwrap(), MONDAY).iter().any(|word| word == "窨井"));
    assert!(catalogue.words.values().flatten().map(|row| row.words.len()).sum::<usize>() > 1_000);

    let words = |text: &str| read(&Tables { words: text, ..STANDARD });
    let head = "class,valid_from,words";
    let (dated, _) = words(&format!("{head}\nE0110,2026-03-02,新、词\nE0110,2023-01-01,旧")).unwrap();
    let at = |at| dated.words_of("E0110".parse().unwrap(), at).to_vec();
    assert_eq!(
        (at(MONDAY), at(MONDAY.plus_ms(-1)), at(Time(0))),
        (vec!["新".into(), "词".into()], vec!["旧".to_owned()], vec![])
    );
    let wrong = |text: &str| words(&format!("{head}\n{text}")).unwrap_err().to_string();
    assert_eq!(wrong("E0109,2023-01-01,新"), "words.csv line 2: E0109 is not in classes.csv");
    assert_eq!(wrong("E0110,2023-01-01,新、新"), "words.csv line 2: 新 stands there twice");
    assert_eq!(
        wrong("E0110,2023-01-01,一\nE0110,2023-01-01,二"),
        "words.csv line 3: E0110 stands there twice"
    );
}
