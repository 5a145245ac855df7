//! Folding: what is the same, what is not, what a search finds.

use proptest::prelude::*;

use crate::text::*;

#[test]
fn what_a_person_takes_for_the_same_folds_to_the_same() {
    for (one, other) in [
        ("HWS", "hws"),
        ("ＨＷＳ", "hws"),
        (" h w s ", "HWS"),
        ("JY-HWS", "jy—hws"),
        ("JY－HWS", "JYHWS"),
        ("JY–HWS", "jy−hws"),
        ("JYーHWS", "jy─hws"),
        ("zhang\u{200B}san", "ZhangSan"),
        ("\u{202D}zhang\u{202C}", "zhang"),
        ("虹桥\u{3000}路 5 号", "虹桥路５号"),
        ("Ⅲ期", "iii期"),
        ("①号门", "1号门"),
        ("㎡", "m2"),
        ("ﬁre", "FIRE"),
        ("Straße", "STRASSE"),
        ("é", "e\u{301}"),
        ("K", "k"),
        ("戶\u{FE00}", "戶"),
    ] {
        assert_eq!(fold(one), fold(other), "{one} {other}");
    }
    for (one, other) in [("zhang3", "zhang_3"), ("O", "0"), ("l", "1"), ("一", "-"), ("环卫所", "环卫处")]
    {
        assert_ne!(fold(one), fold(other), "{one} {other}");
    }
    assert_eq!(fold(" — \u{200E}"), "");
}

#[test]
fn a_search_finds_however_it_is_typed() {
    for typed in ["", " ", "-", "hws", "ＨＷＳ", "h-w-s", "环卫", "环 卫", "　环卫所"] {
        assert!(finds(typed, &["JY-HWS", "江阴市环卫所"]), "{typed}");
    }
    assert!(!finds("城管", &["JY-HWS", "江阴市环卫所"]));
    assert!(!finds("hwsjiang", &["JY-HWS", "江阴市环卫所"]), "one text after the other is no text");
}

#[test]
fn a_code_is_its_letters_and_digits() {
    assert_eq!(fold_code(" jy２０２６０３０２—0017。"), "JY202603020017");
    assert_eq!(fold_code("e0113"), "E0113");
    let plain: String = "OoIiLl0aZ".chars().map(confused_digit).collect();
    assert_eq!(plain, "0011110aZ");
}

proptest! {
    #[test]
    fn folding_is_total_and_folding_again_changes_nothing(raw in any::<String>()) {
        let once = fold(&raw);
        prop_assert_eq!(fold(&once), once);
    }

    #[test]
    fn blanks_and_dashes_make_no_difference(a in "[一-龥a-zA-Z0-9]{0,8}", b in "[一-龥a-zA-Z0-9]{0,8}") {
        for between in [" ", "\u{3000}", "-", "—", "－", "\u{200B}", "\u{AD}"] {
            prop_assert_eq!(fold(&format!("{a}{between}{b}")), fold(&format!("{a}{b}")));
        }
        let whole = format!("{a}-{b}");
        prop_assert!(finds(&b.to_uppercase(), &[&whole]));
    }
}
