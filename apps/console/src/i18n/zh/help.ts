/** What a screen is for and how it is used, told beside its title; lines are set apart by `|`. */
export const helpZh = {
  'help.price-rules.what': '售价之外的价格：活动价、会员价、区域价、渠道价。',
  'help.price-rules.how':
    '先看区域价、渠道价里条件最具体的一条，没有就用规格自己的售价；再从会员价、活动价里取最低的一个，优惠不叠加|可以整个商品参加，也可以只选几个规格、各填各的价|下方的预览会告诉您改成多少、有没有低于成本|点「停用」马上恢复原价，随时可以再启用',
  'help.members.what': '会员等级，以及谁是什么等级。',
  'help.members.how':
    '等级数字越大越高，会员价按等级给|还有会员或价格规则在用的等级不能删除|手动给的等级，规则不会改掉',
  'help.search-settings.what': '买家搜什么、搜不到什么，以及热词和同义词。',
  'help.search-settings.how':
    '「没有结果」里的词，值得上新，或者补一组同义词|同义词一组写在一起，搜其中任何一个都能找到|置顶的热词排在最前；屏蔽的词不会出现|商品改了名字马上能搜到；怀疑漏了可以重建索引',
  'help.bulk-edits.what': '每一次批量修改：谁、什么时候、改了什么。',
  'help.bulk-edits.how':
    '不符合条件的商品不会改，点「未改的商品」看原因|在可撤销的时间内点「撤销」，整批恢复；后来又改过的商品不动',
  'help.recycle-bin.what': '删除的商品先放在这里，不会出现在任何列表里。',
  'help.recycle-bin.how':
    '恢复后是下架状态，检查好再上架|到期会自动清除；有过库存或订单的商品只是隐藏，账目不受影响|勾选多个可以一起恢复或彻底删除',
  'help.completeness.what': '商品资料齐不齐：每个商品 0–100 分，差在哪里。',
  'help.completeness.how': '先补卖得多、缺得多的商品，列表已经按这个排好|各项的权重和门槛在店铺设置里改',
  'help.tags.what': '场景、人群、季节这样的标签维度，买家用它筛选。',
  'help.tags.how':
    '先建维度，再加标签；在商品编辑页给商品打标|同一维度里选几个是「或」，不同维度之间是「且」|还有商品在用的标签不能删',
  'help.product-roles.what': '引流、定制、常规、专供：各角色卖得怎样、毛利多少、退得多不多。',
  'help.product-roles.how': '在商品列表勾选商品指定角色|微信渠道独家的商品建议占 20% 以上、毛利 50% 以上',
  'help.reviews.what': '买家的评价：先审核，再展示，好的可以置顶。',
  'help.reviews.how':
    '「待处理」里是要审核、要回复和被举报的|通过和拒绝可以批量；拒绝要写原因|可以按商品、再按规格看|低分评价有回复时限，超过会标红',
  'help.waves.what': '把一批待发货的订单合成一个波次，一起拣、一起发。',
  'help.waves.how': '一个波次只含一个仓库的包裹|拣货单按货位合计各规格的数量，走一趟就够|包裹都发出后波次自动完成',
  'help.scan.what': '扫运单、扫商品，边扫边核对，扫完就发。',
  'help.scan.how':
    '先扫面单，再扫商品，不对会立刻提示|运单号属于别的买家时会拒绝|扫完后有一小段时间可以撤回，再自动交出',
  'help.ship-files.what': '用表格一次给很多订单填运单号。',
  'help.ship-files.how':
    '先下载待发货表格，填好快递公司和运单号再上传|先预览，有问题的行会说明原因，其余照常发货|同一份表格传两次不会重复发货',
  'help.print.what': '打印拣货单、发货单和面单。',
  'help.print.how': '每次打印都会记下谁、什么时候，第二次标为补打|面单有收件人信息，需要查看个人信息的权限',
  'help.routing.what': '订单该由哪个仓发：按地区、库存、距离和费用。',
  'help.routing.how':
    '规则从上往下看，每件要决定的事取第一条符合的|用试算看一个地址、一笔订单会分到哪里、为什么|仓库没货时会跳过，并写明原因',
  'help.local.what': '同城配送的订单：接单、备货、送出、送达。',
  'help.local.how': '快到承诺时间的排在最前|承诺时间只计营业时间，打烊前来不及的顺延|送不了的可以改发快递',
  'help.pick-up.what': '到店自提：核对取件码，把货交给买家。',
  'help.pick-up.how':
    '扫买家的码，或输入 8 位数字|短时间内输错太多次会暂停，防止乱试|自提点可以指定店员，只有他们能在那里交货',
  'help.delivery.what': '买家可以怎样收货：快递、同城配送、到店自提。',
  'help.delivery.how': '同城配送要先设好配送区域|自提要先添加自提点和营业时间|改区域和自提点，不影响已经下的订单',
  'help.exceptions.what': '路上出了问题的订单：停滞、问题件、缺货、改地址、暂停、晚发、快超时、没来取。',
  'help.exceptions.how': '每一条都有负责人和时限|缺货会先问买家，到时间没回复自动退款或由您决定|处理的每一步都留有记录',
  'help.aftersale.what': '买家申请的退款、退货、换货，和商家发起的整单退款。',
  'help.aftersale.how':
    '还剩时间最少的排在最前；超过时限没处理会自动进行|金额最多是这些商品下单时分摊的实付，减去已经退过的|退货收到后在「验货」里登记入库或报废，再退款或寄出换货|拒绝要写原因；买家不同意可以请平台裁定',
  'help.aftersale-settings.what': '买家可选的售后原因，和退货寄到哪里。',
  'help.aftersale-settings.how':
    '没有退货地址就不能同意退货|原因的责任方决定运费由谁承担；勾选「品退」的计入品质退货|改原因不影响已经申请的售后|时限、自动同意在「店铺设置 · 售后」',
  'help.platform-aftersale.what': '买家请平台介入的售后。',
  'help.platform-aftersale.how': '看双方的凭证和经过后裁定|可以裁定部分退款，不超过最多可退|裁定对双方有效，不能撤回',
  'help.legal.what': '隐私政策、用户协议等买家会看到并同意的文字。',
  'help.legal.how': '自带的文本可以直接用，按店铺情况修改更稳妥|每次发布都是一个新版本',
  'help.buyers.what': '登录并同意协议、收藏过或下过单的人。',
  'help.buyers.how': '可按昵称、手机号或订单号查找|手机号默认隐藏',
  'help.messages.what': '发给买家的订阅消息。',
  'help.messages.how': '买家在小程序里同意后，微信才允许发一条；没有同意的，只在订单页留言',
  'help.prints.what': '打印记录。',
  'help.prints.how': '谁在什么时候打印了什么；补打会标出来',
  'help.platform-shops.what': '平台上的全部店铺。',
  'help.platform-shops.how': '新开店铺时一并创建店主账号',
  'help.platform-settings.what': '所有店铺共用的默认规则。',
  'help.platform-settings.how': '店铺没有单独设置的，用这里的值|改动会记下是谁、何时、从什么改成什么',
  'help.money.what': '店铺的钱现在在哪里：未完成订单、待结算、可提现、冻结、在途。',
  'help.money.how': '每个数字都来自账本，和结算单对得上|点卡片可以看明细|欠款由提现后的退款形成，之后的收入先抵扣',
  'help.settlement-items.what': '每笔完成的订单，商家应得多少、哪天到账。',
  'help.settlement-items.how': '结算周期按商家等级，T+1 到 T+7 个工作日|到账前发生的退款会从中扣除',
  'help.statements.what': '每个账期的结算单，逐笔列出订单、手续费、分账、退款。',
  'help.statements.how': '点一行看它对应的账本流水|可以下载 CSV，或打印、存为 PDF|期初加净额等于期末',
  'help.reconciliation.what': '微信账单和我们的收款、退款、分账、账本、订单对不对得上。',
  'help.reconciliation.how':
    '每天 10:30 自动对昨天的账，也可以随时选一天重对|每格上面是微信，下面是我方|点一行看这天的差异',
  'help.differences.what': '对不上的每一笔，写明差在哪里、谁负责、怎么处理。',
  'help.differences.how':
    '跨零点的会等相邻一天的账单，自己对平|状态不符的先向微信查询|调账要写原因并验证身份，会记进账本和操作日志',
  'help.ledger.what': '账本里每个资金账户的余额和流水。',
  'help.ledger.how': '每笔钱都从一个账户转到另一个，合计为零|点账户看流水，点订单看「这单的钱」',
  'help.withdrawals.what': '把可提现的钱转到微信。',
  'help.withdrawals.how': '先设置收款账户，更换后有保护期|收款人要在 24 小时内在手机上确认|提现和换账户需要验证身份',
  'help.freezes.what': '被平台冻结的资金：理由、期限、材料。',
  'help.freezes.how': '到期自动解冻，除非平台决定延长|可以上传图片、表格或压缩包作为材料',
  'help.deposits.what': '保证金：应缴多少、交了多少、每次变动。',
  'help.deposits.how': '从可提现里缴纳|超过应缴的部分可以退回|不足时不能提现',
  'help.platform-merchants.what': '每家店铺的等级，决定结算周期和保证金。',
  'help.platform-merchants.how': '等级只影响之后完成的订单|可以在这里冻结资金、扣保证金，都会留下记录',
  'help.platform-freezes.what': '全部店铺的资金冻结。',
  'help.platform-freezes.how': '到期前会提醒，到期自动解冻|延长和解冻都要写理由',
} as const
