import { UploadOutlined } from '@ant-design/icons'
import { FREEZE_CASES, type FreezeDetail } from '@zhanggui/contract'
import { Button, Card, Descriptions, Timeline, Upload } from 'antd'
import { useParams } from 'react-router'
import { Page } from '../../app/page.tsx'
import { useShop } from '../../app/session.tsx'
import { say, t } from '../../i18n/index.ts'
import { routeUrl, useRead, useWrite } from '../../kit/api.ts'
import { Loaded, useFeedback } from '../../kit/feedback.tsx'
import { InstantText } from '../../kit/instant.tsx'
import { Money } from '../../kit/money.tsx'
import { SmallTable } from '../../kit/small-table.tsx'
import { FreezeTag } from './freezes.tsx'

const ACCEPTED = 'image/*,.xlsx,.zip'

/** One freeze as its shop sees it, with a place to hand papers in. */
export default function FreezePage() {
  const { shop, shopId, may } = useShop()
  const { freezeId = '' } = useParams()
  const { done, failed } = useFeedback()
  const params = { shopId, freezeId }
  const read = useRead('console.freeze', { params })
  const add = useWrite('console.addFreezeDocument', ['console.freeze', 'console.freezes'])
  const send = async (file: File) => {
    try {
      await add.mutateAsync({ params, file, fileName: file.name })
      done(t('settle.documentSent'))
    } catch (error) {
      failed(error)
    }
  }
  return (
    <Page
      title={read.data?.number ?? t('nav.freezes')}
      mark={read.data && <FreezeTag state={read.data.state} />}
      back={`/s/${shop.slug}/freezes`}
      actions={
        may('money.write') && (
          <Upload
            accept={ACCEPTED}
            showUploadList={false}
            beforeUpload={(file) => {
              void send(file)
              return false
            }}
          >
            <Button type="primary" icon={<UploadOutlined />} loading={add.isPending}>
              {t('settle.document')}
            </Button>
          </Upload>
        )
      }
    >
      <Loaded query={read}>
        {(freeze) => (
          <FreezeCards
            freeze={freeze}
            fileUrl={(documentId) => routeUrl('console.freezeFile', { params: { ...params, documentId } })}
          />
        )}
      </Loaded>
    </Page>
  )
}

export function FreezeCards({ freeze, fileUrl }: { freeze: FreezeDetail; fileUrl: (documentId: string) => string }) {
  return (
    <div className="stack-l">
      <Card>
        <Descriptions
          column={{ xs: 1, md: 2 }}
          items={[
            { key: 'shop', label: t('settle.shop'), children: freeze.shopName },
            { key: 'amount', label: t('settle.amount'), children: <Money fen={freeze.amountFen} strong /> },
            { key: 'reason', label: t('settle.reason'), children: freeze.reason },
            { key: 'case', label: t('settle.case'), children: say(FREEZE_CASES[freeze.caseKind]) },
            { key: 'by', label: t('settle.by'), children: freeze.openedBy },
            { key: 'openedAt', label: t('settle.openedAt'), children: <InstantText at={freeze.openedAt} /> },
            freeze.releasedAt === null
              ? { key: 'dueAt', label: t('settle.freezeDueAt'), children: <InstantText at={freeze.dueAt} /> }
              : { key: 'releasedAt', label: t('settle.releaseAt'), children: <InstantText at={freeze.releasedAt} /> },
            { key: 'left', label: t('settle.prolongationsLeft'), children: freeze.prolongationsLeft },
            ...(freeze.releaseReason
              ? [{ key: 'why', label: t('settle.releaseReason'), children: freeze.releaseReason }]
              : []),
          ]}
        />
      </Card>
      <Card title={t('settle.freezeEvents')}>
        <Timeline
          items={freeze.events.map((event) => ({
            key: event.number,
            content: (
              <span className="cell-text">
                <span>
                  <span className="strong">{t(`settle.event.${event.kind}`)}</span>{' '}
                  {event.fileId ? <a href={fileUrl(event.fileId)}>{event.fileName}</a> : event.text}
                </span>
                <span className="faint small">
                  {event.actorName} · <InstantText at={event.at} />
                </span>
              </span>
            ),
          }))}
        />
      </Card>
      <Card title={t('settle.parts')}>
        <SmallTable
          rows={freeze.parts}
          rowKey={(row) => String(row.part)}
          columns={[
            {
              title: t('settle.freezeSource'),
              render: (row) =>
                [t(row.source === 'pending' ? 'settle.pending' : 'settle.available'), row.orderNo]
                  .filter(Boolean)
                  .join(' · '),
            },
            { title: t('settle.amount'), align: 'right', render: (row) => <Money fen={row.amountFen} /> },
          ]}
        />
      </Card>
    </div>
  )
}
