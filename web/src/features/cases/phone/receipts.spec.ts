import { beforeEach, describe, expect, it } from 'vitest'
import { forgetReceipt, keepReceipt, receipts, tidyCode, writtenCode } from './receipts'

const one = (code: string) => ({ code, class_name: '暴露垃圾', place_text: '云亭街道', at: 1 })

describe('receipt codes', () => {
  beforeEach(() => receipts.value.map(({ code }) => code).forEach((code) => forgetReceipt(code)))

  it('are read however they are typed, and written in groups of four', () => {
    expect(tidyCode(' 7k3m 9qxa-ob2c ')).toBe('7K3M9QXA0B2C')
    for (const typed of [
      '７Ｋ３Ｍ－９ＱＸＡ－０Ｂ２Ｃ',
      '7K3M—9QXA—0B2C',
      '\u202D7k3m9qxa0b2c\u202C',
      '7K3M\u30009QXA\u3000oB2C',
    ])
      expect(tidyCode(typed)).toBe('7K3M9QXA0B2C')
    expect(tidyCode('iLoo')).toBe('1100')
    expect(writtenCode('7K3M9QXA0B2C')).toBe('7K3M-9QXA-0B2C')
  })
  it('are kept once, newest first', () => {
    keepReceipt(one('AAAA-AAAA-AAAA'))
    keepReceipt(one('BBBB-BBBB-BBBB'))
    keepReceipt(one('AAAAAAAAAAAA'))
    expect(receipts.value.map(({ code }) => code)).toEqual(['BBBBBBBBBBBB', 'AAAAAAAAAAAA'])
  })
  it('come back to their place when they were forgotten by mistake', () => {
    for (const code of ['AAAAAAAAAAAA', 'BBBBBBBBBBBB', 'CCCCCCCCCCCC']) keepReceipt(one(code))
    const back = forgetReceipt('BBBBBBBBBBBB')
    expect(receipts.value).toHaveLength(2)
    back()
    back()
    expect(receipts.value.map(({ code }) => code[0])).toEqual(['C', 'B', 'A'])
  })
})
