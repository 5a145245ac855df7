//! The demo city's texts: in tone, about the place they name, and never the same twice.

use demo::phrases::{
    Channel, Occasion, Phrasebook, checker_remark, dispatch_opinion, draw_trouble, handler_feedback,
    pre_verify_remark, refusal_reason, report_text, return_reason, troubles, verdict_text,
};
use scenery::dice::Dice;
use scenery::geography::{Landmark, Level, geography, landmarks};
use std::collections::HashSet;

/// A day in autumn, with a photo.
const NOW: Occasion = Occasion { month: 10, photo: true };

const CHANNELS: [Channel; 5] =
    [Channel::Resident, Channel::Inspector, Channel::Hotline, Channel::Patrol, Channel::Inspection];

/// Every landmark of a city.
fn places() -> Vec<Landmark> {
    let cells = geography(1).map(|ground| ground.cells).unwrap_or_default();
    cells.iter().filter(|c| c.level == Level::Village).flat_map(|c| landmarks(1, c)).collect()
}

/// Reports as the demo draws them: a place, a trouble that suits it, a wording.
fn reports(channel: Channel, count: usize) -> Vec<(Landmark, String)> {
    let places = places();
    let mut dice = Dice::new(11).fork(channel.source_code());
    (0..count)
        .map(|_| {
            let place = places[dice.below(places.len())].clone();
            let trouble = draw_trouble(place.kind, NOW.month, &mut dice).map_or("E0110", |t| t.class_code);
            let text = report_text(channel, trouble, &place, NOW, &mut dice);
            (place, text)
        })
        .collect()
}

#[test]
fn five_thousand_reports_hardly_repeat() {
    for channel in CHANNELS {
        let texts: Vec<String> = reports(channel, 5_000).into_iter().map(|(_, text)| text).collect();
        let distinct: HashSet<&String> = texts.iter().collect();
        assert!(texts.len() - distinct.len() < 50, "{channel:?}: {} of 5000 differ", distinct.len());
    }
}

#[test]
fn a_phrasebook_says_nothing_twice_over_the_whole_city() {
    let places = places();
    let mut dice = Dice::new(12);
    let mut book = Phrasebook::new(12);
    let texts: HashSet<String> = (0..5_000)
        .map(|_| {
            let place = &places[dice.below(places.len())];
            let code = draw_trouble(place.kind, NOW.month, &mut dice).map_or("E0110", |t| t.class_code);
            book.report(CHANNELS[dice.below(CHANNELS.len())], code, place, NOW)
        })
        .collect();
    assert_eq!(texts.len(), 5_000);
}

#[test]
fn a_phrasebook_never_repeats_even_at_one_place() {
    let place = places().remove(0);
    for channel in CHANNELS {
        let mut book = Phrasebook::new(5);
        let texts: HashSet<String> = (0..3_000).map(|_| book.report(channel, "P0110", &place, NOW)).collect();
        assert_eq!(texts.len(), 3_000, "{channel:?}");
    }
    let mut book = Phrasebook::new(5);
    let answers: HashSet<String> =
        (0..3_000).map(|_| book.fresh(|dice| handler_feedback("E0110", NOW, dice))).collect();
    assert_eq!(answers.len(), 3_000);
}

#[test]
fn a_report_names_its_place_and_stays_plain() {
    for channel in CHANNELS {
        for (place, text) in reports(channel, 2_000) {
            assert!(text.contains(&place.name), "{text} at {}", place.name);
            assert!((5..=160).contains(&text.chars().count()), "{text}");
            assert!(!text.chars().any(char::is_control) && text.trim() == text, "{text:?}");
            assert!(!text.contains("，，") && !text.contains("。，") && !text.contains("，。"), "{text}");
            assert!(!text.contains("？，") && !text.contains("！，"), "{text}");
        }
    }
}

#[test]
fn each_channel_has_its_tone() {
    let mut lengths: Vec<usize> =
        reports(Channel::Inspector, 2_000).iter().map(|(_, t)| t.chars().count()).collect();
    lengths.sort_unstable();
    assert!(lengths[1_000] <= 17 && lengths[1_990] <= 28, "inspectors are brief: {}", lengths[1_000]);
    let hotline = reports(Channel::Hotline, 2_000);
    assert!(hotline.iter().all(|(_, t)| t.contains("反映") || t.contains("来电人称")));
    let slips = [
        "拉圾",
        "以经",
        "麻凡",
        "尽块",
        "处里",
        "西望",
        "电平车",
        "好及",
        "每人",
        "走陆",
        "危显",
        "再",
        "得",
        "哪块",
    ];
    let resident = reports(Channel::Resident, 2_000);
    let mistyped = resident.iter().filter(|(_, t)| slips.iter().any(|s| t.contains(s))).count();
    assert!((100..900).contains(&mistyped), "some residents mistype: {mistyped}");
    assert!(hotline.iter().all(|(_, t)| !["拉圾", "以经", "麻凡"].iter().any(|s| t.contains(s))));
}

#[test]
fn every_class_has_words_in_every_channel_and_answer() {
    let place = places().remove(3);
    let mut dice = Dice::new(2);
    for trouble in troubles() {
        let code = trouble.class_code;
        let mut told = HashSet::new();
        for _ in 0..60 {
            for channel in CHANNELS {
                told.insert(report_text(channel, code, &place, NOW, &mut dice));
            }
        }
        assert!(told.len() > 200, "{code}: {}", told.len());
        let answers: HashSet<String> = (0..60).map(|_| handler_feedback(code, NOW, &mut dice)).collect();
        assert!(answers.len() > 40, "{code}: {}", answers.len());
        assert_ne!(checker_remark(code, true, NOW, &mut dice), checker_remark(code, false, NOW, &mut dice));
    }
    assert!(report_text(Channel::Hotline, "E9999", &place, NOW, &mut dice).contains("市容环境问题"));
}

#[test]
fn answers_fit_their_occasion() {
    let mut dice = Dice::new(3);
    let catalogue = include_str!("../../cases/data/reasons.csv");
    let fallback = refusal_reason("no_such_reason", NOW, &mut dice);
    assert!(fallback.starts_with("不符合受理条件"));
    for code in catalogue.lines().skip(1).filter_map(|line| line.split(',').next()) {
        assert!(
            !refusal_reason(code, NOW, &mut dice).starts_with("不符合受理条件"),
            "{code} has words of its own"
        );
    }
    for _ in 0..200 {
        assert!(return_reason(Some("云亭街道"), &mut dice).contains("云亭街道"));
        assert!(return_reason(None, &mut dice).ends_with('。'));
        assert!(dispatch_opinion(&mut dice).starts_with('请'));
        assert!(
            pre_verify_remark("E0110", true, NOW, &mut dice).starts_with("已到场")
                || pre_verify_remark("E0110", true, NOW, &mut dice).starts_with("已到现场")
        );
        assert!(!verdict_text(true, NOW, &mut dice).contains("不满意"));
    }
}

#[test]
fn the_same_seed_says_the_same() {
    let place = places().remove(0);
    let say = |seed| Phrasebook::new(seed).report(Channel::Resident, "E0410", &place, NOW);
    assert_eq!(say(1), say(1));
    let texts: HashSet<String> = (0..20).map(say).collect();
    assert!(texts.len() > 15);
}

/// Reads a made text as a person would: nothing out of season, no tail that tells texts apart, no picture promised.
#[test]
fn a_text_of_november_without_photos_reads_as_one() {
    let places = places();
    let (mut dice, mut book) = (Dice::new(28), Phrasebook::new(28));
    let november = Occasion { month: 11, photo: false };
    for _ in 0..1_000 {
        let place = &places[dice.below(places.len())];
        let Some(trouble) = draw_trouble(place.kind, november.month, &mut dice) else { continue };
        let code = trouble.class_code;
        let channel = CHANNELS[dice.below(CHANNELS.len())];
        let texts = [
            book.report(channel, code, place, november),
            book.fresh(|dice| handler_feedback(code, november, dice)),
            book.fresh(|dice| checker_remark(code, true, november, dice)),
            book.fresh(|dice| checker_remark(code, false, november, dice)),
            book.fresh(|dice| pre_verify_remark(code, true, november, dice)),
            book.fresh(|dice| pre_verify_remark(code, false, november, dice)),
            book.fresh(|dice| refusal_reason("unclear", november, dice)),
            book.fresh(|dice| verdict_text(false, november, dice)),
        ];
        for text in texts {
            for word in ["处）", "蚊", "苍蝇", "夏天", "积雪", "结冰", "浮萍", "照片", "拍", "前图"]
            {
                assert!(!text.contains(word), "{word}: {text}");
            }
        }
    }
}

#[test]
fn every_trouble_happens_in_some_month_and_snow_only_in_winter() {
    for trouble in troubles() {
        assert!((1..=12).any(|month| trouble.happens_in(month)), "{}", trouble.name);
    }
    let snow = troubles().iter().find(|trouble| trouble.class_code == "E0507").unwrap();
    let months: Vec<i8> = (1..=12).filter(|month| snow.happens_in(*month)).collect();
    assert_eq!(months, [1, 2, 12]);
}
