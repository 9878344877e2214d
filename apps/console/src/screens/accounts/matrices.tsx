import { PlusOutlined } from '@ant-design/icons'
import { type ChannelGroup, type MatrixReport, ROUTES } from '@zhanggui/contract'
import { Alert, Button, Card, Form, Input, Tag, Tooltip } from 'antd'
import { useState } from 'react'
import { useShop } from '../../app/session.tsx'
import { t } from '../../i18n/index.ts'
import { useRead, useWrite } from '../../kit/api.ts'
import { Loaded, useFeedback } from '../../kit/feedback.tsx'
import { FormDialog } from '../../kit/form-dialog.tsx'
import { Nothing } from '../../kit/nothing.tsx'
import { percentText } from '../../kit/percent-text.ts'

const percent = (bp: number): string => percentText(bp, 1)

/** Matrices of accounts: how each is positioned, and how much their audiences overlap. */
export function Matrices() {
  const { shopId, may } = useShop()
  const { confirm } = useFeedback()
  const read = useRead('console.channelGroups', { params: { shopId } })
  const remove = useWrite('console.deleteChannelGroup', ['console.channelGroups', 'console.channelAccounts'])
  const [edited, setEdited] = useState<ChannelGroup | 'new'>()
  const writable = may('settings.write')
  const askRemove = (group: ChannelGroup) =>
    confirm({
      title: t('matrix.removeAsk', { name: group.name }),
      content: t('matrix.removeHint'),
      okText: t('action.remove'),
      danger: true,
      run: () => remove.mutateAsync({ params: { shopId, groupId: group.id } }),
    })
  const add = (
    <Button type="primary" icon={<PlusOutlined />} onClick={() => setEdited('new')}>
      {t('matrix.add')}
    </Button>
  )
  return (
    <>
      <div className="row-between account-bar">
        <span className="soft small">{t('matrix.hint')}</span>
        {writable && (read.data?.items.length ?? 0) > 0 && add}
      </div>
      <Loaded query={read}>
        {({ items }) =>
          items.length === 0 ? (
            <div className="resource">
              <Nothing title={t('matrix.none')} hint={t('matrix.noneHint')} action={writable && add} />
            </div>
          ) : (
            <div className="stack-l">
              {items.map((group) => (
                <Card
                  key={group.id}
                  title={group.name}
                  data-testid={`matrix-${group.name}`}
                  extra={
                    writable && (
                      <>
                        <Button type="link" size="small" onClick={() => setEdited(group)}>
                          {t('action.edit')}
                        </Button>
                        <Button type="link" size="small" danger onClick={() => askRemove(group)}>
                          {t('action.remove')}
                        </Button>
                      </>
                    )
                  }
                >
                  {group.owner && <p className="soft">{t('matrix.ownerIs', { owner: group.owner })}</p>}
                  <Report groupId={group.id} />
                </Card>
              ))}
            </div>
          )
        }
      </Loaded>
      {edited && <GroupDialog group={edited === 'new' ? undefined : edited} onClose={() => setEdited(undefined)} />}
    </>
  )
}

function Report({ groupId }: { groupId: string }) {
  const { shopId } = useShop()
  const read = useRead('console.matrixReport', { params: { shopId, groupId } })
  const accounts = useRead('console.channelAccounts', { params: { shopId } })
  return (
    <Loaded query={read}>
      {(report) => (
        <div className="stack-s">
          <div className="matrix-positions">
            {(accounts.data?.items ?? [])
              .filter((each) => report.group.accountIds.includes(each.id))
              .map((each) => (
                <div key={each.id} className="access-list">
                  <div className="strong">{each.name}</div>
                  <div className="small">{[each.track, each.audience, each.tone].filter(Boolean).join(' · ')}</div>
                  <div>
                    {each.pillars.map((pillar) => (
                      <Tag key={pillar}>{pillar}</Tag>
                    ))}
                  </div>
                </div>
              ))}
          </div>
          {report.accounts.length < 2 ? (
            <Alert type="info" showIcon title={t('matrix.tooFew')} />
          ) : (
            <>
              <OverlapTable report={report} />
              <Advice report={report} />
            </>
          )}
        </div>
      )}
    </Loaded>
  )
}

function OverlapTable({ report }: { report: MatrixReport }) {
  const { accounts, overlaps, days } = report
  const between = (a: string, b: string) =>
    overlaps.find((each) => (each.a === a && each.b === b) || (each.a === b && each.b === a))
  return (
    <div>
      <div className="scroll-x">
        <table className="compare matrix-table">
          <thead>
            <tr>
              <th />
              {accounts.map((account) => (
                <th key={account.id} scope="col">
                  {account.name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {accounts.map((row) => (
              <tr key={row.id}>
                <th scope="row">{row.name}</th>
                {accounts.map((column) => {
                  const found = between(row.id, column.id)
                  if (row.id === column.id)
                    return (
                      <td key={column.id} className="faint num">
                        {t('matrix.buyers', { count: row.buyers })}
                      </td>
                    )
                  if (!found) return <td key={column.id} />
                  return (
                    <td key={column.id} className={`num ${found.isHigh ? 'red strong' : ''}`}>
                      <Tooltip
                        title={t('matrix.cell', {
                          shared: found.shared,
                          share: percent(found.shareBp),
                          jaccard: percent(found.jaccardBp),
                        })}
                      >
                        <span>{percent(found.shareBp)}</span>
                      </Tooltip>
                      <div className="faint small">
                        {t('matrix.shared', { count: found.shared })} · J {percent(found.jaccardBp)}
                      </div>
                    </td>
                  )
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <p className="faint small">{t('matrix.caption', { days })}</p>
    </div>
  )
}

/** What to do about overlaps, positions that say the same, and accounts without one. */
function Advice({ report }: { report: MatrixReport }) {
  const nameOf = (id: string) => report.accounts.find((each) => each.id === id)?.name ?? ''
  const high = report.overlaps.filter((each) => each.isHigh)
  const vague = report.accounts.filter((each) => !each.positioned)
  return (
    <div className="stack-s" data-testid="matrix-advice">
      {high.map((each) => (
        <Alert
          key={each.a + each.b}
          type="warning"
          showIcon
          title={t('matrix.high', {
            a: nameOf(each.a),
            b: nameOf(each.b),
            share: percent(each.shareBp),
            limit: percent(report.highBp),
          })}
          description={
            each.sameWords.length > 0
              ? t('matrix.highSame', { words: each.sameWords.join('、') })
              : t('matrix.highApart')
          }
        />
      ))}
      {vague.length > 0 && (
        <Alert type="info" showIcon title={t('matrix.vague', { names: vague.map((each) => each.name).join('、') })} />
      )}
      {high.length === 0 && (
        <p className="soft small">{t('matrix.fine', { limit: percent(report.highBp), least: report.leastBuyers })}</p>
      )}
    </div>
  )
}

function GroupDialog({ group, onClose }: { group: ChannelGroup | undefined; onClose: () => void }) {
  const { shopId } = useShop()
  const { done } = useFeedback()
  const create = useWrite('console.createChannelGroup', ['console.channelGroups'])
  const update = useWrite('console.updateChannelGroup', ['console.channelGroups'])
  return (
    <FormDialog
      title={group ? t('matrix.edit', { name: group.name }) : t('matrix.add')}
      schema={ROUTES['console.createChannelGroup'].body}
      initial={{ name: group?.name ?? '', owner: group?.owner ?? '' }}
      submit={(body) =>
        group
          ? update.mutateAsync({
              params: { shopId, groupId: group.id },
              body: { ...body, version: group.version },
            })
          : create.mutateAsync({ params: { shopId }, body })
      }
      onDone={() => done(t('action.saved'))}
      onClose={onClose}
    >
      <Form.Item name="name" label={t('matrix.name')}>
        <Input maxLength={30} autoFocus />
      </Form.Item>
      <Form.Item name="owner" label={t('matrix.owner')} extra={t('matrix.ownerHint')}>
        <Input maxLength={30} />
      </Form.Item>
    </FormDialog>
  )
}
