// Pictures for people to look at: WEIR_BIN=…/weir npm run screenshots

import { defineConfig } from '@playwright/test'
import stories from './playwright.config'

export default defineConfig({ ...stories, testMatch: '*.shots.ts', projects: [{ name: 'screenshots' }] })
