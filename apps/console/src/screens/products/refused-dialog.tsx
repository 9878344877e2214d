import { Modal, Table } from 'antd'
import { t } from '../../i18n/index.ts'
import type { Output } from '../../kit/api.ts'

export type Refused = Output<'console.publishProducts'>['refused']

/** The products that could not be put on or off sale, each with its reason. */
export function RefusedDialog({ refused, onClose }: { refused: Refused; onClose: () => void }) {
  return (
    <Modal
      open={refused.length > 0}
      title={t('product.refused', { count: refused.length })}
      footer={null}
      width={640}
      onCancel={onClose}
    >
      <Table
        size="small"
        rowKey="productId"
        pagination={false}
        scroll={{ y: 360 }}
        dataSource={refused}
        columns={[
          { title: t('product.title'), dataIndex: 'title', width: '45%' },
          { title: t('product.reason'), dataIndex: 'reason' },
        ]}
      />
    </Modal>
  )
}
