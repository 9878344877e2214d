import Taro from '@tarojs/taro'

/** A newer version is fetched while this one runs; the buyer decides when to change over. */
export function watchUpdates(): void {
  const manager = Taro.getUpdateManager?.()
  manager?.onUpdateReady(async () => {
    const { confirm } = await Taro.showModal({
      title: '新版本已就绪',
      content: '重启后即可使用，购物车和订单都会保留',
      confirmText: '立即重启',
      cancelText: '稍后',
      confirmColor: '#d34400',
    })
    if (confirm) manager.applyUpdate()
  })
}
