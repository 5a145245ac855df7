// The tour as a visitor takes it who reads only what stands on the screen: he does what the text of the step puts in
// quotes, presses the key that it names, and goes on where it says "next". At the size of an ordinary notebook.
import { expect, test, type FrameLocator, type Locator, type Page } from '@playwright/test'
import { listenForErrors } from './support'

test.use({ viewport: { width: 1366, height: 768 } })

const FRAMES = ['手机', '工作台', '运行图大屏'] as const
const frame = (page: Page, title: string): FrameLocator => page.frameLocator(`iframe[title="${title}"]`)
const lit = (page: Page): Locator => frame(page, '运行图大屏').locator('[data-map=gl],[data-map=plain]')

/** What a quoted name means: a button, a choice or a link in one of the frames. */
function named(page: Page, name: string): Locator[] {
  return FRAMES.flatMap((title) => {
    const inside = frame(page, title)
    return [
      inside.getByRole('button', { name, exact: true }),
      inside.getByRole('radio', { name, exact: true }),
      inside.getByRole('link', { name: new RegExp(`^${name}`) }),
    ]
  })
}
async function target(page: Page, name: string): Promise<Locator> {
  const all = named(page, name)
  let found: Locator | undefined
  await expect
    .poll(async () => {
      for (const one of all) if (await one.first().isVisible()) return ((found = one.first()), true)
      return false
    }, `“${name}” stands on the screen`)
    .toBe(true)
  if (!found) throw new Error(name)
  return found
}
/** Is all of it inside of its frame's window, without scrolling, and nothing over it? */
const inView = (one: Locator) =>
  one.evaluate((element) => {
    const { top, bottom, left, width, height } = element.getBoundingClientRect()
    const hit = document.elementFromPoint(left + width / 2, top + height / 2)
    const seen = hit !== null && (element.contains(hit) || hit.contains(element))
    return top >= 0 && bottom <= window.innerHeight && seen
  })

test('the tour played by its own words, to its end', async ({ page }) => {
  test.setTimeout(240_000)
  const errors = listenForErrors(page)
  await page.goto('/tour')
  const words = page.locator('nav.steps')
  await expect(lit(page)).toBeVisible({ timeout: 30_000 })
  const order: string[] = []
  for (let turn = 0; turn < 12; turn++) {
    const role = await page.locator('.roles [aria-pressed=true]').innerText()
    order.push(role)
    const told = await words.locator('.do').innerText()
    for (const [, name, key] of told.matchAll(/“([^”]+)”|按 ([A-Z]) 键/g)) {
      if (key) {
        await expect(frame(page, '工作台').getByRole('button', { name: /^派遣至/ })).toBeEnabled()
        await page.keyboard.press(key.toLowerCase())
        continue
      }
      const one = await target(page, name ?? '')
      // the choice of a kind stands in a long list; everything else is in view
      if (name !== '垃圾没人清') await expect.poll(() => inView(one), `“${name ?? ''}” is in view`).toBe(true)
      await one.click()
      // he sees the photo before he goes on
      if (name?.startsWith('示例'))
        await expect(frame(page, '手机').locator('.thumbs li:not(.refused) img')).toHaveCount(1)
      if (name === '提交处置结果' && (await page.locator('.do').innerText()).includes('会被认出'))
        await refusedOrDone(page)
    }
    await expect(lit(page), `the wall stays lit for ${role}`).toBeVisible({ visible: role !== '领导' })
    if (role === '领导') break
    await words.getByRole('button', { name: /^下一步：切换到/ }).click()
  }
  expect(order).toEqual(['市民', '采集员', '受理员', '派遣员', '责任单位经办人', '核查员', '受理员', '市民', '领导'])
  await expect(words.getByText('导览到这里结束')).toBeVisible()
  expect(await inView(words.getByText('导览到这里结束'))).toBe(true)
  // what it says to look at next can be looked at
  for (const name of ['文明办：责任清单里的空白与重叠', '审计员：校验任意一件的记录链']) {
    await words.getByRole('button', { name }).click()
    await expect(words.getByRole('button', { name })).toHaveAttribute('aria-pressed', 'true')
    await expect(frame(page, '工作台').getByRole('main').last()).toBeVisible()
    await expect(lit(page)).toBeVisible()
  }
  await expect(frame(page, '工作台').locator('.el-table__row').first()).toBeVisible()
  await words.getByRole('button', { name: '再走一遍' }).click()
  await expect(page.locator('[aria-current=step]')).toHaveText(/^1/)
  expect(errors).toEqual([])
})

/** The refusal is in view with the photo that it is about; the second time nothing is refused. */
async function refusedOrDone(page: Page): Promise<void> {
  const phone = frame(page, '手机')
  const refusal = phone.locator('form [role=alert]').first()
  const mended = phone.getByRole('button', { name: '示例：整改后的照片' })
  await expect(refusal.or(phone.getByText(/^待办/).first())).toBeVisible()
  if (!(await refusal.isVisible())) return
  await expect(phone.locator('.thumbs').getByText('未通过')).toBeVisible()
  for (const one of [refusal, phone.locator('.thumbs').getByText('未通过'), mended])
    await expect.poll(() => inView(one)).toBe(true)
}

test('every role sees the wall, and no role is signed out of it', async ({ page }) => {
  const errors = listenForErrors(page)
  await page.goto('/tour')
  await expect(lit(page)).toBeVisible({ timeout: 30_000 })
  const wall = frame(page, '运行图大屏')
  await wall.locator('body').evaluate((body) => (body.dataset['mark'] = 'first'))
  for (const role of ['采集员', '受理员', '派遣员', '责任单位经办人', '核查员', '领导', '市民']) {
    await page.getByRole('group', { name: '切换角色' }).getByRole('button', { name: role }).click()
    await expect(page.locator('.roles [aria-pressed=true]')).toHaveText(role)
    await expect(lit(page)).toBeVisible()
    await expect(wall.locator('.figures strong').first()).toHaveText(/\d/)
    await expect(wall.locator('body[data-mark=first]'), `${role}: the wall was not loaded anew`).toHaveCount(1)
  }
  expect(errors).toEqual([])
})
