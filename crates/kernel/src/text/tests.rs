use proptest::prelude::*;

use super::*;
use crate::problem::ToProblem;

#[test]
fn lines_are_trimmed_and_freed_of_what_nobody_sees() {
    for (raw, clean) in [
        ("  澄江街道虹桥路 ", "澄江街道虹桥路"),
        ("\u{3000}全角空格\u{3000}", "全角空格"),
        ("\u{FEFF}字节序标记", "字节序标记"),
        ("零\u{200B}宽\u{2060}空\u{200D}格", "零宽空格"),
        ("\r\n两头的换行\n\t", "两头的换行"),
        ("\u{200B} \u{FEFF} 混在一起\u{200C} ", "混在一起"),
        ("Road 5, 🚧", "Road 5, 🚧"),
    ] {
        assert_eq!(clean_line(raw, 20).as_deref(), Ok(clean), "{raw:?}");
    }
}

#[test]
fn texts_keep_their_lines_whatever_the_system_writes() {
    for (raw, clean) in [
        ("一\r\n二\r三\n四", "一\n二\n三\n四"),
        ("一\u{2028}二\u{2029}三", "一\n二\n三"),
        ("一\r\r\n\n二", "一\n\n\n二"),
        ("表\t格", "表\t格"),
    ] {
        assert_eq!(clean_text(raw, 20).as_deref(), Ok(clean), "{raw:?}");
    }
}

#[test]
fn what_is_refused_is_named_with_its_position() {
    for (raw, error) in [
        ("", TextError::Empty),
        (" \u{3000}\r\n", TextError::Empty),
        ("\u{200B}\u{FEFF}", TextError::Empty),
        ("井盖\0坏了", TextError::Control { position: 2, code: 0 }),
        ("  井盖\u{7}坏了", TextError::Control { position: 4, code: 7 }),
        ("井\u{7F}盖", TextError::Control { position: 1, code: 0x7F }),
        ("井\u{9B}盖", TextError::Control { position: 1, code: 0x9B }),
        ("井\u{B}盖", TextError::Control { position: 1, code: 0xB }),
        ("合同\u{202E}gpj.exe", TextError::Bidi { position: 2, code: 0x202E }),
        ("合同\u{2066}x", TextError::Bidi { position: 2, code: 0x2066 }),
        ("\u{200F}从右", TextError::Bidi { position: 0, code: 0x200F }),
        ("从右\u{61C}", TextError::Bidi { position: 2, code: 0x61C }),
    ] {
        assert_eq!(clean_text(raw, 20), Err(error.clone()), "{raw:?}");
        assert_eq!(clean_line(raw, 20), Err(error), "{raw:?}");
    }
    for code in
        [0x061C, 0x200E, 0x200F, 0x202A, 0x202B, 0x202C, 0x202D, 0x202E, 0x2066, 0x2067, 0x2068, 0x2069]
    {
        let raw = format!("甲{}乙", char::from_u32(code).unwrap());
        assert_eq!(clean_text(&raw, 9), Err(TextError::Bidi { position: 1, code }));
    }
}

#[test]
fn a_line_is_one_line() {
    assert_eq!(clean_line("第一行\n第二行", 20), Err(TextError::Control { position: 3, code: 10 }));
    assert_eq!(clean_line("表\t格", 20), Err(TextError::Control { position: 1, code: 9 }));
    assert_eq!(clean_line("一\u{2028}二", 20), Err(TextError::Control { position: 1, code: 0x2028 }));
}

#[test]
fn length_is_counted_in_characters_after_cleaning() {
    assert_eq!(clean_line(" 井盖坏了 ", 4).as_deref(), Ok("井盖坏了"));
    assert_eq!(clean_line("井盖坏了！", 4), Err(TextError::TooLong { max: 4, got: 5 }));
    assert_eq!(clean_text("一\r\n二", 3).as_deref(), Ok("一\n二"));
    let longest = "长".repeat(MAX_TEXT_CHARS);
    assert_eq!(clean_text(&longest, usize::MAX).as_deref(), Ok(longest.as_str()));
    let too_long = clean_text(&format!("{longest}长"), usize::MAX).unwrap_err();
    assert_eq!(too_long, TextError::TooLong { max: 4000, got: 4001 });
    let problem = too_long.problem();
    assert_eq!((problem.status, problem.code.as_ref()), (422, "text/too-long"));
    assert_eq!(problem.params["got"], 4001);
    assert_eq!(TextError::Bidi { position: 2, code: 0x202E }.problem().params["character"], "U+202E");
}

#[test]
fn single_fields_are_masked() {
    for (phone, masked) in [
        ("13812341234", "138****1234"),
        (" 138 1234 1234 ", "138****1234"),
        ("0510-86881234", "051****1234"),
        ("86881234", "****34"),
        ("12345", "****"),
        ("", ""),
    ] {
        assert_eq!(mask_phone(phone), masked, "{phone}");
    }
    for (name, masked) in [("王小梅", "王*"), ("张三", "张*"), (" 李 ", "李*"), ("John", "J*"), ("", "")]
    {
        assert_eq!(mask_name(name), masked, "{name}");
    }
    assert_eq!(mask_id_number("32028119900101123X", 1), "3****************X");
    assert_eq!(mask_id_number("32028119900101123X", 4), "3*************123X");
    assert_eq!(mask_id_number("32028119900101123X", 99), "3*************123X");
    assert_eq!(mask_id_number("3202", 1), "****");
    assert_eq!(mask_id_number("", 1), "");
    assert_eq!(mask_plate("苏B12345"), "苏B*****");
    assert_eq!(mask_plate("苏"), "苏");
}

#[test]
fn personal_patterns_disappear_from_public_texts() {
    for (raw, hidden) in [
        // Mobile numbers.
        ("请打13812341234联系王师傅", "请打138****1234联系王师傅"),
        ("138 1234 1234、139-5678-5678", "138****1234、139****5678"),
        ("１３８１２３４１２３４", "138****1234"),
        ("+86 13812341234", "+86 138****1234"),
        ("8613812341234", "86138****1234"),
        ("008613812341234。", "0086138****1234。"),
        ("tel:13812341234转8", "tel:138****1234转8"),
        ("13812341234", "138****1234"),
        // Identity numbers.
        ("身份证32028119900101123X", "身份证3****************X"),
        ("身份证 320281 19900101 1234，", "身份证 3****************4，"),
        ("32028119900101123x", "3****************X"),
        // Number plates.
        ("苏B12345占道", "苏B*****占道"),
        ("车牌苏B·D12345和沪a 88f66", "车牌苏B******和沪A*****"),
        ("苏Ｂ１２３４５", "苏B*****"),
        ("苏B1234警停在盲道上", "苏B*****停在盲道上"),
        ("皖A1234挂", "皖A*****"),
        ("3辆：1苏B12345苏B1234X苏B12346", "3辆：1苏B*****苏B*****苏B*****"),
        // Both side by side.
        ("32028119900101123X13812341234", "3****************X138****1234"),
        ("苏B12345，车主13812341234", "苏B*****，车主138****1234"),
    ] {
        assert_eq!(hide_personal_patterns(raw), hidden, "{raw}");
    }
}

#[test]
fn other_numbers_stay() {
    for text in [
        "",
        "共 83692 处公益广告，整改率 100%",
        "案卷号 JY202603020001",
        "部件 3205080101000001",
        "订单 138123412345678",
        "12812341234 不是手机号",
        "热线 12345，0510-86881234",
        "2026-03-02 15:42",
        "经度 120.28512345678",
        "新G312国道与苏州大道",
        "云ABCDEF",
        "苏B1234567",
        "320281999999991234",
        "云亭街道B区12345号",
    ] {
        assert_eq!(hide_personal_patterns(text), text);
    }
}

proptest! {
    #[test]
    fn cleaning_is_total_and_cleaning_again_changes_nothing(raw in any::<String>()) {
        if let Ok(clean) = clean_text(&raw, 50) {
            prop_assert!(clean.chars().count() <= 50);
            prop_assert_eq!(clean_text(&clean, 50), Ok(clean));
        }
    }

    #[test]
    fn a_mobile_number_never_gets_through(
        before in "[^0-9０-９]{0,6}", number in "1[3-9][0-9]{9}", after in "[^0-9０-９]{0,6}",
    ) {
        let hidden = hide_personal_patterns(&format!("{before}{number}{after}"));
        prop_assert!(!hidden.contains(&number), "{}", hidden);
    }

    #[test]
    fn hiding_is_total_and_hiding_again_changes_nothing(raw in "(\\PC|[0-9]|苏B|[ -]|X){0,40}") {
        let hidden = hide_personal_patterns(&raw);
        prop_assert_eq!(hide_personal_patterns(&hidden), hidden);
    }
}
