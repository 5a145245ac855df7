//! Secrets: the key that seals personal fields at rest, salts, tokens and their hashes.
//!
//! The key (32 bytes) comes from a file or the environment (`server::cli`); it never stands in the database, so a
//! stolen database file gives no names and no phone numbers.

#![expect(clippy::disallowed_types, reason = "the chance of a running server is made here")]

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chacha20poly1305::aead::{Aead, KeyInit};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use kernel::chance::Chance;
use sha2::{Digest, Sha256};
use std::sync::Arc;

const NONCE: usize = 24;

/// The machine's entropy.
#[derive(Debug, Clone, Copy, Default)]
pub struct MachineChance;

impl Chance for MachineChance {
    fn next_u64(&self) -> u64 {
        let mut bytes = [0_u8; 8];
        self.fill(&mut bytes);
        u64::from_le_bytes(bytes)
    }

    #[expect(clippy::disallowed_methods, reason = "the one place that asks the machine for entropy")]
    fn fill(&self, out: &mut [u8]) {
        // Without entropy no salt and no session may be made: the command that asked fails and is not acknowledged.
        assert!(getrandom::fill(out).is_ok(), "the machine gives no entropy");
    }
}

/// Seals and opens personal fields. Cheap to clone.
#[derive(Clone)]
pub struct Secrets {
    cipher: Arc<XChaCha20Poly1305>,
    chance: Arc<dyn Chance>,
}

impl Secrets {
    /// With this key; nonces are drawn from `chance`.
    pub fn new(key: &[u8; 32], chance: Arc<dyn Chance>) -> Self {
        Self { cipher: Arc::new(XChaCha20Poly1305::new(key.into())), chance }
    }

    /// Seals a text: nonce, then the ciphertext with its tag.
    pub fn seal(&self, text: &str) -> Vec<u8> {
        let mut nonce = [0_u8; NONCE];
        self.chance.fill(&mut nonce);
        self.seal_with(nonce, text)
    }

    /// Seals a text inside a command, which may run twice and draws no chance: the nonce comes from `seed`, which was
    /// drawn for this command alone, and from the text, so that two texts never share one.
    pub fn seal_repeatably(&self, seed: &[u8], text: &str) -> Vec<u8> {
        let hash = Sha256::new().chain_update(seed).chain_update(text).finalize();
        let mut nonce = [0_u8; NONCE];
        nonce.copy_from_slice(&hash[..NONCE]);
        self.seal_with(nonce, text)
    }

    fn seal_with(&self, nonce: [u8; NONCE], text: &str) -> Vec<u8> {
        let mut out = nonce.to_vec();
        // Encryption in memory fails only for texts of 256 GiB and more; such a text opens as absent.
        out.extend(self.cipher.encrypt(&XNonce::from(nonce), text.as_bytes()).unwrap_or_default());
        out
    }

    /// Opens what `seal` gave; `None` when it was changed or sealed under another key.
    pub fn open(&self, sealed: &[u8]) -> Option<String> {
        let (nonce, body) = sealed.split_at_checked(NONCE)?;
        let nonce: [u8; NONCE] = nonce.try_into().ok()?;
        let plain = self.cipher.decrypt(&XNonce::from(nonce), body).ok()?;
        String::from_utf8(plain).ok()
    }

    /// A fresh salt for a commitment.
    pub fn salt(&self) -> Vec<u8> {
        let mut salt = vec![0_u8; 16];
        self.chance.fill(&mut salt);
        salt
    }

    /// A fresh bearer secret of 256 bits, as text; only its hash is stored.
    pub fn token(&self) -> String {
        let mut bytes = [0_u8; 32];
        self.chance.fill(&mut bytes);
        URL_SAFE_NO_PAD.encode(bytes)
    }
}

/// SHA-256 of some bytes: how tokens, receipt codes and request bodies are stored and compared.
pub fn digest(bytes: &[u8]) -> Vec<u8> {
    Sha256::digest(bytes).to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::chance::SeededChance;

    #[test]
    fn sealed_text_opens_only_unchanged_and_under_the_same_key() {
        let chance: Arc<dyn Chance> = Arc::new(SeededChance::new(1));
        let secrets = Secrets::new(&[7; 32], chance.clone());
        let sealed = secrets.seal("王小梅 199 0000 1234");
        assert_eq!(secrets.open(&sealed).as_deref(), Some("王小梅 199 0000 1234"));
        let mut changed = sealed.clone();
        changed[30] ^= 1;
        assert_eq!(secrets.open(&changed), None);
        assert_eq!(Secrets::new(&[8; 32], chance).open(&sealed), None);
        assert_eq!(secrets.open(&sealed[..10]), None);
    }
}
