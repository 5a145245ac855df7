// Takes pictures of screens on the mock: `node tests/shots.mjs OUT name=WxH@persona:/path …`. For looking, not a test.
import { chromium } from '@playwright/test'
import { session } from './mock/api.mjs'
import { mockServer } from './mock-server.mjs'

const [out, ...wanted] = process.argv.slice(2)
const server = mockServer()
await new Promise((done) => server.listen(0, '127.0.0.1', done))
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--enable-unsafe-swiftshader', ...(process.env.FLAGS?.split(' ') ?? [])],
})
for (const one of wanted) {
  const [, name, width, height, persona, path] = /^([\w-]+)=(\d+)x(\d+)@(\w*):(.*)$/.exec(one)
  session.key = persona || null
  const page = await browser.newPage({ viewport: { width: +width, height: +height }, locale: 'zh-CN' })
  page.on('console', (line) => line.type() === 'error' && console.error(name, line.text()))
  page.on('pageerror', (error) => console.error(name, error.message))
  await page.goto(`http://127.0.0.1:${server.address().port}${path}`, { waitUntil: 'load' })
  await new Promise((done) => setTimeout(done, Number(process.env.WAIT ?? 1500)))
  await page.screenshot({ path: `${out}/${name}.png`, fullPage: process.env.FULL === '1' })
  await page.close()
}
await browser.close()
server.close()
