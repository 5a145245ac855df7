// The forms of the acts at the desk: nothing is chosen before somebody has, the button says what it sends, and the key
// does what the button does.
import { mount } from '@vue/test-utils'
import { afterEach, describe, expect, it } from 'vitest'
import { nextTick, type Component } from 'vue'
import { createMemoryHistory, createRouter } from 'vue-router'
import type { CaseView } from '@/kernel/api'
import { makeI18n } from '@/kernel/i18n'
import { activeKeys } from '@/ui/keys'
import ui from '@/ui/zh.json'
import { dropDrafts } from '../desk/drafts'
import desk from '../i18n/desk/zh.json'
import CaseActs from '../parts/CaseActs.vue'
import CheckForm from '../parts/CheckForm.vue'
import PreVerifyForm from '../parts/PreVerifyForm.vue'
import RefuseForm from '../parts/RefuseForm.vue'

const view = (more: object = {}) =>
  ({
    id: '7',
    number: 'JY7',
    version: 4,
    state: 'pending_check',
    standard: null,
    timeline: [],
    acts: [],
    ...more,
  }) as unknown as CaseView
const open = (form: Component, props: object) =>
  mount(form, {
    props,
    attachTo: document.body,
    global: {
      plugins: [
        makeI18n({ ...ui, ...desk }),
        createRouter({ history: createMemoryHistory(), routes: [{ path: '/', component: {} }] }),
      ],
      stubs: {
        ElButton: {
          template: '<button :type="nativeType"><slot /></button>',
          props: ['nativeType', 'type', 'loading'],
        },
        ElInput: {
          template: '<textarea :value="modelValue" @input="$emit(\'update:modelValue\', $event.target.value)" />',
          props: ['modelValue'],
          inheritAttrs: false,
        },
      },
    },
  })
afterEach(() => {
  dropDrafts()
  document.body.innerHTML = ''
})

describe.each([
  ['check', CheckForm, 'passed', ['通过', '不通过，退回返工']],
  ['pre_verify', PreVerifyForm, 'found', ['属实', '不属实']],
] as const)('the verdict of %s', (_act, form, field, [yes, no]) => {
  it('is not chosen by the page, and not sent by Enter, the button or the key', async () => {
    const made = open(form, { view: view(), busy: false })
    expect(made.findAll<HTMLInputElement>('input[type=radio]').map((one) => one.element.checked)).toEqual([
      false,
      false,
    ])
    await made.get('form').trigger('submit')
    activeKeys().at(-1)?.run()
    await nextTick()
    expect(made.emitted('submit')).toBeUndefined()
    expect(made.get('fieldset [role=alert]').text()).toMatch(/^请选择/)
    expect((document.activeElement as HTMLInputElement).name).toBe(field)
    made.unmount()
  })
  it('stands on the button', async () => {
    const made = open(form, { view: view(), busy: false })
    const button = () => made.get('button[type=submit]').text()
    expect(button()).not.toContain('：')
    await made.get<HTMLInputElement>('input[type=radio]').setValue(true)
    expect(button()).toContain(`：${yes}`)
    await made.findAll('input[type=radio]')[1]?.setValue(true)
    expect(button()).toContain(`：${no}`)
    await made.get('form').trigger('submit') // a "no" says why
    expect(made.emitted('submit')).toBeUndefined()
    expect(document.activeElement?.tagName).toBe('TEXTAREA')
    await made.get('textarea').setValue('还有一半')
    await made.get('form').trigger('submit')
    expect(made.emitted('submit')?.[0]).toEqual([{ [field]: false, note: '还有一半', photos: [] }])
    made.unmount()
  })
  it('is open again when the case was worked on since, and its words stay', async () => {
    const step = (version: number, kind: string) => ({ version, kind })
    const first = open(form, { view: view({ timeline: [step(4, 'handled')] }), busy: false })
    await first.get('input[type=radio]').setValue(true)
    await first.get('textarea').setValue('看过了')
    first.unmount()
    const quiet = open(form, { view: view({ timeline: [step(4, 'handled'), step(5, 'overran')] }), busy: false })
    expect(quiet.get<HTMLInputElement>('input[type=radio]').element.checked).toBe(true)
    quiet.unmount()
    const again = open(form, { view: view({ timeline: [step(4, 'handled'), step(7, 'handled')] }), busy: false })
    expect(again.get<HTMLInputElement>('input[type=radio]').element.checked).toBe(false)
    expect(again.get('textarea').element.value).toBe('看过了')
    again.unmount()
  })
})

describe('what stands open for a case', () => {
  const act = (name: string, more: object = {}) => ({ act: name, label: name, primary: false, blocked: null, ...more })
  it('is its next act only: to turn a report down is asked for', async () => {
    const blocked = { code: 'cases/not-allowed', text: '由采集员核实' }
    const acts = [act('pre_verify', { primary: true, blocked }), act('refuse', { label: '不予受理' })]
    const made = open(CaseActs, {
      view: view({ state: 'pending_pre_verify', state_name: '待核实', acts }),
      stale: false,
    })
    expect(made.findComponent(RefuseForm).exists()).toBe(false)
    expect(made.find('form').exists()).toBe(false)
    await made.get('.others button').trigger('click')
    expect(made.findComponent(RefuseForm).exists()).toBe(true)
    made.unmount()
  })
})
