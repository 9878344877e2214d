import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { addressErrors, PROVINCES, parsePastedAddress } from './pasted-address.ts'

describe('pasted address', () => {
  test.each([
    [
      '张三 13812345678 浙江省杭州市西湖区文三路100号3栋201',
      {
        name: '张三',
        phone: '13812345678',
        province: '浙江省',
        city: '杭州市',
        district: '西湖区',
        detail: '文三路100号3栋201',
      },
    ],
    [
      '收货人：李小明\n手机号码：138-1234-5678\n所在地区：广东省深圳市南山区粤海街道\n详细地址：科技园南路 8 号',
      {
        name: '李小明',
        phone: '13812345678',
        province: '广东省',
        city: '深圳市',
        district: '南山区',
        street: '粤海街道',
        detail: '科技园南路 8 号',
      },
    ],
    [
      '北京市朝阳区建国路88号院，王芳，+86 139 1234 5678',
      {
        name: '王芳',
        phone: '13912345678',
        province: '北京市',
        city: '北京市',
        district: '朝阳区',
        detail: '建国路88号院',
      },
    ],
    [
      '上海 上海市 浦东新区 张江镇 科苑路866号 陈晨 15000000000',
      {
        name: '陈晨',
        province: '上海市',
        city: '上海市',
        district: '浦东新区',
        street: '张江镇',
        detail: '科苑路866号',
      },
    ],
    [
      '新疆维吾尔自治区伊犁哈萨克自治州伊宁市解放路1号 阿依古丽 18999999999',
      {
        province: '新疆维吾尔自治区',
        city: '伊犁哈萨克自治州',
        district: '伊宁市',
        detail: '解放路1号',
        name: '阿依古丽',
      },
    ],
    [
      '广西南宁市青秀区民族大道1号 赵六 17700000000',
      { province: '广西壮族自治区', city: '南宁市', district: '青秀区' },
    ],
    [
      '江苏省苏州市昆山市玉山镇前进西路1号',
      {
        province: '江苏省',
        city: '苏州市',
        district: '昆山市',
        street: '玉山镇',
        detail: '前进西路1号',
        name: '',
        phone: '',
      },
    ],
    [
      '内蒙古自治区呼伦贝尔市海拉尔区中央大街2号',
      { province: '内蒙古自治区', city: '呼伦贝尔市', district: '海拉尔区', detail: '中央大街2号' },
    ],
    [
      '１３８１２３４５６７８　张　三丰，重庆市渝中区解放碑1号',
      {
        phone: '13812345678',
        province: '重庆市',
        city: '重庆市',
        district: '渝中区',
        detail: expect.stringContaining('解放碑1号'),
      },
    ],
  ])('ORD-01 reads %s', (text, expected) => {
    expect(parsePastedAddress(text)).toMatchObject(expected)
  })

  test('ORD-01 a number that only contains a phone number is not one', () => {
    expect(parsePastedAddress('快递单号 9138123456789').phone).toBe('')
  })

  test('ORD-01 anything can be pasted', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 400, unit: 'grapheme' }), (text) => {
        const parsed = parsePastedAddress(text)
        expect(parsed.phone === '' || /^1[3-9]\d{9}$/.test(parsed.phone)).toBe(true)
        expect(parsed.province === '' || (PROVINCES as readonly string[]).includes(parsed.province)).toBe(true)
      }),
    )
  })

  test('ORD-01 a form says what is missing, field by field', () => {
    expect(addressErrors(parsePastedAddress(''))).toEqual({
      name: '请填写收货人姓名',
      phone: '请输入 11 位手机号',
      province: '请选择省份',
      city: '请填写城市',
      detail: '请填写街道门牌等详细地址',
    })
    expect(addressErrors(parsePastedAddress('张三 13812345678 浙江省杭州市西湖区文三路100号'))).toEqual({})
  })
})
