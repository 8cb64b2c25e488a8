// What may be wider than the page scrolls by itself, and by keyboard.

import type { ReactNode } from 'react'

export function Scroll({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div className="scroll wide-table" tabIndex={0} role="region" aria-label={label}>
      {children}
    </div>
  )
}
