// Journeys drive the true binary on a fresh demo city, in the distribution's own Chromium (no browser download).
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { defineConfig } from '@playwright/test'

/** A server that already runs, e.g. the mock; otherwise the binary is started. */
const running = process.env['YOUJU_JOURNEY_URL']
const port = Number(process.env['YOUJU_JOURNEY_PORT'] ?? 18080)
const binary = process.env['YOUJU_BIN'] ?? '../target/debug/youju'
const data = process.env['YOUJU_JOURNEY_DATA'] ?? mkdtempSync(join(tmpdir(), 'youju-journey-'))
// The config is read again by every worker: they must all see the folder of the first reading.
process.env['YOUJU_JOURNEY_DATA'] = data

export default defineConfig({
  testDir: './journeys',
  workers: 1,
  retries: 0,
  timeout: 90_000,
  expect: { timeout: 15_000 }, // the wall draws without a graphics card while it is tested
  reporter: [['list']],
  use: {
    baseURL: running ?? `http://127.0.0.1:${port}`,
    actionTimeout: 20_000,
    locale: 'zh-CN',
    timezoneId: 'Asia/Shanghai',
    trace: 'retain-on-failure',
    launchOptions: {
      executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
      args: [
        '--no-sandbox',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
        '--enable-unsafe-swiftshader',
      ],
    },
  },
  ...(running
    ? {}
    : {
        webServer: {
          command: `${binary} demo --data ${data} --scale town --listen 127.0.0.1:${port}`,
          url: `http://127.0.0.1:${port}/readyz`,
          reuseExistingServer: false,
          timeout: 120_000,
        },
      }),
})
