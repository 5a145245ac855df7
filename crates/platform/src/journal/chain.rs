//! Hashes: the chain of a stream, and commitments to what may be erased.

use kernel::evidence::Commitment;
use sha2::{Digest, Sha256};

/// The algorithm stored with each event; SM3 can come as another number.
pub const ALG_SHA256: i32 = 1;
/// The previous hash of the first event of a stream.
pub const GENESIS: [u8; 32] = [0; 32];

/// What is hashed of an event, besides its body and the hash before it.
#[derive(Debug, Clone, Copy)]
pub struct Facts<'a> {
    /// The tenant.
    pub city_id: i64,
    /// Kind of stream.
    pub stream: &'a str,
    /// Record.
    pub stream_id: i64,
    /// Position in the stream, from 1.
    pub version: i64,
    /// Kind of event.
    pub kind: &'a str,
    /// Shape of the body.
    pub v: i32,
    /// UTC milliseconds.
    pub at: i64,
    /// Who.
    pub actor: &'a str,
}

/// SHA-256 over the facts, the previous hash and the body, each on a line of its own; the body comes last, byte for
/// byte as stored. No fact before it can hold a line break, so the text is unambiguous.
pub fn event_hash(facts: &Facts<'_>, prev_hash: &[u8], body: &str) -> Vec<u8> {
    let mut hasher = Sha256::new();
    hasher.update(format!(
        "youju-event-1\n{}\n{}\n{}\n{}\n{}\n{}\n{}\n{}\n{}\n",
        facts.city_id,
        facts.stream,
        facts.stream_id,
        facts.version,
        facts.kind,
        facts.v,
        facts.at,
        facts.actor,
        hex::encode(prev_hash),
    ));
    hasher.update(body.as_bytes());
    hasher.finalize().to_vec()
}

/// The commitment to some content: SHA-256(salt ‖ content).
pub fn commit(salt: &[u8], content: &[u8]) -> Commitment {
    let mut hasher = Sha256::new();
    hasher.update(salt);
    hasher.update(content);
    Commitment(hex::encode(hasher.finalize()))
}

/// Does the content still keep the commitment?
pub fn keeps(commitment: &Commitment, salt: &[u8], content: &[u8]) -> bool {
    commit(salt, content) == *commitment
}
