import 'fake-indexeddb/auto'
import { flushPromises, mount } from '@vue/test-utils'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Me } from '@/kernel/api'
import { makeI18n } from '@/kernel/i18n'
import { me } from '@/kernel/session'
import ui from '@/ui/zh.json'
import { words } from '@/ui/say'
import phone from '../phone/zh.json'
import { useBox, type FieldItem } from './box'
import FieldList from './FieldList.vue'
import field from './zh.json'

const { push } = vi.hoisted(() => ({ push: vi.fn() }))
vi.mock('vue-router', () => ({ useRouter: () => ({ push }), useRoute: () => ({ query: {}, params: {} }) }))

const person = (user_id: string) =>
  ({ user_id, name: '钱大勇', unit: null, grants: [], rights: ['case_check'] }) as unknown as Me
const item = (id: string, user_id: string, state: FieldItem['state'], note: string): FieldItem => ({
  id,
  user_id,
  key: id,
  at: 1,
  doing: 'check',
  class_name: '暴露垃圾',
  place_text: '周庄镇',
  note,
  on: { id: '7', number: 'JY7', version: 4 },
  photos: [],
  state,
  tries: 1,
})
async function open() {
  const page = mount(FieldList, {
    global: {
      plugins: [makeI18n({ ...ui, ...phone, ...field, m: { sign_in: { out: '退出' } } })],
      stubs: { RouterLink: true },
    },
  })
  await vi.waitFor(() => expect(useBox().durable.value).toBe(true))
  await flushPromises()
  return page
}

describe('what is unsent when somebody signs out', () => {
  beforeEach(async () => {
    vi.stubGlobal('fetch', (path: string, init?: RequestInit) => {
      if (init?.method === 'DELETE') return Promise.resolve(new Response(null, { status: 204 }))
      const body = path.includes('/counts') ? { total: 0, open: 0, overdue: 0, by_state: {} } : { items: [] }
      return Promise.resolve(new Response(JSON.stringify(body)))
    })
    words.splice(0)
    me.value = person('1')
    await useBox().keep(item('a', '1', 'stuck', '还有积水'))
    await useBox().keep(item('b', '1', 'open', '写了一半'))
  })
  afterEach(async () => {
    for (const one of useBox().drafts.value) await useBox().drop(one.id)
    me.value = undefined
    vi.unstubAllGlobals()
  })

  it('is counted aloud, kept for that person, and not there for the next one', async () => {
    const first = await open()
    await vi.waitFor(() => expect(first.text()).toContain('待提交 1'))
    const leave = first.findAll('button').find((one) => one.text() === '退出')
    await leave?.trigger('click')
    await vi.waitFor(() => expect(words.map((one) => one.text).join()).toContain('还有 2 件没有提交'))
    first.unmount()

    me.value = person('2')
    const second = await open()
    expect(second.text()).not.toContain('待提交')
    expect(second.text()).not.toContain('没写完')
    second.unmount()

    me.value = person('1')
    const again = await open()
    await vi.waitFor(() => expect(again.text()).toContain('待提交 1'))
    expect(again.text()).toContain('没写完的 1')
    again.unmount()
  })
})
