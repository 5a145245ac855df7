//! Cases (案件): a problem on its way from a report to a verdict.
//!
//! This file is the facade; README.md tells what the context is for, its words, states and tables.

pub mod catalogue;
pub mod errors;
pub mod model;
pub mod rules;
