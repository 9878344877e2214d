import type { Client } from '@zhanggui/contract/client'

/** A campaign page of the demo shop, so that designed pages can be seen and tried in the console. */
export async function addPages(client: Client, shopId: string): Promise<void> {
  const params = { shopId }
  const { items } = await client('console.pages', { params })
  if (items.length > 0) return
  const shown = { isHidden: false }
  const words = (text: string) => [{ text, bold: false, link: null }]
  const page = await client('console.createPage', {
    params,
    body: {
      slug: 'new-season',
      title: '当季上新',
      description: '巷口生活铺的当季好物，满 99 元包邮',
      layout: {
        version: 1,
        blocks: [
          { ...shown, id: 'notice', kind: 'notice', text: '活动期间下单，坏果包赔 · 七天无理由', link: null },
          {
            ...{ ...shown, id: 'words', kind: 'rich-text' },
            nodes: [
              { kind: 'heading', align: 'center', spans: words('当季好物，刚刚到店') },
              { kind: 'paragraph', align: 'center', spans: words('掌柜亲自挑的，先到先得') },
            ],
          },
          { ...shown, id: 'new', kind: 'new', title: '刚刚上架', layout: 'grid', limit: 6 },
          { ...shown, id: 'hot', kind: 'hot', title: '大家都在买', layout: 'rank', limit: 6 },
        ],
      },
    },
  })
  const target = { ...params, pageId: page.id }
  await client('console.publishPage', { params: target, body: { revision: page.revision, note: '首次发布' } })
}
