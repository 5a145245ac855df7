// Numbers that a resident may not want on a public record. The server hides them again and decides; here they are
// shown before sending.

const MOBILE = /(^|\D)(1[3-9]\d)[ -]?(\d{4})[ -]?(\d{4})(?=\D|$)/g
const ID_CARD = /(^|\D)(\d{6})(\d{8})(\d{3}[\dXx])(?=\D|$)/g

/** The text with mobile and identity numbers hidden: `138****0021`, `320281********1234`. */
export function hideNumbers(text: string): string {
  return text
    .replace(ID_CARD, (_, before: string, a: string, _b: string, c: string) => `${before}${a}********${c}`)
    .replace(MOBILE, (_, before: string, a: string, _b: string, c: string) => `${before}${a}****${c}`)
}

/** Does the text carry such a number? */
export function carriesNumbers(text: string): boolean {
  return hideNumbers(text) !== text
}
