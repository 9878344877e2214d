import { Empty } from '@kit'
import { definePage } from '../../page.ts'

export default definePage<'orders', null>({
  name: 'orders',
  access: 'public',
  load: async () => null,
  head: () => ({ title: 'orders' }),
  View: () => <Empty title="orders" />,
})
