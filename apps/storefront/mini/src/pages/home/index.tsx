import page from '../../../../src/pages/home/index.tsx'
import { mountPage } from '../../mount'

export default mountPage(page)
