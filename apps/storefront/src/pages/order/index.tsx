import { Empty } from '@kit'
import { definePage } from '../../page.ts'

export default definePage<'order', null>({
  name: 'order',
  access: 'public',
  load: async () => null,
  head: () => ({ title: 'order' }),
  View: () => <Empty title="order" />,
})
