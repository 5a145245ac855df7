// What every journey needs: photos that nobody has sent before, roles, and the accessibility check.
import { AxeBuilder } from '@axe-core/playwright'
import { expect, type Page } from '@playwright/test'

/** A JPEG of random colours, drawn in the page: new in every run, so never the same file twice. */
export async function freshPhoto(page: Page): Promise<{ name: string; mimeType: string; buffer: Buffer }> {
  const bytes = await page.evaluate(async () => {
    const canvas = document.createElement('canvas')
    canvas.width = 1200
    canvas.height = 900
    const pen = canvas.getContext('2d')
    if (!pen) throw new Error('no canvas')
    for (let n = 0; n < 400; n++) {
      pen.fillStyle = `hsl(${Math.random() * 360},50%,50%)`
      pen.fillRect(Math.random() * 1200, Math.random() * 900, 90, 90)
    }
    const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done, 'image/jpeg', 0.9))
    if (!blob) throw new Error('no picture')
    return [...new Uint8Array(await blob.arrayBuffer())]
  })
  return { name: 'photo.jpg', mimeType: 'image/jpeg', buffer: Buffer.from(bytes) }
}

/** No finding of WCAG 2.1 A or AA. Map canvases are left out: every map has a list beside it. */
export async function accessible(page: Page): Promise<void> {
  const found = await new AxeBuilder({ page })
    .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'])
    .exclude('canvas')
    .analyze()
  const summary = found.violations.map(
    (one) => `${one.id}: ${one.nodes.map((node) => node.target.join(' ')).join(', ')}`,
  )
  expect(summary).toEqual([])
}

/** Errors that a page writes to its console or throws; journeys expect none. */
export function listenForErrors(page: Page): string[] {
  const errors: string[] = []
  page.on('pageerror', (error) => errors.push(error.message))
  page.on('console', (line) => {
    // the browser itself reports refused requests, which the pages show to the user
    if (line.type() === 'error' && !line.text().startsWith('Failed to load resource')) errors.push(line.text())
  })
  return errors
}

/** Signs in to the tasks of the phone with a demo account, whoever was signed in before. */
export async function signInOnPhone(page: Page, role: string): Promise<void> {
  await page.goto('/m/#/field')
  const leave = page.getByRole('button', { name: '退出' })
  const persona = page.getByRole('button', { name: new RegExp(`^${role}`) })
  await expect(leave.or(persona)).toBeVisible()
  if (await leave.isVisible()) {
    await leave.click()
    await expect(page).toHaveURL(/#\/$/)
    await page.goto('/m/#/field')
  }
  await persona.click()
  await expect(leave).toBeVisible()
}

/** The nine roles at the desk: how the door names them, and where their work is. */
export const ROLES = {
  inspector: { name: '采集员', home: /#\/cases\?state=pending_pre_verify$/ },
  acceptor: { name: '受理员', home: /#\/cases\?state=pending_file$/ },
  dispatcher: { name: '派遣员', home: /#\/cases\?state=pending_dispatch$/ },
  handler: { name: '责任单位', home: /#\/inbox(\?case=\d+)?$/ },
  checker: { name: '核查员', home: /#\/cases\?state=pending_check$/ },
  leader: { name: '领导', home: /#\/wall$/ },
  office: { name: '文明办', home: /#\/cases\?overdue=true$/ },
  admin: { name: '系统管理员', home: /#\/imports/ },
  auditor: { name: '审计员', home: /#\/cases\?all=true$/ },
} as const
export type Role = keyof typeof ROLES

/** Signs in at the door of the desk as people do, whoever was signed in before, and comes to the role's own work. */
export async function enter(page: Page, role: Role): Promise<void> {
  await page.context().clearCookies()
  await page.goto('about:blank')
  await page.goto('/desk/')
  await page.getByRole('button', { name: new RegExp(`^${ROLES[role].name}`) }).click()
  await expect(page).toHaveURL(ROLES[role].home)
}
