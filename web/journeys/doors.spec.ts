// The doors of the desk, entered as people do: every role comes to his own work, also after another one, after his
// session ran out, by a deep link, and with two persons in two tabs.
import { expect, test, type Page } from '@playwright/test'
import { accessible, enter, listenForErrors, ROLES, type Role } from './support'

test.use({ viewport: { width: 1366, height: 768 } })

const persona = (page: Page, role: Role) => page.getByRole('button', { name: new RegExp(`^${ROLES[role].name}`) })

for (const role of Object.keys(ROLES) as Role[]) {
  test(`${ROLES[role].name} comes to his own work`, async ({ page }) => {
    const errors = listenForErrors(page)
    await enter(page, role)
    await expect(page.locator('main')).not.toContainText('没有查看此页的权限')
    // never lost: Tab and the keys go on from the page
    await expect.poll(() => page.evaluate(() => document.activeElement?.tagName)).not.toBe('BODY')
    expect(errors).toEqual([])
  })
}

test('by name and password, with Enter; then another one after signing out', async ({ page }) => {
  await page.goto('/desk/')
  await expect(page.getByLabel('账号')).toBeFocused()
  await page.keyboard.type('shouli')
  await page.keyboard.press('Tab')
  await page.keyboard.type('yanshi-2026')
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(ROLES.acceptor.home)
  await page.goto('/desk/#/cases/new')
  await page.locator('.who').click()
  await page.getByRole('menuitem', { name: '退出登录' }).click()
  await expect(page).toHaveURL(/#\/sign-in$/)
  await persona(page, 'handler').click()
  await expect(page).toHaveURL(ROLES.handler.home)
})

test('a deep link opens after the door for who may open it; others hear so and come to their work', async ({
  page,
}) => {
  await page.goto('/desk/#/calendar?year=2026')
  await persona(page, 'admin').click()
  await expect(page).toHaveURL(/#\/calendar\?year=2026$/)
  await page.context().clearCookies()
  await page.goto('about:blank')
  await page.goto('/desk/#/imports?kind=units')
  await persona(page, 'acceptor').click()
  await expect(page).toHaveURL(ROLES.acceptor.home)
  await expect(page.getByText('刚才的页面不在您的权限内')).toBeVisible()
})

test('a session that runs out in the middle of work comes back to it, with what was typed', async ({ page }) => {
  await enter(page, 'acceptor')
  await page.goto('/desk/#/cases/new')
  await page.getByLabel('问题描述').fill('来电人说路口红灯不亮')
  await page.context().clearCookies()
  await page.locator('.place .el-cascader').click()
  await page.locator('.el-cascader-node', { hasText: '周庄镇' }).click()
  await page.locator('.el-cascader-menu').nth(1).locator('.el-radio').first().click()
  await expect(page.getByText('登录已过期')).toBeVisible()
  await accessible(page)
  await persona(page, 'acceptor').click()
  await expect(page).toHaveURL(/#\/cases\/new$/)
  await expect(page.getByLabel('问题描述')).toHaveValue('来电人说路口红灯不亮')
  // another person at the same desk finds his own work, and nothing of it
  await page.context().clearCookies()
  await page.getByRole('link', { name: '案件办理' }).click()
  await expect(page.getByText('登录已过期')).toBeVisible()
  await persona(page, 'dispatcher').click()
  await expect(page).toHaveURL(ROLES.dispatcher.home)
})

test('a tab that was overtaken by another person does nothing in his name', async ({ page, context }) => {
  await enter(page, 'acceptor')
  await page.goto('/desk/#/cases/new')
  await page.getByLabel('问题描述').fill('只属于受理员的话')
  const second = await context.newPage()
  await second.goto('/desk/#/sign-in')
  await persona(second, 'dispatcher').click()
  await expect(second).toHaveURL(ROLES.dispatcher.home)
  // the first tab notices by itself
  await expect(page.getByText('另一个窗口换了人登录')).toBeVisible()
  await accessible(page)
  await persona(page, 'acceptor').click()
  await expect(page).toHaveURL(/#\/cases\/new$/)
  await expect(page.getByLabel('问题描述')).toHaveValue('只属于受理员的话')
  // now the second one is overtaken; it goes on as who is signed in, at that person's own work
  await expect(second.getByText('另一个窗口换了人登录')).toBeVisible()
  await second.getByRole('button', { name: /的身份继续$/ }).click()
  await expect(second).toHaveURL(ROLES.acceptor.home)
})

test('the server refuses what a page asks in another one’s session, even when the page did not notice', async ({
  page,
}) => {
  await enter(page, 'acceptor')
  await expect(page.locator('.el-table__row').first()).toBeVisible()
  const asked: string[] = []
  page.on('request', (request) => asked.push(request.headers()['youju-person'] ?? ''))
  // the cookie changes without a word to the tab, as from a browser that does not tell its tabs
  await page.request.post('/api/v1/demo/session', { data: { persona: 'dispatcher' } })
  await page.getByRole('button', { name: '刷新' }).click()
  // either answer of the server closes the page: that of the other person, or that of the session that has ended
  await expect(page.getByText(/另一个窗口换了人登录|登录已过期/)).toBeVisible()
  expect(asked.some((id) => id !== '')).toBe(true)
})

test('signing out in one tab ends the other one, which comes back to its page', async ({ page, context }) => {
  await enter(page, 'dispatcher')
  const second = await context.newPage()
  await second.goto('/desk/#/cells')
  await expect(second.getByRole('navigation', { name: '主菜单' })).toBeVisible()
  await page.locator('.who').click()
  await page.getByRole('menuitem', { name: '退出登录' }).click()
  await expect(second.getByText('已在另一个窗口退出登录')).toBeVisible()
  await persona(second, 'dispatcher').click()
  await expect(second).toHaveURL(/#\/cells$/)
})
