import { Empty } from '@kit'
import { definePage } from '../../page.ts'

export default definePage<'checkout', null>({
  name: 'checkout',
  access: 'public',
  load: async () => null,
  head: () => ({ title: 'checkout' }),
  View: () => <Empty title="checkout" />,
})
