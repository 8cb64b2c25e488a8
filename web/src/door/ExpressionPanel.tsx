// The people behind a number that came with its expression.

import { useNavigate } from 'react-router'
import { usePeopleOf } from '../api/audiences'
import { useBase } from '../app/useBase'
import type { Json } from '../builder/tree'
import type { Day } from '../format/day'
import { PeoplePanel } from './PeoplePanel'

export interface Door {
  expression: Json
  said: string
  name: string
  shown: number | undefined
}

export function ExpressionPanel({ door, asOf, onClose }: { door: Door; asOf: Day; onClose: () => void }) {
  const base = useBase()
  const navigate = useNavigate()
  const people = usePeopleOf(door.expression, asOf)
  return (
    <PeoplePanel
      people={people}
      said={door.said}
      name={door.name}
      shown={door.shown}
      onClose={onClose}
      onFollow={(who) => void navigate(`${base}/states?who=${encodeURIComponent(who)}&as_of=${asOf}`)}
    />
  )
}
