/** China's provinces by region, as the addresses of WeChat name them. */
export const PROVINCES: { region: string; names: string[] }[] = [
  { region: '华东', names: ['上海市', '江苏省', '浙江省', '安徽省', '福建省', '江西省', '山东省'] },
  { region: '华北', names: ['北京市', '天津市', '河北省', '山西省', '内蒙古自治区'] },
  { region: '华中', names: ['河南省', '湖北省', '湖南省'] },
  { region: '华南', names: ['广东省', '广西壮族自治区', '海南省'] },
  { region: '西南', names: ['重庆市', '四川省', '贵州省', '云南省', '西藏自治区'] },
  { region: '东北', names: ['辽宁省', '吉林省', '黑龙江省'] },
  { region: '西北', names: ['陕西省', '甘肃省', '青海省', '宁夏回族自治区', '新疆维吾尔自治区'] },
  { region: '港澳台', names: ['香港特别行政区', '澳门特别行政区', '台湾省'] },
]

/** Provinces that more than one rule names. */
export function namedTwice(rules: readonly { provinces: readonly string[] }[]): string[] {
  const seen = new Map<string, number>()
  for (const rule of rules) for (const province of rule.provinces) seen.set(province, (seen.get(province) ?? 0) + 1)
  return [...seen].filter(([, count]) => count > 1).map(([province]) => province)
}

/** A province as people call it: without what kind of place it is. */
export const shortProvince = (name: string): string =>
  name.replace(/(省|市|壮族自治区|回族自治区|维吾尔自治区|自治区|特别行政区)$/, '')
