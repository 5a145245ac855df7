// The main job, through the screens only: a resident's photo becomes a closed case. The unit that fixes never closes,
// a photo used before is no proof, somebody else checks, the resident has the last word.
import { expect, test, type Browser, type Page } from '@playwright/test'
import { accessible, freshPhoto, listenForErrors, signInOnPhone } from './support'

/** Town of the demo's responsible unit (its account is printed by `youju demo`). */
const TOWN = '周庄镇'

async function phonePage(browser: Browser): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true })
  return context.newPage()
}
async function deskPage(browser: Browser): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1366, height: 768 } })
  return context.newPage()
}

/** A resident reports; answers the words by which the case is found again, its number and the photo. */
async function report(page: Page) {
  const words = `菜场后门垃圾 ${Date.now() % 1_000_000}`
  const photo = await (await page.goto('/m/'), freshPhoto(page))
  await page.locator('input[type=file]').first().setInputFiles(photo)
  await page.getByRole('button', { name: '选镇街、村' }).click()
  await page.locator('#town').selectOption({ label: TOWN })
  await page.locator('#village').selectOption({ index: 1 })
  await page.getByRole('radio').first().check()
  await page.locator('#words').fill(words)
  const unit = await page.locator('.promise strong').innerText()
  await page.getByRole('button', { name: '提交' }).click()
  await expect(page.locator('.code')).toBeVisible()
  const number = await page.locator('dd.num').innerText()
  return { words, number, unit, photo }
}

/** Opens one's own task with these words in it. */
async function openTask(page: Page, words: string): Promise<void> {
  await page.getByRole('link').filter({ hasText: words }).click()
  await expect(page.getByText(words).first()).toBeVisible()
}

async function openAtDesk(page: Page, role: string, number: string): Promise<void> {
  await page.goto('/desk/#/sign-in')
  await page.getByRole('button', { name: new RegExp(`^${role}`) }).click()
  await expect(page.getByRole('navigation', { name: '主菜单' })).toBeVisible()
  await page.goto(`/desk/#/queue?number=${number}`)
  await page.locator('.el-table__row').filter({ hasText: number }).click()
}

test('from the photo to the verdict', async ({ browser }) => {
  test.setTimeout(120_000)
  const resident = await phonePage(browser)
  const field = await phonePage(browser)
  const desk = await deskPage(browser)
  const errors = [resident, field, desk].flatMap((page) => listenForErrors(page))
  const { words, number, unit, photo } = await report(resident)

  await signInOnPhone(field, '采集员')
  await openTask(field, words)
  await field.getByRole('radio', { name: '属实', exact: true }).check()
  await field.locator('#note').fill('到现场看过，情况属实')
  await field.getByRole('button', { name: '提交核实结果' }).click()
  await expect(field).toHaveURL(/#\/field$/)

  await openAtDesk(desk, '受理员', number)
  await desk.getByRole('button', { name: '立案', exact: true }).click()
  await expect(desk.getByText('待派遣').first()).toBeVisible()

  await openAtDesk(desk, '派遣员', number)
  await expect(desk.getByText(/责任清单/).first()).toBeVisible()
  await desk.getByRole('button', { name: `派遣至${unit}` }).click()
  await expect(desk.getByText('处置中').first()).toBeVisible()

  await signInOnPhone(field, '责任单位')
  await openTask(field, words)
  await expect(field.getByText('处置人不能自行结案')).toBeVisible()
  await expect(field.getByRole('button', { name: /结案/ })).toHaveCount(0)
  await accessible(field)
  const files = field.locator('input[type=file]').first()
  await files.setInputFiles(photo)
  await field.locator('#note').fill('已清理')
  await field.getByRole('button', { name: '提交处置结果' }).click()
  await expect(field.locator('form [role=alert]')).toContainText(number)
  await field.getByRole('button', { name: /^删除第 1 张/ }).click()
  await files.setInputFiles(await freshPhoto(field))
  await field.getByRole('button', { name: '提交处置结果' }).click()
  await expect(field).toHaveURL(/#\/field$/)

  await signInOnPhone(field, '核查员')
  await openTask(field, words)
  await field.getByRole('radio', { name: '通过', exact: true }).check()
  await field.getByRole('button', { name: '提交核查结果' }).click()
  await expect(field).toHaveURL(/#\/field$/)

  await openAtDesk(desk, '受理员', number)
  await desk.getByRole('button', { name: '结案', exact: true }).click()
  await expect(desk.getByText('已办结').first()).toBeVisible()

  await resident.getByRole('button', { name: '刷新' }).click()
  await resident.getByRole('button', { name: '已解决', exact: true }).click()
  await expect(resident.getByRole('heading', { name: '您的评价：已解决' })).toBeVisible()
  await expect(resident.locator('figure img')).toHaveCount(2)
  await expect(resident.getByText(/记录链 \d+ 条，校验通过/)).toBeVisible()
  expect(errors).toEqual([])
})
