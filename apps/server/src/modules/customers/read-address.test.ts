import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { divisions, namesBelow } from './divisions.ts'
import { readAddress } from './read-address.ts'

const SHENZHEN = { province: '广东省', city: '深圳市', district: '南山区', street: '粤海街道' }
const WHO = { name: '张三', phone: '13900001234' }

describe('divisions', () => {
  test('UX-02 provinces, cities, districts and streets are served level by level', async () => {
    expect(await namesBelow([])).toHaveLength(34)
    expect(await namesBelow(['广东省'])).toContain('深圳市')
    expect(await namesBelow(['广东省', '深圳市'])).toContain('南山区')
    expect(await namesBelow(['广东省', '深圳市'])).not.toContain('市辖区')
    expect(await namesBelow(['广东省', '深圳市', '南山区'])).toContain('粤海街道')
    expect(await namesBelow(['北京市'])).toEqual(['北京市'])
    expect(await namesBelow(['北京市', '北京市'])).toContain('朝阳区')
    expect(await namesBelow(['海南省'])).toContain('五指山市')
    expect(await namesBelow(['台湾省'])).toEqual(['台湾省'])
    expect(await namesBelow(['没有省'])).toEqual([])
  })
})

describe('a pasted address', () => {
  test.each([
    ['广东深圳南山粤海街道科苑路15号 张三 13900001234', { ...SHENZHEN, ...WHO, detail: '科苑路15号' }],
    ['广东省深圳市南山区粤海街道科苑路15号，张三，13900001234', { ...SHENZHEN, ...WHO, detail: '科苑路15号' }],
    ['张三 13900001234 广东省 深圳市 南山区 粤海街道 科苑路15号', { ...SHENZHEN, ...WHO, detail: '科苑路15号' }],
    [
      '收货人：张三\n手机号码：139 0000 1234\n所在地区：广东省深圳市南山区粤海街道\n详细地址：科苑路15号',
      { ...SHENZHEN, ...WHO, detail: '科苑路15号' },
    ],
    ['深圳市南山区粤海街道科苑路15号张三13900001234'.replace('张三', ' 张三 '), { ...SHENZHEN, ...WHO }],
    ['深圳南山区科苑路15号 张三 +86 139-0000-1234', { province: '广东省', city: '深圳市', district: '南山区', ...WHO }],
    [
      '北京市朝阳区望京街道阜通东大街6号 李四 13800138000',
      { province: '北京市', city: '北京市', district: '朝阳区', street: '望京街道', name: '李四' },
    ],
    [
      '北京北京市朝阳区望京街道阜通东大街6号',
      { province: '北京市', city: '北京市', district: '朝阳区', street: '望京街道' },
    ],
    [
      '上海市徐汇区衡山路8弄3号楼502 王小明 13912345678',
      { province: '上海市', city: '上海市', district: '徐汇区', detail: '衡山路8弄3号楼502', name: '王小明' },
    ],
    [
      '浙江杭州西湖文三路90号 赵六 13700001111',
      { province: '浙江省', city: '杭州市', district: '西湖区', detail: '文三路90号', name: '赵六' },
    ],
    [
      '广东省东莞市长安镇振安中路1号 欧阳娜娜 13600001111',
      { province: '广东省', city: '东莞市', district: '', street: '长安镇', name: '欧阳娜娜' },
    ],
    [
      '内蒙古呼和浩特新城区中山东路1号 13500001111 孙七',
      { province: '内蒙古自治区', city: '呼和浩特市', district: '新城区', name: '孙七' },
    ],
    [
      '云南省西双版纳傣族自治州景洪市允景洪街道宣慰大道1号',
      { province: '云南省', city: '西双版纳傣族自治州', district: '景洪市', street: '允景洪街道' },
    ],
    ['湖北恩施州恩施市舞阳坝街道航空路8号', { province: '湖北省', district: '恩施市' }],
    ['海南省五指山市通什镇解放路1号', { province: '海南省', city: '五指山市' }],
    [
      '江苏省昆山市玉山镇前进西路1号 周八 13400001111',
      { province: '江苏省', city: '苏州市', district: '昆山市', street: '玉山镇' },
    ],
    ['南山区粤海街道科苑路15号 张三 13900001234', { ...SHENZHEN, ...WHO }],
    ['随便写的一句话', { province: '', city: '', phone: '' }],
    ['', { name: '', phone: '', province: '', detail: '' }],
  ])('UX-02 %s', async (text, wanted) => {
    expect(await readAddress(text)).toMatchObject(wanted)
  })

  test('UX-02 whatever is pasted is read without failing, and only places that exist come out', async () => {
    const provinces = new Set((await divisions()).map(({ name }) => name))
    await fc.assert(
      fc.asyncProperty(fc.string({ maxLength: 80 }), async (text) => {
        const { province, phone } = await readAddress(text)
        expect(province === '' || provinces.has(province)).toBe(true)
        expect(phone === '' || /^1[3-9]\d{9}$/.test(phone)).toBe(true)
      }),
      { numRuns: 50 },
    )
  })

  test('UX-02 every way down the four levels is read back from its full names', async () => {
    const all = await divisions()
    const place = fc.constantFrom(
      ...all.filter(({ children }) => children.some((city) => city.children.some((each) => each.children.length > 0))),
    )
    await fc.assert(
      fc.asyncProperty(place, fc.nat(), fc.nat(), async (province, first, second) => {
        const cities = province.children.filter(({ children }) => children.some((each) => each.children.length > 0))
        fc.pre(cities.length > 0)
        const city = cities[first % cities.length]!
        const districts = city.children.filter(({ children }) => children.length > 0)
        const district = districts[second % districts.length]!
        const text = `${province.name}${city.name}${district.name}${district.children[0]!.name}8号院`
        expect(await readAddress(text)).toMatchObject({
          province: province.name,
          city: city.name,
          district: district.name,
        })
      }),
      { numRuns: 60 },
    )
  })
})
