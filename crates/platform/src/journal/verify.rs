//! Checking a chain: what `youju verify` and the case page say about a history.

use kernel::id::CityId;
use kernel::time::Time;
use serde::Serialize;

use super::chain::GENESIS;
use super::{Entry, Head};

/// What is wrong with a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Flaw {
    /// The stored hash of an event is not the hash of its parts.
    EventChanged,
    /// An event does not follow the one before it.
    ChainBroken,
    /// The state row does not end where the journal ends.
    HeadDiffers,
    /// The state row is not what its history gives.
    RowDiffers,
    /// The state row is gone.
    RowMissing,
    /// A personal row does not keep its commitment.
    PersonalChanged,
    /// A personal row is gone although nobody erased it.
    PersonalMissing,
    /// A stored photo is not the one that was received.
    FileChanged,
    /// A stored photo is gone.
    FileMissing,
    /// A receipt does not lead to its case.
    ReceiptChanged,
    /// A row stands there that no event explains.
    RowUnexplained,
    /// The seq of the journal has a gap or does not end at the lane's.
    SeqBroken,
}

impl Flaw {
    /// The words of the report.
    pub const fn words(self) -> &'static str {
        match self {
            Self::EventChanged => "事件内容与其校验值不符 (event changed)",
            Self::ChainBroken => "事件链断开 (chain broken)",
            Self::HeadDiffers => "状态行与链尾不符 (head differs)",
            Self::RowDiffers => "状态行与历史重放结果不符 (row differs from replay)",
            Self::RowMissing => "状态行缺失 (row missing)",
            Self::PersonalChanged => "个人信息行与承诺值不符 (personal row changed)",
            Self::PersonalMissing => "个人信息行缺失且无删除记录 (personal row missing)",
            Self::FileChanged => "照片文件被改动 (file changed)",
            Self::FileMissing => "照片文件缺失 (file missing)",
            Self::ReceiptChanged => "回执与案件不符 (receipt changed)",
            Self::RowUnexplained => "没有事件能解释的数据行 (unexplained row)",
            Self::SeqBroken => "日志序号不连续 (sequence broken)",
        }
    }
}

/// One thing that verification found, with the name of the record.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Finding {
    /// The tenant.
    pub city: CityId,
    /// Kind of record: `case`, `file`, `user` …
    pub record: String,
    /// Its name as people know it (case number, file id).
    pub name: String,
    /// What is wrong.
    pub flaw: Flaw,
    /// Where exactly: version, field, file name.
    pub place: String,
}

/// Something that was erased as the law asks. Verification finds it as it should be: gone, and said to be gone.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Erased {
    /// Kind of record.
    pub record: String,
    /// Its name as people know it.
    pub name: String,
    /// What was erased of it.
    pub what: String,
    /// When.
    pub at: Time,
}

/// Checks the chain of one stream and gives its true head.
///
/// # Errors
/// The first flaw and the version at which it shows.
pub fn check_stream(entries: &[Entry]) -> Result<Head, (Flaw, i64)> {
    let mut head = Head { version: 0, hash: GENESIS.to_vec() };
    for entry in entries {
        if entry.version != head.version + 1 || entry.prev_hash != head.hash {
            return Err((Flaw::ChainBroken, entry.version));
        }
        if entry.computed_hash() != entry.hash || entry.alg != super::ALG_SHA256 {
            return Err((Flaw::EventChanged, entry.version));
        }
        head = Head { version: entry.version, hash: entry.hash.clone() };
    }
    Ok(head)
}
