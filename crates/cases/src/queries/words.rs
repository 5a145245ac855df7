//! Small words of the views in both languages, and the words of a refusal.

use std::sync::OnceLock;

use kernel::calendar::Limit;
use kernel::problem::{Lang, ToProblem, fill};
use kernel::time::Time;
use platform::web::Dictionary;

use crate::errors::CaseError;
use crate::model::{Act, Event};

/// One of two.
pub(super) const fn pick(lang: Lang, zh: &'static str, en: &'static str) -> &'static str {
    match lang {
        Lang::Zh => zh,
        Lang::En => en,
    }
}

/// What a step of the timeline is called.
pub(super) fn title(event: &Event, lang: Lang) -> String {
    let plain = |act: Act| act.name(lang).to_owned();
    match event {
        Event::Reported(_) => plain(Act::Report),
        Event::PreVerified(e) if e.found => pick(lang, "核实属实", "found on the spot").to_owned(),
        Event::PreVerified(_) => pick(lang, "核实未发现", "not found on the spot").to_owned(),
        Event::Filed(_) => plain(Act::File),
        Event::Refused(_) => plain(Act::Refuse),
        Event::Dispatched(_) => plain(Act::Dispatch),
        Event::Handled(_) => plain(Act::Handle),
        Event::Checked(e) if e.passed => pick(lang, "核查通过", "check passed").to_owned(),
        Event::Checked(_) => pick(lang, "核查未通过，返工", "check failed, sent back").to_owned(),
        Event::Closed(_) => plain(Act::Close),
        Event::VerdictGiven(e) => {
            format!("{}{}", pick(lang, "市民评价：", "verdict: "), e.verdict.name(lang))
        }
        Event::Overran(e) => format!("{}{}", pick(lang, "超期：", "overdue: "), e.clock.name(lang)),
        Event::Recounted(e) => {
            format!("{}{}", pick(lang, "期限重新计算：", "deadline counted anew: "), e.clock.name(lang))
        }
        Event::ReporterShown(_) => plain(Act::ShowReporter),
        Event::ReporterErased(_) => plain(Act::EraseReporter),
    }
}

/// A limit: in Chinese as the standards write it, in English with what it counts spelt out.
pub(super) fn limit_text(limit: Limit, lang: Lang) -> String {
    let count = |n: u32, one: &str| format!("{n} {one}{}", if n == 1 { "" } else { "s" });
    match (lang, limit) {
        (Lang::Zh, limit) => limit.to_string(),
        (Lang::En, Limit::UrgentHours(n)) => format!("{} by day or night", count(n, "hour")),
        (Lang::En, Limit::WorkHours(n)) => count(n, "working hour"),
        (Lang::En, Limit::WorkDays(n)) => count(n, "working day"),
        (Lang::En, Limit::NaturalDays(n)) => count(n, "calendar day"),
        (Lang::En, Limit::Minutes(n)) => count(n, "minute"),
    }
}

/// Why deadlines are counted anew.
pub(super) const fn recounted_why(lang: Lang) -> &'static str {
    pick(
        lang,
        "工作日历有变（补录或更正了节假日安排）",
        "the working calendar changed (holidays entered or corrected)",
    )
}

/// On time or late.
pub(super) fn timely(lang: Lang, on_time: bool) -> String {
    if on_time { pick(lang, "按期", "on time") } else { pick(lang, "超期", "late") }.to_owned()
}

/// A moment as the field writes it.
pub(super) fn moment(at: Time) -> String {
    at.minute_text()
}

/// Why something is refused, in one sentence: the words that the refusal itself would carry.
pub(crate) fn refusal_text(error: &CaseError, lang: Lang) -> String {
    static WORDS: OnceLock<Dictionary> = OnceLock::new();
    let words = WORDS.get_or_init(|| Dictionary::read(&[crate::PROBLEMS]).unwrap_or_default());
    let problem = error.problem();
    let body = words.body(lang, &problem, "");
    let text = body.get("detail").and_then(|detail| detail.as_str()).filter(|text| !text.is_empty());
    text.map_or_else(|| fill(&problem.code, &problem.params), str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_limit_says_what_it_counts_in_both_languages() {
        for (limit, zh, en) in [
            (Limit::UrgentHours(2), "2紧急工作时", "2 hours by day or night"),
            (Limit::WorkHours(1), "1工作时", "1 working hour"),
            (Limit::WorkDays(5), "5工作日", "5 working days"),
            (Limit::NaturalDays(1), "1自然日", "1 calendar day"),
            (Limit::Minutes(45), "45分钟", "45 minutes"),
        ] {
            assert_eq!(
                (limit_text(limit, Lang::Zh).as_str(), limit_text(limit, Lang::En).as_str()),
                (zh, en)
            );
        }
    }
}
