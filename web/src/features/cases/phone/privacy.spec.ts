import { describe, expect, it } from 'vitest'
import { carriesNumbers, hideNumbers } from './privacy'

describe('numbers that should not stand on a public record', () => {
  it('hides mobile numbers, with or without gaps', () => {
    expect(hideNumbers('请打13812345678联系')).toBe('请打138****5678联系')
    expect(hideNumbers('138 1234 5678')).toBe('138****5678')
    expect(hideNumbers('电话 138-1234-5678，谢谢')).toBe('电话 138****5678，谢谢')
  })
  it('hides identity numbers', () => {
    expect(hideNumbers('身份证32028119900101123X')).toBe('身份证320281********123X')
  })
  it('leaves case numbers, amounts and house numbers alone', () => {
    for (const text of ['JY202611230001', '人民中路 128 号 3 幢 502', '欠 12345678901234 元', '12345']) {
      expect(hideNumbers(text)).toBe(text)
      expect(carriesNumbers(text)).toBe(false)
    }
  })
})
