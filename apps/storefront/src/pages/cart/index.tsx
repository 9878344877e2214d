import { Empty } from '@kit'
import { definePage } from '../../page.ts'

export default definePage<'cart', null>({
  name: 'cart',
  access: 'public',
  load: async () => null,
  head: () => ({ title: 'cart' }),
  View: () => <Empty title="cart" />,
})
