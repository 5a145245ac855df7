//! Commitments: how an event proves text and photos without holding them (architecture §5).
//!
//! An event carries SHA-256(salt ‖ content); content and salt stand in an erasable row. The hashing itself is in
//! `platform::journal`; rules only carry the result about.

use serde::{Deserialize, Serialize};

/// SHA-256(salt ‖ content) in lower-case hexadecimal.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Commitment(pub String);
