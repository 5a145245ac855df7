//! Text that people write: cleaning on the way in, masking (脱敏) on the way out.

mod clean;
mod mask;

#[cfg(test)]
mod tests;

pub use clean::{MAX_TEXT_CHARS, TextError, clean_line, clean_text};
pub use mask::{hide_personal_patterns, mask_id_number, mask_name, mask_phone, mask_plate};
