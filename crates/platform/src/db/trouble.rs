//! Trouble by its name: which failures of the database and of folders mean that the disk is full, and which that the
//! database is away. Both pass; whoever asks is told to come again.

use sea_orm::{DbErr, RuntimeErr};

/// What is wrong below, as far as it has a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trouble {
    /// There is no room on a disk, or none that this program may use.
    Full,
    /// The database does not answer, or is being stopped or started.
    Away,
}

/// The trouble behind an error of the database.
pub(super) fn of_database(error: &DbErr) -> Option<Trouble> {
    match error {
        DbErr::ConnectionAcquire(_) | DbErr::Conn(_) => Some(Trouble::Away),
        DbErr::Exec(RuntimeErr::SqlxError(error)) | DbErr::Query(RuntimeErr::SqlxError(error)) => {
            of_sqlx(error)
        }
        _other => of_words(&error.to_string()),
    }
}

fn of_sqlx(error: &sea_orm::sqlx::Error) -> Option<Trouble> {
    use sea_orm::sqlx::Error;
    match error {
        Error::Database(error) => {
            let closed = error.message().contains("not currently accepting connections");
            let by_code = error.code().and_then(|code| of_code(&code));
            by_code.or(closed.then_some(Trouble::Away)).or_else(|| of_words(error.message()))
        }
        Error::Io(error) if is_full(error) => Some(Trouble::Full),
        Error::Io(_)
        | Error::Tls(_)
        | Error::Protocol(_)
        | Error::PoolTimedOut
        | Error::PoolClosed
        | Error::WorkerCrashed => Some(Trouble::Away),
        _other => None,
    }
}

/// By the code of the engine: five signs of PostgreSQL, a number of SQLite whose lowest byte says the kind.
fn of_code(code: &str) -> Option<Trouble> {
    if code.len() == 5 {
        return match code {
            "53100" => Some(Trouble::Full),
            "53200" | "53300" | "57P01" | "57P02" | "57P03" | "58000" | "58030" => Some(Trouble::Away),
            _other if code.starts_with("08") => Some(Trouble::Away),
            _other => None,
        };
    }
    match code.parse::<u32>().ok()? & 0xFF {
        // SQLITE_FULL
        13 => Some(Trouble::Full),
        // SQLITE_BUSY, SQLITE_LOCKED, SQLITE_READONLY, SQLITE_IOERR, SQLITE_CANTOPEN
        5 | 6 | 8 | 10 | 14 => Some(Trouble::Away),
        _other => None,
    }
}

/// ENOSPC, EDQUOT, or a file above the size that this program may write.
fn is_full(error: &std::io::Error) -> bool {
    use std::io::ErrorKind::{FileTooLarge, QuotaExceeded, StorageFull};
    matches!(error.kind(), StorageFull | QuotaExceeded | FileTooLarge)
}

/// By the words of the system, where nothing but words comes through.
pub(super) fn of_words(words: &str) -> Option<Trouble> {
    let full = [
        "No space left",
        "os error 28)",
        "Disk quota exceeded",
        "os error 122)",
        "File too large",
        "os error 27)",
        "disk is full",
    ];
    full.iter().any(|sign| words.contains(sign)).then_some(Trouble::Full)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn trouble_has_a_name_and_mistakes_have_none() {
        let rows = [
            ("53100", Some(Trouble::Full)),
            ("13", Some(Trouble::Full)),
            ("57P01", Some(Trouble::Away)),
            ("57P03", Some(Trouble::Away)),
            ("08006", Some(Trouble::Away)),
            ("5", Some(Trouble::Away)),
            ("517", Some(Trouble::Away)),
            ("778", Some(Trouble::Away)),
            ("23505", None),
            ("22021", None),
            ("1", None),
            ("2067", None),
            ("", None),
        ];
        for (code, expected) in rows {
            assert_eq!(of_code(code), expected, "{code}");
        }
        for (words, expected) in [
            ("Unable to sync data to file: No space left on device (os error 28)", Some(Trouble::Full)),
            ("File too large (os error 27)", Some(Trouble::Full)),
            ("Permission denied (os error 13)", None),
            ("No such file or directory (os error 2)", None),
        ] {
            assert_eq!(of_words(words), expected, "{words}");
        }
    }
}
