//! Receipt codes: what a reporter without an account keeps. Twelve characters, sixty bits, easy to read out by phone.

use kernel::chance::Chance;
use kernel::text::{confused_digit, fold_code};

/// Crockford's alphabet: no I, L, O, U, so nothing is mistaken for a digit or reads as a word.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const CHARS: usize = 12;

/// Draws a code, written in groups of four: `7K3M-9QXA-0B2C`.
pub(crate) fn draw(chance: &dyn Chance) -> String {
    let bits = chance.next_u64();
    let mut code = String::with_capacity(CHARS + 2);
    for index in 0..CHARS {
        if index > 0 && index % 4 == 0 {
            code.push('-');
        }
        let digit = (bits >> (5 * index)) & 31;
        code.push(char::from(ALPHABET[digit as usize]));
    }
    code
}

/// What is hashed and compared: capitals of one width, without separators, with the letters that people confuse read as
/// digits. What is read off a slip and typed on a phone comes in every form.
pub(crate) fn plain(code: &str) -> String {
    fold_code(code).chars().map(confused_digit).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::chance::SeededChance;

    #[test]
    fn a_code_is_read_back_however_it_is_typed() {
        let chance = SeededChance::new(7);
        let code = draw(&chance);
        assert_eq!(code.len(), 14);
        assert_eq!(plain(&code).len(), 12);
        assert_eq!(plain(&code.to_lowercase().replace('-', " ")), plain(&code));
        let wide: String = code
            .chars()
            .map(|c| if c == '-' { '－' } else { char::from_u32(u32::from(c) + 0xFEE0).unwrap() })
            .collect();
        for typed in [
            wide,
            code.replace('-', "—"),
            code.replace('-', "\u{3000}"),
            format!("\u{202D}{code}\u{202C}。"),
            code.replace('-', ""),
        ] {
            assert_eq!(plain(&typed), plain(&code), "{typed}");
        }
        assert_eq!(plain("o1-iL"), "0111");
        assert_eq!(plain("ｏＯ０ ｉＬ"), "00011");
        assert_ne!(draw(&chance), code);
    }
}
