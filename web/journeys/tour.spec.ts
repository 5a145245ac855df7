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
  await expect(page.getByText('没有查看运行图的权限')).toBeVisible()
  await become(page, '领导')
  await expect(page.getByText('没有查看运行图的权限')).toHaveCount(0)
  await expect(page.locator('[aria-current=step]')).toHaveText(/^5/)
  expect(errors).toEqual([])
})

test('a photo used before is no proof', async ({ page }) => {
  await page.goto('/tour')
  const phone = frame(page, '手机')
  await phone.getByRole('button', { name: '示例照片' }).click()
  await expect(phone.locator('.thumbs img')).toHaveCount(1)
  await phone.getByRole('button', { name: '选镇街、村' }).click()
  await phone.locator('#town').selectOption({ index: 1 })
  await phone.locator('#village').selectOption({ index: 1 })
  await phone.getByRole('radio').first().check()
  await phone.getByRole('button', { name: '提交' }).click()
  const number = await phone.locator('dd.num').innerText()

  await become(page, '责任单位')
  await phone.locator('li a').first().click()
  await phone.getByRole('button', { name: '示例：用过的照片' }).click()
  await expect(phone.locator('.thumbs img')).toHaveCount(1)
  await phone.locator('#note').fill('已清理')
  await phone.getByRole('button', { name: '提交处置结果' }).click()
  await expect(phone.locator('form [role=alert]')).toContainText(number)
})
