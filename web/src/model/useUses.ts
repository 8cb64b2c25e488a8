import { useMemo } from 'react'
import { useAudiences, useModels } from '../api/queries'
import { useTracks } from '../api/tracks'
import { usesOf, type Use } from './rules'

/** Who names each model, of what this workspace has. */
export function useUses(): (model: string) => Use[] {
  const tracks = useTracks().data
  const audiences = useAudiences().data
  const models = useModels().data
  return useMemo(() => {
    const definitions = { tracks: tracks ?? [], audiences: audiences ?? [], models: models ?? [] }
    return (model: string) => usesOf(model, definitions)
  }, [tracks, audiences, models])
}
