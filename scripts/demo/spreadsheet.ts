import { drawPicture, type Shape } from '../../apps/server/src/demo/pictures.ts'
import { zip } from './zip.ts'

const HEADER =
  '商品编码,商品标题,副标题,一级类目,二级类目,品牌,SKU 编码,规格1（名称:值）,售价（元）,划线价（元）,重量（克）,库存,图片'

interface Thing {
  title: string
  subtitle: string
  category: string
  shape: Shape
  palette: string
  skus: [option: string, yuan: string, listYuan: string, stock: number][]
}

/** Nine things of eighteen kinds: what a shopkeeper would have in a spreadsheet. */
const THINGS: Thing[] = [
  {
    title: '高山乌龙茶 春茶',
    subtitle: '兰花香，七泡有余香',
    category: '茶饮,茶叶',
    shape: 'tin',
    palette: 'tea',
    skus: [
      ['规格:75g', '68.00', '88.00', 40],
      ['规格:150g', '128.00', '', 25],
    ],
  },
  {
    title: '桂花龙井',
    subtitle: '秋桂窨制',
    category: '茶饮,茶叶',
    shape: 'tin',
    palette: 'honey',
    skus: [
      ['规格:50g', '49.90', '59.90', 60],
      ['规格:100g', '89.90', '', 30],
    ],
  },
  {
    title: '手冲咖啡豆 花果调',
    subtitle: '浅烘，柑橘与茉莉',
    category: '茶饮,咖啡',
    shape: 'bag',
    palette: 'coffee',
    skus: [
      ['研磨:整豆', '58.00', '', 35],
      ['研磨:手冲粉', '58.00', '', 20],
    ],
  },
  {
    title: '秦岭土蜂蜜',
    subtitle: '一年一割',
    category: '美食,蜂蜜果酱',
    shape: 'jar',
    palette: 'honey',
    skus: [
      ['规格:250g', '39.00', '45.00', 50],
      ['规格:500g', '72.00', '', 50],
    ],
  },
  {
    title: '赣南脐橙',
    subtitle: '当季现摘',
    category: '美食,新鲜水果',
    shape: 'fruit',
    palette: 'citrus',
    skus: [
      ['规格:2.5kg', '29.90', '', 80],
      ['规格:5kg', '52.80', '59.90', 40],
    ],
  },
  {
    title: '粗陶马克杯',
    subtitle: '手工拉坯',
    category: '家居,杯盘碗碟',
    shape: 'cup',
    palette: 'clay',
    skus: [
      ['颜色:赭石', '45.00', '', 15],
      ['颜色:月白', '45.00', '', 15],
    ],
  },
  {
    title: '亚麻围裙',
    subtitle: '水洗不皱',
    category: '家居,衣物织物',
    shape: 'cloth',
    palette: 'stone',
    skus: [
      ['颜色:燕麦', '79.00', '99.00', 12],
      ['颜色:墨绿', '79.00', '99.00', 12],
    ],
  },
  {
    title: '雪松香薰蜡烛',
    subtitle: '燃烧 40 小时',
    category: '家居,香氛',
    shape: 'candle',
    palette: 'berry',
    skus: [
      ['规格:180g', '66.00', '', 22],
      ['规格:300g', '98.00', '', 18],
    ],
  },
  {
    title: '原酿酱油',
    subtitle: '晒足 180 天',
    category: '美食,方便速食',
    shape: 'bottle',
    palette: 'coffee',
    skus: [
      ['规格:500ml', '19.90', '', 90],
      ['规格:1L', '35.50', '', 45],
    ],
  },
]

export interface DemoFile {
  bytes: Buffer
  name: string
  /** What must come of it. */
  products: number
  skus: number
  units: number
  /** Lines of the spreadsheet that are wrong, and the column that is to blame. */
  bad: { line: number; column: string }[]
  skuOf(thing: number, sku: number): { code: string; title: string; priceFen: number; stock: number }
}

/** A zip with a spreadsheet of twenty rows, two of them wrong, and its pictures. `run` makes the codes this run's own. */
export async function demoFile(run: string): Promise<DemoFile> {
  const rows = THINGS.flatMap((thing, n) =>
    thing.skus.map(([option, yuan, listYuan, stock], k) =>
      [
        code(run, n),
        titleOf(run, thing),
        thing.subtitle,
        thing.category,
        '巷口生活',
        skuCode(run, n, k),
        option,
        yuan,
        listYuan,
        '300',
        stock,
        `${thing.shape}-${thing.palette}.png`,
      ].join(','),
    ),
  )
  // Mistakes as people make them: a price in words, and a stock below zero.
  rows.splice(
    6,
    0,
    [
      `${run}-X1`,
      `景德镇茶壶 ${run}`,
      '',
      '家居,杯盘碗碟',
      '巷口生活',
      `${run}-X1-1`,
      '',
      '面议',
      '',
      '',
      '5',
      'cup-clay.png',
    ].join(','),
  )
  rows.splice(
    13,
    0,
    [
      `${run}-X2`,
      `手工皂 ${run}`,
      '',
      '家居,香氛',
      '巷口生活',
      `${run}-X2-1`,
      '',
      '25.00',
      '',
      '',
      '-3',
      'candle-berry.png',
    ].join(','),
  )
  const pictures = await Promise.all(
    THINGS.map(async ({ shape, palette }) => ({
      name: `图片/${shape}-${palette}.png`,
      bytes: await drawPicture(shape, palette),
    })),
  )
  const sheet = Buffer.from(`\ufeff${[HEADER, ...rows].join('\r\n')}\r\n`)
  const kinds = THINGS.flatMap((thing) => thing.skus)
  return {
    bytes: zip([{ name: '商品.csv', bytes: sheet }, ...pictures]),
    name: '商品与图片.zip',
    products: THINGS.length,
    skus: kinds.length,
    units: kinds.reduce((sum, [, , , stock]) => sum + stock, 0),
    bad: [
      { line: 8, column: '售价（元）' },
      { line: 15, column: '库存' },
    ],
    skuOf(n, k) {
      const [, yuan, , stock] = THINGS[n]!.skus[k]!
      return {
        code: skuCode(run, n, k),
        title: titleOf(run, THINGS[n]!),
        priceFen: Math.round(Number(yuan) * 100),
        stock,
      }
    },
  }
}

const code = (run: string, n: number) => `${run}-${n + 1}`
const skuCode = (run: string, n: number, k: number) => `${run}-${n + 1}-${k + 1}`
const titleOf = (run: string, thing: Thing) => `${thing.title} ${run}`
