import { LEGAL_KINDS, type LegalText, ROUTES } from '@zhanggui/contract'
import { Button, Card, Form, Input, Tag } from 'antd'
import { useState } from 'react'
import { Page } from '../../app/page.tsx'
import { useShop } from '../../app/session.tsx'
import { say, t } from '../../i18n/index.ts'
import { useRead, useWrite } from '../../kit/api.ts'
import { Loaded, useFeedback } from '../../kit/feedback.tsx'
import { FormDialog } from '../../kit/form-dialog.tsx'
import { InstantText } from '../../kit/instant.tsx'

const MOST_SHOWN = 120

/** Privacy policy, user agreement and the other texts that buyers read and agree to. */
export default function LegalPage() {
  const { shopId, may } = useShop()
  const [text, setText] = useState<LegalText>()
  const read = useRead('console.legalTexts', { params: { shopId } })
  return (
    <Page title={t('nav.legal')} hint={t('legal.hint')}>
      <Loaded query={read} rows={5}>
        {({ items }) => (
          <div className="stack-l">
            {items.map((each) => (
              <Card
                key={each.kind}
                title={say(LEGAL_KINDS[each.kind])}
                extra={may('settings.write') && <Button onClick={() => setText(each)}>{t('legal.edit')}</Button>}
              >
                <p className="soft">
                  <Tag>{each.version === 0 ? t('legal.builtIn') : t('legal.version', { version: each.version })}</Tag>
                  {each.publishedAt !== null && <InstantText at={each.publishedAt} />} {each.publishedBy}
                </p>
                <p className="review-text">
                  {each.body.length > MOST_SHOWN ? `${each.body.slice(0, MOST_SHOWN)}…` : each.body}
                </p>
              </Card>
            ))}
          </div>
        )}
      </Loaded>
      {text && <TextDialog text={text} onClose={() => setText(undefined)} />}
    </Page>
  )
}

function TextDialog({ text, onClose }: { text: LegalText; onClose: () => void }) {
  const { shopId } = useShop()
  const { done } = useFeedback()
  const publish = useWrite('console.publishLegalText', ['console.legalTexts'])
  const { kind, version, title, body } = text
  return (
    <FormDialog
      title={say(LEGAL_KINDS[kind])}
      schema={ROUTES['console.publishLegalText'].body.pick({ title: true, body: true })}
      initial={{ title, body }}
      okText={t('legal.publish')}
      width={760}
      submit={(input) => publish.mutateAsync({ params: { shopId }, body: { ...input, kind, version } })}
      onDone={() => done(t('legal.published'))}
      onClose={onClose}
    >
      <Form.Item name="title" label={t('legal.title')}>
        <Input maxLength={60} />
      </Form.Item>
      <Form.Item name="body" label={t('legal.body')} extra={t('legal.bodyHint')}>
        <Input.TextArea rows={16} maxLength={20_000} showCount />
      </Form.Item>
    </FormDialog>
  )
}
