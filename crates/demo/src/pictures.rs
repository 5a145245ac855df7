//! Drawn pictures of the demo city.
