import { Empty } from '@kit'
import { definePage } from '../../page.ts'

export default definePage<'addresses', null>({
  name: 'addresses',
  access: 'public',
  load: async () => null,
  head: () => ({ title: 'addresses' }),
  View: () => <Empty title="addresses" />,
})
