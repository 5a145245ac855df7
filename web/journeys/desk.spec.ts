// Work at the desk that no other journey does: a report for a caller, verification from the list, print, keys, language.
import { expect, test } from '@playwright/test'
import { accessible, enter, freshPhoto, listenForErrors } from './support'

test.use({ viewport: { width: 1366, height: 768 } })

test('a report for a caller: unit and time before, number and code after, the case behind it', async ({ page }) => {
  const errors = listenForErrors(page)
  await enter(page, 'acceptor')
  await page.goto('/desk/#/cases')
  await expect(page.locator('.el-table__row').first()).toBeVisible()
  await page.locator('#main').press('n')
  await expect(page.getByRole('heading', { name: '上报案件' })).toBeVisible()
  await expect(page.getByRole('radio', { name: '热线代报' })).toBeChecked()
  await accessible(page)

  await page.getByRole('button', { name: '提交上报' }).click()
  await expect(page.getByText('请选择问题类型')).toBeVisible()
  await expect(page.getByText('请写下问题，或添加照片')).toBeVisible()

  const words = `来电人说菜场后门垃圾两天没收 ${Date.now() % 1_000_000}`
  await page.locator('.often button').first().click()
  await page.locator('.place .el-cascader').click()
  await page.locator('.el-cascader-node', { hasText: '周庄镇' }).click()
  await page.locator('.el-cascader-menu').nth(1).locator('.el-radio').first().click()
  await page.getByLabel('问题描述').fill(words)
  await page.locator('.place .cell').click()
  await page.getByRole('option').first().click()
  const expected = page.getByRole('region', { name: '去向和时限' })
  await expect(expected).toContainText('责任单位')
  await expect(expected).toContainText(/最迟\d{4}-\d\d-\d\d \d\d:\d\d/)
  const unit = await expected.locator('b').innerText()
  await page.locator('input[type=file]').setInputFiles(await freshPhoto(page))
  await expect(page.getByText('上传中')).toHaveCount(0)
  await page.getByLabel('来电人 姓名').fill('王某')
  await page.getByLabel('来电人 电话').fill('13800001234')
  await page.getByRole('button', { name: '提交上报' }).click()

  await expect(page.getByRole('heading', { name: '已上报' })).toBeVisible()
  const number = await page.locator('.done .large').first().innerText()
  const code = (await page.locator('.done .code').innerText()).replace(/ /g, '')
  expect(number).toMatch(/^JY\d{8}-\d{4,}$/)
  await expect(page.locator('.done')).toContainText(unit)
  await accessible(page)
  const receipt = await page.request.get(`/api/v1/public/receipts/${code}`)
  expect(((await receipt.json()) as { number: string }).number).toBe(number)

  await page.getByRole('link', { name: '打开案件' }).click()
  await expect(page.getByText(words).first()).toBeVisible()
  await expect(page.getByText('热线代报')).toBeVisible()
  await expect(page.locator('body')).not.toContainText('13800001234') // masked here too
  await page.goBack()
  await expect(page.getByLabel('问题描述')).toHaveValue('') // the code was shown once, the draft is gone
  expect(errors).toEqual([])
})

test('an auditor verifies the page from the list; the reason for a unit opens its row', async ({ page }) => {
  await enter(page, 'auditor')
  await page.goto('/desk/')
  await expect(page).toHaveURL(/cases\?all=true/)
  await page
    .getByRole('button', { name: /^校验 JY/ })
    .first()
    .click()
  await expect(page.getByText(/\d+ 条一致/).first()).toBeVisible()
  await page.locator('.pages .size').click()
  await page.getByRole('option', { name: '20 条' }).click()
  await expect(page.locator('.el-table__row')).toHaveCount(20)
  await page.getByRole('button', { name: '校验本页 20 件' }).click()
  await expect(page.getByText('20 件记录一致')).toBeVisible()
  await accessible(page)

  await page.goto('/desk/#/cases?state=handling')
  await page.locator('.el-table__row').first().click()
  await page.getByRole('link', { name: /^责任清单 第 \d+ 行$/ }).click()
  await expect(page).toHaveURL(/matrix\?class=\w+&row=\d+/)
  await expect(page.locator('tr.lit')).toBeVisible()
})

test('keys rest behind the help, and work on a radio button', async ({ page }) => {
  await enter(page, 'dispatcher')
  await page.goto('/desk/#/cases?state=pending_dispatch')
  await page.locator('.el-table__row').first().click()
  const go = page.getByRole('button', { name: /^派遣至/ })
  await expect(go).toBeVisible()
  const acts: string[] = []
  page.on('request', (request) => request.method() === 'POST' && acts.push(request.url()))
  await page.locator('#main').press('?')
  await expect(page.getByRole('dialog', { name: '键盘帮助' })).toBeVisible()
  await page.keyboard.press('d')
  await page.keyboard.press('Escape')
  await expect(page.getByRole('dialog', { name: '键盘帮助' })).toBeHidden()
  await expect(go).toBeVisible() // Escape closed the help, not the case
  expect(acts).toEqual([])
  await page.getByRole('radio', { name: /^建议派遣至/ }).press('D')
  await expect(page.getByText('处置中').first()).toBeVisible()
  expect(acts).toHaveLength(1)
})

test('printed lists say demo, source and time, and end with their last row', async ({ page }) => {
  await enter(page, 'acceptor')
  await page.goto('/desk/#/cases?all=true')
  await expect(page.locator('.el-table__row').first()).toBeVisible()
  const pdf = (await page.pdf({ preferCSSPageSize: true })).toString('latin1')
  expect((pdf.match(/\/Type\s*\/Page[^s]/g) ?? []).length).toBeGreaterThan(1)
  await page.emulateMedia({ media: 'print' })
  await page.evaluate(() => window.dispatchEvent(new Event('beforeprint')))
  await expect(page.locator('.paper tbody tr')).toHaveCount(50)
  await expect(page.locator('.print-foot')).toContainText(/演示数据.*数据来源.*打印/)
  await expect(page.locator('.el-table')).toBeHidden()
})

test('the desk speaks Chinese on a device whose phone page was set to English', async ({ browser }) => {
  const context = await browser.newContext({ locale: 'en-US', viewport: { width: 1366, height: 768 } })
  const page = await context.newPage()
  await page.goto('/m/')
  await page.getByRole('button', { name: /EN/ }).click()
  await expect(page.locator('html')).toHaveAttribute('lang', 'en')
  const live = page.waitForRequest(/\/api\/v1\/live/)
  await enter(page, 'acceptor')
  await page.goto('/desk/#/cases?all=true')
  await expect(page.locator('html')).toHaveAttribute('lang', 'zh-CN')
  expect((await live).url()).toContain('lang=zh')
  const state = page.locator('.el-table__row .marks').first()
  await expect(state).toHaveText(/^[\u4e00-\u9fff]+$/)
  await page.goto('/m/')
  await expect(page.locator('html')).toHaveAttribute('lang', 'en') // the resident's choice stays
  await context.close()
})

test('whoever may not read cases has no search, and a closed page leads home', async ({ page }) => {
  await enter(page, 'admin')
  await page.goto('/desk/')
  await expect(page).toHaveURL(/#\/imports/)
  await expect(page.getByRole('search')).toHaveCount(0)
  await page.goto('/desk/#/wall')
  await page.getByRole('link', { name: '去我的首页' }).click()
  await expect(page).toHaveURL(/#\/imports/)
})

test('on a narrow screen the search has room for what it looks for', async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 })
  await enter(page, 'acceptor')
  await page.goto('/desk/#/cases?all=true')
  const field = page.getByRole('search').first().getByRole('textbox')
  await expect(field).toHaveAttribute('placeholder', '查找案件编号')
  // the words and a number of a case fit: 6 letters of 14 px, 14 digits
  await expect.poll(async () => (await field.boundingBox())?.width ?? 0).toBeGreaterThan(110)
  const wider = await page.locator('header.top').evaluate((bar) => bar.scrollWidth - bar.clientWidth)
  expect(wider).toBe(0)
})

test('what a report says about a person is erased, and the case says so', async ({ page, browser }) => {
  const errors = listenForErrors(page)
  const resident = await browser.newContext()
  const words = `找我 王某 ${Date.now() % 1_000_000}`
  const towns = (await (await resident.request.get('/api/v1/public/areas')).json()) as { code: string; name: string }[]
  const area_code = towns.find((town) => town.name === '周庄镇')?.code
  const report = { class_code: 'E0110', place: { area_code }, description: words, photos: [] }
  const made = await resident.request.post('/api/v1/public/reports', { data: report })
  const { case_id } = (await made.json()) as { case_id: string }
  await resident.close()

  await enter(page, 'acceptor')
  await page.goto(`/desk/#/cases/${case_id}`)
  await expect(page.getByText(words).first()).toBeVisible()
  await page.getByRole('button', { name: '删除个人信息', exact: true }).focus()
  await page.keyboard.press('Enter')
  const dialog = page.getByRole('dialog', { name: '删除个人信息' })
  await expect(dialog.getByRole('checkbox', { name: '问题描述' })).toBeChecked()
  await expect(dialog).toContainText('不能恢复')
  await accessible(page)
  await page.keyboard.press('Escape')
  await expect(dialog).toBeHidden()
  await expect(page.getByRole('button', { name: '删除个人信息', exact: true })).toBeFocused()
  await page.keyboard.press('Enter')
  await dialog.getByRole('button', { name: '永久删除' }).click()
  await expect(page.locator('.erase .done')).toBeFocused()
  await expect(page.locator('.erase .done')).toContainText('个人信息已删除：问题描述')
  await expect(page.getByText(words)).toHaveCount(0)
  await expect(page.getByRole('button', { name: '删除个人信息', exact: true })).toHaveCount(0)
  await page.getByRole('button', { name: '校验记录' }).click()
  await expect(page.getByText(/条记录逐条核对，全部一致/)).toBeVisible()
  await accessible(page)
  expect(errors).toEqual([])
})
