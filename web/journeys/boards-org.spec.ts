// The wall and the pages of the grid, the responsibility list, imports and the calendar, on the true binary.
import { expect, test, type Page } from '@playwright/test'
import { accessible, listenForErrors } from './support'
import { withRow } from './workbook'

test.use({ viewport: { width: 1366, height: 768 } })

async function enter(page: Page, persona: string): Promise<void> {
  const answer = await page.context().request.post('/api/v1/demo/session', { data: { persona } })
  expect(answer.ok()).toBe(true)
}
/** `1,046` → 1046. */
const figure = async (page: Page, n: number) =>
  Number((await page.locator('.figures strong').nth(n).innerText()).replace(/,/g, ''))

test('every figure of the wall opens a list of exactly that many cases', async ({ page }) => {
  const errors = listenForErrors(page)
  await enter(page, 'leader')
  for (const [n, query] of [
    [0, 'reported_on='],
    [1, 'closed_on='],
    [2, 'open=true'],
    [3, 'overdue=true'],
  ] as const) {
    await page.goto('/desk/#/wall')
    await expect(page.locator('.figures a')).toHaveCount(4)
    const count = await figure(page, n)
    await page.locator('.figures a').nth(n).click()
    await expect(page).toHaveURL(new RegExp(`/cases\\?${query}`))
    await expect(page.getByText(`共 ${count.toLocaleString('en-US')} 件`)).toBeVisible()
    await page.goto('about:blank')
  }
  expect(errors).toEqual([])
})

test('the wall fits its screen, and a report moves its numbers at once', async ({ page }) => {
  await page.setViewportSize({ width: 1920, height: 1080 })
  await enter(page, 'leader')
  await page.goto('/desk/#/wall')
  await expect(page.locator('.figures a')).toHaveCount(4)
  await expect(page.locator('[data-map]')).not.toHaveAttribute('data-map', 'loading')
  await accessible(page)
  const room = await page.evaluate(() => document.documentElement.scrollHeight - window.innerHeight)
  expect(room).toBeLessThanOrEqual(0)

  const before = await figure(page, 0)
  const city = (await (await page.request.get('/api/v1/public/city')).json()) as { kinds: { class_code: string }[] }
  const areas = (await (await page.request.get('/api/v1/public/areas')).json()) as { villages: { code: string }[] }[]
  const sent = await page.request.post('/api/v1/public/reports', {
    headers: { 'idempotency-key': `wall-${Date.now()}` },
    data: {
      class_code: city.kinds[0]?.class_code,
      place: { area_code: areas[0]?.villages[0]?.code },
      address: '村口小店旁',
      description: '大屏旅程：路口有一堆垃圾',
      photos: [],
    },
  })
  expect(sent.status()).toBe(201)
  await expect(page.locator('.figures strong').first()).toHaveText(String(before + 1))
  await expect(page.locator('.moves li')).toHaveCount(1)
})

test('the grid is one tree of three levels; a cell prints as one A4 page', async ({ page }) => {
  const errors = listenForErrors(page)
  await enter(page, 'leader')
  await page.goto('/desk/#/cells')
  const numbers = page.locator('.levels b')
  await expect(numbers.first()).toHaveText(/\d/)
  const [all = 0, city = 0, town = 0, cell = 0] = (await numbers.allInnerTexts()).map((text) =>
    Number(text.replace(/,/g, '')),
  )
  expect(city + town + cell).toBe(all)
  expect(city).toBe(1)
  await page.getByRole('button', { name: /^村级/ }).click()
  await page.locator('.list li button').first().click()
  await expect(page).toHaveURL(/cell=\d+/)
  const name = await page.locator('.panel h2').innerText()
  await expect(page.locator('.panel')).toContainText('兜底单位')
  await accessible(page)
  await page.getByRole('link', { name: '打印网格卡' }).click()
  await expect(page.getByRole('heading', { name: '责任网格公示卡' })).toBeVisible()
  await expect(page.locator('.card .name')).toHaveText(name)
  await expect(page.locator('.sketch svg')).toHaveCount(2)
  await accessible(page)
  const pdf = (await page.pdf({ preferCSSPageSize: true })).toString('latin1')
  expect(pdf.match(/\/Type\s*\/Page[^s]/g)).toHaveLength(1)
  expect(errors).toEqual([])
})

test('holes and overlaps are as many as listed, and each tells where it lies', async ({ page }) => {
  await enter(page, 'office')
  await page.goto('/desk/#/matrix?tab=findings')
  const sum = page.locator('.sum strong')
  await expect(sum).toBeVisible()
  const [holes = 0, overlaps = 0] = (await sum.innerText()).match(/\d+/g)?.map(Number) ?? []
  await expect(page.locator('.findings li')).toHaveCount(holes + overlaps)
  await accessible(page)
  await page.locator('.findings li button').first().click()
  await expect(page).toHaveURL(/find=1/)
  await expect(page.locator('.findings li.chosen dl')).toContainText('目前由谁负责')
  await page.getByRole('link', { name: '清单', exact: true }).click()
  await expect(page.locator('table.rows tbody tr').first()).toBeVisible()
  await accessible(page)
})

test('the explain box names one unit and the steps to it', async ({ page }) => {
  await enter(page, 'office')
  const classes = (await (await page.request.get('/api/v1/classes')).json()) as { classes: { code: string }[] }[]
  const cells = (await (await page.request.get('/api/v1/org/cells?level=cell&size=1')).json()) as {
    items: { id: string }[]
  }
  const show = (await (await page.request.get(`/api/v1/org/cells/${cells.items[0]?.id}`)).json()) as {
    name: string
    centre: { lng: number; lat: number }
  }
  await page.goto(
    `/desk/#/matrix?tab=explain&class=${classes[0]?.classes[0]?.code}&lng=${show.centre.lng}&lat=${show.centre.lat}`,
  )
  await expect(page.locator('.answer .unit')).not.toBeEmpty()
  await expect(page.locator('.answer')).toContainText(show.name)
  expect(await page.locator('.answer ol li').count()).toBeGreaterThanOrEqual(3)
  await accessible(page)
})

test('a workbook is checked before anything changes; what is no workbook is refused in words', async ({ page }) => {
  const errors = listenForErrors(page)
  await enter(page, 'admin')
  await page.goto('/desk/#/imports?kind=units')
  const template = await page.request.get('/api/v1/org/imports/templates/units')
  expect(template.ok()).toBe(true)
  const input = page.locator('input[type=file]')
  await input.setInputFiles({ name: '名单.csv', mimeType: 'text/csv', buffer: Buffer.from('a,b') })
  await expect(page.getByText('只能导入 .xlsx 文件')).toBeVisible()
  await input.setInputFiles({ name: '假的.xlsx', mimeType: 'application/zip', buffer: Buffer.from('not a workbook') })
  await expect(page.getByRole('alert')).toContainText('错误编号')
  await accessible(page)
  await input.setInputFiles({ name: '单位.xlsx', mimeType: 'application/zip', buffer: await template.body() })
  await expect(page.getByText('表格里没有数据行')).toBeVisible()
  await expect(page.getByRole('button', { name: '导入', exact: true })).toHaveCount(0)
  await expect(page.getByRole('link', { name: '单位.xlsx' })).toBeVisible()
  await accessible(page)
  expect(errors).toEqual([])
})

test('an import whose answer was lost is found done, and taken back', async ({ page }) => {
  await enter(page, 'admin')
  await page.goto('/desk/#/imports?kind=units')
  const template = await page.request.get('/api/v1/org/imports/templates/units')
  const name = `旅程企业${Date.now() % 100_000}`
  const buffer = withRow(await template.body(), [`LC-${Date.now() % 100_000}`, name, '', '企业'])
  await page.locator('input[type=file]').setInputFiles({ name: '单位.xlsx', mimeType: 'application/zip', buffer })
  await expect(page.locator('table.diff')).toContainText(name)
  await page.route('**/apply', async (route) => {
    expect((await route.fetch()).ok()).toBe(true)
    await route.abort()
  })
  await page.getByRole('button', { name: '导入', exact: true }).click()
  await expect(page.getByText('已导入：新增 1 条')).toBeVisible()
  await expect(page.getByRole('button', { name: '导入', exact: true })).toHaveCount(0)
  await page.locator('.acts').getByRole('button', { name: '撤销导入' }).click()
  await page.getByRole('dialog').getByRole('textbox').fill('撤销')
  await page.getByRole('dialog').getByRole('button', { name: '撤销导入' }).click()
  await expect(page.getByText('已撤销导入，数据已恢复到导入之前').first()).toBeVisible()
})

test('a day of the calendar is set, seen, and taken back', async ({ page }) => {
  await enter(page, 'admin')
  await page.goto('/desk/#/calendar?year=2026')
  const day = page.locator('#day-2026-12-16')
  await expect(day).toHaveClass(/\bwork\b/)
  await accessible(page)
  await day.click()
  await page.getByRole('radio', { name: '放假' }).check()
  await page.getByRole('button', { name: '保存' }).click()
  await expect(page.getByText('请填写事由')).toBeVisible()
  await page.getByLabel('事由').fill('旅程放假')
  await page.getByRole('button', { name: '保存' }).click()
  await expect(day).toHaveClass(/holiday/)
  await page.getByRole('button', { name: '撤销', exact: true }).click()
  await expect(day).not.toHaveClass(/holiday/)
})
