// The colour of a state beside its name. The name carries the meaning; the colour only helps to find it.

import type { Look } from './look'

export function Swatch({ look }: { look: Look }) {
  const kind = look.isHatched ? 'hatched' : `pattern-${look.pattern === 0 ? 0 : ((look.pattern - 1) % 3) + 1}`
  const color = look.isHatched ? 'var(--weir-secondary)' : `var(--weir-state-${look.slot})`
  return <i className={`swatch ${kind}`} style={{ '--swatch': color } as React.CSSProperties} aria-hidden />
}
