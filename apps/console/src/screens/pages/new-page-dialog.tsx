import { type DesignedPageRow, LAYOUT_VERSION, ROUTES } from '@zhanggui/contract'
import { Form, Input, Radio, Segmented } from 'antd'
import { useNavigate } from 'react-router'
import { z } from 'zod'
import { useShop } from '../../app/session.tsx'
import { t } from '../../i18n/index.ts'
import { api, useWrite } from '../../kit/api.ts'
import { FormDialog } from '../../kit/form-dialog.tsx'
import { HOME } from './page-state.tsx'
import { TEMPLATES, type Template, templateBlocks } from './templates.ts'

interface Values {
  role: 'home' | 'campaign'
  title: string
  slug: string
  template: Template
}

/** What a page begins with, and what fills it. */
const Begun = ROUTES['console.createPage'].body.omit({ layout: true }).extend({ template: z.enum(TEMPLATES) })

const two = (number: number) => String(number).padStart(2, '0')

/** An address that is most likely free: what it is, and the day. */
function freshSlug(): string {
  const now = new Date()
  return `page-${two(now.getMonth() + 1)}${two(now.getDate())}`
}

/** Begins a page from a template, or as a copy of another one. */
export function NewPageDialog({ from, onClose }: { from: DesignedPageRow | undefined; onClose: () => void }) {
  const { shop, shopId } = useShop()
  const navigate = useNavigate()
  const write = useWrite('console.createPage', ['console.pages'])
  const initial: Values = {
    role: 'campaign',
    title: from ? t('design.copyOf', { title: from.title }).slice(0, 30) : '',
    slug: from && from.slug !== HOME ? `${from.slug.slice(0, 35)}-copy` : freshSlug(),
    template: 'daily',
  }
  const blocksOf = async (template: Template) =>
    from ? (await api('console.page', { params: { shopId, pageId: from.id } })).layout.blocks : templateBlocks(template)
  return (
    <FormDialog
      title={from ? t('design.copyTitle', { title: from.title }) : t('design.create')}
      width={600}
      schema={Begun}
      initial={initial}
      okText={t('design.createOk')}
      toInput={({ role, title, slug, template }: Values) => ({
        ...{ title, template },
        slug: role === 'home' ? HOME : slug,
        description: from?.description ?? '',
      })}
      submit={async ({ template, ...body }) => {
        const blocks = await blocksOf(template)
        const page = await write.mutateAsync({
          params: { shopId },
          body: { ...body, layout: { version: LAYOUT_VERSION, blocks } },
        })
        void navigate(`/s/${shop.slug}/pages/${page.id}`)
      }}
      onClose={onClose}
    >
      <Form.Item name="role" label={t('design.role')}>
        <Segmented
          block
          options={(['campaign', 'home'] as const).map((value) => ({ value, label: t(`design.role.${value}`) }))}
        />
      </Form.Item>
      <Form.Item name="title" label={t('design.pageTitle')}>
        <Input maxLength={30} autoFocus placeholder={t('design.pageTitleHint')} />
      </Form.Item>
      <SlugField />
      {!from && (
        <Form.Item name="template" label={t('design.template')}>
          <Radio.Group className="design-templates">
            {TEMPLATES.map((value) => (
              <Radio key={value} value={value}>
                <span className="stack-xs">
                  <span className="strong">{t(`design.template.${value}`)}</span>
                  <span className="soft small">{t(`design.templateHint.${value}`)}</span>
                </span>
              </Radio>
            ))}
          </Radio.Group>
        </Form.Item>
      )}
    </FormDialog>
  )
}

function SlugField() {
  const role = Form.useWatch('role') as Values['role'] | undefined
  if (role === 'home') return <p className="soft small">{t('design.roleHomeHint')}</p>
  return (
    <Form.Item name="slug" label={t('design.slug')} extra={t('design.slugHint')}>
      <Input maxLength={40} prefix="/pages/" />
    </Form.Item>
  )
}
