// The list by the keyboard only: to a case, into it, and back to its row. The focus is never lost.
import { expect, test, type Page } from '@playwright/test'

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
