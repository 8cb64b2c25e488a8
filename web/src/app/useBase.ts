import { useParams } from 'react-router'

/** Where the pages of this workspace are. */
export function useBase(): string {
  const { workspace = '' } = useParams()
  return `/w/${encodeURIComponent(workspace)}`
}
