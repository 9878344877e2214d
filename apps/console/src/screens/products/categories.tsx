import { DeleteOutlined, EditOutlined, PlusOutlined } from '@ant-design/icons'
import { type Category, ROUTES } from '@zhanggui/contract'
import { Button, Card, Empty, Form, Input, InputNumber, Tree, TreeSelect } from 'antd'
import { type ReactNode, useState } from 'react'
import { Page } from '../../app/page.tsx'
import { useShop } from '../../app/session.tsx'
import { t } from '../../i18n/index.ts'
import { useWrite } from '../../kit/api.ts'
import { Loaded, useFeedback } from '../../kit/feedback.tsx'
import { FormDialog } from '../../kit/form-dialog.tsx'
import { type CategoryNode, categoryTree, useCategories, withDescendants } from './categories.ts'

const MAX_DEPTH = 3

interface DrawnNode {
  key: string
  title: ReactNode
  children: DrawnNode[]
}

interface Draft {
  category: Category | undefined
  parentId: string | null
}

/** The category tree: add, rename, move, remove. */
export default function CategoriesPage() {
  const { shopId, may } = useShop()
  const { read, tree } = useCategories()
  const { confirm } = useFeedback()
  const [draft, setDraft] = useState<Draft>()
  const remove = useWrite('console.deleteCategory', ['console.categories'])
  const writable = may('catalog.write')
  const askRemove = (category: Category) =>
    confirm({
      title: t('category.removeAsk', { name: category.name }),
      okText: t('action.remove'),
      danger: true,
      run: () => remove.mutateAsync({ params: { shopId, categoryId: category.id } }),
    })
  const row = (node: CategoryNode, depth: number) => (
    <div className="tree-row">
      <span className="tree-name">{node.title}</span>
      <span className="faint num">{t('category.products', { count: node.category.productCount })}</span>
      {writable && (
        <span className="tree-tools">
          {depth < MAX_DEPTH && (
            <Button
              type="text"
              size="small"
              icon={<PlusOutlined />}
              aria-label={t('category.addBelow', { name: node.title })}
              onClick={() => setDraft({ category: undefined, parentId: node.value })}
            />
          )}
          <Button
            type="text"
            size="small"
            icon={<EditOutlined />}
            aria-label={t('category.edit', { name: node.title })}
            onClick={() => setDraft({ category: node.category, parentId: node.category.parentId })}
          />
          <Button
            type="text"
            size="small"
            icon={<DeleteOutlined />}
            aria-label={t('category.remove', { name: node.title })}
            onClick={() => askRemove(node.category)}
          />
        </span>
      )}
    </div>
  )
  const drawn = (nodes: CategoryNode[], depth: number): DrawnNode[] =>
    nodes.map((node) => ({ key: node.key, title: row(node, depth), children: drawn(node.children, depth + 1) }))
  const add = (
    <Button type="primary" icon={<PlusOutlined />} onClick={() => setDraft({ category: undefined, parentId: null })}>
      {t('category.create')}
    </Button>
  )
  return (
    <Page title={t('nav.categories')} hint={t('category.hint')} narrow actions={writable && add}>
      <Card>
        <Loaded query={read}>
          {() =>
            tree.length === 0 ? (
              <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={t('category.none')} />
            ) : (
              <Tree blockNode selectable={false} defaultExpandAll treeData={drawn(tree, 1)} />
            )
          }
        </Loaded>
      </Card>
      {draft && <CategoryDialog draft={draft} items={read.data?.items ?? []} onClose={() => setDraft(undefined)} />}
    </Page>
  )
}

function CategoryDialog({ draft, items, onClose }: { draft: Draft; items: Category[]; onClose: () => void }) {
  const { shopId } = useShop()
  const { category } = draft
  const create = useWrite('console.createCategory', ['console.categories'])
  const update = useWrite('console.updateCategory', ['console.categories', 'console.products'])
  const excluded = category ? withDescendants(items, category.id) : new Set<string>()
  return (
    <FormDialog
      title={category ? t('category.edit', { name: category.name }) : t('category.create')}
      schema={ROUTES['console.createCategory'].body}
      initial={{ name: category?.name ?? '', parentId: draft.parentId, position: category?.position ?? 0 }}
      toInput={(values) => ({ ...values, parentId: values.parentId ?? null })}
      submit={(body) =>
        category
          ? update.mutateAsync({ params: { shopId, categoryId: category.id }, body })
          : create.mutateAsync({ params: { shopId }, body })
      }
      onClose={onClose}
    >
      <Form.Item name="name" label={t('category.name')}>
        <Input maxLength={30} autoFocus />
      </Form.Item>
      <Form.Item name="parentId" label={t('category.parent')}>
        <TreeSelect
          allowClear
          treeDefaultExpandAll
          placeholder={t('category.top')}
          treeData={categoryTree(items.filter((each) => !excluded.has(each.id)))}
        />
      </Form.Item>
      <Form.Item name="position" label={t('category.position')} extra={t('category.positionHint')}>
        <InputNumber min={0} max={9999} precision={0} />
      </Form.Item>
    </FormDialog>
  )
}
