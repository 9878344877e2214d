import page from '../../../../src/pages/detail/index.tsx'
import { mountPage } from '../../mount'

export default mountPage(page)
