import { ArrowDownOutlined, ArrowUpOutlined, DeleteOutlined, PlusOutlined } from '@ant-design/icons'
import type { RoutingRule } from '@zhanggui/contract'
import { Button, Card, Empty, Input, Space, Switch, Tag } from 'antd'
import { useState } from 'react'
import { Page } from '../../app/page.tsx'
import { useShop } from '../../app/session.tsx'
import { t } from '../../i18n/index.ts'
import { useRead, useWrite } from '../../kit/api.ts'
import { Loaded, useFeedback } from '../../kit/feedback.tsx'
import { moveItem } from '../../kit/move-item.ts'
import { useUnsavedGuard } from '../../kit/resource-form.tsx'
import { RoutingBench } from './routing-bench.tsx'
import { RoutingHistory } from './routing-history.tsx'
import { RuleDialog } from './rule-dialog.tsx'
import { conditionsText, effectText } from './rule-words.ts'
import { useRuleNames } from './use-rule-names.ts'

/** The ordered list of routing rules: dragged or moved into order, tried before they are saved. */
export default function RoutingPage() {
  const { shopId } = useShop()
  const read = useRead('console.routingRules', { params: { shopId } })
  return (
    <Page title={t('nav.routing')} hint={t('routing.hint')}>
      <Loaded query={read}>
        {(set) => <Editor key={set.version} version={set.version} stored={set.rules as RoutingRule[]} />}
      </Loaded>
    </Page>
  )
}

function Editor({ version, stored }: { version: number; stored: RoutingRule[] }) {
  const { shopId, may } = useShop()
  const { done, failed } = useFeedback()
  const names = useRuleNames()
  const [rules, setRules] = useState(stored)
  const [edited, setEdited] = useState<RoutingRule | 'new'>()
  const [note, setNote] = useState('')
  const [showsHistory, setShowsHistory] = useState(false)
  const [dragged, setDragged] = useState<number>()
  const save = useWrite('console.saveRoutingRules', ['console.routingRules', 'console.routingVersions'])
  const dirty = JSON.stringify(rules) !== JSON.stringify(stored)
  useUnsavedGuard(() => dirty)
  const mayEdit = may('settings.write')
  const run = async () => {
    try {
      const saved = await save.mutateAsync({ params: { shopId }, body: { version, rules, note: note.trim() } })
      setNote('')
      done(t('routing.saved', { version: saved.version }))
    } catch (error) {
      failed(error)
    }
  }
  const change = (index: number, rule: RoutingRule) =>
    setRules((before) => before.map((each, at) => (at === index ? rule : each)))
  const accept = (rule: RoutingRule) => {
    const index = rules.findIndex((each) => each.id === rule.id)
    if (index < 0) setRules([...rules, rule])
    else change(index, rule)
    setEdited(undefined)
  }
  return (
    <div className="editor">
      <div className="editor-main">
        <Card
          title={
            dirty ? t('routing.dirty') : version === 0 ? t('routing.untouched') : t('routing.version', { version })
          }
          extra={
            <Space wrap>
              <Button type="text" onClick={() => setShowsHistory(true)}>
                {t('routing.history')}
              </Button>
              {mayEdit && (
                <>
                  <Button icon={<PlusOutlined />} onClick={() => setEdited('new')}>
                    {t('routing.add')}
                  </Button>
                  {dirty && <Button onClick={() => setRules(stored)}>{t('routing.reset')}</Button>}
                  <Button type="primary" disabled={!dirty} loading={save.isPending} onClick={() => void run()}>
                    {t('routing.save')}
                  </Button>
                </>
              )}
            </Space>
          }
        >
          {dirty && mayEdit && (
            <Input
              className="routing-note"
              maxLength={200}
              value={note}
              aria-label={t('routing.note')}
              placeholder={t('routing.note')}
              onChange={(event) => setNote(event.target.value)}
            />
          )}
          {rules.length === 0 && <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={t('routing.none')} />}
          <ol className="plain stack-s" data-testid="routing-rules">
            {rules.map((rule, index) => (
              <li
                key={rule.id}
                className={`parcel-box${rule.enabled ? '' : ' faint'}`}
                draggable={mayEdit}
                onDragStart={() => setDragged(index)}
                onDragEnd={() => setDragged(undefined)}
                onDragOver={(event) => event.preventDefault()}
                onDrop={() => dragged !== undefined && setRules(moveItem(rules, dragged, index))}
              >
                <div className="row-between">
                  <span>
                    <span className="num faint">{index + 1}</span> <span className="strong">{rule.name}</span>{' '}
                    {!rule.enabled && <Tag>{t('routing.disabled')}</Tag>}
                    {rule.stop && <Tag>{t('routing.stops')}</Tag>}
                  </span>
                  {mayEdit && (
                    <Space size={2}>
                      <Switch
                        size="small"
                        aria-label={t('routing.enabled')}
                        checked={rule.enabled}
                        onChange={(enabled) => change(index, { ...rule, enabled })}
                      />
                      <Button
                        type="text"
                        size="small"
                        aria-label={t('routing.up')}
                        icon={<ArrowUpOutlined />}
                        disabled={index === 0}
                        onClick={() => setRules(moveItem(rules, index, index - 1))}
                      />
                      <Button
                        type="text"
                        size="small"
                        aria-label={t('routing.down')}
                        icon={<ArrowDownOutlined />}
                        disabled={index === rules.length - 1}
                        onClick={() => setRules(moveItem(rules, index, index + 1))}
                      />
                      <Button type="link" size="small" onClick={() => setEdited(rule)}>
                        {t('routing.edit')}
                      </Button>
                      <Button
                        type="text"
                        size="small"
                        danger
                        aria-label={t('action.remove')}
                        icon={<DeleteOutlined />}
                        onClick={() => setRules(rules.filter((each) => each.id !== rule.id))}
                      />
                    </Space>
                  )}
                </div>
                <span className="soft">
                  {conditionsText(rule, names)}
                  <span className="strong">{effectText(rule.effects, names)}</span>
                </span>
              </li>
            ))}
          </ol>
        </Card>
      </div>
      <div className="editor-side">
        <RoutingBench rules={rules} />
      </div>
      {showsHistory && (
        <RoutingHistory
          version={version}
          onTake={(earlier) => {
            setRules(earlier)
            setShowsHistory(false)
          }}
          onClose={() => setShowsHistory(false)}
        />
      )}
      {edited && (
        <RuleDialog
          {...(edited === 'new' ? {} : { rule: edited })}
          onDone={accept}
          onClose={() => setEdited(undefined)}
        />
      )}
    </div>
  )
}
