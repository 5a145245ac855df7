import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { keepFocus } from './focus'

let stop: (() => void) | undefined
beforeEach(() => {
  document.body.innerHTML =
    '<main id="main" tabindex="-1"><section tabindex="-1"><button id="a">a</button></section><button id="b">b</button></main>'
  stop = keepFocus(() => document.getElementById('main'))
})
afterEach(() => {
  stop?.()
  document.body.innerHTML = ''
})
const at = (id: string) => document.getElementById(id) as HTMLButtonElement
const soon = () => new Promise((done) => setTimeout(done, 20))

describe('the focus', () => {
  it('goes to what stands around when the button that had it is gone', async () => {
    at('a').focus()
    at('a').remove()
    await soon()
    expect(document.activeElement?.tagName).toBe('SECTION')
  })
  it('goes home when everything around is gone too', async () => {
    at('a').focus()
    document.querySelector('section')?.remove()
    await soon()
    expect(document.activeElement?.id).toBe('main')
  })
  it('comes back to a button that was switched off while it worked', async () => {
    at('a').focus()
    at('a').blur()
    at('a').disabled = true
    await soon()
    expect(document.activeElement?.tagName).toBe('SECTION')
    at('a').disabled = false
    await soon()
    expect(document.activeElement?.id).toBe('a')
  })
  it('stays where the person has taken it', async () => {
    at('a').focus()
    at('a').blur()
    at('a').disabled = true
    await soon()
    at('b').focus()
    at('a').disabled = false
    await soon()
    expect(document.activeElement?.id).toBe('b')
  })
})
