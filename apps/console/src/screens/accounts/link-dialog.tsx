import { CopyOutlined, DownloadOutlined } from '@ant-design/icons'
import type { ChannelAccount } from '@zhanggui/contract'
import { Button, Input, Modal, Space } from 'antd'
import { useShop } from '../../app/session.tsx'
import { t } from '../../i18n/index.ts'
import { useRead } from '../../kit/api.ts'
import { Loaded, useFeedback } from '../../kit/feedback.tsx'

/** The address, path and code of an account: whoever comes by them, and what they order, is traced to it. */
export function LinkDialog({ account, onClose }: { account: ChannelAccount; onClose: () => void }) {
  const { shopId } = useShop()
  const { done, failed } = useFeedback()
  const read = useRead('console.accountLink', { params: { shopId, accountId: account.id } })
  const copy = (text: string) =>
    navigator.clipboard.writeText(text).then(
      () => done(t('accounts.copied')),
      (error) => failed(error),
    )
  return (
    <Modal open title={t('accounts.linkTitle', { name: account.name })} footer={null} onCancel={onClose}>
      <p className="soft small">{t('accounts.linkHint')}</p>
      <Loaded query={read}>
        {({ url, miniPath, qrSvg }) => {
          const picture = `data:image/svg+xml;utf8,${encodeURIComponent(qrSvg)}`
          return (
            <div className="stack-s account-link">
              <img className="account-qr" alt={t('accounts.qr')} src={picture} />
              <a href={picture} download={`${account.name}.svg`}>
                <Button icon={<DownloadOutlined />} tabIndex={-1}>
                  {t('accounts.qrSave')}
                </Button>
              </a>
              {[
                { label: t('accounts.url'), value: url },
                { label: t('accounts.miniPath'), value: miniPath },
              ].map(({ label, value }) => (
                <div key={label}>
                  <div className="soft small">{label}</div>
                  <Space.Compact block>
                    <Input readOnly aria-label={label} value={value} onFocus={(event) => event.target.select()} />
                    <Button icon={<CopyOutlined />} aria-label={t('accounts.copy')} onClick={() => void copy(value)} />
                  </Space.Compact>
                </div>
              ))}
            </div>
          )
        }}
      </Loaded>
    </Modal>
  )
}
