import { mount } from '@vue/test-utils'
import { describe, expect, it } from 'vitest'
import { makeI18n } from '@/kernel/i18n'
import Problem from './Problem.vue'
import zh from './zh.json'

const show = (problem: object, more: object = {}) =>
  mount(Problem, {
    props: { problem: { status: 422, code: 'cases/outside-city', title: '地点不在本市范围内', ...problem }, ...more },
    global: { plugins: [makeI18n(zh)] },
    attachTo: document.body,
  })

describe('a problem on the screen', () => {
  it('says title, detail and a number to read out', () => {
    const text = show({ detail: '请检查定位', instance: 'E-7F3A' }).text()
    expect(text).toContain('地点不在本市范围内')
    expect(text).toContain('请检查定位')
    expect(text).toContain('错误编号：E-7F3A')
  })
  it('falls back to the code when there is no number', () => {
    expect(show({}).text()).toContain('cases/outside-city')
  })
  it('links each refused field', async () => {
    const box = show(
      { fields: [{ pointer: '/place', code: 'x', title: '请重新选择地点' }] },
      { onField: () => undefined },
    )
    await box.get('li button').trigger('click')
    expect(box.emitted('field')).toEqual([['/place']])
  })
  it('says a refused field in words where nobody can lead to it', () => {
    const box = show({ fields: [{ pointer: '/place', code: 'x', title: '请重新选择地点' }] })
    expect(box.get('li').text()).toBe('请重新选择地点')
    expect(box.find('li button').exists()).toBe(false)
  })
  it('takes the focus in forms, so that it is read out', async () => {
    const box = show({}, { focus: true })
    await new Promise((done) => setTimeout(done))
    expect(document.activeElement).toBe(box.get('[role=alert]').element)
  })
  it('offers to try again only when asked to', () => {
    expect(show({}).find('.again').exists()).toBe(false)
    expect(show({}, { retry: true }).find('.again').exists()).toBe(true)
  })
  it('shows markup in a title as text', () => {
    expect(show({ title: '<b>x</b>' }).find('b').exists()).toBe(false)
  })
})
