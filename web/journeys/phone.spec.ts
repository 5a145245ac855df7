// The resident's phone: report with and without a map, without a network, receipt, languages.
import { expect, test, type Page } from '@playwright/test'
import { accessible, freshPhoto, listenForErrors } from './support'

const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true }
test.use(PHONE)

/** Opens the report page and puts in photo, place by name, and the first kind. */
async function fillIn(page: Page, words = ''): Promise<void> {
  await page.goto('/m/')
  await page
    .locator('input[type=file]')
    .first()
    .setInputFiles(await freshPhoto(page))
  await expect(page.locator('.thumbs img')).toHaveCount(1)
  await page.getByRole('button', { name: '选镇街、村' }).click()
  await page.locator('#town').selectOption({ index: 1 })
  await page.locator('#village').selectOption({ index: 1 })
  await page.getByRole('radio').first().check()
  if (words) await page.locator('#words').fill(words)
}

test('a report without a map and without an account gets a receipt', async ({ page }) => {
  const errors = listenForErrors(page)
  await fillIn(page)
  await expect(page.locator('.promise strong')).not.toBeEmpty()
  await accessible(page)
  await page.getByRole('button', { name: '提交' }).click()
  await expect(page).toHaveURL(/#\/r\/[0-9A-Z]{12}/)
  await expect(page.locator('.code')).toHaveText(/^[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}$/)
  await expect(page.getByText(/记录链 \d+ 条，校验通过/)).toBeVisible()
  await accessible(page)
  const code = await page.locator('.code').innerText()
  await page.getByRole('link', { name: '我的上报' }).click()
  await expect(page.getByRole('link', { name: /区|街道|镇/ })).toHaveCount(1)
  await page.locator('#code').fill(code.toLowerCase().replace(/-/g, ' '))
  await page.getByRole('button', { name: '查询' }).click()
  await expect(page.locator('.code')).toHaveText(code)
  expect(errors).toEqual([])
})

test('a position of the device is enough to know the unit before sending', async ({ browser }) => {
  const context = await browser.newContext({
    ...PHONE,
    permissions: ['geolocation'],
    geolocation: { longitude: 120.405, latitude: 31.865, accuracy: 12 },
  })
  const page = await context.newPage()
  await page.goto('/m/')
  await expect(page.getByText('手机定位，精度约 12 米')).toBeVisible()
  await page.getByRole('radio').first().check()
  await expect(page.locator('.promise')).toContainText(/限时 .+预计 \d{4}-\d\d-\d\d \d\d:\d\d/)
  await context.close()
})

test('a point outside the city is refused at once, and what was typed stays', async ({ browser }) => {
  const context = await browser.newContext({
    ...PHONE,
    permissions: ['geolocation'],
    geolocation: { longitude: 116.4, latitude: 39.9 },
  })
  const page = await context.newPage()
  await page.goto('/m/')
  await page.locator('#words').fill('路灯不亮')
  await expect(page.locator('#part-place [role=alert]')).toBeVisible()
  await expect(page.locator('#words')).toHaveValue('路灯不亮')
  await context.close()
})

test('a report without a network waits, survives a reload and goes out once', async ({ page, context }) => {
  await fillIn(page, '断网时也能报')
  await context.setOffline(true)
  await page.getByRole('button', { name: '提交' }).click()
  await expect(page.getByRole('heading', { name: '待提交 1' })).toBeVisible()
  await context.setOffline(false)
  await page.reload()
  await expect(page.getByRole('heading', { name: '待提交 1' })).toHaveCount(0)
  await expect(page.locator('li a')).toHaveCount(1)
})

test('what is missing is said, with a way to it', async ({ page }) => {
  await page.goto('/m/')
  await page.getByRole('button', { name: '提交' }).click()
  const summary = page.locator('.missing')
  await expect(summary).toBeFocused()
  await expect(summary.getByRole('button')).toHaveCount(3)
  await accessible(page)
  await summary.getByRole('button').nth(1).click()
  await expect(page.locator('#part-place button').first()).toBeFocused()
  await expect(page.locator('#part-place .lack')).toBeVisible()
  await page.locator('#words').fill('路灯不亮')
  await expect(summary.getByRole('button')).toHaveCount(2)
})

test('the page speaks English from the promise to the receipt', async ({ page }) => {
  await fillIn(page)
  await expect(page.locator('.promise')).toContainText('将由')
  await page.getByRole('button', { name: /^EN/ }).click()
  await expect(page.locator('.promise')).toContainText('Goes to')
  await page.getByRole('button', { name: 'Send', exact: true }).click()
  await expect(page.locator('.receipt h2 .mark')).toHaveText('to be verified')
  await expect(page).toHaveTitle(/^Receipt/)
  await page.getByRole('button', { name: /^中文/ }).click()
  await expect(page.locator('.receipt h2 .mark')).toHaveText('待核实')
  await expect(page).toHaveTitle(/^上报回执/)
})

test('a receipt that was removed by mistake comes back', async ({ page }) => {
  await fillIn(page)
  await page.getByRole('button', { name: '提交' }).click()
  await expect(page.locator('.code')).toBeVisible()
  await page.getByRole('link', { name: '我的上报' }).click()
  await page.getByRole('button', { name: /^从本机移除/ }).click()
  await expect(page.getByText('还没有上报记录')).toBeVisible()
  await page.getByRole('button', { name: '撤销' }).click()
  await expect(page.getByRole('button', { name: /^从本机移除/ })).toHaveCount(1)
})

test('the page speaks English and keeps its place at double text size', async ({ page }) => {
  await page.goto('/m/')
  await page.getByRole('button', { name: /^EN/ }).click()
  await expect(page.getByRole('button', { name: 'Take a photo' })).toBeVisible()
  await page.getByRole('button', { name: 'Large' }).click()
  await page.evaluate(() => (document.documentElement.style.fontSize = '200%'))
  const wider = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
  expect(wider).toBe(0)
})
