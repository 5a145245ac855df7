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

impl PasswordPolicy {
    /// Is the password good enough for this login?
    pub fn allows(&self, login: &str, password: &str) -> bool {
        password.chars().count() >= self.least_chars && password != login
    }
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
