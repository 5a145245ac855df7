//! Receipt codes: what a reporter without an account keeps. Twelve characters, sixty bits, easy to read out by phone.

use kernel::chance::Chance;

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

/// What is hashed and compared: upper case, without separators, with the letters that people confuse read as digits.
pub(crate) fn plain(code: &str) -> String {
    code.chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|letter| match letter.to_ascii_uppercase() {
            'O' => '0',
            'I' | 'L' => '1',
            other => other,
        })
        .collect()
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
        assert_eq!(plain("o1-iL"), "0111");
        assert_ne!(draw(&chance), code);
    }
}
