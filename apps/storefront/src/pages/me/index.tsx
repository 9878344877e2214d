import { Empty } from '@kit'
import { definePage } from '../../page.ts'

export default definePage<'me', null>({
  name: 'me',
  access: 'public',
  load: async () => null,
  head: () => ({ title: 'me' }),
  View: () => <Empty title="me" />,
})
