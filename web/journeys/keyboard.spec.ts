// The whole path of a case by the keyboard only: report, file, dispatch, handle, check, close. The focus is never lost.
import { expect, test, type Page } from '@playwright/test'
import { freshPhoto, listenForErrors } from './support'

test.use({ viewport: { width: 1366, height: 768 } })

const PASSWORD = 'yanshi-2026'

/** What has the focus, in words: tag and name. */
const focused = (page: Page) =>
  page.evaluate(() => {
    const el = document.activeElement
    return `${el?.tagName} ${el?.getAttribute('aria-label') ?? el?.getAttribute('placeholder') ?? el?.textContent.trim() ?? ''}`
  })
const notLost = (page: Page) => expect.poll(() => focused(page)).not.toMatch(/^BODY/)

async function signIn(page: Page, login: string): Promise<void> {
  await page.context().clearCookies()
  await page.goto('about:blank')
  await page.goto('/desk/')
  await expect(page.getByLabel('账号')).toBeFocused()
  await page.keyboard.type(login)
  await page.keyboard.press('Tab')
  await page.keyboard.type(PASSWORD)
  await page.keyboard.press('Enter')
  await expect(page.getByRole('navigation', { name: '主菜单' })).toBeVisible()
  await notLost(page)
}
/** Tab until the focus stands on what is called this. */
async function tabTo(page: Page, name: RegExp): Promise<void> {
  for (let n = 0; n < 60; n++) {
    if (name.test(await focused(page))) return
    await page.keyboard.press('Tab')
  }
  throw new Error(`${String(name)} is not reached by Tab`)
}
/** Finds a case by its number and opens it. */
async function open(page: Page, number: string): Promise<void> {
  await page.keyboard.press('/')
  await expect(page.getByRole('textbox', { name: '按编号查找案件' })).toBeFocused()
  await page.keyboard.type(number)
  await page.keyboard.press('Enter')
  await expect(page.locator('.el-table__row')).toHaveCount(1)
  await expect(page.locator('.el-table__row')).toContainText(number)
  await page.locator('#main').focus()
  await page.keyboard.press('j')
  await expect(page.locator('tr.at button').first()).toBeFocused()
  await page.keyboard.press('Enter')
  await expect(page.getByRole('complementary', { name: `案件 ${number}` })).toBeFocused()
}

/** Takes a call down; answers the number of the case. */
async function report(page: Page): Promise<string> {
  await page.keyboard.press('n')
  await expect(page.getByRole('heading', { name: '上报案件' })).toBeVisible()
  await tabTo(page, /问题类型/)
  await page.keyboard.type('垃圾')
  await expect(page.getByRole('option').first()).toBeVisible()
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  await tabTo(page, /^TEXTAREA 问题描述/)
  await page.keyboard.type('n 号楼 j 座门前 d 处垃圾') // letters in a field are letters
  await expect(page.getByLabel('问题描述')).toHaveValue('n 号楼 j 座门前 d 处垃圾')
  await tabTo(page, /镇街、村/)
  await page.keyboard.type('周庄镇')
  await expect(page.locator('.el-cascader__suggestion-item').first()).toBeVisible()
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('region', { name: '去向和时限' }).locator('b').first()).not.toBeEmpty()
  await tabTo(page, /提交上报/)
  await page.keyboard.press('Enter')
  await expect(page.getByRole('heading', { name: '已上报' })).toBeFocused()
  return page.locator('.done .large').first().innerText()
}

/** The proof, chosen and sent. */
async function handle(page: Page): Promise<void> {
  await page.keyboard.press('h') // nothing to send yet: the cursor goes to what is missing
  await expect(page.getByText(/请先上传照片/)).toBeVisible()
  expect(await focused(page)).toMatch(/^INPUT/)
  const chooser = page.waitForEvent('filechooser')
  await page.keyboard.press('Enter')
  await (await chooser).setFiles(await freshPhoto(page))
  await expect(page.getByText('上传中')).toHaveCount(0)
  await expect(page.getByRole('button', { name: '移除第 1 张照片' })).toBeVisible()
  await page.keyboard.press('h')
}

test('from the call to the closed case without a mouse', async ({ page }) => {
  test.setTimeout(180_000)
  const errors = listenForErrors(page)
  await signIn(page, 'shouli')
  const number = await report(page)

  await open(page, number)
  await page.keyboard.press('e')
  expect(await focused(page)).toMatch(/^INPUT/)
  await page.keyboard.press('Escape')
  await expect(page.locator('tr.at button').first()).toBeFocused()
  await page.keyboard.press('e')
  await expect(page.getByRole('complementary', { name: `案件 ${number}` })).toBeFocused()
  await expect(page.getByRole('button', { name: '立案', exact: true })).toBeVisible()
  await page.keyboard.press('e')
  await page.keyboard.press('Space')
  await page.keyboard.press('f')
  await expect(page.getByText('待派遣').first()).toBeVisible()
  await notLost(page)
  await expect(page.getByRole('button', { name: /^下一件/ }).last()).toBeFocused()

  await signIn(page, 'paiqian')
  await open(page, number)
  await expect(page.getByRole('button', { name: /^派遣至/ })).toBeVisible()
  await page.keyboard.press('d')
  await expect(page.getByText('处置中').first()).toBeVisible()
  await notLost(page)

  await signIn(page, 'huanwei')
  await open(page, number)
  await handle(page)
  await expect(page.getByText('待核查').first()).toBeVisible()
  await notLost(page)

  await signIn(page, 'hecha')
  await open(page, number)
  const acts: string[] = []
  page.on('request', (request) => request.url().endsWith('/check') && acts.push(request.url()))
  await page.keyboard.press('c')
  await expect(page.getByText('请选择通过还是不通过')).toBeVisible()
  await page.keyboard.press('Enter') // on the radio button: the form is not sent unchosen
  expect(acts).toEqual([])
  await page.keyboard.press('Space')
  await expect(page.getByRole('button', { name: '提交核查结果：通过' })).toBeVisible()
  await page.keyboard.press('c')
  await expect(page.getByText('待结案').first()).toBeVisible()
  await notLost(page)

  await signIn(page, 'shouli')
  await open(page, number)
  await page.keyboard.press('?')
  await expect(page.getByRole('dialog', { name: '键盘帮助' })).toContainText('结案')
  await page.keyboard.press('x') // behind the help keys rest
  await page.keyboard.press('Escape')
  await expect(page.getByRole('dialog', { name: '键盘帮助' })).toBeHidden()
  await notLost(page)
  await page.keyboard.press('x')
  await expect(page.getByText('已办结').first()).toBeVisible()
  await notLost(page)
  expect(errors).toEqual([])
})

test('J, K, Enter, E and Escape take the focus along', async ({ page }) => {
  await signIn(page, 'paiqian')
  await page.goto('/desk/#/cases?all=true')
  await expect(page.locator('.el-table__row').nth(2)).toBeVisible()
  const row = (n: number) => page.locator('.el-table__row').nth(n).locator('button').first()
  await page.locator('#main').focus()
  await page.keyboard.press('j')
  await expect(row(0)).toBeFocused()
  await page.keyboard.press('j')
  await page.keyboard.press('j')
  await expect(row(2)).toBeFocused()
  await page.keyboard.press('k')
  await expect(row(1)).toBeFocused()
  await page.keyboard.press('Enter')
  await expect(page.locator('aside.panel')).toBeFocused()
  await page.keyboard.press('j') // the next case, and its row
  await expect(row(2)).toBeFocused()
  await page.keyboard.press('Escape')
  await expect(page.locator('aside.panel')).toHaveCount(0)
  await expect(row(2)).toBeFocused()
  await page.locator('.el-table__row').first().click()
  await expect(page.locator('aside.panel')).toBeFocused() // by the mouse too
  await page.getByRole('button', { name: '关闭', exact: true }).click()
  await expect(row(0)).toBeFocused()
})
