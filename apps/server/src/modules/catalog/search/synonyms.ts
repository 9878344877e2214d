/**
 * Words of Chinese retail that mean the same, as every shop has them from the start; a shop adds its own. Only pairs
  that hold in both directions: a kind and its genus are not synonyms. Written as `normalize` writes.
 */
export const COMMON_SYNONYMS: readonly (readonly string[])[] = [
  ['充电宝', '移动电源'],
  ['t恤', 't恤衫', '体恤衫'],
  ['文胸', '胸罩'],
  ['口红', '唇膏'],
  ['抽纸', '面巾纸'],
  ['自行车', '脚踏车'],
  ['手机壳', '手机套', '手机保护套', '手机保护壳'],
  ['数据线', '充电线'],
  ['耳机', '耳麦'],
  ['蓝牙耳机', '无线耳机'],
  ['鼠标', '滑鼠'],
  ['笔记本电脑', '手提电脑'],
  ['电脑', '计算机'],
  ['插座', '插线板', '排插', '接线板'],
  ['电饭煲', '电饭锅'],
  ['电水壶', '热水壶', '烧水壶', '电热水壶'],
  ['吹风机', '电吹风'],
  ['空调扇', '冷风扇'],
  ['电子秤', '电子称'],
  ['保温杯', '保暖杯'],
  ['勺子', '汤匙', '调羹'],
  ['砧板', '菜板', '案板'],
  ['垃圾桶', '垃圾筒'],
  ['卫生纸', '厕纸', '卷纸'],
  ['毛巾', '面巾'],
  ['被套', '被罩'],
  ['枕头', '枕芯'],
  ['收纳盒', '储物盒', '整理盒'],
  ['收纳箱', '储物箱', '整理箱'],
  ['羽绒服', '羽绒衣'],
  ['连衣裙', '连身裙'],
  ['半身裙', '半裙'],
  ['内裤', '底裤'],
  ['泳衣', '游泳衣'],
  ['双肩包', '双肩背包'],
  ['行李箱', '拉杆箱', '旅行箱'],
  ['钱包', '皮夹'],
  ['墨镜', '太阳镜', '太阳眼镜'],
  ['洗面奶', '洁面乳', '洗脸奶'],
  ['面膜', '面贴膜'],
  ['防晒霜', '防晒乳'],
  ['洗发水', '洗发露', '洗头膏'],
  ['沐浴露', '沐浴乳', '沐浴液'],
  ['牙膏', '洁牙膏'],
  ['纸尿裤', '尿不湿', '尿裤'],
  ['公仔', '玩偶'],
  ['土豆', '马铃薯', '洋芋'],
  ['番茄', '西红柿'],
  ['红薯', '地瓜', '番薯'],
  ['玉米', '苞米'],
  ['猕猴桃', '奇异果'],
  ['菠萝', '凤梨'],
  ['樱桃', '车厘子'],
  ['草莓', '士多啤梨'],
  ['酸奶', '酸牛奶'],
  ['奶酪', '芝士', '起司'],
  ['方便面', '泡面', '速食面'],
  ['白砂糖', '白糖'],
  ['茶叶', '茗茶'],
  ['狗粮', '犬粮'],
  ['猫砂', '猫沙'],
  ['电动车', '电瓶车'],
  ['摩托车', '机车'],
  ['瑜伽垫', '瑜珈垫'],
  ['羽毛球拍', '羽球拍'],
  ['帐篷', '帐蓬'],
  ['圆珠笔', '原子笔'],
  ['胶带', '胶布'],
  ['螺丝刀', '起子', '改锥'],
  ['扳手', '扳子'],
]

const MAX_WORDINGS = 4

/**
 * Other ways to say a query: each word of a set that stands in it, replaced by its synonyms, the longest words first.
 * At most four, so that a query stays one search.
 */
export function otherWordings(query: string, sets: readonly (readonly string[])[]): string[] {
  const found = sets
    .flatMap((set) => set.filter((word) => query.includes(word)).map((word) => ({ word, set })))
    .sort((a, b) => b.word.length - a.word.length)
  const longest = found.filter(
    ({ word }, i) => !found.slice(0, i).some((longer) => longer.word !== word && longer.word.includes(word)),
  )
  const wordings = new Set<string>()
  for (const { word, set } of longest)
    for (const other of set) if (other !== word) wordings.add(query.replaceAll(word, other))
  wordings.delete(query)
  return [...wordings].slice(0, MAX_WORDINGS)
}
