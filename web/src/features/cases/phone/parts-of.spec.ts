import { describe, expect, it } from 'vitest'
import { leadTo, partOf, saidOf } from './parts-of'

describe('a refusal leads to its field', () => {
  it('by the pointer into the body', () => {
    const pointers = ['/photos/0', '/photos', '/place/area_code', '/address', '/class_code', '/description', '/note']
    expect(pointers.map(partOf)).toEqual(['photo', 'photo', 'place', 'address', 'kind', 'words', 'note'])
    expect(partOf('/source')).toBeUndefined()
  })
  it('and says at the part what is wrong there', () => {
    const fields = [
      { pointer: '/photos/0', code: 'cases/photo-reused', title: '这张照片用过' },
      { pointer: '/place', code: 'cases/outside-city', title: '地点不在本市' },
    ]
    const problem = { code: 'x', status: 422, title: 'x', fields }
    expect(saidOf(problem, 'photo')).toEqual(['这张照片用过'])
    expect(saidOf(problem, 'kind')).toEqual([])
    expect(saidOf(undefined, 'photo')).toEqual([])
  })
  it('with the focus on the first control that can be used', () => {
    document.body.innerHTML =
      '<section id="part-photo"><input type="file" tabindex="-1"><button disabled>x</button><button id="take">y</button></section>'
    leadTo('photo')
    expect(document.activeElement?.id).toBe('take')
    leadTo(undefined) // nowhere to lead to
    expect(document.activeElement?.id).toBe('take')
  })
})
