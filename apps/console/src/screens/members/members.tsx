import { PlusOutlined } from '@ant-design/icons'
import { type Member, type MemberLevel, ROUTES } from '@zhanggui/contract'
import { Button, Card, Form, Input, InputNumber, Select } from 'antd'
import { useState } from 'react'
import { z } from 'zod'
import { Page } from '../../app/page.tsx'
import { useShop } from '../../app/session.tsx'
import { t } from '../../i18n/index.ts'
import { useRead, useWrite } from '../../kit/api.ts'
import { Loaded, useFeedback } from '../../kit/feedback.tsx'
import { FormDialog } from '../../kit/form-dialog.tsx'
import { InstantText } from '../../kit/instant.tsx'
import { Nothing } from '../../kit/nothing.tsx'
import { type Column, ResourceTable } from '../../kit/resource-table.tsx'
import { BuyerPicker } from './buyer-picker.tsx'

const STALE = ['console.memberLevels', 'console.members', 'console.findBuyers'] as const

const columns = (): Column<Member>[] => [
  { key: 'buyer', field: 'nickname', title: t('member.buyer'), role: 'title', render: (row) => row.nickname },
  { key: 'level', field: 'levelName', title: t('member.level'), render: (row) => row.levelName },
  { key: 'source', title: t('member.source'), render: (row) => t(`member.source.${row.source}`) },
  { key: 'note', title: t('member.note'), render: (row) => row.note },
  { key: 'since', title: t('member.since'), width: 150, render: (row) => <InstantText at={row.since} /> },
]

/** Member levels of the shop, and the buyers who have one. */
export default function MembersPage() {
  const { shopId, may } = useShop()
  const [level, setLevel] = useState<MemberLevel | 'new'>()
  const [member, setMember] = useState<Member | 'new'>()
  const read = useRead('console.memberLevels', { params: { shopId } })
  const items = read.data?.items ?? []
  const needsLevel = read.data !== undefined && items.length === 0
  const setButton = (
    <Button
      type="primary"
      disabled={items.length === 0}
      title={needsLevel ? t('member.needsLevel') : undefined}
      onClick={() => setMember('new')}
    >
      {t('member.set')}
    </Button>
  )
  return (
    <Page title={t('nav.members')} actions={may('orders.write') && setButton}>
      <div className="stack-l">
        <Loaded query={read} rows={2}>
          {(answer) => <Levels levels={answer.items} edit={setLevel} />}
        </Loaded>
        {may('orders.read') && (
          <ResourceTable
            name="members"
            route="console.members"
            input={({ level: levelId }) => ({ params: { shopId }, query: { levelId } })}
            rowKey={(row) => row.buyerId}
            columns={columns()}
            filters={[
              {
                kind: 'choice',
                name: 'level',
                label: t('member.level'),
                options: items.map(({ id, name }) => ({ value: id, label: name })),
              },
            ]}
            {...(may('orders.write') ? { onRow: (row: Member) => setMember(row) } : {})}
            empty={{ title: t('member.none'), hint: t(needsLevel ? 'member.needsLevel' : 'member.noneHint') }}
          />
        )}
      </div>
      {level && <LevelDialog level={level === 'new' ? undefined : level} onClose={() => setLevel(undefined)} />}
      {member && (
        <MemberDialog
          member={member === 'new' ? undefined : member}
          levels={items}
          onClose={() => setMember(undefined)}
        />
      )}
    </Page>
  )
}

function Levels({ levels, edit }: { levels: MemberLevel[]; edit: (level: MemberLevel | 'new') => void }) {
  const { shopId, may } = useShop()
  const { confirm } = useFeedback()
  const remove = useWrite('console.deleteMemberLevel', STALE)
  const writable = may('settings.write')
  const askRemove = (level: MemberLevel) =>
    confirm({
      title: t('member.deleteAsk', { name: level.name }),
      okText: t('member.delete'),
      danger: true,
      run: () => remove.mutateAsync({ params: { shopId, levelId: level.id } }),
    })
  const add = writable && (
    <Button icon={<PlusOutlined />} onClick={() => edit('new')}>
      {t('member.levelCreate')}
    </Button>
  )
  return (
    <Card title={t('member.levels')} extra={levels.length > 0 && add}>
      {levels.length === 0 && <Nothing title={t('member.levelNone')} hint={t('member.levelNoneHint')} action={add} />}
      {levels.length > 0 && <p className="soft small">{t('member.levelsHint')}</p>}
      <div className="stack-s">
        {levels.map((level) => (
          <div key={level.id} className="related-row">
            <span className="num faint">{level.rank}</span>
            <span className="stack-xs spring">
              <span className="strong">{level.name}</span>
              {level.note && <span className="soft small">{t('member.thresholdIs', { note: level.note })}</span>}
            </span>
            <span className="soft">
              {t('member.count')} {level.memberCount}
            </span>
            {writable && (
              <>
                <Button type="link" size="small" onClick={() => edit(level)}>
                  {t('action.edit')}
                </Button>
                <Button type="link" size="small" danger onClick={() => askRemove(level)}>
                  {t('member.delete')}
                </Button>
              </>
            )}
          </div>
        ))}
      </div>
    </Card>
  )
}

function LevelDialog({ level, onClose }: { level: MemberLevel | undefined; onClose: () => void }) {
  const { shopId } = useShop()
  const { done } = useFeedback()
  const create = useWrite('console.createMemberLevel', STALE)
  const update = useWrite('console.updateMemberLevel', STALE)
  const { name = '', rank = 1, note = '' } = level ?? {}
  return (
    <FormDialog
      title={level ? t('member.levelEdit', { name }) : t('member.levelCreate')}
      schema={ROUTES['console.createMemberLevel'].body}
      initial={{ name, rank, note }}
      submit={(body) =>
        level
          ? update.mutateAsync({ params: { shopId, levelId: level.id }, body: { ...body, version: level.version } })
          : create.mutateAsync({ params: { shopId }, body })
      }
      onDone={() => done(t('action.saved'))}
      onClose={onClose}
    >
      <div className="pair">
        <Form.Item name="name" label={t('member.name')}>
          <Input maxLength={20} autoFocus />
        </Form.Item>
        <Form.Item name="rank" label={t('member.rank')} extra={t('member.rankHint')}>
          <InputNumber className="wide" min={1} max={99} precision={0} />
        </Form.Item>
      </div>
      <Form.Item name="note" label={t('member.threshold')} extra={t('member.thresholdHint')}>
        <Input maxLength={200} />
      </Form.Item>
    </FormDialog>
  )
}

const MemberInput = ROUTES['console.setMemberLevel'].body.extend({ buyerId: z.uuid() })

function MemberDialog({
  member,
  levels,
  onClose,
}: {
  member: Member | undefined
  levels: MemberLevel[]
  onClose: () => void
}) {
  const { shopId } = useShop()
  const { done } = useFeedback()
  const write = useWrite('console.setMemberLevel', STALE)
  return (
    <FormDialog
      title={member ? member.nickname : t('member.set')}
      schema={MemberInput}
      initial={{
        buyerId: member?.buyerId ?? '',
        levelId: member?.levelId ?? levels[0]?.id ?? null,
        note: member?.note ?? '',
      }}
      submit={({ buyerId, ...body }) => write.mutateAsync({ params: { shopId, buyerId }, body })}
      onDone={() => done(t('member.saved'))}
      onClose={onClose}
    >
      {!member && (
        <Form.Item name="buyerId" label={t('member.buyer')}>
          <BuyerPicker />
        </Form.Item>
      )}
      <Form.Item name="levelId" label={t('member.level')}>
        <Select
          allowClear
          placeholder={t('member.away')}
          options={levels.map(({ id, name }) => ({ value: id, label: name }))}
        />
      </Form.Item>
      <Form.Item name="note" label={t('member.note')}>
        <Input maxLength={200} />
      </Form.Item>
    </FormDialog>
  )
}
