// How quick the pages feel, on the demo merchant: WEIR_BIN=…/weir npm run bench

import { defineConfig } from '@playwright/test'
import stories from './playwright.config'

process.env.WEIR_E2E_CONSUMERS ??= '200000'
process.env.WEIR_E2E_DAYS ??= '180'

export default defineConfig({ ...stories, testMatch: '*.bench.ts', timeout: 300_000, retries: 0, projects: [{ name: 'bench' }] })
