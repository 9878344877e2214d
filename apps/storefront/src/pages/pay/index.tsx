import { Empty } from '@kit'
import { definePage } from '../../page.ts'

export default definePage<'pay', null>({
  name: 'pay',
  access: 'public',
  load: async () => null,
  head: () => ({ title: 'pay' }),
  View: () => <Empty title="pay" />,
})
