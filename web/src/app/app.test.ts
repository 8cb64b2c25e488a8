import { expect, test } from 'vitest'
import { pageAt } from './pages'
import { matching, type Place } from './places'

const place = (name: string): Place => ({ kind: 'palette.pages', name, path: name })
const PLACES = ['Audiences', 'People by state', '双11 未购', 'Tea audience'].map(place)

test.each([
  ['', ['Audiences', 'People by state', '双11 未购', 'Tea audience']],
  ['au', ['Audiences', 'Tea audience']],
  ['STATE people', ['People by state']],
  ['11', ['双11 未购']],
  ['nothing', []],
])('“%s” finds %j', (text, names) => {
  expect(matching(PLACES, text).map(({ name }) => name)).toEqual(names)
})

test.each([
  ['audiences', 'audiences'],
  ['audiences/x/edit', 'audiences'],
  ['audiences-of-others', undefined],
  ['', ''],
])('the page at %s is %s', (path, page) => {
  expect(pageAt(path)?.path).toBe(page)
})
