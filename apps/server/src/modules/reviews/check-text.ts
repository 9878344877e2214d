/** What a machine says of a text that others will read: nothing found means clean. */
export type CheckText = (text: string) => Promise<string[]>

const RULES: readonly { finding: string; pattern: RegExp }[] = [
  { finding: '含手机号或电话', pattern: /(?<!\d)1[3-9]\d{9}(?!\d)|(?<!\d)0\d{2,3}-?\d{7,8}(?!\d)|400-?\d{3}-?\d{4}/ },
  {
    finding: '含微信号、QQ 等联系方式',
    pattern:
      /(?:加|\+|联系|私|找)\s*(?:我|一下)?\s*(?:vx|wx|v信|微信|薇信|威信|徽信|qq|扣扣)|(?:vx|wx|微信号?|v信|薇信|qq号?|扣扣)\s*[:：号]?\s*[a-z0-9_-]{5,}/i,
  },
  {
    finding: '含网址或二维码',
    pattern: /https?:\/\/|www\.|[a-z0-9-]{2,}\.(?:com|cn|net|top|xyz|shop|vip)\b|扫码|二维码/i,
  },
  {
    finding: '疑似广告或刷单',
    pattern:
      /刷单|刷好评|好评返现|返现|返红包|兼职|代购|代发|代理|招商|加盟|批发联系|优惠券群|进群|加群|拉群|日赚|贷款|博彩|赌博|菠菜|棋牌|办证|发票代开/,
  },
  {
    finding: '含不文明用语',
    pattern: /傻逼|傻b|煞笔|沙比|操你|草你|日你|妈的|他妈|你妈|尼玛|狗日|贱人|婊子|王八蛋|脑残|去死|滚蛋|畜生/i,
  },
  { finding: '含违禁内容', pattern: /色情|裸聊|约炮|援交|毒品|冰毒|大麻|枪支|炸药|迷药|法轮/ },
  { finding: '疑似乱打的文字', pattern: /(.)\1{9,}|^[a-z]{12,}$/i },
]

/** Signs people put between the characters of a number to slip through. */
const FILLERS = /[\s.·•*_\-~—|/\\]+/g

/** The built-in check: patterns of contacts, advertising, abuse. Works without any service. */
export const checkTextByPatterns: CheckText = async (text) => {
  const plain = text.normalize('NFKC')
  const dense = plain.replace(FILLERS, '')
  return RULES.filter(({ pattern }) => pattern.test(plain) || pattern.test(dense)).map(({ finding }) => finding)
}
