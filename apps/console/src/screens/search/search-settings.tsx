import { ROUTES, type SearchSettings } from '@zhanggui/contract'
import { Button, Card, Form, Input, Select } from 'antd'
import { z } from 'zod'
import { Page } from '../../app/page.tsx'
import { useShop } from '../../app/session.tsx'
import { t } from '../../i18n/index.ts'
import { useRead, useWrite } from '../../kit/api.ts'
import { Loaded, useFeedback } from '../../kit/feedback.tsx'
import { FormBody, type FormState, useResourceForm, useUnsavedGuard } from '../../kit/resource-form.tsx'
import { type Column, ResourceTable } from '../../kit/resource-table.tsx'
import type { RowOf } from '../../kit/use-list.ts'
import { badLine, linesOfSets, setsOfLines } from './synonym-lines.ts'

type QueryRow = RowOf<'console.searchQueries'>

/** What the form holds: the sets of synonyms as one text. */
interface Values {
  lines: string
  pinned: string[]
  blocked: string[]
}

const SEPARATORS = [',', '，', '、', '\n', '\t']
const LINES = { minRows: 5, maxRows: 14 }

const body = ROUTES['console.saveSearchSettings'].body

/** The form's own check first, so that a wrong line is named by its number. */
const schema = z
  .object({ lines: z.string(), pinned: body.shape.pinned, blocked: body.shape.blocked })
  .check(({ value, issues }) => {
    const line = badLine(value.lines)
    if (line === undefined) return
    issues.push({ code: 'custom', path: ['lines'], input: value.lines, message: t('search.badLine', { line }) })
  })

/** How the shop's goods are found: other words for the same, hot words, and what was looked for. */
export default function SearchSettingsPage() {
  const { shopId } = useShop()
  const read = useRead('console.searchSettings', { params: { shopId } }, { once: true })
  return (
    <Page title={t('nav.searchSettings')} hint={t('search.hint')} actions={<Rebuild />}>
      <Loaded query={read}>{(settings) => <Settings settings={settings} />}</Loaded>
    </Page>
  )
}

function Rebuild() {
  const { shopId, may } = useShop()
  const { confirm, done } = useFeedback()
  const write = useWrite('console.rebuildSearchIndex')
  if (!may('catalog.write')) return null
  const ask = () =>
    confirm({
      title: t('search.rebuildAsk'),
      okText: t('search.rebuild'),
      run: async () => {
        await write.mutateAsync({ params: { shopId } })
        done(t('search.rebuilding'))
      },
    })
  return <Button onClick={ask}>{t('search.rebuild')}</Button>
}

function Settings({ settings }: { settings: SearchSettings }) {
  const { shopId, may } = useShop()
  const { done } = useFeedback()
  const writable = may('catalog.write')
  const write = useWrite('console.saveSearchSettings', ['console.searchSettings'])
  const initial: Values = { ...settings, lines: linesOfSets(settings.synonyms) }
  const state = useResourceForm({
    schema,
    initial,
    submit: async ({ lines, pinned, blocked }) => {
      await write.mutateAsync({ params: { shopId }, body: { synonyms: setsOfLines(lines), pinned, blocked } })
      done(t('action.saved'))
    },
  })
  useUnsavedGuard(state.isDirty)
  return (
    <div className="stack-l">
      <Card>
        <FormBody state={state} initial={initial} disabled={!writable}>
          <Form.Item name="lines" label={t('search.synonyms')} extra={t('search.synonymsHint')}>
            <Input.TextArea autoSize={LINES} placeholder={t('search.synonymsExample')} />
          </Form.Item>
          <div className="pair">
            <Form.Item name="pinned" label={t('search.pinned')} extra={t('search.pinnedHint')}>
              <Words />
            </Form.Item>
            <Form.Item name="blocked" label={t('search.blocked')} extra={t('search.blockedHint')}>
              <Words />
            </Form.Item>
          </div>
          {writable && (
            <Button type="primary" loading={state.submitting} onClick={() => void state.submitNow()}>
              {t('action.save')}
            </Button>
          )}
        </FormBody>
      </Card>
      <Queries state={state} writable={writable} />
    </div>
  )
}

/** Words as tags: typed, pasted, taken away. */
const Words = (props: { id?: string; value?: string[]; onChange?: (words: string[]) => void }) => (
  <Select
    {...props}
    mode="tags"
    open={false}
    suffixIcon={null}
    tokenSeparators={SEPARATORS}
    placeholder={t('search.wordPlaceholder')}
  />
)

const columns = (): Column<QueryRow>[] => [
  {
    key: 'query',
    title: t('search.query'),
    role: 'title',
    render: (row) => <span className="strong">{row.query}</span>,
  },
  { key: 'searches', title: t('search.searches'), align: 'right', render: (row) => row.searches },
  {
    key: 'without',
    field: 'withoutResult',
    title: t('search.without'),
    align: 'right',
    render: (row) => (row.withoutResult > 0 ? row.withoutResult : '–'),
  },
]

/** What was searched for; a word goes from here into the form above with one click. */
function Queries({ state, writable }: { state: FormState<Values>; writable: boolean }) {
  const { shopId } = useShop()
  const { done } = useFeedback()
  const put = (change: (values: Values) => Partial<Values>) => {
    state.form.setFieldsValue(change(state.form.getFieldsValue(true) as Values))
    state.onValuesChange()
    window.scrollTo({ top: 0, behavior: 'smooth' })
    done(t('search.filledIn'))
  }
  const actions = ({ query }: QueryRow) => [
    {
      key: 'synonym',
      label: t('search.asSynonym'),
      run: () => put(({ lines }) => ({ lines: `${lines.trimEnd()}${lines.trim() ? '\n' : ''}${query}，` })),
    },
    {
      key: 'pin',
      label: t('search.asPinned'),
      run: () => put(({ pinned }) => ({ pinned: [...new Set([...pinned, query])] })),
    },
    {
      key: 'block',
      label: t('search.asBlocked'),
      run: () => put(({ blocked }) => ({ blocked: [...new Set([...blocked, query])] })),
    },
  ]
  return (
    <Card title={t('search.queries')}>
      <ResourceTable
        name="search-queries"
        route="console.searchQueries"
        input={({ which }) => ({
          params: { shopId },
          query: { withoutResult: which === 'without' ? 'true' : 'false' },
        })}
        rowKey={(row) => row.query}
        columns={columns()}
        filters={[
          {
            kind: 'choice',
            name: 'which',
            label: t('search.which'),
            options: [{ value: 'without', label: t('search.onlyWithout') }],
          },
        ]}
        {...(writable ? { actions } : {})}
        empty={{ title: t('search.none'), hint: t('search.noneHint') }}
      />
    </Card>
  )
}
