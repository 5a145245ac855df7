import { beforeEach, describe, expect, it } from 'vitest'
import { begun, blankForm, clearForm, form, isAside, reopen } from './form'
import type { Draft } from './queue-store'

const draft = (words: string): Draft => ({
  id: words,
  at: 1,
  class_name: '暴露垃圾',
  place_text: '云亭街道',
  state: 'stuck',
  tries: 1,
  photos: [],
  report: { class_code: 'E0110', place: { area_code: '320281101' }, description: words },
})

describe('the form of a report', () => {
  beforeEach(() => {
    while (isAside()) clearForm()
    Object.assign(form, blankForm())
  })

  it('is not begun by a place that the device found', () => {
    form.chosen = { by: 'gps', lng: 120, lat: 31 }
    expect(begun()).toBe(false)
    form.words = '路灯不亮'
    expect(begun()).toBe(true)
  })
  it('takes a kept report in without losing what was half filled in', () => {
    form.words = '路灯不亮'
    expect(reopen(draft('井盖缺失'))).toBe(true)
    expect(form.words).toBe('井盖缺失')
    expect(reopen(draft('积水'))).toBe(true)
    expect(clearForm()).toBe(true)
    expect(form.words).toBe('井盖缺失')
    expect(clearForm()).toBe(true)
    expect(form.words).toBe('路灯不亮')
    expect(clearForm()).toBe(false)
    expect(begun()).toBe(false)
  })
  it('has nothing to set aside when it is empty', () => {
    expect(reopen(draft('井盖缺失'))).toBe(false)
    expect(form.chosen).toEqual({ by: 'area', area_code: '320281101', area_name: '云亭街道' })
    expect(clearForm()).toBe(false)
  })
})
