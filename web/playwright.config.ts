// Stories against the real binary: WEIR_BIN=…/weir npm run e2e
//
// The browser is the system's Chromium (CHROMIUM names another); nothing is downloaded. Tests of one language share a
// server; a story follows the one before.

import { defineConfig } from '@playwright/test'
import type { Language } from './src/i18n/language'

export default defineConfig<{ language: Language }>({
  testDir: 'e2e',
  testMatch: '*.spec.ts',
  globalSetup: './e2e/setup.ts',
  workers: 1,
  // Pages move while a busy machine catches up, and a click may miss. A second try is told as flaky, never hidden.
  retries: 1,
  timeout: 60_000,
  expect: { timeout: 10_000 },
  reporter: [['list']],
  use: {
    viewport: { width: 1440, height: 900 },
    // Half of a transition has colours of its own.
    contextOptions: { reducedMotion: 'reduce' },
    launchOptions: {
      executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
      args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update'],
    },
    screenshot: 'only-on-failure',
  },
  projects: [
    { name: 'zh', use: { language: 'zh' } },
    { name: 'en', use: { language: 'en' } },
  ],
})
