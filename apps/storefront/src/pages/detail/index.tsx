import { Empty } from '@kit'
import { definePage } from '../../page.ts'

export default definePage<'detail', null>({
  name: 'detail',
  access: 'public',
  load: async () => null,
  head: () => ({ title: 'detail' }),
  View: () => <Empty title="detail" />,
})
