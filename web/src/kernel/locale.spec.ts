import { beforeEach, describe, expect, it, vi } from 'vitest'

/** A fresh page of one device: the module is read anew, the storage stays. */
async function page() {
  vi.resetModules()
  return import('./locale')
}
beforeEach(() => localStorage.clear())

describe('the language', () => {
  it('that a resident chose is spoken again where both languages are offered', async () => {
    const phone = await page()
    phone.offerLanguages(true)
    phone.locale.value = 'en'
    const later = await page()
    expect(later.locale.value).toBe('zh')
    later.offerLanguages(true)
    expect(later.locale.value).toBe('en')
    expect(document.documentElement.lang).toBe('en')
  })
  it('of the desk is Chinese whatever was chosen on the phone, and the choice is kept', async () => {
    localStorage.setItem('youju.locale', 'en')
    const desk = await page()
    expect(desk.locale.value).toBe('zh')
    expect(document.documentElement.lang).toBe('zh-CN')
    expect(localStorage.getItem('youju.locale')).toBe('en')
  })
  it('turns Chinese on staff pages of the phone and back on the residents’', async () => {
    localStorage.setItem('youju.locale', 'en')
    const phone = await page()
    phone.offerLanguages(true)
    expect(phone.locale.value).toBe('en')
    phone.offerLanguages(false)
    expect(phone.locale.value).toBe('zh')
    phone.offerLanguages(true)
    expect(phone.locale.value).toBe('en')
  })
})
