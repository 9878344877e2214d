export { Icon, Price, Stepper, Tag } from './bits.tsx'
export { ProductCard, ProductGrid } from './products.tsx'
export { Empty, ErrorNotice, Screen, SignInPrompt, Skeleton } from './screens.tsx'
