//! The shape of every event, byte for byte as the journal will hold it. From the first tagged release on, a changed
//! line here means a new shape version.

use super::play::{Play, moment};
use crate::model::Event;

/// One history that holds every kind of event, and one that is refused.
fn histories() -> Vec<Event> {
    let mut play = Play::new();
    for (who, command, at) in [
        ("小梅", "report E0110 photos=a holds=description,address,point,name,phone", "03-02 09:00"),
        ("计时器", "overrun intake due=03-02T09:45", "03-02 09:46"),
        ("采集员小陈", "pre_verify found photos=b note", "03-02 09:50"),
        ("受理员老吴", "file E0110-1", "03-02 10:00"),
        ("派遣员老许", "dispatch note", "03-02 10:05"),
        ("城管小郑", "handle photos=c note", "03-02 11:00"),
        ("核查员老周", "check failed photos=d note", "03-02 11:30"),
        ("城管小郑", "handle photos=e", "03-02 16:06"),
        ("核查员老周", "check passed", "03-02 16:30"),
        ("受理员老吴", "close note", "03-02 16:40"),
        ("小梅", "verdict partly note", "03-03 08:00"),
        ("受理员老吴", "show", "03-03 09:00"),
        ("小梅", "erase name phone", "03-03 10:00"),
    ] {
        let told = play.line(who, command, moment(at));
        assert!(!told.starts_with('!'), "{who} {command}: {told}");
    }
    let mut refused = Play::new();
    refused.line("小梅", "report P0137", moment("03-02 09:00"));
    refused.line("受理员老吴", "refuse other note", moment("03-02 09:10"));
    let mut recounted = Play::new();
    recounted.line("小梅", "report P0137", moment("03-02 09:00"));
    recounted.line("采集员小陈", "pre_verify found", moment("03-02 09:10"));
    recounted.line("受理员老吴", "file P0137-1", moment("03-02 09:20"));
    recounted.line("派遣员老许", "dispatch", moment("03-02 09:30"));
    recounted.holiday("2026-03-03");
    let told = recounted.line("计时器", "recount", moment("03-02 10:00"));
    assert!(told.starts_with("recounted"), "{told}");
    play.events.into_iter().chain(refused.events.pop()).chain(recounted.events.pop()).collect()
}

#[test]
fn every_event_has_this_shape() {
    let events = histories();
    let lines: Vec<String> = events.iter().map(|event| serde_json::to_string(event).unwrap()).collect();
    insta::assert_snapshot!("events", lines.join("\n"));
}

#[test]
fn a_case_reads_back_wherever_it_stands() {
    let events = histories();
    for length in 1..events.len() {
        let case = crate::rules::replay(&events[..length]).unwrap();
        let text = serde_json::to_string(&case).unwrap();
        assert_eq!(serde_json::from_str::<crate::model::Case>(&text).unwrap(), case);
        let value: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!(value["phase"]["state"].as_str(), Some(case.state().code()));
    }
}

#[test]
fn every_event_reads_back_and_names_its_kind_and_moment() {
    let events = histories();
    for event in &events {
        let text = serde_json::to_string(event).unwrap();
        assert_eq!(serde_json::from_str::<Event>(&text).unwrap(), *event);
        let value: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!((value["kind"].as_str(), value["at"].as_i64()), (Some(event.kind()), Some(event.at().0)));
    }
    let mut kinds: Vec<_> = events.iter().map(Event::kind).collect();
    kinds.sort_unstable();
    kinds.dedup();
    assert_eq!(kinds.len(), 13, "every kind of event is here: {kinds:?}");
}
