import { Empty } from '@kit'
import { definePage } from '../../page.ts'

export default definePage<'result', null>({
  name: 'result',
  access: 'public',
  load: async () => null,
  head: () => ({ title: 'result' }),
  View: () => <Empty title="result" />,
})
