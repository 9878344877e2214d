import { Empty } from '@kit'
import { definePage } from '../../page.ts'

export default definePage<'search', null>({
  name: 'search',
  access: 'public',
  load: async () => null,
  head: () => ({ title: 'search' }),
  View: () => <Empty title="search" />,
})
