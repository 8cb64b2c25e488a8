// The frame of all pages.

export const shell = {
  'nav.people': 'People',
  'nav.audiences': 'Audiences',
  'nav.data': 'Data',
  'nav.menu': 'Menu',
  'palette.open': 'Go to … (⌘K)',
  'palette.title': 'Go to',
  'palette.search': 'Page, audience or model',
  'palette.pages': 'Pages',
  'palette.audiences': 'Audiences',
  'palette.tracks': 'Tracks',
  'palette.models': 'State models',
  'palette.none': 'Nothing here is called “{text}”.',
  'palette.keys': 'Arrows choose, Enter opens, Esc closes.',
  'palette.found': '{n, plural, =0 {nothing found} one {# place} other {# places}}',
} as const
