//! Texts of the demo city.
