import type { DesignedPage, Picture } from '@zhanggui/contract'
import { useMemo, useState } from 'react'
import type { Editing, Product } from './fields.tsx'

/** The pictures and products that panels show: what the server tells of the draft, and what was added since. */
export function useEditingMaps(page: DesignedPage, isWritable: boolean): Editing {
  const [pictures, setPictures] = useState<readonly Picture[]>([])
  const [products, setProducts] = useState<readonly Product[]>([])
  return useMemo(
    () => ({
      pictures: new Map([...pictures, ...page.pictures].map((each) => [each.fileId, each])),
      products: new Map([...products, ...page.products].map((each) => [each.id, each])),
      addPicture: (picture) => setPictures((before) => [...before, picture]),
      addProduct: (product) => setProducts((before) => [...before, product]),
      isWritable,
    }),
    [page.pictures, page.products, pictures, products, isWritable],
  )
}
