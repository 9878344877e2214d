import { useParams } from 'react-router'
import { PageSkeleton } from '../../app/page.tsx'
import { useShop } from '../../app/session.tsx'
import { useRead } from '../../kit/api.ts'
import { Failure } from '../../kit/feedback.tsx'
import { Workbench } from './workbench.tsx'

/** The editor of one designed page; its draft is read once, then kept by the editor. */
export default function PageEditor() {
  const { shopId } = useShop()
  const { pageId = '' } = useParams()
  const read = useRead('console.page', { params: { shopId, pageId } }, { once: true })
  if (read.isError) return <Failure error={read.error} retry={() => void read.refetch()} />
  if (!read.data) return <PageSkeleton />
  return <Workbench key={pageId} loaded={read.data} />
}
