// The tour: roles without passwords, frames that follow, and a photo that was used before.
import { expect, test, type FrameLocator, type Page } from '@playwright/test'
import { accessible, listenForErrors } from './support'

test.use({ viewport: { width: 1366, height: 768 } })

const frame = (page: Page, title: string): FrameLocator => page.frameLocator(`iframe[title="${title}"]`)
const become = (page: Page, role: string) =>
  page.getByRole('group', { name: '切换角色' }).getByRole('button', { name: role }).click()

test('every role opens on its own pages', async ({ page }) => {
  const errors = listenForErrors(page)
  await page.goto('/tour')
  const phone = frame(page, '手机')
  const desk = frame(page, '工作台')
  await expect(phone.getByRole('button', { name: '拍照' })).toBeVisible()
  await expect(desk.locator('.el-table__row').first()).toBeVisible()
  await expect(frame(page, '运行图大屏').locator('[data-map=gl],[data-map=plain]')).toBeVisible()
  await accessible(page)

  await become(page, '采集员')
  await expect(phone.getByText(/^待办/)).toBeVisible()
  await become(page, '责任单位')
  await expect(phone.getByRole('link').first()).toBeVisible()
  await expect(desk.getByRole('link', { name: '本单位待办' })).toBeVisible()
  await expect(frame(page, '运行图大屏').locator('.figures strong').first()).toHaveText(/\d/)
  await become(page, '领导')
  await expect(frame(page, '运行图大屏').locator('.figures strong').first()).toHaveText(/\d/)
  await expect(page.locator('[aria-current=step]')).toHaveText(/^5/)
  expect(errors).toEqual([])
})

/** Signs in as whoever's turn it is with the case that was reported. */
const next = (page: Page, role: string) => page.getByRole('button', { name: `下一步：切换到${role}` }).click()

test('three taps, and the case goes from hand to hand until its cell pales', async ({ page }) => {
  test.setTimeout(180_000)
  const errors = listenForErrors(page)
  await page.goto('/tour/')
  const [phone, desk, wall] = ['手机', '工作台', '运行图大屏'].map((title) => frame(page, title)) as [
    FrameLocator,
    FrameLocator,
    FrameLocator,
  ]
  await phone.getByRole('button', { name: '示例照片' }).click()
  await phone.getByRole('radio').first().check()
  await expect(phone.locator('.promise')).toContainText(/将由.+限时/s)
  await phone.getByRole('button', { name: '提交' }).click()
  const number = await phone.locator('dd.num').innerText()

  await next(page, '采集员')
  await expect(phone.locator('dd.num')).toHaveText(number)
  await phone.getByRole('radio', { name: '属实', exact: true }).check()
  await phone.getByRole('button', { name: '示例照片' }).click()
  await expect(phone.locator('.thumbs img')).toHaveCount(1)
  await phone.getByRole('button', { name: '提交核实结果' }).click()

  await next(page, '受理员')
  await desk.getByRole('button', { name: '立案', exact: true }).click()
  await next(page, '派遣员')
  await expect(desk.getByText(/责任清单/).first()).toBeVisible()
  await desk.getByRole('button', { name: /^派遣至/ }).press('d')

  await next(page, '责任单位经办人')
  await expect(phone.getByText('处置人不能自行结案')).toBeVisible()
  await expect(phone.getByRole('button', { name: /结案/ })).toHaveCount(0)
  await phone.getByRole('button', { name: '示例：用过的照片' }).click()
  await expect(phone.locator('.thumbs img')).toHaveCount(1)
  await phone.locator('#note').fill('已清理')
  await phone.getByRole('button', { name: '提交处置结果' }).click()
  await expect(phone.locator('form [role=alert]')).toContainText(number)
  await expect(phone.locator('.thumbs').getByText('未通过')).toBeVisible()
  await phone.getByRole('button', { name: /^删除第 1 张/ }).click()
  await phone.getByRole('button', { name: '示例：整改后的照片' }).click()
  await phone.getByRole('button', { name: '提交处置结果' }).click()

  await next(page, '核查员')
  await phone.getByRole('radio', { name: '通过', exact: true }).check()
  await phone.getByRole('button', { name: '示例：整改后的照片' }).click()
  await expect(phone.locator('.thumbs img')).toHaveCount(1)
  await phone.getByRole('button', { name: '提交核查结果' }).click()

  await next(page, '受理员')
  await desk.getByRole('button', { name: '结案', exact: true }).click()
  await next(page, '市民')
  await phone.getByRole('button', { name: '已解决', exact: true }).click()
  await next(page, '领导')
  const figure = wall.getByRole('link', { name: /^今日办结/ })
  const closed = Number(/\d+/.exec(await figure.innerText())?.[0])
  await figure.click()
  await expect(wall.getByText(`共 ${closed} 件`)).toBeVisible()
  await wall.locator('.el-table__row').filter({ hasText: number }).click()
  await expect(wall.getByText(/记录链 \d+ 条，校验通过/)).toBeVisible()
  expect(errors).toEqual([])
})
