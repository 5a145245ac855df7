//! The closed vocabularies of a case, each word with its stable code and its names in both languages.
//!
//! The code is what stands in events, rows and JSON; the names are what people read. A new word is one line here, and
//! the compiler then asks every rule for its opinion.

use kernel::problem::Lang;
use serde::{Deserialize, Serialize};

/// A code that is not in the vocabulary it was looked up in.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("no such {vocabulary}: {code:?}")]
pub struct UnknownTerm {
    /// The vocabulary, as the type is called.
    pub vocabulary: &'static str,
    /// What was asked for, cut to 40 characters.
    pub code: String,
}

/// Declares a vocabulary: variant, code, 中文, English.
macro_rules! vocabulary {
    ($(#[$doc:meta])* $name:ident { $($(#[$line:meta])* $variant:ident = $code:literal $zh:literal $en:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum $name { $($(#[$line])* $variant,)+ }

        impl $name {
            /// Every word, in the order in which people list them.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// The stable code, as events, rows and JSON carry it.
            pub const fn code(self) -> &'static str {
                match self { $(Self::$variant => $code,)+ }
            }

            /// The name that people read.
            pub const fn name(self, lang: Lang) -> &'static str {
                match (self, lang) {
                    $((Self::$variant, Lang::Zh) => $zh, (Self::$variant, Lang::En) => $en,)+
                }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.code())
            }
        }

        impl std::str::FromStr for $name {
            type Err = UnknownTerm;
            fn from_str(code: &str) -> Result<Self, UnknownTerm> {
                Self::ALL.iter().copied().find(|word| word.code() == code).ok_or_else(|| UnknownTerm {
                    vocabulary: stringify!($name),
                    code: code.chars().take(40).collect(),
                })
            }
        }
    };
}

vocabulary!(
    /// Through which channel a problem came in (来源, domain.md §1.5): a dimension of every figure.
    Source {
        /// A resident with a phone.
        Resident = "resident" "市民随手拍" "resident",
        /// An inspector (采集员) on his round.
        Inspector = "inspector" "采集上报" "inspector",
        /// Staff for a caller (代报).
        Hotline = "hotline" "热线代报" "hotline",
        /// A leader's instruction (批示).
        Leader = "leader" "领导批示" "leader",
        /// Press, broadcast, online media.
        Media = "media" "媒体曝光" "media",
        /// The residents' patrol (巡访团).
        Patrol = "patrol" "巡访团" "patrol",
        /// A camera and whoever watches it.
        Video = "video" "视频巡查" "video",
        /// A special inspection (专项督查) or an unannounced visit (暗访).
        Inspection = "inspection" "专项督查" "special inspection",
    }
);

vocabulary!(
    /// Where a case stands, without the details of [`super::Phase`]: what lists filter by.
    State {
        /// Somebody has to look whether it is there at all.
        PendingPreVerify = "pending_pre_verify" "待核实" "to be verified",
        /// The acceptor has to file or refuse it.
        PendingFile = "pending_file" "待受理" "to be filed",
        /// The dispatcher has to send it to the accountable unit.
        PendingDispatch = "pending_dispatch" "待派遣" "to be dispatched",
        /// The accountable unit has it.
        Handling = "handling" "处置中" "being handled",
        /// Somebody else has to look whether it is done.
        PendingCheck = "pending_check" "待核查" "to be checked",
        /// Checked and good; the acceptor has to close it.
        PendingClose = "pending_close" "待结案" "to be closed",
        /// Done.
        Closed = "closed" "已办结" "closed",
        /// Refused with a reason.
        NotAccepted = "not_accepted" "不予受理" "not accepted",
    }
);

vocabulary!(
    /// What can be done to a case: one word per command.
    Act {
        /// Bring it in.
        Report = "report" "上报" "report",
        /// Look on the spot before filing (核实).
        PreVerify = "pre_verify" "核实" "verify on the spot",
        /// Take it on (立案).
        File = "file" "立案" "file",
        /// Turn it down with a reason.
        Refuse = "refuse" "不予受理" "refuse",
        /// Send it to the accountable unit.
        Dispatch = "dispatch" "派遣" "dispatch",
        /// Put it right and feed back with proof.
        Handle = "handle" "处置反馈" "handle",
        /// Look whether it is done (核查).
        Check = "check" "核查" "check",
        /// Close the file.
        Close = "close" "结案" "close",
        /// The reporter's word on the result.
        GiveVerdict = "give_verdict" "评价" "give a verdict",
        /// A clock has run out; only the timer says so.
        Overrun = "overrun" "超期登记" "record an overrun",
        /// The working calendar changed; only the product itself counts anew.
        Recount = "recount" "重算时限" "count the deadline anew",
        /// Unmask the reporter.
        ShowReporter = "show_reporter" "查看上报人" "show the reporter",
        /// Erase personal data.
        EraseReporter = "erase_reporter" "删除个人信息" "erase personal data",
    }
);

vocabulary!(
    /// The clocks of a case (时限). At most one of them runs at a time.
    ClockKind {
        /// From receipt until filed or refused.
        Intake = "intake" "受理时限" "intake",
        /// From filing until dispatched.
        Dispatch = "dispatch" "派遣时限" "dispatch",
        /// From the first dispatch until the unit feeds back; rework does not restart it (捆绑计时).
        Unit = "unit" "处置时限" "handling",
        /// From feedback until closed or sent back.
        Check = "check" "核查结案时限" "check and close",
    }
);

vocabulary!(
    /// The reporter's word on the result.
    Verdict {
        /// It is done.
        Resolved = "resolved" "已解决" "resolved",
        /// Some of it is done.
        Partly = "partly" "部分解决" "partly resolved",
        /// It is not done: the case asks for attention.
        NotResolved = "not_resolved" "未解决" "not resolved",
    }
);

vocabulary!(
    /// What a report holds that may be personal, and that can be erased on its own.
    PersonalField {
        /// What the reporter wrote.
        Description = "description" "问题描述" "description",
        /// The place in words.
        Address = "address" "详细地址" "address",
        /// The exact point.
        Point = "point" "精确位置" "exact point",
        /// The reporter's name.
        Name = "name" "上报人姓名" "reporter's name",
        /// The reporter's phone number.
        Phone = "phone" "上报人电话" "reporter's phone",
        /// The photos that came with the report.
        Photos = "photos" "上报照片" "photos of the report",
    }
);

impl State {
    /// May the case still change hands? Closed and refused ones only wait for a verdict or for erasure.
    pub const fn is_live(self) -> bool {
        match self {
            Self::PendingPreVerify
            | Self::PendingFile
            | Self::PendingDispatch
            | Self::Handling
            | Self::PendingCheck
            | Self::PendingClose => true,
            Self::Closed | Self::NotAccepted => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each code reads back, is what serde writes, and has a name in both languages that no other word has.
    macro_rules! holds {
        ($name:ident) => {
            for word in $name::ALL.iter().copied() {
                assert_eq!(word.code().parse(), Ok(word));
                assert_eq!(serde_json::to_string(&word).unwrap(), format!("\"{word}\""));
                for lang in [Lang::Zh, Lang::En] {
                    let same = $name::ALL.iter().filter(|other| other.name(lang) == word.name(lang)).count();
                    assert_eq!(same, 1, "{word}");
                }
            }
            let unknown = UnknownTerm { vocabulary: stringify!($name), code: "nonsense".into() };
            assert_eq!("nonsense".parse::<$name>(), Err(unknown));
        };
    }

    #[test]
    fn every_word_has_one_code_and_its_names() {
        holds!(Source);
        holds!(State);
        holds!(Act);
        holds!(ClockKind);
        holds!(Verdict);
        holds!(PersonalField);
    }

    #[test]
    fn only_closed_and_refused_cases_are_no_longer_live() {
        let over: Vec<_> = State::ALL.iter().copied().filter(|state| !state.is_live()).collect();
        assert_eq!(over, [State::Closed, State::NotAccepted]);
    }
}
