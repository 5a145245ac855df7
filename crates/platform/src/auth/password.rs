//! Passwords: argon2id, 19 MiB, two passes (stack.md §8), never more than two at a time, never on an async thread.

use std::sync::Arc;

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};
use tokio::sync::Semaphore;

/// What a password must be.
#[derive(Debug, Clone, Copy)]
pub struct PasswordPolicy {
    /// Characters at least.
    pub least_chars: usize,
}

impl Default for PasswordPolicy {
    fn default() -> Self {
        Self { least_chars: 8 }
    }
}

/// Words that stand in passwords of this kind of office, and pinyin that people here are fond of. What all the world uses
/// is in the lists of `zxcvbn`.
const HERE: &str = include_str!("password/here.txt");
/// A password that is found within so many guesses (as a power of ten) is a common one.
const COMMON_LOG10: f64 = 6.5;

impl PasswordPolicy {
    /// Is the password good enough for this login? It is long enough and none that is guessed first: a common one, a row of
    /// keys, a date, the login or the city's name with some digits. `words` are what is known about him and his city.
    pub fn allows(&self, login: &str, password: &str, words: &[&str]) -> bool {
        let chars = password.chars().count();
        if chars < self.least_chars {
            return false;
        }
        let known: Vec<String> = HERE
            .lines()
            .filter(|line| !line.is_empty() && !line.starts_with('#'))
            .chain(words.iter().copied())
            .chain([login])
            .map(str::to_lowercase)
            .filter(|word| word.chars().count() >= 2)
            .collect();
        let known: Vec<&str> = known.iter().map(String::as_str).collect();
        !only_known(password, &known) && zxcvbn::zxcvbn(password, &known).guesses_log10() >= COMMON_LOG10
    }
}

/// Is nothing left of the password but digits of a year or a row once the known words are taken out? Few people write more
/// than four digits or two signs behind a word.
fn only_known(password: &str, known: &[&str]) -> bool {
    let mut rest = password.to_lowercase();
    let mut longest: Vec<&&str> = known.iter().collect();
    longest.sort_by_key(|word| std::cmp::Reverse(word.len()));
    let mut found = false;
    for word in longest {
        if rest.contains(*word) {
            rest = rest.replace(*word, "");
            found = true;
        }
    }
    let digits = rest.chars().filter(char::is_ascii_digit).count();
    let others = rest.chars().filter(|c| c.is_alphanumeric() && !c.is_ascii_digit()).count();
    found && others <= 1 && (digits <= 4 || digits == rest.chars().count() && digits <= 8)
}

/// Hashes and checks passwords. Cheap to clone.
#[derive(Clone)]
pub struct Passwords {
    slots: Arc<Semaphore>,
    memory_kib: u32,
    passes: u32,
}

impl Default for Passwords {
    fn default() -> Self {
        Self { slots: Arc::new(Semaphore::new(2)), memory_kib: 19 * 1_024, passes: 2 }
    }
}

impl Passwords {
    /// Cheap settings for tests, which check hundreds of sign-ins.
    pub fn cheap() -> Self {
        Self { slots: Arc::new(Semaphore::new(2)), memory_kib: 8, passes: 1 }
    }

    /// Hashes a password with this salt, into the text form that is stored. Blocks for some 20 ms.
    /// `None` only for settings that argon2 itself refuses.
    pub fn hash(&self, password: &str, salt: &[u8]) -> Option<String> {
        let hasher = self.hasher()?;
        hasher.hash_password_with_salt(password.as_bytes(), salt).ok().map(|hash| hash.to_string())
    }

    /// Checks a password against a stored hash. Without one it works just as long and says no.
    pub async fn verify(&self, stored: Option<String>, password: String) -> bool {
        let Ok(slot) = self.slots.clone().acquire_owned().await else { return false };
        let this = self.clone();
        let checked = tokio::task::spawn_blocking(move || {
            let _slot = slot;
            let Some(stored) = stored else {
                drop(this.hash(&password, b"no such user here"));
                return false;
            };
            let Ok(parsed) = PasswordHash::new(&stored) else { return false };
            this.hasher().is_some_and(|hasher| hasher.verify_password(password.as_bytes(), &parsed).is_ok())
        });
        checked.await.unwrap_or(false)
    }

    fn hasher(&self) -> Option<Argon2<'static>> {
        let params = Params::new(self.memory_kib, self.passes, 1, None).ok()?;
        Some(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_guessed_first_is_refused() {
        let policy = PasswordPolicy::default();
        let allows = |password: &str| policy.allows("zhangwei", password, &["江阴市", "jiangyin"]);
        for common in [
            "1234567",
            "12345678",
            "123456789",
            "1234567890",
            "88888888",
            "11111111",
            "password",
            "Password1",
            "passw0rd",
            "P@ssw0rd",
            "qwertyui",
            "1qaz2wsx",
            "1QAZ2WSX",
            "1q2w3e4r",
            "qazwsxedc",
            "zaq12wsx",
            "!QAZ2wsx",
            "woaini1314",
            "woaini520",
            "5201314520",
            "52013140",
            "5201314a",
            "iloveyou",
            "a1234567",
            "abc12345",
            "abcd1234",
            "admin123",
            "admin888",
            "Admin@123",
            "admin2026",
            "zhangwei",
            "zhangwei1",
            "ZhangWei123",
            "zhangwei2026",
            "江阴市2026",
            "jiangyin",
            "jiangyin123",
            "Jiangyin2026",
            "wenming123",
            "chengguan1",
            "19900101",
            "20260101",
            "qwer1234",
            "asdf1234",
            "aa123456",
            "aaaaaaaa",
            "147258369",
            "woaizhongguo",
            "zhongguo",
            "youju123",
            "chuangwen2026",
        ] {
            assert!(!allows(common), "{common}");
        }
        for good in [
            "a long password",
            "澄江边的第三棵柳树",
            "k7Rm2xQp",
            "correct horse battery staple",
            "yun-shan-shu-48-hai",
        ] {
            assert!(allows(good), "{good}");
        }
        assert!(policy.allows("li", "k7Rm2xQp", &[]));
    }

    #[tokio::test]
    async fn only_the_right_password_opens() {
        let passwords = Passwords::cheap();
        let stored = passwords.hash("澄江 2026 !", b"0123456789abcdef").unwrap();
        assert!(passwords.verify(Some(stored.clone()), "澄江 2026 !".into()).await);
        assert!(!passwords.verify(Some(stored), "澄江 2026".into()).await);
        assert!(!passwords.verify(None, "x".into()).await);
        assert!(!passwords.verify(Some("not a hash".into()), "x".into()).await);
    }
}
