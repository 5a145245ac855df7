//! Cleaning, as tables of what comes in and what is kept, dropped or refused.

use proptest::prelude::*;

use crate::problem::ToProblem;
use crate::text::*;

const CONTROL: fn(usize, u32) -> TextError = |position, code| TextError::Control { position, code };
const LINE_END: fn(usize, u32) -> TextError = |position, code| TextError::LineEnd { position, code };
const REVERSAL: fn(usize, u32) -> TextError = |position, code| TextError::Reversal { position, code };

#[test]
fn lines_are_trimmed_and_freed_of_what_nobody_sees() {
    for (raw, clean) in [
        ("  澄江街道虹桥路 ", "澄江街道虹桥路"),
        ("\u{3000}全角空格\u{3000}", "全角空格"),
        ("\u{FEFF}字节序标记", "字节序标记"),
        ("零\u{200B}宽\u{2060}空\u{200D}格", "零宽空格"),
        ("\r\n两头的换行\n\t", "两头的换行"),
        ("\u{B}两头\u{C}\u{85}\u{2028}", "两头"),
        ("\u{200B} \u{FEFF} 混在一起\u{200C} ", "混在一起"),
        ("Road 5, 🚧", "Road 5, 🚧"),
        // A phone copied from a list of contacts.
        ("\u{202D}13812341234\u{202C}", "13812341234"),
        ("\u{200E}+86 138 1234 1234\u{200E}", "+86 138 1234 1234"),
        ("\u{2068}王小梅\u{2069}", "王小梅"),
        ("\u{202E}13812341234\u{202C} ", "13812341234"),
        ("电话\u{202D}13812341234\u{202C}，\u{200F}谢谢\u{61C}。", "电话13812341234，谢谢。"),
        ("左到右\u{200E}标记", "左到右标记"),
        // Word processors: soft hyphen, the place of a picture, annotation marks.
        ("虹\u{AD}桥\u{FFFC}路\u{FFF9}\u{FFFB}", "虹桥路"),
        ("\u{3164}填\u{FFA0}充\u{115F}字\u{2065}", "填充字"),
        ("\u{2800}盲文空格\u{2800}", "盲文空格"),
        // Tag characters carry texts that nobody sees.
        ("安\u{E0041}\u{E0042}全\u{E01EF}", "安全\u{E01EF}"),
        // Selectors: one after a character, none alone, no chains.
        ("❤\u{FE0F}红心", "❤\u{FE0F}红心"),
        ("葛\u{E0100}先生", "葛\u{E0100}先生"),
        ("\u{FE0F}无主 \u{FE0F}空格", "无主 空格"),
        ("链\u{FE00}\u{FE01}\u{E0100}条", "链\u{FE00}条"),
        // Joiners work in emoji and in some scripts only.
        ("一家👨\u{200D}👩\u{200D}👧去公园", "一家👨\u{200D}👩\u{200D}👧去公园"),
        ("❤\u{FE0F}\u{200D}🔥", "❤\u{FE0F}\u{200D}🔥"),
        ("🏳\u{FE0F}\u{200D}🌈", "🏳\u{FE0F}\u{200D}🌈"),
        ("👩🏽\u{200D}🚒", "👩🏽\u{200D}🚒"),
        ("می\u{200C}خواهم", "می\u{200C}خواهم"),
        ("क्\u{200D}ष", "क्\u{200D}ष"),
        ("ᠮᠣᠩᠭᠣᠯ\u{180B}", "ᠮᠣᠩᠭᠣᠯ\u{180B}"),
        ("a\u{200D}b\u{200C}c", "abc"),
        ("👨\u{200D}\u{200D}👩", "👨\u{200D}👩"),
        ("👨\u{200D}", "👨"),
    ] {
        assert_eq!(clean_line(raw, 40).as_deref(), Ok(clean), "{raw:?}");
        assert_eq!(clean_text(raw, 40).as_deref(), Ok(clean), "{raw:?}");
        assert_eq!(clean_query(raw).as_deref(), Ok(clean), "{raw:?}");
    }
}

#[test]
fn texts_keep_their_lines_whatever_the_system_writes() {
    for (raw, clean) in [
        ("一\r\n二\r三\n四", "一\n二\n三\n四"),
        ("一\u{2028}二\u{2029}三", "一\n二\n三"),
        ("一\u{B}二\u{C}三\u{85}四", "一\n二\n三\n四"),
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
        ("\u{200E}\u{202D}\u{202C}\u{202E}\u{FE0F}\u{2800}\u{3164}", TextError::Empty),
        ("井盖\0坏了", CONTROL(3, 0)),
        ("  井盖\u{7}坏了", CONTROL(5, 7)),
        ("井\u{7F}盖", CONTROL(2, 0x7F)),
        ("井\u{9B}盖", CONTROL(2, 0x9B)),
        ("井\u{1F}盖", CONTROL(2, 0x1F)),
        ("井\u{FFFE}盖", CONTROL(2, 0xFFFE)),
        ("井\u{1FFFF}盖", CONTROL(2, 0x1_FFFF)),
        ("\0", CONTROL(1, 0)),
        ("合同\u{202E}gpj.exe", REVERSAL(3, 0x202E)),
        (" \u{202E}nasgnahz", REVERSAL(2, 0x202E)),
        // Counted as a person counts: the family is one, what nobody sees is none.
        ("\u{FEFF}👨\u{200D}👩\u{200D}👧家\u{200B}\u{200E}\0", CONTROL(3, 0)),
        ("e\u{301}\u{1B}", CONTROL(2, 0x1B)),
    ] {
        assert_eq!(clean_text(raw, 20), Err(error.clone()), "{raw:?}");
        assert_eq!(clean_line(raw, 20), Err(error), "{raw:?}");
    }
    for code in (0..0x20).chain(0x7F..0xA0).filter(|code| !matches!(code, 0x9..=0xD | 0x85)) {
        let raw = format!("甲{}乙", char::from_u32(code).unwrap());
        assert_eq!(clean_text(&raw, 9), Err(CONTROL(2, code)));
        assert_eq!(clean_query(&raw), Err(CONTROL(2, code)));
    }
}

#[test]
fn a_line_is_one_line() {
    assert_eq!(clean_line("第一行\n第二行", 20), Err(LINE_END(4, 10)));
    assert_eq!(clean_line("表\t格", 20), Err(CONTROL(2, 9)));
    assert_eq!(clean_line("一\u{2028}二", 20), Err(LINE_END(2, 0x2028)));
    assert_eq!(clean_line("一\u{B}二", 20), Err(LINE_END(2, 0xB)));
}

#[test]
fn an_optional_field_of_nothing_is_left_out_and_any_other_is_cleaned() {
    for raw in ["", "  ", "\u{200B}", "\u{202D}\u{202C}", "\u{200E} \u{FEFF}\n", "\u{FE0F}", "\u{2800}"] {
        assert_eq!(clean_optional_line(raw, 9), Ok(None), "{raw:?}");
        assert_eq!(clean_optional_text(raw, 9), Ok(None), "{raw:?}");
        assert_eq!(clean_query(raw).as_deref(), Ok(""), "{raw:?}");
    }
    assert_eq!(clean_optional_line(" 甲 ", 9), Ok(Some("甲".into())));
    assert_eq!(clean_optional_line("甲\0", 9), Err(CONTROL(2, 0)));
    assert_eq!(clean_optional_text("甲乙", 1), Err(TextError::TooLong { max: 1, got: 2 }));
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
}

#[test]
fn the_words_of_a_refusal_name_the_sign() {
    let named = |error: TextError| {
        let problem = error.problem();
        let text = |name: &str| problem.params[name].as_str().unwrap().to_owned();
        (text("character"), text("name_zh"), text("name_en"))
    };
    let is = |sign: &str, zh: &str, en: &str| (sign.to_owned(), zh.to_owned(), en.to_owned());
    assert_eq!(named(REVERSAL(2, 0x202E)), is("U+202E", "文字反向符", "right-to-left override"));
    assert_eq!(named(CONTROL(2, 0)), is("U+0000", "空字符", "null character"));
    assert_eq!(named(CONTROL(2, 9)), is("U+0009", "制表符", "tab"));
    assert_eq!(named(LINE_END(2, 0xB)), is("U+000B", "换行符", "line end"));
    assert_eq!(named(CONTROL(2, 0x80)), is("U+0080", "控制字符", "control character"));
    assert_eq!(named(CONTROL(2, 0xFFFF)), is("U+FFFF", "无效字符", "invalid character"));
}

proptest! {
    #[test]
    fn cleaning_is_total_and_cleaning_again_changes_nothing(
        raw in "(\\PC|\\p{Cf}|\\p{Mn}|👨|❤|\u{200D}|\u{FE0F}|\u{200C}|ی|[ \t\n\r\u{B}\u{85}]){0,30}",
    ) {
        for clean in [clean_text, clean_line] {
            if let Ok(once) = clean(&raw, 50) {
                prop_assert!(once.chars().count() <= 50);
                prop_assert!(!once.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\t')));
                prop_assert_eq!(clean(&once, 50), Ok(once));
            }
        }
        if let Ok(once) = clean_query(&raw) {
            prop_assert_eq!(clean_query(&once), Ok(once));
        }
    }

    #[test]
    fn what_people_see_is_kept(raw in "[一-龥a-zA-Z0-9，。！？、 ]{1,30}") {
        if !raw.trim().is_empty() {
            prop_assert_eq!(clean_text(&raw, 50).unwrap(), raw.trim());
        }
    }
}
