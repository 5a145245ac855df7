import { mount } from '@vue/test-utils'
import { defineComponent, h, type SetupContext } from 'vue'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { CaseView, Step } from '@/kernel/api'
import { makeI18n } from '@/kernel/i18n'
import { clockText } from '@/kernel/time'
import ui from '@/ui/zh.json'
import { erasable, erasures } from '../desk/personal'
import zh from '../i18n/desk/zh.json'
import CaseErase from '../parts/CaseErase.vue'
import ReporterLine from '../parts/ReporterLine.vue'

const step = (kind: string, more: Partial<Step> = {}) =>
  ({ version: 1, kind, at: 1, actor: '市民', photos: [], facts: [], ...more }) as unknown as Step
const photo = { id: '1' } as Step['photos'][number]
const reporter = (more: Partial<CaseView['reporter']> = {}): CaseView['reporter'] => ({
  kind: 'resident',
  name_masked: null,
  phone_masked: null,
  hidden: false,
  may_show: false,
  erasable: [],
  ...more,
})
const known = reporter({
  phone_masked: '138****0000',
  may_show: true,
  erasable: ['description', 'point', 'phone', 'photos'],
})
const view = (more: Partial<CaseView> = {}) =>
  ({
    id: '7',
    number: 'JY7',
    state: 'closed',
    unit: { id: '11', name: '城管' },
    description: '门口有垃圾，找我 13800000000',
    address: null,
    point: { lng: 120, lat: 31 },
    reporter: known,
    timeline: [step('reported', { photos: [photo, photo] }), step('handled', { photos: [photo] })],
    ...more,
  }) as unknown as CaseView
const gone = view({
  description: '',
  point: null,
  reporter: reporter(),
  timeline: [
    step('reported'),
    step('handled', { photos: [photo] }),
    step('reporter_erased', {
      version: 3,
      at: 60_000,
      actor: '沈文静',
      facts: [{ name: '字段', value: '问题描述、上报照片' }],
    }),
  ],
})

/** The kit's parts, as far as this page needs them. */
const stubs = {
  ElDialog: defineComponent({
    props: { modelValue: Boolean, title: String },
    emits: ['closed'],
    setup:
      (props, { slots }) =>
      () =>
        props.modelValue ? h('div', { role: 'dialog' }, [slots['default']?.(), slots['footer']?.()]) : null,
  }),
  ElButton: {
    setup:
      (_: object, { slots }: SetupContext) =>
      () =>
        h('button', { type: 'button' }, slots['default']?.()),
  },
}
const open = (shown: CaseView) =>
  mount(CaseErase, {
    props: { view: shown },
    global: { plugins: [makeI18n({ ...ui, ...zh })], stubs },
  })
const press = (page: ReturnType<typeof open>, words: string) =>
  page
    .findAll('button')
    .find((one) => one.text() === words)
    ?.trigger('click')

describe('what a case holds about a person', () => {
  it('is offered in the order of the page', () => {
    expect(erasable(view())).toEqual(['phone', 'description', 'point', 'photos'])
    expect(erasable(gone)).toEqual([])
    expect(erasures(gone)).toHaveLength(1)
  })
})

describe('erasing it', () => {
  const sent = vi.fn()
  beforeEach(() => sent.mockReset())
  afterEach(() => void vi.unstubAllGlobals())
  const answer = (status: number, body: object) =>
    vi.stubGlobal('fetch', (path: string, init: RequestInit) => {
      sent(path, JSON.parse(String(init.body)))
      return Promise.resolve(new Response(JSON.stringify(body), { status }))
    })

  it('is offered to those who may see it, and to nobody else', () => {
    expect(open(view()).find('button').text()).toBe('删除个人信息')
    expect(
      open(view({ reporter: { ...known, erasable: [] } }))
        .find('button')
        .exists(),
    ).toBe(false)
  })
  it('says what goes and what stays, and sends what was chosen', async () => {
    answer(200, gone)
    const page = open(view())
    await press(page, '删除个人信息')
    const dialog = page.get('[role=dialog]')
    expect(dialog.text()).toContain('上报照片（2 张）')
    expect(dialog.text()).toContain('不能恢复')
    expect(dialog.text()).toContain('记录链仍可校验')
    await dialog.get('input[value=point]').setValue(false)
    await press(page, '永久删除')
    await vi.waitFor(() => expect(page.emitted('erased')).toEqual([[gone]]))
    expect(sent).toHaveBeenCalledWith('/api/v1/cases/7/erase', { fields: ['phone', 'description', 'photos'] })
    expect(page.find('[role=dialog]').exists()).toBe(false)
  })
  it('says why it was refused, and loads the case anew where somebody else was faster', async () => {
    answer(409, { code: 'cases/nothing-to-erase', title: '没有可删除的个人信息' })
    const page = open(view())
    await press(page, '删除个人信息')
    await press(page, '永久删除')
    await vi.waitFor(() => expect(page.get('[role=dialog] [role=alert]').text()).toContain('没有可删除'))
    expect(page.emitted('moved')).toHaveLength(1)
  })
  it('is said on the case afterwards, to everybody', () => {
    const page = open(gone)
    expect(page.text()).toBe(`个人信息已删除：问题描述、上报照片（${clockText(60_000)}，沈文静）`)
    expect(page.find('button').exists()).toBe(false)
  })
  it('is not taken for something that was never given', () => {
    const line = (shown: CaseView) =>
      mount(ReporterLine, { props: { view: shown }, global: { plugins: [makeI18n({ ...ui, ...zh })], stubs } }).text()
    expect(line(gone)).toBe('—')
    expect(line({ ...gone, timeline: [step('reported')] })).toBe('未留姓名和电话')
  })
  it('is not shown any longer where it stood unmasked', async () => {
    vi.stubGlobal('fetch', () => Promise.resolve(new Response(JSON.stringify({ name: '王小满', phone: null }))))
    const line = mount(ReporterLine, {
      props: { view: view() },
      global: { plugins: [makeI18n({ ...ui, ...zh })], stubs },
    })
    await line.get('.link').trigger('click')
    await line
      .findAll('button')
      .find((one) => one.text() === '确认查看')
      ?.trigger('click')
    await vi.waitFor(() => expect(line.text()).toContain('王小满'))
    await line.setProps({ view: gone })
    expect(line.text()).toBe('—')
  })
})
