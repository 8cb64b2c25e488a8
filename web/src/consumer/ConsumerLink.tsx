// A person's identifier that leads to their page.

import { Link } from 'react-router'
import { useBase } from '../app/useBase'
import type { Day } from '../format/day'

interface Props {
  /** A key, or `kind:value`. */
  id: string
  asOf?: Day
  children: React.ReactNode
}

export function ConsumerLink({ id, asOf, children }: Props) {
  const base = useBase()
  return <Link to={`${base}/consumers/${encodeURIComponent(id)}${asOf ? `?as_of=${asOf}` : ''}`}>{children}</Link>
}
