import { flushPromises, mount } from '@vue/test-utils'
import { reactive } from 'vue'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { makeI18n } from '@/kernel/i18n'
import ui from '@/ui/zh.json'
import { blankForm } from '../form'
import zh from '../zh.json'
import ReportForm from './ReportForm.vue'

const { locate } = vi.hoisted(() => ({ locate: vi.fn() }))
vi.mock('../../public-api', () => ({
  locate,
  publicCity: () => Promise.resolve({ kinds: [], max_photos: 4, description_max_chars: 500, demo: false }),
  publicKinds: () => Promise.resolve([]),
  publicAreas: () => Promise.resolve([]),
}))
const found = (least: number, most: number) => ({
  town_name: '周庄镇',
  cell: null,
  unit: null,
  border_m: null,
  in_hole: false,
  report_photos_least: least,
  photos_most: most,
})
async function open(props: object = {}, typed: object = {}) {
  const form = reactive({
    ...blankForm(),
    chosen: { by: 'area' as const, area_code: '320281108', area_name: '周庄镇' },
    class_code: 'E0110',
    address: '菜场北门',
    words: '路灯不亮',
    ...typed,
  })
  const page = mount(ReportForm, {
    props: { modelValue: form, problem: undefined, sending: false, ...props },
    global: { plugins: [makeI18n({ ...ui, ...zh })], stubs: { VanButton: true, PlacePicker: true } },
  })
  await flushPromises()
  return page
}

describe('how many photos a report needs', () => {
  beforeEach(() => void locate.mockReset())

  it('is said before it is sent, and asked for with the number', async () => {
    locate.mockResolvedValue(found(2, 6))
    const page = await open({ source: 'inspector', photos_least: 1 })
    expect(page.get('#part-photo .hint').text()).toContain('至少 2 张，最多 6 张')
    await page.get('form').trigger('submit')
    expect(page.get('.missing').text()).toContain('至少 2 张')
    expect(page.emitted('send')).toBeUndefined()
  })
  it('is none for a resident who has written something', async () => {
    locate.mockResolvedValue(found(0, 4))
    const page = await open()
    expect(page.get('#part-photo .hint').text()).toContain('最多 4 张')
    await page.get('form').trigger('submit')
    expect(page.emitted('send')).toHaveLength(1)
  })
  it('is what the page knows of the source as long as nobody could be asked', async () => {
    locate.mockRejectedValue(new Error('no line'))
    vi.spyOn(console, 'error').mockImplementation(() => undefined)
    const page = await open({ source: 'inspector', photos_least: 1 })
    await page.get('form').trigger('submit')
    expect(page.get('.missing').text()).toContain('至少 1 张')
  })
})

describe('where it is', () => {
  it('is asked for in words, before anything is sent, where there are no coordinates', async () => {
    locate.mockResolvedValue(found(0, 4))
    for (const address of ['', '。']) {
      const page = await open({}, { address })
      await page.get('form').trigger('submit')
      expect(page.get('.missing').text()).toContain('具体位置')
      expect(page.emitted('send')).toBeUndefined()
    }
    const page = await open({}, { address: '', chosen: { by: 'map', lng: 120.2, lat: 31.9 } })
    await page.get('form').trigger('submit')
    expect(page.emitted('send')).toHaveLength(1)
  })
})
