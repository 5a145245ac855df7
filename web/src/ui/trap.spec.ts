import { describe, expect, it } from 'vitest'
import { keepTab } from './trap'

function tab(shift = false): KeyboardEvent {
  return new KeyboardEvent('keydown', { key: 'Tab', shiftKey: shift, cancelable: true })
}
function dialog(): { box: HTMLElement; at: () => string } {
  document.body.innerHTML = `<button id="out"></button><div id="box" tabindex="-1">
    <button id="a"></button><button id="x" disabled></button><p style="display: none"><a id="y" href="#"></a></p>
    <button id="b"></button></div>`
  return { box: document.getElementById('box') as HTMLElement, at: () => document.activeElement?.id ?? '' }
}

describe('Tab in a dialog', () => {
  it('goes from the last control to the first and back', () => {
    const { box, at } = dialog()
    document.getElementById('b')?.focus()
    keepTab(tab(), box)
    expect(at()).toBe('a')
    keepTab(tab(true), box)
    expect(at()).toBe('b')
  })
  it('comes in from the box itself and from outside', () => {
    const { box, at } = dialog()
    box.focus()
    keepTab(tab(), box)
    expect(at()).toBe('a')
    document.getElementById('out')?.focus()
    keepTab(tab(true), box)
    expect(at()).toBe('b')
  })
  it('is left to the browser between two controls', () => {
    const { box } = dialog()
    document.getElementById('a')?.focus()
    const event = tab()
    keepTab(event, box)
    expect(event.defaultPrevented).toBe(false)
  })
})
