import { type JSX, useEffect, useState } from '@hooks'
import { Button, Check, Input, Sheet, Tap, Text, View } from '@kit'
import {
  bandsOf,
  fenText,
  isChosen,
  type ListName,
  type SearchParams,
  toggled,
  withoutFilters,
} from '@model/search-params.ts'
import { toast } from '@platform'
import type { SearchFacets } from '@zhanggui/contract'

const MAX_PRICE_CHARS = 10
const NOTHING: SearchFacets = {
  products: 0,
  categories: [],
  brands: [],
  tags: [],
  attributes: [],
  dimensions: [],
  priceStepsFen: [],
}

export interface FilterSheetProps {
  isOpen: boolean
  facets: SearchFacets | null
  params: SearchParams
  onClose: () => void
  onDone: (params: SearchParams) => void
}

const yuanText = (fen: string | undefined): string => (fen === undefined ? '' : `${Number(fen) / 100}`)

/** What the results can be narrowed by. Choices are collected here and take effect together. */
export function FilterSheet({ isOpen, facets, params, onClose, onDone }: FilterSheetProps): JSX.Element {
  const [draft, setDraft] = useState<SearchParams>(params)
  const [from, setFrom] = useState('')
  const [to, setTo] = useState('')
  const show = (next: SearchParams) => {
    setDraft(next)
    setFrom(yuanText(next.min))
    setTo(yuanText(next.max))
  }
  useEffect(() => {
    if (isOpen) show(params)
  }, [isOpen])
  const finish = () => {
    const [min, max] = [fenText(from), fenText(to)]
    if ((from.trim() !== '' && min === undefined) || (to.trim() !== '' && max === undefined))
      return toast('价格请填数字，如 19.9', 'bad')
    if (min !== undefined && max !== undefined && Number(min) > Number(max))
      return onDone({ ...draft, min: max, max: min })
    onDone({ ...draft, min, max })
  }
  const { categories, brands, tags, attributes, dimensions, priceStepsFen } = facets ?? NOTHING
  return (
    <Sheet
      isOpen={isOpen}
      onClose={onClose}
      title="筛选"
      testId="filter-sheet"
      footer={
        <>
          <Button kind="plain" size="large" isBlock testId="filter-reset" onTap={() => show(withoutFilters(draft))}>
            重置
          </Button>
          <Button size="large" isBlock testId="filter-done" onTap={finish}>
            查看结果
          </Button>
        </>
      }
    >
      <Check
        isChecked={draft.stock === '1'}
        onChange={(isChecked) => setDraft({ ...draft, stock: isChecked ? '1' : undefined })}
        label="只看有货"
        testId="filter-stock"
      >
        只看有货
      </Check>
      <View role="group" label="价格">
        <Text className="zg-search-facet">价格（元）</Text>
        <View className="zg-search-prices">
          <Input
            label="最低价"
            isLabelHidden
            placeholder="最低"
            value={from}
            onInput={setFrom}
            maxLength={MAX_PRICE_CHARS}
            testId="price-from"
          />
          <Text className="zg-muted">–</Text>
          <Input
            label="最高价"
            isLabelHidden
            placeholder="最高"
            value={to}
            onInput={setTo}
            maxLength={MAX_PRICE_CHARS}
            testId="price-to"
          />
        </View>
        <View className="zg-search-words">
          {bandsOf({ priceStepsFen }).map(({ min, max, text }) => (
            <Choice
              key={text}
              text={text}
              isOn={fenText(from) === min && fenText(to) === max}
              onTap={() => show({ ...draft, min, max })}
            />
          ))}
        </View>
      </View>
      {categories.length > 1 && (
        <View role="group" label="分类">
          <Text className="zg-search-facet">分类</Text>
          <View className="zg-search-words">
            {categories.map(({ id, name, products }) => (
              <Choice
                key={id}
                text={name}
                count={products}
                isOn={draft.category === id}
                onTap={() => setDraft({ ...draft, category: draft.category === id ? undefined : id })}
              />
            ))}
          </View>
        </View>
      )}
      <Facet title="品牌" name="brands" values={brands} draft={draft} onDraft={setDraft} />
      {dimensions.map(({ id, name, values }) => (
        <Facet
          key={id}
          title={name}
          name="tagged"
          values={values.map(({ id, name, products }) => ({ value: id, text: name, products }))}
          draft={draft}
          onDraft={setDraft}
        />
      ))}
      <Facet title="标签" name="tags" values={tags} draft={draft} onDraft={setDraft} />
      {attributes.map(({ name, values }) => (
        <Facet
          key={name}
          title={name}
          name="attributes"
          prefix={`${name}:`}
          values={values}
          draft={draft}
          onDraft={setDraft}
        />
      ))}
    </Sheet>
  )
}

function Facet({
  title,
  name,
  prefix = '',
  values,
  draft,
  onDraft,
}: {
  title: string
  name: ListName
  prefix?: string
  /** `text` where a value is not its own name. */
  values: readonly { value: string; text?: string; products: number }[]
  draft: SearchParams
  onDraft: (draft: SearchParams) => void
}): JSX.Element | null {
  if (values.length === 0) return null
  return (
    <View role="group" label={title}>
      <Text className="zg-search-facet">{title}</Text>
      <View className="zg-search-words">
        {values.map(({ value, text = value, products }) => (
          <Choice
            key={value}
            text={text}
            count={products}
            isOn={isChosen(draft, name, prefix + value)}
            onTap={() => onDraft(toggled(draft, name, prefix + value))}
          />
        ))}
      </View>
    </View>
  )
}

const Choice = ({
  text,
  count,
  isOn,
  onTap,
}: {
  text: string
  count?: number
  isOn: boolean
  onTap: () => void
}): JSX.Element => (
  <Tap
    className={`zg-search-choice ${isOn ? 'zg-search-choice-on' : ''}`}
    role="checkbox"
    isChosen={isOn}
    onTap={onTap}
  >
    <Text className="zg-clip">{text}</Text>
    {count !== undefined && <Text className="zg-search-count">{count}</Text>}
  </Tap>
)
