import { afterEach, expect, test, vi } from 'vitest'
import { receiveTransfer } from './transfer.ts'

const TRANSFER = { mchId: '1900000001', appId: 'wx1', package: 'affffddafdfafddffda==' }
type Window = typeof TRANSFER & { success: () => void; fail: (result: { errMsg: string }) => void }

afterEach(() => vi.unstubAllGlobals())
const play = (window: (asked: Window) => void) => vi.stubGlobal('wx', { requestMerchantTransfer: window })

test('PAY-05 mini program: a transfer is shown by WeChat with what the server gave; closing it is no failure', async () => {
  play((asked) => {
    expect(asked).toMatchObject(TRANSFER)
    asked.success()
  })
  expect(await receiveTransfer(TRANSFER)).toBe('finished')
  play(({ fail }) => fail({ errMsg: 'requestMerchantTransfer:fail cancel' }))
  expect(await receiveTransfer(TRANSFER)).toBe('cancelled')
})

test('PAY-05 mini program: a window that does not open, or a WeChat that has none, says what to do', async () => {
  play(({ fail }) => fail({ errMsg: 'requestMerchantTransfer:fail system error' }))
  await expect(receiveTransfer(TRANSFER)).rejects.toThrow('稍后再试')
  vi.stubGlobal('wx', {})
  await expect(receiveTransfer(TRANSFER)).rejects.toThrow('更新微信')
})
