//! Text that people write: cleaning on the way in, folding for looking up, masking (脱敏) on the way out.

mod clean;
mod fold;
mod hidden;
mod mask;
mod signs;

#[cfg(test)]
mod tests;

pub use clean::{
    MAX_TEXT_CHARS, TextError, clean_line, clean_optional_line, clean_optional_text, clean_query, clean_text,
};
pub use fold::{confused_digit, finds, fold, fold_code};
pub use hidden::hide_personal_patterns;
pub use mask::{mask_id_number, mask_name, mask_phone, mask_plate};
