import { effectScope } from 'vue'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { pressKey, useKeys } from './keys'

const run = vi.fn()
let scope = effectScope()
beforeEach(() => {
  run.mockReset()
  scope = effectScope()
  scope.run(() =>
    useKeys([
      { key: 'd', text: '派遣', run },
      { key: 'Escape', text: '关闭', run },
      { key: 'Enter', text: '打开', run },
    ]),
  )
})
afterEach(() => {
  scope.stop()
  document.body.innerHTML = ''
})
/** Presses a key on the element that `html` makes first; answers whether the page took it. */
function press(key: string, html = '<main tabindex="-1"></main>'): boolean {
  document.body.innerHTML = html
  const target = document.body.querySelector('[data-here]') ?? document.body.firstElementChild
  const event = new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true })
  Object.defineProperty(event, 'target', { value: target })
  return pressKey(event)
}

describe('keys of a page', () => {
  it('work with Caps Lock too', () => {
    expect([press('d'), press('D')]).toEqual([true, true])
  })
  it('work on a radio button, which takes no letters, and not in a field', () => {
    expect(press('d', '<input type="radio">')).toBe(true)
    expect(press('d', '<input type="checkbox">')).toBe(true)
    expect(press('d', '<input type="text">')).toBe(false)
    expect(press('d', '<textarea></textarea>')).toBe(false)
    expect(press('Escape', '<textarea></textarea>')).toBe(true)
  })
  it('rest while a dialog stands open, and not when it only waits hidden in the document', () => {
    const dialog = (style: string) =>
      `<div style="${style}"><div role="dialog" aria-modal="true"><button data-here>关闭</button></div></div>`
    expect(press('d', dialog(''))).toBe(false)
    expect(press('Escape', dialog(''))).toBe(false)
    expect(run).not.toHaveBeenCalled()
    expect(press('d', dialog('display: none') + '<main></main>')).toBe(true)
  })
  it('leave Enter to a form, a link and a button', () => {
    expect(press('Enter', '<form><input type="radio" data-here></form>')).toBe(false)
    expect(press('Enter', '<button></button>')).toBe(false)
    expect(press('Enter')).toBe(true)
  })
  it('rest while a word is put together, and in an open menu', () => {
    document.body.innerHTML = '<main></main>'
    const pinyin = (init: KeyboardEventInit) => {
      const event = new KeyboardEvent('keydown', { key: 'd', cancelable: true, ...init })
      Object.defineProperty(event, 'target', { value: document.querySelector('main') })
      return pressKey(event)
    }
    expect([pinyin({ isComposing: true }), pinyin({ keyCode: 229 }), pinyin({ key: 'Process' })]).toEqual([
      false,
      false,
      false,
    ])
    expect(press('d', '<ul role="menu"><li tabindex="0" data-here>退出</li></ul>')).toBe(false)
    expect(run).not.toHaveBeenCalled()
  })
  it('that send something do so once, however long they are held', () => {
    const sent = vi.fn()
    scope.run(() => useKeys([{ key: 'f', text: '立案', run: sent, once: true }]))
    document.body.innerHTML = '<main></main>'
    const hold = (repeat: boolean) => {
      const event = new KeyboardEvent('keydown', { key: 'f', cancelable: true, repeat })
      Object.defineProperty(event, 'target', { value: document.querySelector('main') })
      return pressKey(event)
    }
    expect([hold(false), hold(true), hold(true)]).toEqual([true, true, true])
    expect(sent).toHaveBeenCalledOnce()
  })
})
