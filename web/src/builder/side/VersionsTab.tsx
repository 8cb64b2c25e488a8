// Every version that was saved, with how many it has as of now. One of them goes back into the editor, where it can be
// looked at, undone, or saved as the next version.

import { Button, Skeleton } from 'antd'
import { useAudienceVersions, useEstimate } from '../../api/audiences'
import type { Audience } from '../../api/types'
import { Failure } from '../../app/Failure'
import { Count } from '../../door/Count'
import { useSpeech } from '../../i18n'
import { sayNode } from '../grammar/say'
import { read, write, type Json } from '../tree'
import type { SideProps } from './Side'

type Props = SideProps & { audience: string | undefined }

export function VersionsTab({ audience, ...props }: Props) {
  const { t } = useSpeech()
  const versions = useAudienceVersions(audience)
  if (audience === undefined) return <p className="quiet">{t('builder.versions_none')}</p>
  if (versions.error) return <Failure error={versions.error} onRetry={() => void versions.refetch()} />
  if (!versions.data) return <Skeleton active title={false} paragraph={{ rows: 3 }} />
  return (
    <>
      {versions.data.length < 2 && <p className="quiet">{t('versions.only')}</p>}
      <ol className="versions">
        {versions.data.map((version, i) => (
          <Version key={version.version} {...props} version={version} isLatest={i === 0} />
        ))}
      </ol>
    </>
  )
}

function Version({ version, isLatest, builder, names, asOf }: SideProps & { version: Audience; isLatest: boolean }) {
  const { t, language } = useSpeech()
  const expression = version.expression as Json
  const size = useEstimate(expression, asOf)
  const said = sayNode(read(expression), language, names)
  const title = t('models.version', { version: version.version })
  const isInEditor = JSON.stringify(write(builder.root)) === JSON.stringify(expression)
  const load = () => builder.replaceAll(expression)
  return (
    <li>
      <div className="version-head">
        <strong>{title}</strong>
        {isLatest && <span className="quiet">{t('versions.current')}</span>}
        {size.data && <Count value={size.data.count} isExact sentence={said} onOpen={load} testId={`version-${version.version}`} />}
        <Button size="small" disabled={isInEditor} aria-label={`${t('builder.version_load')}: ${title}`} onClick={load}>
          {t('builder.version_load')}
        </Button>
      </div>
      {size.error && <p className="odd">{size.error.message}</p>}
      <p className="quiet">{said}</p>
      {version.description && <p className="quiet">{version.description}</p>}
    </li>
  )
}
