// Work in the field: reports of inspectors, results without a line, results that came too late.
import { expect, test, type Browser, type Page } from '@playwright/test'
import { accessible, freshPhoto, listenForErrors, signInOnPhone } from './support'

test.use({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true })

/** A resident has reported this; answers the words by which the task is found. */
async function reported(browser: Browser): Promise<string> {
  const context = await browser.newContext()
  const words = `桥下垃圾 ${Date.now() % 1_000_000}`
  const towns = (await (await context.request.get('/api/v1/public/areas')).json()) as { code: string; name: string }[]
  const area_code = towns.find((town) => town.name === '周庄镇')?.code
  const data = { class_code: 'E0110', place: { area_code }, address: '村口小店旁', description: words, photos: [] }
  expect((await context.request.post('/api/v1/public/reports', { data })).status()).toBe(201)
  await context.close()
  return words
}
async function openTask(page: Page, words: string): Promise<void> {
  await page.getByRole('link').filter({ hasText: words }).click()
  await expect(page.getByRole('heading', { name: '核实结果' })).toBeVisible()
}

test('an inspector reports what he has found, with a photo, from the whole catalogue', async ({ page }) => {
  const errors = listenForErrors(page)
  await signInOnPhone(page, '采集员')
  await page.getByRole('link', { name: '上报问题' }).click()
  await page.getByRole('button', { name: '选镇街、村' }).click()
  await page.locator('#town').selectOption({ label: '周庄镇' })
  await page.locator('#village').selectOption({ index: 1 })
  await page.getByLabel('全部类型').selectOption({ label: '私搭乱建' })
  await expect(page.locator('.promise strong')).not.toBeEmpty()
  await page.locator('#words').fill('小区里正在搭棚')
  await page.getByRole('button', { name: '提交' }).click()
  await expect(page.locator('.missing').getByRole('button')).toHaveText(['拍照片，至少 1 张']) // words alone are not enough
  await accessible(page)
  // half-filled is not lost by looking at the list
  await page.getByRole('link', { name: '返回任务列表' }).click()
  await page.getByRole('link', { name: '继续' }).click()
  await expect(page.locator('#words')).toHaveValue('小区里正在搭棚')
  await page
    .locator('input[type=file]')
    .first()
    .setInputFiles(await freshPhoto(page))
  await page.getByRole('button', { name: '提交' }).click()
  await expect(page.getByText(/^已上报，编号 JY\d{8}-\d{4}，现在的状态：待受理$/)).toBeVisible()
  await expect(page).toHaveURL(/#\/field$/)
  await expect(page.getByRole('link', { name: '继续' })).toHaveCount(0)
  expect(errors).toEqual([])
})

test('a result waits without a line, survives a reload and goes out by itself', async ({ page, context, browser }) => {
  const words = await reported(browser)
  await signInOnPhone(page, '采集员')
  await openTask(page, words)
  await page.getByRole('radio', { name: '属实', exact: true }).check()
  await page.locator('#note').fill('到现场看过')
  await page
    .locator('input[type=file]')
    .first()
    .setInputFiles(await freshPhoto(page))
  await expect(page.locator('.thumbs img')).toHaveCount(1)
  await page.getByRole('link', { name: '返回任务列表' }).click()
  await expect(page.getByRole('heading', { name: '没写完的 1' })).toBeVisible()
  await page.reload()
  await page.getByRole('link', { name: '继续' }).click()
  await expect(page.locator('#note')).toHaveValue('到现场看过')
  await expect(page.locator('.thumbs img')).toHaveCount(1)

  await context.setOffline(true)
  await page.getByRole('button', { name: '提交核实结果' }).click()
  await expect(page.getByRole('heading', { name: '待提交 1' })).toBeVisible()
  await expect(page.getByText('网络不通，以下任务截至')).toBeVisible()
  await openTask(page, words) // what was seen can be opened
  await expect(page.getByText(/^这份结果还没有提交成功/)).toBeVisible()
  await page.getByRole('link', { name: '返回任务列表' }).click()
  await accessible(page)
  await context.setOffline(false)
  await expect(page.getByRole('heading', { name: '待提交 1' })).toHaveCount(0)
  await page.getByRole('button', { name: '刷新' }).click()
  await expect(page.getByRole('link').filter({ hasText: words })).toHaveCount(0)
})

test('a result that came too late keeps its words and says why', async ({ page, browser }) => {
  const words = await reported(browser)
  await signInOnPhone(page, '采集员')
  await openTask(page, words)
  await page.getByRole('radio', { name: '不属实', exact: true }).check()
  await page.locator('#note').fill('没有找到')

  // somebody else was faster
  const other = await browser.newContext()
  await other.request.post('/api/v1/demo/session', { data: { persona: 'inspector' } })
  const id = new URL(page.url()).hash.split('/').pop() ?? ''
  const act = { data: { found: true, photos: [] }, headers: { 'If-Match': '"1"' } }
  expect((await other.request.post(`/api/v1/cases/${id}/pre-verify`, act)).status()).toBe(200)
  await other.close()

  await page.getByRole('button', { name: '提交核实结果' }).click()
  await expect(page.getByText(/您这里没有要办的/)).toBeVisible()
  const left = page
    .locator('section')
    .filter({ has: page.getByRole('heading', { name: '您写的没有提交成功，内容还在' }) })
  await expect(left).toContainText('没有找到')
  await expect(left.getByRole('alert')).not.toBeEmpty()
  await accessible(page)
  await left.getByRole('button', { name: '删除' }).click()
  await page.getByRole('button', { name: '撤销' }).click()
  await expect(left).toContainText('没有找到')
})

test('without a line the staff page says so and comes back by itself', async ({ page, context }) => {
  await page.goto('/m/')
  await expect(page.getByRole('button', { name: '拍照' })).toBeVisible()
  await context.setOffline(true)
  await page.getByRole('link', { name: '工作人员' }).click()
  await expect(page.getByRole('heading', { name: '网络不通' })).toBeVisible()
  await context.setOffline(false)
  await expect(page.getByRole('heading', { name: '工作人员登录' })).toBeVisible()
})
