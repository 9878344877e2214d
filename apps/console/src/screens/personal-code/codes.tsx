import { PERSONAL_SCHEMES, type PersonalCode, PersonalScheme, ROUTES } from '@zhanggui/contract'
import { Alert, Button, Card, Form, Image, Input, Select, Switch, Tag } from 'antd'
import { useState } from 'react'
import { Link } from 'react-router'
import { Page } from '../../app/page.tsx'
import { useShop } from '../../app/session.tsx'
import { say, t } from '../../i18n/index.ts'
import { useRead, useWrite } from '../../kit/api.ts'
import { type EvidenceFile, EvidenceInput } from '../../kit/evidence-input.tsx'
import { Loaded, useFeedback } from '../../kit/feedback.tsx'
import { FormDialog } from '../../kit/form-dialog.tsx'
import { InstantText } from '../../kit/instant.tsx'
import { Money, MoneyInput } from '../../kit/money.tsx'
import { Nothing } from '../../kit/nothing.tsx'
import { DayMeter } from './payments.tsx'

const CODE_PX = 140
const STANDARD_LIMIT_FEN = 100_000

/** The merchant's own codes, and how much each takes in one payment. */
export default function PersonalCodesPage() {
  const { shop, shopId, may } = useShop()
  const read = useRead('console.personalCodes', { params: { shopId } })
  const [edited, setEdited] = useState<PersonalCode | 'new'>()
  const isEmpty = read.data?.items.length === 0
  const add = may('money.write') && (
    <Button type="primary" onClick={() => setEdited('new')}>
      {t('personal.addCode')}
    </Button>
  )
  const settings = `/s/${shop.slug}/settings?group=personal-code`
  return (
    <Page
      title={t('nav.personalCodes')}
      hint={<Link to={settings}>{t('personal.toSettings')}</Link>}
      actions={!isEmpty && add}
    >
      <DayMeter />
      <Loaded query={read}>
        {({ enabled, items }) => (
          <div className="stack-l">
            {!enabled && <Alert type="info" showIcon title={t('personal.isOff')} />}
            {items.length === 0 && (
              <div className="resource">
                <Nothing title={t('personal.noCodes')} hint={t('personal.noCodesHint')} action={add} />
              </div>
            )}
            <div className="personal-codes">
              {items.map((code) => (
                <CodeCard key={code.id} code={code} onEdit={may('money.write') ? () => setEdited(code) : undefined} />
              ))}
            </div>
          </div>
        )}
      </Loaded>
      {edited !== undefined && (
        <CodeDialog code={edited === 'new' ? undefined : edited} onClose={() => setEdited(undefined)} />
      )}
    </Page>
  )
}

const CodeCard = ({ code, onEdit }: { code: PersonalCode; onEdit: (() => void) | undefined }) => (
  <Card
    title={code.label}
    extra={<Tag color={code.active ? 'success' : 'default'}>{t(code.active ? 'personal.on' : 'personal.off')}</Tag>}
    data-testid="personal-code"
  >
    <div className="stack-s">
      <Image src={`${code.url}?w=400`} width={CODE_PX} height={CODE_PX} alt={code.label} />
      <span>
        {say(PERSONAL_SCHEMES[code.scheme])} · {code.payee}
      </span>
      <span>
        {t('personal.single')} <Money fen={code.singleLimitFen} strong />
      </span>
      <span className="faint small">
        {code.changedBy} <InstantText at={code.changedAt} />
      </span>
      {onEdit && <Button onClick={onEdit}>{t('action.edit')}</Button>}
    </div>
  </Card>
)

function CodeDialog({ code, onClose }: { code: PersonalCode | undefined; onClose: () => void }) {
  const { shopId } = useShop()
  const { done } = useFeedback()
  const save = useWrite('console.savePersonalCode', ['console.personalCodes'])
  const [id] = useState(() => code?.id ?? crypto.randomUUID())
  return (
    <FormDialog
      title={t(code ? 'personal.editCode' : 'personal.addCode')}
      schema={ROUTES['console.savePersonalCode'].body}
      initial={{
        scheme: code?.scheme ?? ('personal' as PersonalScheme),
        label: code?.label ?? '',
        payee: code?.payee ?? '',
        singleLimitFen: (code?.singleLimitFen ?? STANDARD_LIMIT_FEN) as number | null,
        active: code?.active ?? true,
        file: (code ? [{ fileId: code.fileId, url: code.url, kind: 'image' }] : []) as EvidenceFile[],
      }}
      toInput={({ file, ...values }) => ({ ...values, fileId: file[0]?.fileId, version: code?.version ?? 0 })}
      submit={(body) => save.mutateAsync({ params: { shopId, codeId: id }, body })}
      onDone={() => done(t('action.saved'))}
      onClose={onClose}
    >
      <Alert className="gap-bottom" type="warning" showIcon title={t('personal.codeHint')} />
      <Form.Item name="file" label={t('personal.picture')}>
        <EvidenceInput route="console.uploadPersonalCode" label={t('personal.addPicture')} most={1} picturesOnly />
      </Form.Item>
      <Form.Item name="fileId" noStyle>
        <span />
      </Form.Item>
      <div className="pair">
        <Form.Item name="scheme" label={t('personal.scheme')}>
          <Select options={PersonalScheme.options.map((value) => ({ value, label: say(PERSONAL_SCHEMES[value]) }))} />
        </Form.Item>
        <Form.Item name="singleLimitFen" label={t('personal.single')}>
          <MoneyInput />
        </Form.Item>
        <Form.Item name="label" label={t('personal.label')}>
          <Input maxLength={30} />
        </Form.Item>
        <Form.Item name="payee" label={t('personal.payee')} extra={t('personal.payeeHint')}>
          <Input maxLength={30} />
        </Form.Item>
      </div>
      <Form.Item name="active" label={t('personal.on')} valuePropName="checked">
        <Switch />
      </Form.Item>
    </FormDialog>
  )
}
