import 'fake-indexeddb/auto'
import { flushPromises, mount } from '@vue/test-utils'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { CaseView, Me } from '@/kernel/api'
import { makeI18n } from '@/kernel/i18n'
import { me } from '@/kernel/session'
import { anyHeld } from '@/kernel/unsaved'
import ui from '@/ui/zh.json'
import phone from '../../phone/zh.json'
import { useBox } from '../box'
import field from '../zh.json'
import ActForm from './ActForm.vue'

const task = (more: object = {}) =>
  ({
    id: '7',
    number: 'JY7',
    version: 4,
    class_name: '暴露垃圾',
    town_name: '周庄镇',
    cell_name: null,
    area_code: '320281108',
    standard: null,
    timeline: [],
    ...more,
  }) as unknown as CaseView

async function open(doing: 'handle' | 'check', more: object = {}) {
  const form = mount(ActForm, {
    props: { task: task(more), doing },
    global: { plugins: [makeI18n({ ...ui, ...phone, ...field })], stubs: { VanButton: true } },
    attachTo: document.body,
  })
  await vi.waitFor(() => expect(form.get('fieldset').attributes('disabled')).toBeUndefined())
  return form
}
const note = (form: Awaited<ReturnType<typeof open>>) => form.get<HTMLTextAreaElement>('#note').element.value

describe('the form of an act in the field', () => {
  beforeEach(() => {
    me.value = { user_id: '1', name: '钱大勇', grants: [], rights: [] } as unknown as Me
  })
  afterEach(async () => {
    for (const item of useBox().mine.value) await useBox().drop(item.id)
    me.value = undefined
    vi.unstubAllGlobals()
  })

  it('finds its words again after the page was left or the session ended', async () => {
    const form = await open('handle')
    await form.get('#note').setValue('已清理')
    expect(anyHeld()).toBe(true) // a reload right now would lose them
    me.value = null
    form.unmount()
    me.value = { user_id: '1' } as Me
    await vi.waitFor(() => expect(useBox().find('1 7 handle')?.note).toBe('已清理'))
    expect(anyHeld()).toBe(false)
    expect(note(await open('handle'))).toBe('已清理')
  })

  it('keeps them in the form when the case has moved on and is loaded again', async () => {
    const refusal = () =>
      new Response(JSON.stringify({ code: 'platform/stale', title: '已被他人更新' }), { status: 409 })
    const seen = { id: '7', version: 5, can: [], timeline: [{ version: 5, kind: 'handled', photos: [] }] }
    vi.stubGlobal('fetch', (path: string) => {
      const body = path.endsWith('/me') ? me.value : seen
      return Promise.resolve(path.endsWith('/handle') ? refusal() : new Response(JSON.stringify(body)))
    })
    const form = await open('handle', { standard: { after_photos_least: 0 } })
    await form.get('#note').setValue('已清理')
    await form.get('form').trigger('submit')
    await vi.waitFor(() => expect(form.emitted('stale')).toHaveLength(1))
    await form.setProps({ task: task({ version: 5, standard: { after_photos_least: 0 } }) })
    expect(note(form)).toBe('已清理')
    expect(form.get('[role=alert]').text()).toContain('已被他人更新')
    expect(useBox().find('1 7 handle')).toMatchObject({ state: 'stuck', note: '已清理' })
    form.unmount()
    await flushPromises()
    expect(useBox().find('1 7 handle')?.state).toBe('stuck') // nobody has changed it
  })

  it('goes out under one key while it says the same, and under another when it does not', async () => {
    const keys: string[] = []
    vi.stubGlobal('fetch', (path: string, { headers }: { headers: Record<string, string> }) => {
      if (path.endsWith('/me')) return Promise.resolve(new Response(JSON.stringify(me.value)))
      keys.push(headers['Idempotency-Key'] ?? '')
      return Promise.reject(new TypeError('the line broke'))
    })
    const rule = { standard: { after_photos_least: 0 } }
    const send = async (form: Awaited<ReturnType<typeof open>>, tries: number) => {
      await form.get('form').trigger('submit')
      await vi.waitFor(() => expect(keys).toHaveLength(tries))
      await vi.waitFor(() => expect(useBox().find('1 7 handle')?.state).toBe('waiting'))
      await vi.waitFor(() => expect(form.get('fieldset').attributes('disabled')).toBeUndefined())
    }
    const first = await open('handle', rule)
    await first.get('#note').setValue('已清理')
    await send(first, 1)
    first.unmount()
    const again = await open('handle', rule) // the same person, on the same device, the next day
    await send(again, 2)
    await again.get('#note').setValue('已清理干净')
    await send(again, 3)
    again.unmount()
    expect(keys[1]).toBe(keys[0])
    expect(keys[2]).not.toBe(keys[0])
  })

  it('asks for as many photos as the rule does', async () => {
    const strict = await open('handle', { standard: { after_photos_least: 2 } })
    await strict.get('form').trigger('submit')
    expect(strict.get('.missing').text()).toBe('请拍处置后的现场照片，至少 2 张')
    strict.unmount()
    const free = await open('handle', { standard: { after_photos_least: 0 } })
    expect(free.text()).toContain('不要求照片')
    free.unmount()
    const unknown = await open('handle')
    await unknown.get('form').trigger('submit')
    expect(unknown.get('.missing').text()).toContain('至少 1 张')
    unknown.unmount()
  })

  it('leads to what is missing', async () => {
    const form = await open('check')
    await form.get('input[value=no]').setValue(true)
    await form.get('form').trigger('submit')
    await form.get('.missing button').trigger('click')
    expect(document.activeElement?.id).toBe('note')
    expect(form.get('#part-note').text()).toContain('请写明原因')
    form.unmount()
  })
})
