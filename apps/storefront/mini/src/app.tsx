import '../../src/kit/tokens.css'
import '../../src/kit/icons.css'
import '../../src/kit/kit.css'
import '../../src/kit/mini/mini.css'
import type { PropsWithChildren } from 'react'

export default function App({ children }: PropsWithChildren) {
  return children
}
