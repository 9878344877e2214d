export { Icon, Price, Stepper, Tag } from './bits.tsx'
export { SectionHead, TopNav } from './navigation.tsx'
export { ProductCard, ProductGrid, ProductRow, ProductTile } from './products.tsx'
export { Empty, ErrorNotice, Screen, SignInPrompt, Skeleton } from './screens.tsx'
